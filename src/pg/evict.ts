/**
 * Throws the pages of some tables and indexes out of shared_buffers, by the pg_buffercache extension: nothing is
 * changed, but whoever reads them next waits for them. Dev profiles only, and only when the user asked for it.
 * https://www.postgresql.org/docs/current/pgbuffercache.html
 */
import type { Cancel } from '../core/cancel.ts';
import { userErrors } from '../core/errors.ts';
import type { EvictionOutcome, EvictionRequest } from '../core/ports.ts';
import type { Row } from './connection.ts';
import { ownMarker } from './ownStatements.ts';
import { inTransaction, LOOKUP_TIMEOUT_MS, type ServerContext, type Session } from './session.ts';

/** pg_buffercache_evict came with PostgreSQL 17, pg_buffercache_evict_relation with 18. */
const EVICT_VERSION = 170_000;
const EVICT_RELATION_VERSION = 180_000;

// An extension may be older than its server: what counts is the function that there is.
const extensionSql = `SELECT ${ownMarker} e.extversion AS version, quote_ident(n.nspname) AS schema,
    current_setting('is_superuser') AS superuser, quote_ident(current_user) AS role,
    quote_ident(current_database()) AS database,
    EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_buffercache') AS available,
    EXISTS (SELECT 1 FROM pg_proc p WHERE p.pronamespace = n.oid AND p.proname = $1) AS function
  FROM (SELECT 1) AS one
  LEFT JOIN pg_extension e ON e.extname = 'pg_buffercache'
  LEFT JOIN pg_namespace n ON n.oid = e.extnamespace`;

// What is stored outside a table's own file is read with it: its TOAST table and that one's index. Temporary tables are
// not in shared buffers. The visibility of names is that of tableFacts.ts.
const relationsSql = `WITH tables AS (
    SELECT c.oid, c.reltoastrelid AS toast
    FROM json_to_recordset($1::json) AS asked(schema text, name text)
    JOIN pg_class c ON c.relname = asked.name AND c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = asked.schema OR (asked.schema IS NULL AND pg_table_is_visible(c.oid))
  )
  SELECT ${ownMarker} oid FROM tables
  UNION SELECT toast FROM tables WHERE toast <> 0
  UNION SELECT i.indexrelid FROM tables t JOIN pg_index i ON i.indrelid = t.toast
  UNION SELECT i.indexrelid FROM tables t JOIN pg_index i ON i.indrelid = t.oid
    JOIN pg_class c ON c.oid = i.indexrelid AND c.relname IN (SELECT json_array_elements_text($2::json))`;

const byRelationSql = (schema: string) => `SELECT ${ownMarker} sum(e.buffers_skipped) AS kept
  FROM unnest($1::oid[]) AS r, LATERAL ${schema}.pg_buffercache_evict_relation(r::regclass) AS e`;

// 0 as a tablespace is the database's own, and as a database that of the shared catalogues.
const byBufferSql = (schema: string) => `SELECT ${ownMarker} count(*) FILTER (WHERE NOT evicted) AS kept
  FROM (
    SELECT ${schema}.pg_buffercache_evict(b.bufferid) AS evicted
    FROM ${schema}.pg_buffercache b
    JOIN pg_database d ON d.datname = current_database()
    JOIN pg_class c ON b.relfilenode = pg_relation_filenode(c.oid)
      AND b.reltablespace = CASE c.reltablespace WHEN 0 THEN d.dattablespace ELSE c.reltablespace END
      AND b.reldatabase = CASE WHEN c.relisshared THEN 0 ELSE d.oid END
    WHERE c.oid = ANY ($1::oid[])
  ) AS buffers`;

/** Resolves where `evict` would do its work. @throws UserError, which says what is missing and how to get it. */
export async function assertMayEvict(context: ServerContext, cancel: Cancel): Promise<void> {
  assertAllowed(context);
  const transaction = { mode: 'read only', timeoutMs: LOOKUP_TIMEOUT_MS, cancel } as const;
  await inTransaction(context, transaction, (session) => extensionSchema(context, session));
}

/** @throws UserError */
export async function evict(context: ServerContext, request: EvictionRequest): Promise<EvictionOutcome> {
  assertAllowed(context);
  const { tables, indexes, timeoutMs, cancel } = request;
  return inTransaction(context, { mode: 'read only', timeoutMs, cancel }, async (session) => {
    const schema = await extensionSchema(context, session);
    const found = await session.query(relationsSql, [JSON.stringify(tables), JSON.stringify(indexes)]);
    if (found.length === 0) return { relations: 0, keptBlocks: 0 };
    const sql = byRelation(context) ? byRelationSql(schema) : byBufferSql(schema);
    const [row] = await session.query(sql, [`{${found.map(({ oid }) => oid).join(',')}}`]);
    return { relations: found.length, keptBlocks: Number(row?.['kept'] ?? 0) };
  });
}

function assertAllowed({ info, options }: ServerContext): void {
  if (options.environment !== 'dev') {
    throw userErrors.coldRunsNotPossible(
      `they slow others down, and the connection is marked ${options.environment}`,
      'Use a dev connection, or profile without cold runs.',
    );
  }
  if (info.versionNum < EVICT_VERSION) {
    throw userErrors.coldRunsNotPossible(
      `PostgreSQL ${info.version} cannot empty its shared buffers of a table`,
      'That takes PostgreSQL 17 or newer; profile without cold runs.',
    );
  }
}

const byRelation = ({ info }: ServerContext): boolean => info.versionNum >= EVICT_RELATION_VERSION;

/** Where the extension lives, quoted. @throws UserError */
async function extensionSchema(context: ServerContext, session: Session): Promise<string> {
  const wanted = byRelation(context) ? 'pg_buffercache_evict_relation' : 'pg_buffercache_evict';
  const [row = {}] = await session.query(extensionSql, [wanted]);
  const missing = whatIsMissing(row);
  if (missing !== undefined) throw userErrors.coldRunsNotPossible(missing.why, missing.remedy);
  return row['schema'] ?? '';
}

function whatIsMissing(row: Row): { readonly why: string; readonly remedy: string } | undefined {
  const { version, available, database, role } = row;
  if (version === null && available !== 't') {
    return {
      why: 'the server has no pg_buffercache extension',
      remedy:
        'Install PostgreSQL’s contrib package on it, then run as a superuser: CREATE EXTENSION pg_buffercache;',
    };
  }
  if (version === null) {
    return {
      why: `pg_buffercache is not installed in the database ${database}`,
      remedy: 'Run there as a superuser: CREATE EXTENSION pg_buffercache;',
    };
  }
  if (row['function'] !== 't') {
    return {
      why: `pg_buffercache ${version} of this database is older than its server`,
      remedy: 'Run as a superuser: ALTER EXTENSION pg_buffercache UPDATE;',
    };
  }
  if (row['superuser'] !== 'on') {
    return {
      why: `only a superuser may empty shared buffers, and the role ${role} is none`,
      remedy: 'Connect as a superuser, or profile without cold runs.',
    };
  }
  return undefined;
}
