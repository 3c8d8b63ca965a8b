/** The owner's end of the thread that PGlite runs in. */
import { Worker } from 'node:worker_threads';
import type { FromThread, ThreadData, ToThread } from './databaseThread.ts';

export interface DatabaseEvents {
  readonly onProgress: (text: string) => void;
  readonly onLog: (text: string, data: Readonly<Record<string, unknown>>) => void;
}

/** The database is gone: killed by us, or crashed. */
export class DatabaseLost extends Error {
  override readonly name = 'DatabaseLost';
}

/** A checkpoint of what a session changed takes well under a second; a thread that is stuck is killed after this. */
const closeWithinMs = 10_000;

export class Database {
  readonly #worker: Worker;
  /** What a client that connects is told of the backend's settings. */
  readonly greeting: Uint8Array;
  #onData: (bytes: Uint8Array) => void = () => undefined;
  #settle: { readonly done: () => void; readonly lost: (error: Error) => void } | undefined;
  readonly #exited: Promise<void>;
  #gone = false;

  private constructor(worker: Worker, greeting: Uint8Array, exited: Promise<void>) {
    this.#worker = worker;
    this.greeting = greeting;
    this.#exited = exited;
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'data') this.#onData(message.bytes);
      else if (message.kind === 'done') this.#settle?.done();
    });
    void exited.then(() => {
      this.#gone = true;
      this.#settle?.lost(new DatabaseLost('the sample database stopped'));
    });
  }

  /** @throws when it cannot be opened; the thread is gone then. */
  static async open(
    script: string,
    data: ThreadData,
    events: DatabaseEvents,
    abort: AbortSignal,
  ): Promise<Database> {
    const worker = new Worker(script, { workerData: data, stdout: true, stderr: true });
    const stop = () => void worker.terminate();
    abort.addEventListener('abort', stop, { once: true });
    const exited = new Promise<void>((resolve) => {
      worker.once('exit', () => resolve());
    });
    let crash: unknown;
    // PGlite ends its thread with an exception where PostgreSQL would end its process; 'exit' follows.
    worker.on('error', (error) => {
      crash = error;
    });
    const greeting = new Promise<Uint8Array>((resolve, reject) => {
      const listener = (message: FromThread) => {
        if (message.kind === 'progress') events.onProgress(message.text);
        else if (message.kind === 'log') events.onLog(message.text, message.data);
        else if (message.kind === 'failed') reject(new Error(message.reason));
        else if (message.kind === 'opened') {
          worker.off('message', listener);
          resolve(message.greeting);
        }
      };
      worker.on('message', listener);
      void exited.then(() => reject(new DatabaseLost('its thread ended while it opened', { cause: crash })));
    });
    try {
      return new Database(worker, await greeting, exited);
    } catch (error) {
      await worker.terminate();
      throw error;
    } finally {
      abort.removeEventListener('abort', stop);
    }
  }

  /** One run at a time. Resolves when the backend has answered all of it. @throws DatabaseLost */
  async run(bytes: Uint8Array, onData: (bytes: Uint8Array) => void): Promise<void> {
    if (this.#gone) throw new DatabaseLost('the sample database stopped');
    this.#onData = onData;
    await new Promise<void>((resolve, reject) => {
      this.#settle = { done: resolve, lost: reject };
      this.#worker.postMessage({ kind: 'run', bytes } satisfies ToThread, []);
    }).finally(() => {
      this.#settle = undefined;
      this.#onData = () => undefined;
    });
  }

  /** Stops whatever it does, at once; what was not committed is rolled back when it opens again. */
  async kill(): Promise<void> {
    this.#onData = () => undefined;
    await this.#worker.terminate();
  }

  async close(): Promise<void> {
    this.#worker.postMessage({ kind: 'close' } satisfies ToThread, []);
    const timer = setTimeout(() => void this.#worker.terminate(), closeWithinMs);
    await this.#exited;
    clearTimeout(timer);
  }
}
