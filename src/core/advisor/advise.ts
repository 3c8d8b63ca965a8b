/**
 * From a plan to suggestions: candidates, facts about their tables, a trial of each, and a reason for every "no".
 */
import type { Plan, Problem, Suggestion, Verification } from '../../shared/report.ts';
import { formatCost, formatMs, formatSpeedup } from '../../shared/format.ts';
import type { Cancel } from '../cancel.ts';
import { UserError } from '../errors.ts';
import { readPlans } from '../plan/readPlans.ts';
import type { Access, ExplainOptions, ParameterValues, Server, TableFacts } from '../ports.ts';
import type { SqlParser } from '../sql/parser.ts';
import { type Candidate, candidatesFor, scansWorthAnIndex } from './candidates.ts';
import { type IndexDdl, indexDdl, keyText } from './indexDdl.ts';
import { overlapOf } from './overlap.ts';

export interface AdviseInput {
  readonly server: Server;
  readonly parser: SqlParser;
  readonly plan: Plan;
  readonly statement: { readonly sql: string; readonly access: Access; readonly parameters: ParameterValues };
  readonly options: ExplainOptions;
  /** What a rollback of the statement does not undo. */
  readonly notUndone: readonly string[];
  readonly timeoutMs: number;
  readonly whatIf: 'auto' | 'none';
  readonly onProgress: (message: string) => void;
  readonly cancel: Cancel;
}

export interface Advice {
  /** Accepted ones first, the best first; then those that lost, each with `rejected`. */
  readonly suggestions: readonly Suggestion[];
  readonly problems: readonly Problem[];
}

/** Each trial builds an index and runs the statement four times: the dearest scans are enough. */
const maxScans = 3;

/** A gain below a tenth is within what two runs of one statement differ. */
const worthwhileGain = 0.1;

/** @throws UserError when the user cancels or the server is lost; anything else becomes a problem. */
export async function advise(input: AdviseInput): Promise<Advice> {
  const scans = scansWorthAnIndex(input.plan).slice(0, maxScans);
  if (scans.length === 0) return { suggestions: [], problems: [] };
  const names = scans.map((node) => ({
    name: node.relation ?? '',
    ...(node.schema === undefined ? {} : { schema: node.schema }),
  }));
  const tables = await input.server.tableFacts(names, input.cancel);
  const suggestions: Suggestion[] = [];
  const problems: Problem[] = [];
  for (const node of scans) {
    const table = factsOf(tables, node.schema, node.relation ?? '');
    if (table === undefined) {
      problems.push({
        code: 'table-unknown',
        message: `Nothing is known of ${node.relation}, so no index was considered for it: the role may not read its definition.`,
      });
      continue;
    }
    if (table.kind !== 'table' && table.kind !== 'partitioned' && table.kind !== 'materialized') continue;
    const tried: Suggestion[] = [];
    for (const candidate of candidatesFor(input.parser, input.plan, node, table)) {
      tried.push(await judge(input, candidate));
    }
    suggestions.push(...bestFirst(tried));
  }
  return { suggestions: number(suggestions), problems };
}

function factsOf(
  tables: readonly TableFacts[],
  schema: string | undefined,
  name: string,
): TableFacts | undefined {
  return tables.find(
    (table) => table.name === name && (schema === undefined ? table.visible : table.schema === schema),
  );
}

async function judge(input: AdviseInput, candidate: Candidate): Promise<Suggestion> {
  const overlap = overlapOf(candidate);
  const ddl = indexDdl(candidate);
  const suggestion = describe(candidate, ddl, overlap.extends);
  if (overlap.coveredBy !== undefined) {
    return reject(
      { ...suggestion, overlaps: [overlap.coveredBy, ...overlap.extends] },
      `${overlap.coveredBy} already begins with these columns; the planner did not choose it.`,
    );
  }
  const refusal = trialRefusal(input);
  if (refusal !== undefined) return { ...suggestion, verification: { by: 'none', why: refusal } };
  input.onProgress(
    `Trying an index on ${candidate.table.name} (${candidate.keys.map(keyText).join(', ')}), to be rolled back`,
  );
  try {
    return await tryOut(input, suggestion, ddl);
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'cancelled' || error.code === 'serverLost')
      throw error;
    return { ...suggestion, verification: { by: 'none', why: `The trial failed. ${error.sentence}` } };
  }
}

/** Why nothing may be built, or undefined when a trial may run. */
function trialRefusal({ server, options, whatIf, statement, notUndone }: AdviseInput): string | undefined {
  if (whatIf === 'none') return 'Verification was switched off.';
  if (statement.parameters === 'generic')
    return 'A generic plan cannot be measured; give the parameters values to try the index.';
  if (!options.analyze) return 'The statement was only planned; profile it to try the index.';
  // The yes was to one run; a trial runs a read four times more.
  if (statement.access === 'read' && notUndone.length > 0)
    return 'The statement calls functions whose effects no rollback undoes, so it was not run again.';
  if (server.info.isStandby) return 'The server is a standby, where no index can be built.';
  if (server.options.readOnly) return 'The connection is read-only, so nothing was built.';
  if (server.info.environment !== 'dev') {
    return `A trial builds the index in a transaction that locks the table against writes, so it runs on dev connections only; this one is ${server.info.environment}.`;
  }
  return undefined;
}

async function tryOut(input: AdviseInput, suggestion: Suggestion, ddl: IndexDdl): Promise<Suggestion> {
  const { server, statement, options, timeoutMs, cancel } = input;
  const outcome = await server.tryIndex({
    ...statement,
    options,
    timeoutMs,
    cancel,
    ddl: ddl.trial,
    indexName: ddl.name,
  });
  const before = readPlans(outcome.beforeText).plans[0];
  const after = readPlans(outcome.afterText).plans[0];
  if (before === undefined || after === undefined) {
    return {
      ...suggestion,
      verification: { by: 'none', why: 'The server’s plans of the trial could not be read.' },
    };
  }
  const verification = compare(before, after, server.info.version);
  const measured = { ...suggestion, sizeBytes: outcome.sizeBytes, verification };
  if (!after.nodes.some((node) => node.index === ddl.name)) {
    return reject(measured, 'With the index in place the planner still does not use it.');
  }
  const reason = lossReason(verification);
  return reason === undefined ? measured : reject(measured, reason);
}

function compare(before: Plan, after: Plan, plannerVersion: string): Verification {
  const [rootBefore, rootAfter] = [before.nodes[0], after.nodes[0]];
  return {
    by: 'trial',
    plannerVersion,
    planAfter: after,
    ...(rootBefore && { costBefore: rootBefore.cost }),
    ...(rootAfter && { costAfter: rootAfter.cost }),
    ...(before.executionMs !== undefined && { msBefore: before.executionMs }),
    ...(after.executionMs !== undefined && { msAfter: after.executionMs }),
    ...(rootBefore?.buffers && { buffersBefore: touched(rootBefore.buffers) }),
    ...(rootAfter?.buffers && { buffersAfter: touched(rootAfter.buffers) }),
  };
}

function touched(buffers: { sharedHit: number; sharedRead: number }): number {
  return buffers.sharedHit + buffers.sharedRead;
}

/** Measured time decides where there is one; cost alone misleads (indexes that lower cost and slow the query are common). */
function lossReason(verification: Verification): string | undefined {
  const { msBefore, msAfter, costBefore, costAfter } = verification;
  if (msBefore !== undefined && msAfter !== undefined) {
    if (msAfter <= msBefore * (1 - worthwhileGain)) return undefined;
    return `Measured with it, the statement took ${formatMs(msAfter)} instead of ${formatMs(msBefore)}: ${formatSpeedup(msBefore, msAfter)}.`;
  }
  if (costBefore === undefined || costAfter === undefined || costAfter <= costBefore * (1 - worthwhileGain))
    return undefined;
  return `It lowers the planner’s cost only from ${formatCost(costBefore)} to ${formatCost(costAfter)}.`;
}

/** Of the candidates for one scan the best stays; the others say what beat them. */
function bestFirst(tried: readonly Suggestion[]): readonly Suggestion[] {
  const accepted = tried.filter((one) => one.rejected === undefined);
  const price = accepted.some((one) => one.verification.msAfter === undefined)
    ? (one: Suggestion) => one.verification.costAfter ?? 0
    : (one: Suggestion) => one.verification.msAfter ?? 0;
  const lowest = Math.min(...accepted.map(price));
  // Candidates come with the one that serves most of the statement first; a difference within the noise keeps it.
  const best = accepted.find((one) => price(one) * (1 - worthwhileGain) <= lowest);
  if (best === undefined) return tried;
  const lost = accepted.filter((one) => one !== best).map((one) => reject(one, lostTo(best, one)));
  return [best, ...lost, ...tried.filter((one) => one.rejected !== undefined)];
}

function lostTo(best: Suggestion, one: Suggestion): string {
  const columns = `(${best.columns?.join(', ')})`;
  const [won, lost] = [best.verification.msAfter, one.verification.msAfter];
  if (won !== undefined && lost !== undefined)
    return `${columns} is better: ${formatMs(won)} against ${formatMs(lost)}.`;
  return `${columns} serves more of the statement.`;
}

function describe(candidate: Candidate, ddl: IndexDdl, overlaps: readonly string[]): Suggestion {
  const { table, keys, node, reason } = candidate;
  return {
    id: '',
    kind: 'create-index',
    table: table.visible ? table.name : `${table.schema}.${table.name}`,
    ddl: ddl.create,
    undoDdl: ddl.undo,
    method: 'btree',
    columns: keys.map(keyText),
    reason,
    nodeId: node.id,
    verification: { by: 'none', why: 'Not tried.' },
    ...(overlaps.length > 0 && { overlaps }),
  };
}

function reject(suggestion: Suggestion, rejected: string): Suggestion {
  return { ...suggestion, rejected };
}

/** Accepted before rejected, and ids by place: s1, s2, … */
function number(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  const ordered = [
    ...suggestions.filter((one) => one.rejected === undefined),
    ...suggestions.filter((one) => one.rejected !== undefined),
  ];
  const seen = new Set<string>();
  return ordered
    .filter((one) => !seen.has(one.ddl) && seen.add(one.ddl))
    .map((one, i) => ({ ...one, id: `s${i + 1}` }));
}
