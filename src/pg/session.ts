/**
 * The only way in which anything of the user's reaches a server: a transaction with timeouts that always ends
 * in ROLLBACK, and whose connection is discarded when even that fails.
 */
import { performance } from 'node:perf_hooks';
import type { Cancel } from '../core/cancel.ts';
import { userErrors } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ConnectOptions, ServerInfo } from '../core/ports.ts';
import { stopStatement, type CancelTarget } from './cancel.ts';
import type { Connection, Row } from './connection.ts';
import type { Connections } from './connections.ts';
import { toRunError } from './errors.ts';
import { assumeIdentity } from './identity.ts';
import { ownMarker } from './ownStatements.ts';

/** What every operation of the Server port works with. */
export interface ServerContext {
  readonly info: ServerInfo;
  readonly options: ConnectOptions;
  readonly connections: Connections;
  readonly log: Log;
}

export interface TransactionOptions {
  readonly mode: 'read only' | 'read write';
  readonly timeoutMs: number;
  readonly cancel: Cancel;
}

/** Waiting longer for a lock would queue other sessions behind us. */
export const LOCK_TIMEOUT_MS = 3_000;

/** Between two of our statements there is no user; if the host hangs, the server ends the transaction itself. */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** How much later than statement_timeout the answer may come before the server counts as lost. */
const ANSWER_GRACE_MS = 5_000;

/** How long the server may take to act on a cancel before the socket is closed. */
const CANCEL_GRACE_MS = 5_000;

/** Look-ups of our own, outside a user's statement. */
export const LOOKUP_TIMEOUT_MS = 10_000;

const beginSql = {
  'read only': `BEGIN ${ownMarker} READ ONLY`,
  'read write': `BEGIN ${ownMarker}`,
};

// set_config(…, true) is SET LOCAL: it ends with the transaction, as a pooler needs. It is also the first query,
// and after that nothing can set the transaction READ WRITE again.
const settingsSql = `SELECT ${ownMarker} pg_backend_pid() AS pid, now()::text AS started,
  set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true),
  set_config('idle_in_transaction_session_timeout', $3, true)`;

export class Session {
  readonly #context: ServerContext;
  readonly #connection: Connection;
  readonly #options: TransactionOptions;
  #target: CancelTarget | undefined;
  #tainted = false;
  #stopped = false;

  constructor(context: ServerContext, connection: Connection, options: TransactionOptions) {
    this.#context = context;
    this.#connection = connection;
    this.#options = options;
  }

  /** True when the connection may serve another call. */
  get reusable(): boolean {
    return !this.#tainted && !this.#stopped && !this.#connection.lost;
  }

  /** The session may hold what a rollback does not end, like an advisory lock: it is closed afterwards. */
  taint(): void {
    this.#tainted = true;
  }

  async begin(): Promise<void> {
    await this.#run(() => this.#connection.query(beginSql[this.#options.mode]));
    const lockTimeoutMs = this.#lockTimeoutMs();
    const values = [`${this.#options.timeoutMs}`, `${lockTimeoutMs}`, `${IDLE_IN_TRANSACTION_MS}`];
    const [row] = await this.#run(() => this.#connection.query(settingsSql, values));
    this.#target = { pid: row?.['pid'] ?? '', transactionStart: row?.['started'] ?? '' };
    await assumeIdentity((sql, identity) => this.query(sql, identity), this.#context.options, 'transaction');
  }

  /** One statement over the extended protocol. @throws UserError */
  query(sql: string, values: readonly (string | null)[] = []): Promise<readonly Row[]> {
    return this.#run(() => this.#connection.query(sql, values, this.#deadlineMs()));
  }

  /** Only for a text that `describe` has proven to be one statement. @throws UserError */
  querySimple(sql: string): Promise<readonly Row[]> {
    return this.#run(() => this.#connection.querySimple(sql, this.#deadlineMs()));
  }

  /** @throws UserError, also for more than one statement. */
  describe(sql: string): Promise<readonly number[]> {
    return this.#run(() => this.#connection.describe(sql));
  }

  async rollback(): Promise<void> {
    if (this.#connection.lost) return;
    try {
      await this.#connection.query(`ROLLBACK ${ownMarker}`);
    } catch (error) {
      this.#tainted = true;
      this.#connection.destroy();
      this.#context.log('warn', 'the rollback failed; its connection was closed', { error: String(error) });
    }
  }

  /** Stops the running statement on the server; the socket is closed if that has no effect. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const { options, log } = this.#context;
    stopStatement(options, this.#connection, this.#target, log).catch((error: unknown) => {
      log('warn', 'the cancel failed', { error: String(error) });
    });
    setTimeout(() => this.#connection.destroy(), CANCEL_GRACE_MS).unref();
  }

  async #run<T>(statement: () => Promise<T>): Promise<T> {
    if (this.#options.cancel.requested) throw userErrors.cancelled();
    const startedMs = performance.now();
    try {
      return await statement();
    } catch (error) {
      throw toRunError(error, {
        cancelRequested: this.#options.cancel.requested || this.#stopped,
        timeoutMs: this.#options.timeoutMs,
        lockTimeoutMs: this.#lockTimeoutMs(),
        elapsedMs: performance.now() - startedMs,
        user: this.#context.options.user,
      });
    }
  }

  #deadlineMs(): number {
    return this.#options.timeoutMs + ANSWER_GRACE_MS;
  }

  #lockTimeoutMs(): number {
    return Math.min(LOCK_TIMEOUT_MS, this.#options.timeoutMs);
  }
}

/**
 * Runs `work` in a transaction that is always rolled back.
 * @throws UserError
 */
export async function inTransaction<T>(
  context: ServerContext,
  options: TransactionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const connection = await context.connections.take(options.cancel);
  const session = new Session(context, connection, options);
  context.connections.setStop(connection, () => session.stop());
  const unsubscribe = options.cancel.onRequested(() => session.stop());
  try {
    await session.begin();
    return await work(session);
  } finally {
    unsubscribe();
    await session.rollback();
    await context.connections.giveBack(connection, session.reusable);
  }
}
