/** One connection to the owner's endpoint: a PostgreSQL client, a cancel request, or a lease. */
import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { leaseRequestCode } from './lease.ts';
import { sampleDatabaseName, sampleUser } from './sampleNames.ts';
import type { QueueClient, SessionQueue } from './sessionQueue.ts';
import {
  authenticationOk,
  backendKeyData,
  cancelRequestCode,
  cleartextPasswordRequest,
  errorResponse,
  gssRequestCode,
  maxStartupBytes,
  type Message,
  MessageReader,
  negotiateVersion,
  readyForQuery,
  settingsOfOptions,
  sslRequestCode,
  startupParameters,
} from './wire.ts';

export interface ConnectionHost {
  readonly queue: SessionQueue;
  readonly token: string;
  /** On a loopback port, where other users of the machine could connect. */
  readonly passwordNeeded: boolean;
  /** Parameters of the backend, as it tells them to a client that connects. @throws when the database cannot be opened. */
  greeting(): Promise<Uint8Array>;
  lease(socket: Socket): void;
  cancel(pid: number, secret: number): void;
  /** @returns the pid that this client is known by, distinct for each. */
  joined(connection: ClientConnection): number;
  left(connection: ClientConnection): void;
}

/** A connection that does not say who it is for so long is closed. */
const startupWithinMs = 10_000;

/** Startup parameters that are no settings. */
const notSettings = new Set(['user', 'database', 'replication', 'options']);

type Phase = 'startup' | 'password' | 'greeting' | 'session' | 'closed';

export class ClientConnection implements QueueClient {
  readonly #socket: Socket;
  readonly #host: ConnectionHost;
  readonly secret = randomInt(0x7fffffff);
  readonly #timer: NodeJS.Timeout;
  #phase: Phase = 'startup';
  #startup: Buffer = Buffer.alloc(0);
  readonly #reader = new MessageReader();
  #batch: Buffer[] = [];
  #parameters: ReadonlyMap<string, string> = new Map();
  settings: readonly (readonly [string, string])[] = [];

  constructor(socket: Socket, host: ConnectionHost) {
    this.#socket = socket;
    this.#host = host;
    this.#timer = setTimeout(() => socket.destroy(), startupWithinMs);
  }

  begin(): void {
    this.#socket.setNoDelay(true);
    this.#socket.on('data', this.#onData);
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.once('close', () => this.#close());
  }

  deliver(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  end(last: Uint8Array): void {
    if (this.#socket.writable) this.#socket.end(last);
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      if (this.#phase === 'startup') this.#readStartup(chunk);
      else for (const message of this.#reader.read(chunk)) this.#onMessage(message);
    } catch {
      this.end(errorResponse('FATAL', '08P01', 'this is not the PostgreSQL protocol'));
    }
  };

  /** Packets without a type byte, of which a client may send several: it asks for encryption first. */
  #readStartup(chunk: Buffer): void {
    this.#startup = Buffer.concat([this.#startup, chunk]);
    while (this.#phase === 'startup' && this.#startup.length >= 8) {
      const length = this.#startup.readInt32BE(0);
      if (length < 8 || length > maxStartupBytes) throw new Error('not a startup packet');
      if (this.#startup.length < length) return;
      const body = this.#startup.subarray(8, length);
      const code = this.#startup.readInt32BE(4);
      this.#startup = this.#startup.subarray(length);
      if (code === sslRequestCode || code === gssRequestCode) this.#socket.write('N');
      else if (code === cancelRequestCode) this.#cancel(body);
      else if (code === leaseRequestCode) this.#lease(body);
      else if (code >> 16 === 3) this.#start(body, code & 0xffff);
      else throw new Error('unknown protocol version');
    }
  }

  #cancel(body: Buffer): void {
    this.#phase = 'closed';
    if (body.length >= 8) this.#host.cancel(body.readInt32BE(0), body.readInt32BE(4));
    this.#socket.end();
  }

  #lease(body: Buffer): void {
    this.#phase = 'closed';
    if (!this.#isToken(body.toString('utf8').split('\0')[0] ?? '')) {
      this.#socket.destroy();
      return;
    }
    clearTimeout(this.#timer);
    this.#socket.off('data', this.#onData);
    this.#host.lease(this.#socket);
  }

  #start(body: Buffer, minor: number): void {
    this.#parameters = startupParameters(body);
    const names = [...this.#parameters.keys()];
    if (minor > 0) this.deliver(negotiateVersion(names.filter((name) => name.startsWith('_pq_.'))));
    this.settings = [
      ...settingsOfOptions(this.#parameters.get('options') ?? ''),
      ...[...this.#parameters].filter(([name]) => !notSettings.has(name) && !name.startsWith('_pq_.')),
    ];
    if (this.#host.passwordNeeded) {
      this.#phase = 'password';
      this.deliver(cleartextPasswordRequest());
      return;
    }
    void this.#greet();
  }

  #onMessage(message: Message): void {
    if (this.#phase === 'password') {
      const password = message.type === 'p' ? message.body.toString('utf8').split('\0')[0] : undefined;
      if (password !== undefined && this.#isToken(password)) void this.#greet();
      else
        this.end(errorResponse('FATAL', '28P01', `password authentication failed for user "${sampleUser}"`));
      return;
    }
    if (message.type === 'X') {
      this.#socket.end();
      this.#close();
      return;
    }
    this.#batch.push(message.bytes);
    // Query, FunctionCall and Sync end an exchange; Flush wants answers now.
    if (!'QFSH'.includes(message.type)) return;
    const messages = Buffer.concat(this.#batch);
    this.#batch = [];
    this.#host.queue.submit(this, { messages, endsExchange: message.type !== 'H' });
  }

  async #greet(): Promise<void> {
    this.#phase = 'greeting';
    clearTimeout(this.#timer);
    // A host that connects while the data is prepared counts as a user from now on.
    const pid = this.#host.joined(this);
    const problem = this.#wrongTarget();
    if (problem) {
      this.end(problem);
      return;
    }
    try {
      const greeting = await this.#host.greeting();
      if (this.#phase !== 'greeting') return;
      this.#phase = 'session';
      this.#host.queue.join(this);
      this.deliver(
        Buffer.concat([authenticationOk(), greeting, backendKeyData(pid, this.secret), readyForQuery('I')]),
      );
    } catch {
      this.end(errorResponse('FATAL', '57P03', 'the sample database could not be opened'));
    }
  }

  #wrongTarget(): Buffer | undefined {
    const user = this.#parameters.get('user') ?? '';
    const database = this.#parameters.get('database') ?? user;
    if (user !== sampleUser) return errorResponse('FATAL', '28000', `role "${user}" does not exist`);
    if (database !== sampleDatabaseName)
      return errorResponse('FATAL', '3D000', `database "${database}" does not exist`);
    return undefined;
  }

  #isToken(given: string): boolean {
    const expected = Buffer.from(this.#host.token);
    const bytes = Buffer.from(given);
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  }

  #close(): void {
    clearTimeout(this.#timer);
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#host.queue.leave(this);
    this.#host.left(this);
  }
}
