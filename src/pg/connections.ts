import { userErrors } from '../core/errors.ts';
import type { Cancel } from '../core/cancel.ts';
import type { ConnectOptions } from '../core/ports.ts';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';

/** Long enough for the steps of one profile to share a connection, short enough to leave none lying about. */
const IDLE_MS = 10_000;

/** What close() waits for statements to be stopped on the server; then their sockets are closed. */
const CLOSE_MS = 2_000;

/**
 * The connections of one profile: opened when needed, at most one kept idle for a while.
 * The sample database serves its clients one by one, so there none is kept.
 */
export class Connections {
  readonly #options: ConnectOptions;
  /** Connections at work, each with what stops its statement. */
  readonly #busy = new Map<Connection, { stop?: () => void }>();
  #idle: Connection | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #closed = false;
  #allReturned: (() => void) | undefined;

  constructor(options: ConnectOptions) {
    this.#options = options;
  }

  /** @throws UserError. Stops waiting as soon as cancellation is requested. */
  async take(cancel: Cancel): Promise<Connection> {
    if (this.#closed) throw userErrors.connectionClosed();
    if (cancel.requested) throw userErrors.cancelled();
    const kept = this.#idle;
    this.#forgetIdle();
    const connection = kept !== undefined && !kept.lost ? kept : await this.#open(cancel);
    this.#busy.set(connection, {});
    return connection;
  }

  /** Tells what close() calls to stop the statement that runs on this connection. */
  setStop(connection: Connection, stop: () => void): void {
    const entry = this.#busy.get(connection);
    if (entry !== undefined) entry.stop = stop;
  }

  /** Gives a connection back; `reusable` false when its session may hold something of the user's statement. */
  async giveBack(connection: Connection, reusable: boolean): Promise<void> {
    this.#busy.delete(connection);
    const keep =
      reusable && !connection.lost && !this.#closed && !this.#options.isSample && this.#idle === undefined;
    if (keep) {
      this.#idle = connection;
      this.#idleTimer = setTimeout(() => {
        this.#forgetIdle();
        void connection.close();
      }, IDLE_MS);
      this.#idleTimer.unref();
    } else {
      await connection.close();
    }
    if (this.#busy.size === 0) this.#allReturned?.();
  }

  /** Stops what runs and closes everything; bounded, whatever the server does. */
  async close(): Promise<void> {
    this.#closed = true;
    const idle = this.#idle;
    this.#forgetIdle();
    await idle?.close();
    if (this.#busy.size === 0) return;
    const returned = new Promise<void>((resolve) => (this.#allReturned = resolve));
    for (const { stop } of this.#busy.values()) stop?.();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([returned, new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)))]);
    clearTimeout(timer);
    for (const connection of this.#busy.keys()) connection.destroy();
  }

  #forgetIdle(): void {
    clearTimeout(this.#idleTimer);
    this.#idle = undefined;
  }

  async #open(cancel: Cancel): Promise<Connection> {
    const opening = connect(this.#options);
    let unsubscribe: (() => void) | undefined;
    const cancelled = new Promise<never>((_, reject) => {
      unsubscribe = cancel.onRequested(() => reject(userErrors.cancelled()));
    });
    try {
      return await Promise.race([opening, cancelled]);
    } catch (error) {
      // The attempt may still succeed after the user gave up.
      opening.then((connection) => connection.close()).catch(() => undefined);
      throw error;
    } finally {
      unsubscribe?.();
    }
  }
}
