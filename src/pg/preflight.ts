import { changingValueFunctions } from '../core/sql/volatileFunctions.ts';
import type { ExplainRequest, Preflight } from '../core/ports.ts';
import { ownMarker } from './ownStatements.ts';
import { readPlainPlan } from './plainPlan.ts';
import type { ServerContext, Session } from './session.ts';

// A foreign key fires internal triggers, named by the constraint: a cascade writes to other tables.
const triggersSql = `SELECT ${ownMarker} DISTINCT
    c.relname || '.' || coalesce(k.conname, t.tgname) || CASE WHEN t.tgisinternal THEN ' (constraint)' ELSE '' END AS name
  FROM json_to_recordset($1::json) AS target(schema text, name text, events int)
  JOIN pg_namespace n ON n.nspname = target.schema OR (target.schema = 'pg_temp' AND n.oid = pg_my_temp_schema())
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = target.name
  JOIN pg_trigger t ON t.tgrelid = c.oid
  LEFT JOIN pg_constraint k ON k.oid = t.tgconstraint
  WHERE t.tgenabled IN ('O', 'A') AND t.tgtype::int & target.events <> 0
  ORDER BY 1`;

const volatileSql = `SELECT ${ownMarker} DISTINCT
    CASE WHEN pg_function_is_visible(p.oid) THEN p.proname ELSE n.nspname || '.' || p.proname END AS name,
    n.nspname = 'pg_catalog' AS builtin
  FROM json_to_recordset($1::json) AS f(schema text, name text)
  JOIN pg_proc p ON p.proname = f.name AND p.provolatile = 'v' AND p.prokind IN ('f', 'w')
  JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = f.schema OR (f.schema IS NULL AND pg_function_is_visible(p.oid))
  ORDER BY 1`;

const locksSql = `SELECT ${ownMarker} DISTINCT l.mode || ' on ' || c.relname AS name
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
  WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.mode <> 'AccessShareLock'
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND c.relkind IN ('r', 'p', 'm', 'f', 'v')
  ORDER BY 1`;

const sequenceFunctions = new Set(['nextval', 'setval']);

/** Locks that a rollback keeps. Our connection is closed afterwards, but a pooler may keep the server's session. */
const sessionLockFunctions = new Set([
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
]);

/** Built-in volatile functions that change nothing, or nothing that outlives the rollback and the connection. */
const harmless: ReadonlySet<string> = new Set([
  ...changingValueFunctions,
  'pg_sleep_for',
  'pg_sleep_until',
  'set_config',
  // Sent at commit only.
  'pg_notify',
  'pg_advisory_xact_lock',
  'pg_advisory_xact_lock_shared',
  'pg_try_advisory_xact_lock',
  'pg_try_advisory_xact_lock_shared',
  'pg_advisory_unlock',
  'pg_advisory_unlock_all',
  'pg_advisory_unlock_shared',
]);

/** What the plan and the catalogue tell before anything runs. Call it right after plain EXPLAIN (VERBOSE), in its transaction. */
export async function buildPreflight(
  context: ServerContext,
  session: Session,
  request: ExplainRequest,
  planText: string,
): Promise<Preflight> {
  const plan = readPlainPlan(planText);
  const locks = await session.query(locksSql);
  const triggers =
    plan.targets.length === 0 ? [] : await session.query(triggersSql, [JSON.stringify(plan.targets)]);
  const called =
    plan.calls.length === 0 ? [] : await session.query(volatileSql, [JSON.stringify(plan.calls)]);
  const names = (rows: readonly { readonly [column: string]: string | null }[]) =>
    rows.map((row) => row['name'] ?? '');
  const ofUser = names(called.filter((row) => row['builtin'] !== 't' || !harmless.has(row['name'] ?? '')));
  return {
    access: request.access,
    environment: context.options.environment,
    cost: plan.cost,
    planRows: plan.planRows,
    triggers: names(triggers),
    volatileFunctions: names(called),
    locks: names(locks),
    notUndone: notUndone(plan.targets.length > 0, ofUser, triggers.length > 0),
  };
}

function notUndone(writes: boolean, functions: readonly string[], hasTriggers: boolean): readonly string[] {
  const sequences = functions.some((name) => sequenceFunctions.has(name));
  const locks = functions.filter((name) => sessionLockFunctions.has(name));
  const others = functions.filter((name) => !sequenceFunctions.has(name) && !sessionLockFunctions.has(name));
  return [
    ...(sequences ? ['Values taken from sequences are not given back.'] : []),
    ...(locks.length > 0
      ? [`The lock of ${locks.join(', ')} is held until the connection closes; behind a pooler, longer.`]
      : []),
    ...(others.length > 0
      ? [
          `What ${others.join(', ')} may do outside this transaction, such as to files, other sessions or other servers, stays done.`,
        ]
      : []),
    ...(hasTriggers
      ? [
          'What its triggers may do outside this transaction, such as to files, other sessions or other servers, stays done.',
        ]
      : []),
    ...(writes ? ['Rows that it writes stay behind as dead rows until the next vacuum.'] : []),
  ];
}
