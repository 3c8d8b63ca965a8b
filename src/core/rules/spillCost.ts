/** What temporary files cost: the files' own time, not that of the sorting or hashing, which stays. */
import type { PlanNode, Severity } from '../../shared/report.ts';
import type { Remark, RuleContext } from './rule.ts';
import { numberDetail } from './wording.ts';

/**
 * Of three spills that were removed on PostgreSQL 15, one saved an eighth of the time (567 → 497 ms) and two nothing
 * (309 → 373 ms, 214 → 251 ms: larger memory is slower memory). A fifth leaves room for slower disks.
 */
const spillShare = 0.2;

/** In a step that takes this much of the whole a spill is worth a warning, though the files alone cost little. */
const suspectShare = 0.25;
/** If the files are not lost in the noise of single runs. */
const noticeableShare = 0.02;

/** What a spill of these nodes weighs: never critical, for sorting or hashing in memory takes most of their time, too. */
export function weighSpill(
  context: RuleContext,
  ...nodes: readonly PlanNode[]
): Pick<Remark, 'savableMs' | 'severity'> {
  const savableMs = spilledMs(context, nodes);
  const share = sumOf(nodes, (node) => context.ownShareOf(node));
  const savableShare = savableMs === undefined ? undefined : context.shareOf(savableMs);
  const isSuspect = share >= suspectShare && (savableShare ?? 1) >= noticeableShare;
  return { savableMs, severity: isSuspect ? 'warning' : severityOf(context, savableMs) };
}

function severityOf(context: RuleContext, savableMs: number | undefined): Severity {
  return context.severityOf(savableMs) === 'info' ? 'info' : 'warning';
}

/** Of these nodes together: the time of temporary files where the server measured it, else a share of their own. */
function spilledMs(context: RuleContext, nodes: readonly PlanNode[]): number | undefined {
  const timed = nodes.filter(({ selfMs }) => selfMs !== undefined);
  if (timed.length === 0) return undefined;
  const selfMs = sumOf(timed, (node) => node.selfMs ?? 0);
  const ioMs = sumOf(timed, (node) => ownTempIoMs(node, context));
  return ioMs > 0 ? Math.min(selfMs, ioMs) : selfMs * spillShare;
}

/** EXPLAIN sums it over processes and includes what is below. */
function ownTempIoMs(node: PlanNode, context: RuleContext): number {
  const below = sumOf(context.childrenOf(node), tempIoMs);
  return Math.max(0, tempIoMs(node) - below) / (node.processes ?? 1);
}

function tempIoMs(node: PlanNode): number {
  return (numberDetail(node, 'Temp I/O Read Time') ?? 0) + (numberDetail(node, 'Temp I/O Write Time') ?? 0);
}

function sumOf(nodes: readonly PlanNode[], value: (node: PlanNode) => number): number {
  return nodes.reduce((sum, node) => sum + value(node), 0);
}
