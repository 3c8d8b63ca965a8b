/** Parts of a report in words, the same in the terminal and in Markdown. Not yet made safe to print. */
import { hasEstimates, noEstimates } from '../../shared/estimates.ts';
import {
  formatBlocks,
  formatBytes,
  formatCost,
  formatCount,
  formatCounted,
  formatMs,
  formatRows,
  formatSpeedup,
} from '../../shared/format.ts';
import type {
  Finding,
  Plan,
  PlanNode,
  ProfileReport,
  Suggestion,
  Verification,
} from '../../shared/report.ts';
import { parallelTimes, parallelWords, ranInWords } from '../../shared/parallelTimes.ts';
import {
  afterRootWords,
  coldRunsWords,
  runsWords,
  triggerName,
  triggerWords,
} from '../../shared/planWords.ts';
import { measuredMs } from '../../shared/verdict.ts';
import { blocks, nodeLabel } from './planTable.ts';

/** Where the statement came from and where it ran: "reports.sql:12", "staging", "PostgreSQL 18.4", … */
export function originWords({ source, server, execution, profiledAt }: ProfileReport): readonly string[] {
  const place = source && `${source.name}${source.line === undefined ? '' : `:${source.line}`}`;
  const name = server?.sample ? 'sample database' : (server?.connection ?? server?.database);
  const words = [
    place,
    name,
    server?.sample ? undefined : server?.environment,
    server && `PostgreSQL ${server.version}`,
    execution,
    profiledAt && minute(profiledAt),
  ];
  return words.filter((word) => word !== undefined);
}

/** "2026-11-22 12:58 UTC": reports travel between zones. Odd dates stay as they are. */
function minute(iso: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/.exec(iso) ?? [];
  return day === undefined || time === undefined ? iso : `${day} ${time} UTC`;
}

/** The strip of figures under the verdict. */
export function summaryWords(report: ProfileReport): readonly string[] {
  const { plan } = report;
  const root = plan.nodes[0];
  const words: string[] = [];
  const runs = report.runs === undefined ? '' : ` (${runsWords(report.runs)})`;
  if (plan.executionMs !== undefined) words.push(`execution ${formatMs(plan.executionMs)}${runs}`);
  if (plan.planningMs !== undefined) words.push(`planning ${formatMs(plan.planningMs)}`);
  if (root?.rows !== undefined) words.push(rowsWord(root.rows));
  else if (root !== undefined && hasEstimates(root)) words.push(`about ${rowsWord(root.planRows)} expected`);
  if (root !== undefined && !hasEstimates(root)) words.push(noEstimates);
  if (root?.buffers !== undefined) words.push(buffersWord(root));
  const triggersMs = plan.triggers.reduce((sum, trigger) => sum + trigger.ms, 0);
  if (triggersMs > 0) words.push(`triggers ${formatMs(triggersMs)}`);
  if (plan.jit !== undefined) words.push(`JIT compiled ${formatCounted(plan.jit.functions, 'function')}`);
  words.push(countWord(report));
  return words;
}

/** The cold runs in a sentence or two of their own; nothing without them. */
export function coldWords({ runs }: ProfileReport): readonly string[] {
  const words = runs && coldRunsWords(runs);
  return words === undefined ? [] : [words];
}

function rowsWord(rows: number): string {
  return rows === 1 ? '1 row' : `${formatRows(rows)} rows`;
}

function buffersWord({ buffers }: PlanNode): string {
  if (buffers === undefined) return '';
  const touched = blocks(buffers);
  if (touched === 0) return 'no buffers';
  const fromDisk = buffers.sharedRead + buffers.localRead;
  const spilled = buffers.tempRead + buffers.tempWritten;
  const where = [
    fromDisk === 0 ? 'none from outside the cache' : `${formatCount(fromDisk)} from outside the cache`,
    ...(spilled === 0 ? [] : [`${formatCount(spilled)} of temporary files`]),
  ];
  return `${formatCounted(touched, 'buffer')} (${formatBlocks(touched)}, ${where.join(', ')})`;
}

function countWord({ findings, suggestions }: ProfileReport): string {
  const count = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  const offered = suggestions.filter((suggestion) => suggestion.rejected === undefined).length;
  const parts = [
    plural(count('critical'), 'critical finding'),
    plural(count('warning'), 'warning'),
    plural(count('info'), 'note'),
    plural(offered, 'suggestion'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

/** "2 warnings", "1 warning", "" for none. */
function plural(count: number, noun: string): string {
  return count === 0 ? '' : `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** "A", …, "Z", "AA", …: how a finding is named beside its node. */
export function findingLetter(place: number): string {
  const letter = String.fromCharCode('A'.charCodeAt(0) + (place % 26));
  return place < 26 ? letter : findingLetter(Math.floor(place / 26) - 1) + letter;
}

/** The condition that a reader of a finding wants to see, with the server's own word for it. */
export function conditionOf(node: PlanNode): string | undefined {
  for (const key of [
    'Filter',
    'Index Cond',
    'Recheck Cond',
    'Join Filter',
    'Hash Cond',
    'Merge Cond',
    'Sort Key',
  ]) {
    const value = node.details[key];
    if (typeof value === 'string') return `${key}: ${value}`;
    if (Array.isArray(value)) return `${key}: ${value.join(', ')}`;
  }
  return undefined;
}

/** One line of the table "now / with it". */
export interface Comparison {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly gain: string;
}

export function comparisonsOf(verification: Verification): readonly Comparison[] {
  const { costBefore, costAfter, msBefore, msAfter, buffersBefore, buffersAfter } = verification;
  const lines: Comparison[] = [];
  if (costBefore !== undefined && costAfter !== undefined) {
    const [before, after] = [formatCost(costBefore), formatCost(costAfter)];
    lines.push({ what: 'Planner cost', before, after, gain: ratio(costBefore, costAfter) });
  }
  if (msBefore !== undefined && msAfter !== undefined) {
    const [before, after] = [formatMs(msBefore), formatMs(msAfter)];
    lines.push({ what: 'Measured warm', before, after, gain: formatSpeedup(msBefore, msAfter) });
  }
  if (buffersBefore !== undefined && buffersAfter !== undefined) {
    const [before, after] = [formatCount(buffersBefore), formatCount(buffersAfter)];
    lines.push({ what: 'Buffers', before, after, gain: ratio(buffersBefore, buffersAfter) });
  }
  return lines;
}

/** "÷ 415", "× 1.4": how a number that is no time changed. */
function ratio(before: number, after: number): string {
  if (before <= 0 || after <= 0) return '';
  const factor = before / after;
  if (factor > 1.05) return `÷ ${factor >= 10 ? formatCount(factor) : factor.toFixed(1)}`;
  if (factor < 0.95) return `× ${1 / factor >= 10 ? formatCount(1 / factor) : (1 / factor).toFixed(1)}`;
  return 'the same';
}

/** Who proved it, and what limits the proof. "Not verified" is said out loud. */
export function verifierWords({ by, plannerVersion, calibrated, why }: Verification): string {
  const version =
    plannerVersion === undefined ? '' : ` (PostgreSQL ${plannerVersion}${calibrated ? ', calibrated' : ''})`;
  const limit = why === undefined ? '' : ` ${why}`;
  switch (by) {
    case 'trial':
      return `Verified by a trial${version}: built in a transaction, measured before and after, rolled back.${limit}`;
    case 'hypopg':
      return `Verified by HypoPG${version}: the server’s own planner was shown the index; nothing was built.${limit}`;
    case 'shadow':
      return `Verified by the shadow planner${version}; nothing was built on the server.${limit}`;
    case 'none':
      return `Not verified.${limit}`;
  }
}

/** What keeping the suggestion costs and how to undo it. */
export function upkeepWords(suggestion: Suggestion): readonly string[] {
  const { sizeBytes, writeCost, overlaps, undoDdl } = suggestion;
  return [
    sizeBytes === undefined ? undefined : `Size: ${formatBytes(sizeBytes)}.`,
    writeCost === undefined ? undefined : `Writes: ${writeCost}`,
    overlaps === undefined || overlaps.length === 0 ? undefined : `Overlaps with ${overlaps.join(', ')}.`,
    undoDdl === undefined ? undefined : `Undo: ${undoDdl}`,
  ].filter((word) => word !== undefined);
}

/** Parallel parts that are told of below the plan: those that took most. So with steps that not every process ran. */
const parallelPartsTold = 3;
/** Of the execution: what took less surprises nobody. */
const worthTellingShare = 0.05;

/** What the server said beside the nodes: parallel parts, triggers, work after the root, settings. A line each. */
export function surroundingWords(plan: Plan): readonly string[] {
  const { nodes, triggers, afterRoot, settings } = plan;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parentOf = ({ parentId }: PlanNode) => (parentId === null ? undefined : byId.get(parentId));
  const isPartlyRun = (node: PlanNode | undefined) => node !== undefined && ranInWords(node) !== undefined;
  const leastMs = (measuredMs(plan) ?? 0) * worthTellingShare;
  const shared = nodes.filter((node) => gatherTypes.has(parentOf(node)?.type ?? ''));
  const partlyRun = nodes.filter(
    (node) => isPartlyRun(node) && !isPartlyRun(parentOf(node)) && (node.totalMs ?? 0) >= leastMs,
  );
  const set = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return [
    ...parallelParts(shared),
    ...parallelParts(partlyRun),
    ...triggers.map((trigger) => `${triggerName(trigger)}: ${triggerWords(trigger)}`),
    ...(afterRoot === undefined ? [] : [`After the root: ${afterRootWords(afterRoot)}`]),
    ...(set.length === 0 ? [] : [`Settings: ${set.join(', ')}`]),
  ];
}

function parallelParts(nodes: readonly PlanNode[]): readonly string[] {
  return nodes
    .flatMap((node) => {
      const times = parallelTimes(node);
      return times === undefined ? [] : [{ node, times }];
    })
    .toSorted((a, b) => b.times.sumMs - a.times.sumMs)
    .slice(0, parallelPartsTold)
    .map(({ node, times }) => `${nodeLabel(node)} ${parallelWords(times)}`);
}

const gatherTypes: ReadonlySet<string> = new Set(['Gather', 'Gather Merge']);

/** More of a clause than this is not read beside a finding. */
const longestClause = 100;

/** The clause of the statement that causes the finding, on one line. */
export function clauseOf({ sql }: ProfileReport, { sqlRange }: Finding): string | undefined {
  if (sql === undefined || sqlRange === undefined) return undefined;
  const clause = sql.slice(sqlRange.start, sqlRange.end).replaceAll(/\s+/g, ' ').trim();
  return clause.length > longestClause ? `${clause.slice(0, longestClause - 1)}…` : clause;
}
