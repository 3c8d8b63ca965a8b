/** The owner of a sample directory: takes its lock, listens, opens the database, and ends when nobody uses it any more. */
import { readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { ClientConnection } from './clientConnection.ts';
import { Database } from './database.ts';
import { createSocketFolder, type EndpointKind, listen, removeSocketFolder, socketPath } from './endpoint.ts';
import { line, readLines, type ToHost, type ToOwner } from './lease.ts';
import { newToken, takeOwnerLock } from './ownerLock.ts';
import type { Scale } from './sampleData.ts';
import { claimDirectory, discardData } from './sampleFiles.ts';
import { SessionQueue } from './sessionQueue.ts';
import { errorResponse, MessageReader } from './wire.ts';

export interface OwnerOptions {
  readonly directory: string;
  readonly endpoint: EndpointKind;
  readonly scale: Scale;
}

/** The host that started us connects at once; one that died before it could must not leave us here. */
const firstUserWithinMs = 10_000;
/** Commands that follow each other share one start. */
const lingerMs = 2_000;

/** Time for the last words to leave. */
const crashLogMs = 100;

/** Backend pids of clients begin here: only their being distinct matters, and they look like no pid of ours. */
const firstClientPid = 100_000;

/** @returns false when another process owns the directory. */
export async function runOwner(script: string, options: OwnerOptions): Promise<boolean> {
  const { directory } = options;
  await claimDirectory(directory);
  const folder = options.endpoint === 'socket' ? await createSocketFolder(process.env) : undefined;
  const owner = new Owner(script, options, folder);
  const server = createServer((socket) => owner.accept(socket));
  const endpoint = await listen(server, folder);
  const lock = await takeOwnerLock(directory, { ...endpoint, token: owner.token });
  if (!lock) {
    server.close();
    if (folder) await removeSocketFolder(folder);
    return false;
  }
  if (lock.predecessor) await removeSocketFolder(lock.predecessor.host);
  lock.beat(folder ? [folder, socketPath(folder)] : [], () => void owner.abandon());
  process.on('SIGTERM', () => void owner.stop());
  process.on('uncaughtException', (error) => owner.crash(error));
  owner.begin(() => server.close());
  return true;
}

class Owner {
  readonly token = newToken();
  readonly passwordNeeded: boolean;
  readonly #script: string;
  readonly #options: OwnerOptions;
  readonly #folder: string | undefined;
  readonly #leases = new Set<Socket>();
  readonly #clients = new Map<number, ClientConnection>();
  readonly #abort = new AbortController();
  #postgres: Promise<WebAssembly.Module> | undefined;
  #queue: SessionQueue | undefined;
  #state: ToHost | undefined;
  #lastPid = firstClientPid;
  #lingering: NodeJS.Timeout | undefined;
  #closeServer: () => void = () => undefined;
  #stopping = false;

  constructor(script: string, options: OwnerOptions, folder: string | undefined) {
    this.#script = script;
    this.#options = options;
    this.#folder = folder;
    this.passwordNeeded = options.endpoint === 'loopback';
  }

  begin(closeServer: () => void): void {
    this.#closeServer = closeServer;
    this.#linger(firstUserWithinMs);
    this.#queue = new SessionQueue(this.#open(), () => this.#open());
  }

  accept(socket: Socket): void {
    const queue = this.#queue;
    if (!queue || this.#stopping) {
      socket.destroy();
      return;
    }
    const host = {
      queue,
      token: this.token,
      passwordNeeded: this.passwordNeeded,
      greeting: async () => parametersOf((await queue.database).greeting),
      lease: (lease: Socket) => this.#lease(lease),
      cancel: (pid: number, secret: number) => {
        const client = this.#clients.get(pid);
        if (client?.secret === secret) queue.cancel(client);
      },
      joined: (client: ClientConnection) => {
        this.#lastPid += 1;
        this.#clients.set(this.#lastPid, client);
        clearTimeout(this.#lingering);
        return this.#lastPid;
      },
      left: (client: ClientConnection) => {
        for (const [pid, each] of this.#clients) if (each === client) this.#clients.delete(pid);
        this.#linger(lingerMs);
      },
    };
    new ClientConnection(socket, host).begin();
  }

  /** Opens the database; a copy that cannot be opened is made anew, once. */
  async #open(): Promise<Database> {
    try {
      const database = await this.#openOnce().catch(async (error: unknown) => {
        if (this.#stopping) throw error;
        this.#tell({
          kind: 'log',
          level: 'warn',
          text: 'sample data is damaged and is prepared anew',
          data: { reason: reasonOf(error) },
        });
        this.#tell({ kind: 'progress', text: 'The sample data is damaged and is prepared anew' });
        await discardData(this.#options.directory);
        return this.#openOnce();
      });
      this.#tell({ kind: 'ready' });
      return database;
    } catch (error) {
      this.#tell({ kind: 'failed', reason: reasonOf(error) });
      void this.stop();
      throw error;
    }
  }

  async #openOnce(): Promise<Database> {
    this.#postgres ??= readFile(path.join(path.dirname(this.#script), 'pglite.wasm')).then((bytes) =>
      WebAssembly.compile(bytes),
    );
    const data = {
      directory: this.#options.directory,
      assets: path.dirname(this.#script),
      postgres: await this.#postgres,
      scale: this.#options.scale,
    };
    return Database.open(
      this.#script,
      data,
      {
        onProgress: (text) => this.#tell({ kind: 'progress', text }),
        onLog: (text, details) => this.#tell({ kind: 'log', level: 'info', text, data: details }),
      },
      this.#abort.signal,
    );
  }

  #tell(message: ToHost): void {
    if (message.kind !== 'log') this.#state = message;
    for (const lease of this.#leases) lease.write(line(message));
  }

  #lease(socket: Socket): void {
    this.#leases.add(socket);
    clearTimeout(this.#lingering);
    readLines(socket, (message) => {
      if ((message as ToOwner).kind === 'stop') void this.stop();
    });
    socket.once('close', () => {
      this.#leases.delete(socket);
      this.#linger(lingerMs);
    });
    socket.write(line({ kind: 'welcome' }));
    if (this.#state) socket.write(line(this.#state));
  }

  /** Ends after a while without users. */
  #linger(ms: number): void {
    clearTimeout(this.#lingering);
    if (this.#leases.size > 0 || this.#clients.size > 0 || this.#stopping) return;
    this.#lingering = setTimeout(() => void this.stop(), ms);
  }

  /** Without its directory, whatever it still wrote would land in the next owner's files. */
  async abandon(): Promise<void> {
    this.#stopping = true;
    this.#abort.abort();
    await (await this.#queue?.database.catch(() => undefined))?.kill();
    if (this.#folder) await removeSocketFolder(this.#folder);
    process.exit(1);
  }

  /** A defect of ours: the hosts' logs are the only place where it can be told. The data survives like any kill. */
  crash(error: Error): void {
    this.#tell({
      kind: 'log',
      level: 'error',
      text: 'the sample database crashed',
      data: { stack: error.stack },
    });
    setTimeout(() => process.exit(1), crashLogMs);
  }

  /** Refuses newcomers, sends everybody away, writes everything down, and ends the process. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#closeServer();
    for (const client of this.#clients.values()) {
      client.end(errorResponse('FATAL', '57P01', 'terminating connection due to administrator command'));
    }
    for (const lease of this.#leases) lease.end();
    // Nobody waits for a preparation any more: what is half done is discarded by the next start.
    this.#abort.abort();
    const database = await this.#queue?.database.catch(() => undefined);
    await database?.close();
    if (this.#folder) await removeSocketFolder(this.#folder);
    process.exit(0);
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Of the backend's own greeting, only its parameters are passed on. */
function parametersOf(greeting: Uint8Array): Buffer {
  const reader = new MessageReader();
  return Buffer.concat(
    [...reader.read(greeting)].filter((each) => each.type === 'S').map((each) => each.bytes),
  );
}
