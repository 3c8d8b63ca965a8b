/** The safety protocol of DESIGN.md around one statement of the user's. */
import { randomBytes } from 'node:crypto';
import { userErrors } from '../core/errors.ts';
import type { ExplainOutcome, ExplainRequest, Preflight } from '../core/ports.ts';
import type { Row } from './connection.ts';
import { explainSql, GENERIC_PLAN_VERSION } from './explainSql.ts';
import { ownMarker } from './ownStatements.ts';
import { buildPreflight } from './preflight.ts';
import { inTransaction, type ServerContext, type Session } from './session.ts';

/** The parts of a request that say what to explain. */
export type Explained = Pick<ExplainRequest, 'sql' | 'parameters' | 'options'>;

/** @throws UserError */
export async function explain(context: ServerContext, request: ExplainRequest): Promise<ExplainOutcome> {
  const mayAnalyze = mayBeAnalyzed(context, request);
  const transaction = { timeoutMs: request.timeoutMs, cancel: request.cancel };
  // 1. The estimate, always READ ONLY: planning alone can run functions. A plain read that needs no answer
  //    from the user is measured in the same transaction.
  const first = await inTransaction(context, { ...transaction, mode: 'read only' }, async (session) => {
    const planText = await explainPlain(context, session, request);
    const preflight = await buildPreflight(context, session, request, planText.verbose);
    const asks = request.confirm !== undefined && (request.needsConsent?.(preflight) ?? true);
    const measured =
      mayAnalyze && request.access === 'read' && !asks
        ? await explainAnalyze(context, session, request, preflight)
        : undefined;
    return { planText: planText.asAsked, preflight, measured, asks };
  });
  const { preflight } = first;
  if (first.measured !== undefined) return { planText: first.measured, analyzed: true, preflight };
  const unmeasured: ExplainOutcome = { planText: first.planText, analyzed: false, preflight };
  if (!mayAnalyze) return unmeasured;
  // 2. The user is asked while no transaction is open: an answer may take an hour.
  if (first.asks && !(await request.confirm?.(preflight))) return unmeasured;
  if (request.cancel.requested) throw userErrors.cancelled();
  // 3. The measurement.
  const mode = request.access === 'read' ? 'read only' : 'read write';
  const planText = await inTransaction(context, { ...transaction, mode }, (session) =>
    explainAnalyze(context, session, request, preflight),
  );
  return { planText, analyzed: true, preflight };
}

/** A generic plan has no values to run with; writes are never run on production, a read-only profile or a standby. */
function mayBeAnalyzed({ info, options }: ServerContext, request: ExplainRequest): boolean {
  if (!request.options.analyze || request.parameters === 'generic') return false;
  if (request.access === 'read') return true;
  return options.environment !== 'production' && !options.readOnly && !info.isStandby;
}

async function explainAnalyze(
  context: ServerContext,
  session: Session,
  request: ExplainRequest,
  preflight: Preflight,
): Promise<string> {
  // Whatever a volatile function took for the session, like an advisory lock, ends with the connection.
  if (preflight.volatileFunctions.length > 0 || preflight.triggers.length > 0) session.taint();
  return measure(context, session, request);
}

/** EXPLAIN ANALYZE in the session's transaction. */
export async function measure(
  { info }: ServerContext,
  session: Session,
  explained: Explained,
): Promise<string> {
  if (explained.parameters === 'generic') throw new Error('a generic plan is never executed');
  const sql = explainSql(explained.options, info.versionNum, 'analyze') + explained.sql;
  return planTextOf(await session.query(sql, explained.parameters));
}

/** Plain EXPLAIN, as the options ask for it and in VERBOSE, which names the functions. */
async function explainPlain(
  context: ServerContext,
  session: Session,
  request: ExplainRequest,
): Promise<{ readonly asAsked: string; readonly verbose: string }> {
  const verbose = await estimate(context, session, {
    ...request,
    options: { ...request.options, verbose: true },
  });
  return { verbose, asAsked: request.options.verbose ? verbose : await estimate(context, session, request) };
}

/** Plain EXPLAIN in the session's transaction. */
export async function estimate(
  { info }: ServerContext,
  session: Session,
  explained: Explained,
): Promise<string> {
  const { sql, parameters, options } = explained;
  const plain = explainSql(options, info.versionNum, 'plain');
  if (parameters !== 'generic') return planTextOf(await session.query(plain + sql, parameters));
  // Parse refuses more than one statement, as the simple protocol would not. GENERIC_PLAN with parameters needs
  // the latter: over the extended one the server asks for the values that it will not use.
  const parameterTypes = await session.describe(sql);
  if (parameterTypes.length === 0) return planTextOf(await session.query(plain + sql));
  if (info.versionNum >= GENERIC_PLAN_VERSION) {
    return planTextOf(await session.querySimple(explainSql(options, info.versionNum, 'generic') + sql));
  }
  return explainPrepared(session, plain, sql, parameterTypes.length);
}

/** The generic plan of 13 to 15: a statement prepared, explained without its values, and taken back. */
async function explainPrepared(
  session: Session,
  plain: string,
  sql: string,
  parameterCount: number,
): Promise<string> {
  const name = `pg_query_profiler_${randomBytes(6).toString('hex')}`;
  const nulls = Array<string>(parameterCount).fill('NULL').join(', ');
  await session.query(`SELECT ${ownMarker} set_config('plan_cache_mode', 'force_generic_plan', true)`);
  await session.query(`PREPARE ${ownMarker} ${name} AS ${sql}`);
  // PREPARE outlives a rollback, and an aborted transaction takes no DEALLOCATE.
  await session.query(`SAVEPOINT ${ownMarker} prepared`);
  try {
    return planTextOf(await session.query(`${plain}EXECUTE ${name}(${nulls})`));
  } finally {
    await session.query(`ROLLBACK ${ownMarker} TO SAVEPOINT prepared`);
    await session.query(`RELEASE ${ownMarker} SAVEPOINT prepared`);
    await session.query(`DEALLOCATE ${ownMarker} ${name}`);
  }
}

function planTextOf(rows: readonly Row[]): string {
  const [column] = Object.values(rows[0] ?? {});
  if (typeof column !== 'string')
    throw userErrors.serverRefused('EXPLAIN gave no plan', 'Profile another statement.');
  return column;
}
