/** An index built in a transaction, the statement measured without and with it, everything rolled back. */
import { performance } from 'node:perf_hooks';
import { userErrors } from '../core/errors.ts';
import type { TrialOutcome, TrialRequest } from '../core/ports.ts';
import { ownMarker, markStatement } from './ownStatements.ts';
import { assertMayChange } from './mayChange.ts';
import { estimate, measure } from './safeExplain.ts';
import { inTransaction, LOOKUP_TIMEOUT_MS, type ServerContext, type Session } from './session.ts';

// The index is the one that this transaction made; its schema need not be on the search_path. An index over
// HOT chains that an older snapshot still sees is not used before that snapshot is gone (indcheckxmin).
const builtSql = `SELECT ${ownMarker} c.oid AS oid, pg_relation_size(c.oid) AS size, i.indcheckxmin AS unusable
  FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
  WHERE c.relname = $1 AND c.xmin = pg_current_xact_id_if_assigned()::xid`;

const leftSql = `SELECT ${ownMarker} 1 AS left FROM pg_class WHERE oid = $1::oid`;

/** @throws UserError */
export async function tryIndex(context: ServerContext, request: TrialRequest): Promise<TrialOutcome> {
  assertMayChange(context, 'The trial of the index');
  const { timeoutMs, cancel } = request;
  const trial = await inTransaction(context, { mode: 'read write', timeoutMs, cancel }, async (session) => {
    const beforeText = await planOf(context, session, request);
    const startedMs = performance.now();
    await session.query(markStatement(request.ddl));
    const buildMs = performance.now() - startedMs;
    const [built] = await session.query(builtSql, [request.indexName]);
    if (built === undefined)
      throw userErrors.serverRefused(`no index "${request.indexName}" was made`, 'Check its definition.');
    if (built['unusable'] === 't') {
      throw userErrors.trialInconclusive(
        'rows were updated that an older transaction still sees, so PostgreSQL does not use the new index yet',
      );
    }
    const afterText = await planOf(context, session, request);
    return {
      oid: built['oid'] ?? '',
      outcome: { beforeText, afterText, sizeBytes: Number(built['size']), buildMs },
    };
  });
  await assertNothingLeft(context, request, trial.oid);
  return trial.outcome;
}

/** The statement's plan: measured warm for reads with values, estimated for all else. */
async function planOf(context: ServerContext, session: Session, request: TrialRequest): Promise<string> {
  const measured = request.access === 'read' && request.parameters !== 'generic' && request.options.analyze;
  // The transaction must be able to build an index; the statement must not be able to write, not even while it is
  // planned. READ ONLY of a subtransaction ends with it.
  await session.query(`SAVEPOINT ${ownMarker} measured`);
  await session.query(`SELECT ${ownMarker} set_config('transaction_read_only', 'on', true)`);
  let planText = await estimate(context, session, request);
  if (measured) {
    await measure(context, session, { ...request, options: { ...request.options, timing: false } });
    planText = await measure(context, session, request);
  }
  await session.query(`ROLLBACK ${ownMarker} TO SAVEPOINT measured`);
  // Rolling back to a savepoint keeps it open; the index is to belong to the transaction itself.
  await session.query(`RELEASE ${ownMarker} SAVEPOINT measured`);
  return planText;
}

async function assertNothingLeft(context: ServerContext, request: TrialRequest, oid: string): Promise<void> {
  const transaction = { mode: 'read only', timeoutMs: LOOKUP_TIMEOUT_MS, cancel: request.cancel } as const;
  const left = await inTransaction(context, transaction, (session) => session.query(leftSql, [oid]));
  if (left.length > 0) {
    throw userErrors.serverRefused(
      `the trial’s index "${request.indexName}" is still there after the rollback`,
      `Remove it with DROP INDEX "${request.indexName}".`,
    );
  }
}
