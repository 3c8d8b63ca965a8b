/**
 * One backend for many clients. A client has the session for a transaction, or for an extended exchange until its Sync;
 * then whoever waits longest comes next and finds it as new (DISCARD ALL, then that client's own startup settings).
 * So what a client SETs for its session lasts until another client takes a turn, as behind a transaction pooler.
 *
 * Cancel and timeouts cannot reach into a running PGlite: its thread is killed and the database opened again.
 *
 * Not @electric-sql/pglite-socket: it runs PGlite in the thread that reads the sockets, drops cancel requests, and neither
 * resets the session between clients nor holds it for an unfinished exchange.
 */
import type { Database } from './database.ts';
import { mayChangeTimeouts, noTimeouts, readTimeouts, type Timeouts } from './sessionTimeouts.ts';
import { BackendStream, errorResponse, query, readyForQuery, sync, type TransactionStatus } from './wire.ts';

export interface QueueClient {
  /** Settings of the startup packet: they survive a reset. */
  readonly settings: readonly (readonly [string, string])[];
  deliver(bytes: Uint8Array): void;
  /** Ends the connection, after a last message. */
  end(last: Uint8Array): void;
}

/** What a client sent up to Query, Sync or Flush. */
export interface Batch {
  readonly messages: Buffer;
  /** A Flush asks for answers in the middle of an exchange; all others end with ReadyForQuery. */
  readonly endsExchange: boolean;
}

export type StopReason = 'cancel' | 'timeout' | 'gone';

interface Turn {
  readonly client: QueueClient;
  readonly batch: Batch;
}

/** What the owner remembers of a client between its batches. */
interface ClientState {
  status: TransactionStatus;
  /** In an exchange whose Sync has not come. */
  open: boolean;
  /** It was told that its transaction failed, which the backend does not know yet. */
  mustFail: boolean;
  /** An error was sent in mid-exchange: everything up to the Sync is dropped. */
  dropUntilSync: boolean;
  left: boolean;
}

/** A client that hangs up in mid-query may have been nearly served: a kill costs everybody a reopening. */
const leaveGraceMs = 300;

const stopped: Readonly<Record<StopReason, string>> = {
  cancel: 'canceling statement due to user request',
  timeout: 'canceling statement due to statement timeout',
  gone: 'canceling statement because its client is gone',
};

export class SessionQueue {
  readonly #reopen: () => Promise<Database>;
  readonly #states = new Map<QueueClient, ClientState>();
  #database: Promise<Database>;
  #waiting: Turn[] = [];
  /** Whose settings, statements and temporary tables the session has. */
  #holder: QueueClient | undefined;
  #timeouts: Timeouts = noTimeouts;
  #idleTimer: NodeJS.Timeout | undefined;
  #running: { readonly client: QueueClient; stop(reason: StopReason): void } | undefined;
  #pumping = false;

  constructor(database: Promise<Database>, reopen: () => Promise<Database>) {
    this.#database = database;
    this.#reopen = reopen;
  }

  get database(): Promise<Database> {
    return this.#database;
  }

  join(client: QueueClient): void {
    this.#states.set(client, {
      status: 'I',
      open: false,
      mustFail: false,
      dropUntilSync: false,
      left: false,
    });
  }

  submit(client: QueueClient, batch: Batch): void {
    this.#waiting.push({ client, batch });
    void this.#pump();
  }

  /** What a CancelRequest does: stops the client's statement, also one that still waits for its turn. */
  cancel(client: QueueClient): void {
    if (this.#running?.client === client) {
      this.#running.stop('cancel');
      return;
    }
    const turn = this.#waiting.find((each) => each.client === client);
    if (!turn) return;
    this.#waiting = this.#waiting.filter((each) => each !== turn);
    this.#refuse(turn, this.#stateOf(client), 'cancel');
  }

  /** The client is gone: its transaction is rolled back and others go on. */
  leave(client: QueueClient): void {
    const state = this.#states.get(client);
    if (!state) return;
    state.left = true;
    this.#states.delete(client);
    this.#waiting = this.#waiting.filter((turn) => turn.client !== client);
    if (this.#running?.client === client) {
      const running = this.#running;
      setTimeout(() => {
        if (this.#running === running) running.stop('gone');
      }, leaveGraceMs).unref();
    }
    void this.#pump();
  }

  #stateOf(client: QueueClient): ClientState {
    const state = this.#states.get(client);
    return state ?? { status: 'I', open: false, mustFail: false, dropUntilSync: false, left: true };
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (;;) {
        if (this.#holder && !this.#states.has(this.#holder)) await this.#tidy();
        const turn = this.#nextTurn();
        if (!turn) break;
        await this.#serve(turn, this.#stateOf(turn.client));
      }
    } finally {
      this.#pumping = false;
    }
  }

  #nextTurn(): Turn | undefined {
    const holderState = this.#holder && this.#states.get(this.#holder);
    const held = holderState !== undefined && (holderState.status !== 'I' || holderState.open);
    const index = this.#waiting.findIndex((turn) => !held || turn.client === this.#holder);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  async #serve(turn: Turn, state: ClientState): Promise<void> {
    const { client, batch } = turn;
    clearTimeout(this.#idleTimer);
    if (state.dropUntilSync) {
      if (batch.endsExchange) {
        Object.assign(state, { dropUntilSync: false, open: false });
        client.deliver(readyForQuery(state.status));
      }
      return;
    }
    const stream = new BackendStream((bytes) => {
      if (!state.left) client.deliver(bytes);
    });
    let reason: StopReason | undefined;
    let timer: NodeJS.Timeout | undefined;
    const stop = new Promise<void>((resolve) => {
      this.#running = {
        client,
        stop: (why) => {
          reason ??= why;
          resolve();
        },
      };
    });
    try {
      await Promise.race([this.#database, stop]);
      const database = reason ? undefined : await this.#takeSession(client, state);
      // Cancelled before it ran: nothing needs to be killed.
      if (reason || !database) {
        this.#refuse(turn, state, reason ?? 'cancel');
        return;
      }
      const { statementMs } = this.#timeouts;
      if (statementMs > 0) timer = setTimeout(() => this.#running?.stop('timeout'), statementMs);
      const run = database.run(batch.messages, (bytes) => stream.push(bytes));
      await Promise.race([run, stop]);
      if (reason) {
        run.catch(() => undefined);
        this.#kill(database);
        this.#refuse(turn, state, reason);
        return;
      }
      if (batch.endsExchange && stream.status === undefined) throw new Error('the backend gave no answer');
      state.status = stream.status ?? state.status;
      state.open = !batch.endsExchange;
      if (batch.endsExchange && mayChangeTimeouts(batch.messages, this.#timeouts)) {
        const read = await readTimeouts(state.status, (messages, onData) => database.run(messages, onData));
        this.#timeouts = read ?? this.#timeouts;
      }
      this.#watchIdle(client, state);
    } catch {
      // A crash of the backend: PostgreSQL, too, ends the connection of the client that it served.
      await this.#recover();
      if (!state.left)
        client.end(
          errorResponse(
            'FATAL',
            '57P02',
            'the sample database stopped while it ran this statement, and was opened again',
          ),
        );
      this.leave(client);
    } finally {
      clearTimeout(timer);
      this.#running = undefined;
    }
  }

  /** A timeout that the client before had set may end the backend when it is touched: then it is opened again for this one. */
  async #takeSession(client: QueueClient, state: ClientState): Promise<Database> {
    try {
      return await this.#enterSession(client, state);
    } catch {
      await this.#recover();
      return this.#enterSession(client, state);
    }
  }

  /** The session as this client left it, or as new if another one had it. */
  async #enterSession(client: QueueClient, state: ClientState): Promise<Database> {
    const database = await this.#database;
    if (this.#holder !== client) {
      const had = this.#holder !== undefined;
      this.#holder = undefined;
      if (had) await this.#own(database, 'discard all');
      this.#timeouts = noTimeouts;
      if (client.settings.length > 0) {
        // Untracked, or the ranking would list them.
        await this.#own(
          database,
          `set pg_stat_statements.track = 'none'`,
          ...client.settings.map(setConfig),
          'reset pg_stat_statements.track',
        );
        this.#timeouts =
          (await readTimeouts('I', (messages, onData) => database.run(messages, onData))) ?? noTimeouts;
      }
      this.#holder = client;
    }
    if (state.mustFail) {
      // PostgreSQL itself then refuses everything up to the client's ROLLBACK, in its own words.
      await this.#own(database, 'begin; rollback to savepoint pgqp_lost');
      state.mustFail = false;
    }
    return database;
  }

  #watchIdle(client: QueueClient, state: ClientState): void {
    const { idleInTransactionMs } = this.#timeouts;
    if (state.left || state.status === 'I' || idleInTransactionMs === 0) return;
    this.#idleTimer = setTimeout(() => {
      if (this.#waiting.some((turn) => turn.client === client)) return;
      client.end(
        errorResponse('FATAL', '25P03', 'terminating connection due to idle-in-transaction timeout'),
      );
      // The backend's own timer has marked the session for a FATAL, which would hit whoever touches it next.
      void this.#recover().then(() => this.leave(client));
    }, idleInTransactionMs);
  }

  /** The statement's error, and the state in which its client now is. */
  #refuse(turn: Turn, state: ClientState, reason: StopReason): void {
    if (state.left) return;
    if (state.status !== 'I') Object.assign(state, { status: 'E', mustFail: true });
    turn.client.deliver(errorResponse('ERROR', '57014', stopped[reason]));
    if (turn.batch.endsExchange) {
      state.open = false;
      turn.client.deliver(readyForQuery(state.status));
    } else {
      Object.assign(state, { open: true, dropUntilSync: true });
    }
  }

  #kill(database: Database): void {
    this.#holder = undefined;
    this.#timeouts = noTimeouts;
    this.#database = database.kill().then(() => this.#reopen());
    // Whoever takes the session next meets the failure; here it would be nobody's.
    this.#database.catch(() => undefined);
  }

  async #recover(): Promise<void> {
    const database = await this.#database.catch(() => undefined);
    if (database) this.#kill(database);
  }

  /** After a client that left: its transaction ends now, not when somebody else comes. */
  async #tidy(): Promise<void> {
    clearTimeout(this.#idleTimer);
    this.#holder = undefined;
    try {
      const database = await this.#database;
      await this.#own(database, 'rollback', 'discard all');
    } catch {
      await this.#recover();
    }
  }

  /** Statements of the owner's. The Sync ends whatever exchange the client before left open. */
  async #own(database: Database, ...statements: readonly string[]): Promise<void> {
    await database.run(Buffer.concat([sync(), ...statements.map(query)]), () => undefined);
  }
}

const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A setting that the server does not know fails the whole startup in PostgreSQL; here it is left out. */
const setConfig = ([name, value]: readonly [string, string]): string =>
  `select set_config(${quote(name)}, ${quote(value)}, false);`;
