import type pg from 'pg';

/** One row as the server wrote it: text, or null for SQL NULL. Nothing is parsed behind our back. */
export type Row = Readonly<Record<string, string | null>>;

/** The type map of every connection: all values stay text (Query Identifier exceeds 2^53, json stays as printed). */
export const textOnly = { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig;

/** How long our own short statements (BEGIN, catalogue look-ups) may take to answer. */
export const OWN_STATEMENT_MS = 15_000;

/** The same on the sample database, whose one session may first have to end another window's transaction. */
export const SAMPLE_STATEMENT_MS = 60_000;

/** A polite goodbye takes one packet; after this the socket is simply closed. */
const CLOSE_MS = 1_000;

/** What node-postgres keeps but does not type: the ids that a wire-level CancelRequest needs. */
interface BackendKey {
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/**
 * One connection to the server. Every wait is bounded, and an 'error' event of an idle socket is heard:
 * unheard it would end the extension host.
 */
export class Connection {
  readonly #client: pg.Client;
  readonly #ownStatementMs: number;
  #lost = false;

  constructor(client: pg.Client, ownStatementMs: number) {
    this.#client = client;
    this.#ownStatementMs = ownStatementMs;
    client.on('error', () => (this.#lost = true));
    client.on('end', () => (this.#lost = true));
  }

  /** True once the socket is gone; the connection must not be used again. */
  get lost(): boolean {
    return this.#lost;
  }

  get backendKey(): { readonly processId: number; readonly secretKey: number } | undefined {
    const { processID, secretKey } = this.#client as unknown as BackendKey;
    return processID === null || secretKey === null ? undefined : { processId: processID, secretKey };
  }

  /**
   * Sends exactly one statement over the extended protocol; the server itself refuses a second one.
   * Without an answer in `deadlineMs` the socket is closed and the promise rejects.
   */
  async query(
    sql: string,
    values: readonly (string | null)[] = [],
    deadlineMs = this.#ownStatementMs,
  ): Promise<readonly Row[]> {
    const config: pg.QueryConfig & { queryMode: 'extended' } = {
      text: sql,
      values: [...values],
      queryMode: 'extended',
    };
    const result = await this.#within(deadlineMs, this.#client.query<Record<string, string | null>>(config));
    return result.rows;
  }

  /** The simple protocol, which runs every statement of its text: only for a text proven to be one statement. */
  async querySimple(sql: string, deadlineMs: number): Promise<readonly Row[]> {
    const result = await this.#within(deadlineMs, this.#client.query<Record<string, string | null>>(sql));
    return result.rows;
  }

  /** Type oids of $1…$n, by the protocol's own Parse and Describe: nothing is planned, run or left behind. */
  describe(sql: string): Promise<readonly number[]> {
    const describing = new Promise<readonly number[]>((resolve, reject) => {
      this.#client.query(new DescribeStatement(sql, resolve, reject));
    });
    return this.#within(this.#ownStatementMs, describing);
  }

  /** Closes the socket at once; whatever is waited for rejects. */
  destroy(): void {
    this.#lost = true;
    this.#client.connection.stream.destroy();
  }

  async close(): Promise<void> {
    if (this.#lost) return this.destroy();
    this.#lost = true;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([this.#client.end().catch(() => undefined), tooLate]);
    clearTimeout(timer);
    this.#client.connection.stream.destroy();
  }

  async #within<T>(deadlineMs: number, answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.destroy(), deadlineMs);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What node-postgres' client calls on the query that is its turn. */
class DescribeStatement {
  readonly #sql: string;
  readonly #resolve: (oids: readonly number[]) => void;
  readonly #reject: (error: Error) => void;
  #oids: readonly number[] = [];

  constructor(sql: string, resolve: (oids: readonly number[]) => void, reject: (error: Error) => void) {
    this.#sql = sql;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: pg.Connection): void {
    connection.once(
      'parameterDescription',
      (message: { dataTypeIDs: number[] }) => (this.#oids = message.dataTypeIDs),
    );
    connection.parse({ text: this.#sql, name: '', types: [] }, false);
    connection.describe({ type: 'S', name: '' }, false);
    connection.sync();
  }

  handleRowDescription(): void {
    // The result's columns are of no interest here.
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#oids);
  }
}
