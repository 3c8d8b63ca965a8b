/** The ranking of pg_stat_statements, or the reason why there is none. */
import type { Cancel } from '../core/cancel.ts';
import { isUserError } from '../core/errors.ts';
import type { StatementRow, StatementsOrder, StatementsReading } from '../core/ports.ts';
import type { Row } from './connection.ts';
import { sqlState } from './errors.ts';
import { isOwnStatement, ownMarker } from './ownStatements.ts';
import { inTransaction, LOOKUP_TIMEOUT_MS, type ServerContext, type Session } from './session.ts';

type Missing = Exclude<StatementsReading, { state: 'ok' }>;

/** What the server shows in place of a text that this role may not read. */
const HIDDEN_TEXT = '<insufficient privilege>';

/** Our own statements are taken out after the query; these many more are asked for at first. */
const OWN_ALLOWANCE = 50;

/** The library is not in shared_preload_libraries (object_not_in_prerequisite_state). */
const NOT_LOADED = '55000';
const NOT_PERMITTED = '42501';

const extensionSql = `SELECT ${ownMarker} quote_ident(n.nspname) AS schema, e.extversion AS version,
    (SELECT setting FROM pg_settings WHERE name = 'shared_preload_libraries') AS preloaded,
    EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_stat_statements') AS available,
    quote_ident(current_database()) AS database, quote_ident(current_user) AS role
  FROM (SELECT 1) AS one
  LEFT JOIN pg_extension e ON e.extname = 'pg_stat_statements'
  LEFT JOIN pg_namespace n ON n.oid = e.extnamespace`;

// The columns that there are, whatever the server's version: an extension may be older than its server.
const columnsSql = `SELECT ${ownMarker} a.attname AS name FROM pg_attribute a
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = a.attrelid AND d.deptype = 'e'
  JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'pg_stat_statements'
  JOIN pg_class c ON c.oid = a.attrelid AND c.relname = 'pg_stat_statements'
  WHERE a.attnum > 0 AND NOT a.attisdropped`;

const orderColumns: Readonly<Record<StatementsOrder, string>> = {
  total: 'total_exec_time',
  mean: 'mean_exec_time',
  max: 'max_exec_time',
  calls: 'calls',
  rows: 'rows',
};

/**
 * Reads rankings. Texts are kept from one reading to the next: with them the server loads its whole file of
 * texts, without them it does not (pg_stat_statements(false)).
 */
export class StatementsReader {
  readonly #context: ServerContext;
  readonly #texts = new Map<string, string>();

  constructor(context: ServerContext) {
    this.#context = context;
  }

  /** @throws UserError */
  async read(order: StatementsOrder, limit: number, cancel: Cancel): Promise<StatementsReading> {
    const transaction = { mode: 'read only', timeoutMs: LOOKUP_TIMEOUT_MS, cancel } as const;
    let extension: Row = {};
    try {
      return await inTransaction(this.#context, transaction, async (session) => {
        extension = (await session.query(extensionSql))[0] ?? {};
        const columns = new Set((await session.query(columnsSql)).map((row) => row['name'] ?? ''));
        return missing(extension, columns) ?? (await this.#rank(session, extension, columns, order, limit));
      });
    } catch (error) {
      if (isUserError(error, 'notPermitted') || sqlState(error) === NOT_PERMITTED)
        return notPermitted(extension);
      if (sqlState(error) === NOT_LOADED) return notLoaded(extension);
      throw error;
    }
  }

  async #rank(
    session: Session,
    extension: Row,
    columns: ReadonlySet<string>,
    order: StatementsOrder,
    limit: number,
  ): Promise<StatementsReading> {
    const source = `${extension['schema']}.pg_stat_statements`;
    const totals = await session.query(totalsSql(source, columns));
    const rows: StatementRow[] = [];
    let ownMs = 0;
    const count = Number(totals[0]?.['count'] ?? 0);
    // Own statements may crowd the top; each round looks deeper, until there is nothing deeper.
    for (let depth = limit + OWN_ALLOWANCE; rows.length < limit; depth *= 4) {
      const ranked = await session.query(rankSql(source, columns, orderColumns[order], depth));
      await this.#loadTexts(session, source, ranked);
      rows.length = 0;
      ownMs = 0;
      for (const row of ranked) {
        const query = this.#texts.get(textKey(row));
        if (query === undefined) continue;
        if (!isOwnStatement(query)) rows.push(toStatement(row, query));
        else if (row['toplevel'] === 't') ownMs += Number(row['total'] ?? 0);
      }
      if (depth >= count) break;
    }
    const hiddenTexts = Number(totals[0]?.['hidden'] ?? 0);
    if (rows.length === 0 && hiddenTexts > 0) return notPermitted(extension);
    const since = columns.has('toplevel') ? (await session.query(sinceSql(source)))[0]?.['since'] : undefined;
    return {
      state: 'ok',
      rows: rows.slice(0, limit),
      totalMs: Math.max(0, Number(totals[0]?.['total'] ?? 0) - ownMs),
      ...(typeof since === 'string' ? { since } : {}),
      hiddenTexts,
    };
  }

  async #loadTexts(session: Session, source: string, ranked: readonly Row[]): Promise<void> {
    const unknown = ranked.filter((row) => !this.#texts.has(textKey(row))).map((row) => row['queryid']);
    if (unknown.length === 0) return;
    for (const row of await session.query(textsSql(source), [`{${unknown.join(',')}}`])) {
      this.#texts.set(textKey(row), row['query'] ?? '');
    }
  }
}

// Only this database: a statement of another one could not be profiled here. A null queryid is a hidden one.
const here = `s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** Nested statements (track = all) are within their caller's time already. */
function totalsSql(source: string, columns: ReadonlySet<string>): string {
  const counted = columns.has('toplevel') ? 'FILTER (WHERE s.toplevel)' : '';
  return `SELECT ${ownMarker} count(*) AS count, count(*) FILTER (WHERE s.queryid IS NULL) AS hidden,
      sum(s.total_exec_time) ${counted} AS total
    FROM ${source}(false) s WHERE ${here}`;
}

function rankSql(source: string, columns: ReadonlySet<string>, order: string, depth: number): string {
  return `SELECT ${ownMarker} s.queryid, s.userid, s.calls, s.total_exec_time AS total, s.mean_exec_time AS mean,
      s.min_exec_time AS min, s.max_exec_time AS max, s.stddev_exec_time AS stddev, s.rows,
      s.shared_blks_hit AS hit, s.shared_blks_read AS read, s.temp_blks_written AS temp,
      ${columns.has('toplevel') ? 's.toplevel' : 'true'} AS toplevel,
      current_database() AS database, pg_get_userbyid(s.userid) AS role
    FROM ${source}(false) s WHERE ${here} AND s.queryid IS NOT NULL
    ORDER BY s.${order} DESC, s.queryid LIMIT ${depth}`;
}

const textsSql = (source: string) => `SELECT ${ownMarker} s.queryid, s.userid, s.query FROM ${source}(true) s
  WHERE ${here} AND s.queryid = ANY ($1::bigint[]) AND s.query <> '${HIDDEN_TEXT}'`;

const sinceSql = (source: string) =>
  `SELECT ${ownMarker} to_json(stats_reset) #>> '{}' AS since FROM ${source}_info`;

const textKey = (row: Row): string => `${row['userid']}/${row['queryid']}`;

function toStatement(row: Row, query: string): StatementRow {
  const number = (name: string) => Number(row[name] ?? 0);
  return {
    queryId: row['queryid'] ?? '',
    query,
    calls: number('calls'),
    totalMs: number('total'),
    meanMs: number('mean'),
    minMs: number('min'),
    maxMs: number('max'),
    stddevMs: number('stddev'),
    rows: number('rows'),
    sharedHit: number('hit'),
    sharedRead: number('read'),
    tempWritten: number('temp'),
    database: row['database'] ?? '',
    role: row['role'] ?? '',
  };
}

function missing(extension: Row, columns: ReadonlySet<string>): Missing | undefined {
  if (extension['version'] === null) return notInstalled(extension);
  if (columns.has('total_exec_time')) return undefined;
  return {
    state: 'too-old',
    message: `pg_stat_statements ${extension['version']} of this database is older than its server.`,
    remedy: 'Update the extension.',
    remedySql: 'ALTER EXTENSION pg_stat_statements UPDATE;',
  };
}

function notInstalled(extension: Row): Missing {
  const message = `pg_stat_statements is not installed in the database ${extension['database']}.`;
  if (extension['available'] !== 't') {
    return {
      state: 'missing',
      message,
      remedy: 'Install PostgreSQL’s contrib package on the server, then create the extension.',
    };
  }
  const preloaded = extension['preloaded'];
  if (typeof preloaded === 'string' && !isPreloaded(preloaded)) {
    return {
      state: 'missing',
      message,
      remedy: 'As a superuser load its library, restart the server, then create the extension.',
      remedySql: `${preloadSql(preloaded)}\n-- restart the server, then:\nCREATE EXTENSION pg_stat_statements;`,
    };
  }
  return {
    state: 'missing',
    message,
    remedy: 'Create the extension as the owner of the database.',
    remedySql: 'CREATE EXTENSION pg_stat_statements;',
  };
}

function notLoaded(extension: Row): Missing {
  return {
    state: 'not-loaded',
    message: 'pg_stat_statements is created, but the server did not load its library.',
    remedy: 'As a superuser load the library, then restart the server.',
    // Without the privilege to see the setting, replacing it blindly would drop other libraries.
    ...(typeof extension['preloaded'] === 'string' ? { remedySql: preloadSql(extension['preloaded']) } : {}),
  };
}

function notPermitted(extension: Row): Missing {
  const { role, schema } = extension;
  return {
    state: 'not-permitted',
    message: `The role ${role} may not read pg_stat_statements.`,
    remedy: 'Ask a superuser to grant it.',
    remedySql: `GRANT pg_read_all_stats TO ${role};${schema === 'public' ? '' : `\nGRANT USAGE ON SCHEMA ${schema} TO ${role};`}`,
  };
}

const isPreloaded = (setting: string) => libraries(setting).includes('pg_stat_statements');

const libraries = (setting: string) =>
  setting
    .split(',')
    .map((name) => name.trim().replaceAll('"', ''))
    .filter((name) => name !== '');

/** Each library a value of its own: ALTER SYSTEM would quote one comma-separated string as a single name. */
function preloadSql(setting: string): string {
  const all = [...libraries(setting), 'pg_stat_statements'].map((name) => `'${name.replaceAll("'", "''")}'`);
  return `ALTER SYSTEM SET shared_preload_libraries = ${all.join(', ')};`;
}
