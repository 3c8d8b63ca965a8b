/** DDL that cannot run in a transaction: CREATE INDEX CONCURRENTLY. */
import { performance } from 'node:perf_hooks';
import { neverCancelled, type Cancel } from '../core/cancel.ts';
import { isUserError, userErrors } from '../core/errors.ts';
import { stopStatement } from './cancel.ts';
import type { Connection, Row } from './connection.ts';
import { toRunError } from './errors.ts';
import { assumeIdentity } from './identity.ts';
import { assertMayChange } from './mayChange.ts';
import { markStatement, ownMarker } from './ownStatements.ts';
import type { ServerContext } from './session.ts';

/** CONCURRENTLY waits for every older transaction; a forgotten one must not keep us waiting for ever. */
const DDL_LOCK_TIMEOUT_MS = 30_000;

/** Removing what a cancelled build left: the user waits, and gets the statement to run later if it takes longer. */
const DROP_LOCK_TIMEOUT_MS = 5_000;

/** The largest build that is waited for; the user can cancel long before. */
const DDL_TIMEOUT_MS = 3_600_000;

/** After a cancel the socket is closed if the server does not answer. */
const CANCEL_GRACE_MS = 5_000;

// The session's own settings: outside a transaction there is no SET LOCAL. They are reset, for behind a pooler
// the server's session lives on.
const setSql = `SELECT ${ownMarker} pg_backend_pid() AS pid, set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false)`;
const resetSql = ['role', 'search_path', 'lock_timeout', 'statement_timeout'].map(
  (name) => `RESET ${ownMarker} ${name}`,
);

// Invalid indexes whose name stands in the DDL, but for those that another session is building just now.
const invalidSql = `SELECT ${ownMarker} c.oid AS oid, format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname) AS drop
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT i.indisvalid AND c.relkind = 'i' AND strpos($1, c.relname) > 0
    AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.index_relid = c.oid)`;

/** @throws UserError */
export async function applyDdl(context: ServerContext, ddl: string, cancel: Cancel): Promise<void> {
  assertMayChange(context, 'The change');
  const connection = await context.connections.take(cancel);
  try {
    const invalidBefore = new Set((await lookUp(context, connection, ddl)).map((row) => row['oid']));
    try {
      await runDdl(context, connection, ddl, cancel);
    } catch (error) {
      // Without a server there is nothing to tidy up, and the first error says so.
      if (!isUserError(error, 'serverLost')) await dropInvalid(context, ddl, invalidBefore);
      throw error;
    }
  } finally {
    await context.connections.giveBack(connection, false);
  }
}

async function runDdl(
  context: ServerContext,
  connection: Connection,
  ddl: string,
  cancel: Cancel,
): Promise<void> {
  const startedMs = performance.now();
  let unsubscribe: (() => void) | undefined;
  try {
    const pid = await prepareSession(context, connection, DDL_LOCK_TIMEOUT_MS, DDL_TIMEOUT_MS);
    const stop = () => {
      stopStatement(context.options, connection, { pid }, context.log).catch((error: unknown) =>
        context.log('warn', 'the cancel failed', { error: String(error) }),
      );
      setTimeout(() => connection.destroy(), CANCEL_GRACE_MS).unref();
    };
    context.connections.setStop(connection, stop);
    unsubscribe = cancel.onRequested(stop);
    await connection.query(markStatement(ddl), [], DDL_TIMEOUT_MS + CANCEL_GRACE_MS);
  } catch (error) {
    throw toRunError(error, {
      cancelRequested: cancel.requested,
      timeoutMs: DDL_TIMEOUT_MS,
      lockTimeoutMs: DDL_LOCK_TIMEOUT_MS,
      elapsedMs: performance.now() - startedMs,
      user: context.options.user,
    });
  } finally {
    unsubscribe?.();
    await resetSettings(connection);
  }
}

/** A failed or cancelled CONCURRENTLY leaves an invalid index, which costs every write and serves no read. */
async function dropInvalid(
  context: ServerContext,
  ddl: string,
  before: ReadonlySet<string | null | undefined>,
): Promise<void> {
  const connection = await context.connections.take(neverCancelled);
  let drop = '';
  try {
    await prepareSession(context, connection, DROP_LOCK_TIMEOUT_MS, DDL_LOCK_TIMEOUT_MS);
    for (const row of await lookUp(context, connection, ddl)) {
      drop = row['drop'] ?? '';
      if (!before.has(row['oid'])) await connection.query(markStatement(drop), [], DDL_LOCK_TIMEOUT_MS);
    }
  } catch (error) {
    throw userErrors.unfinishedIndex(drop, error);
  } finally {
    await resetSettings(connection);
    await context.connections.giveBack(connection, false);
  }
}

/** Returns the pid of the server's process. */
async function prepareSession(
  { options }: ServerContext,
  connection: Connection,
  lockTimeoutMs: number,
  timeoutMs: number,
): Promise<string> {
  const [row] = await connection.query(setSql, [`${lockTimeoutMs}`, `${timeoutMs}`]);
  await assumeIdentity((sql, identity) => connection.query(sql, identity), options, 'session');
  return row?.['pid'] ?? '';
}

async function resetSettings(connection: Connection): Promise<void> {
  for (const sql of resetSql) {
    if (!connection.lost) await connection.query(sql).catch(() => connection.destroy());
  }
}

async function lookUp(context: ServerContext, connection: Connection, ddl: string): Promise<readonly Row[]> {
  try {
    return await connection.query(invalidSql, [ddl]);
  } catch (error) {
    const times = { timeoutMs: DDL_TIMEOUT_MS, lockTimeoutMs: DDL_LOCK_TIMEOUT_MS, elapsedMs: 0 };
    throw toRunError(error, { cancelRequested: false, ...times, user: context.options.user });
  }
}
