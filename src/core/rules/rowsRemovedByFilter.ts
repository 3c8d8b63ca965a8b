import { formatCount, formatPercent } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { discardedBy, discardedShare } from './discardingScan.ts';
import { indexRemedyFor } from './indexRemedy.ts';
import { equalityFix } from './joinFilter.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName, numberDetail, quote, textDetail, aboutCount } from './wording.ts';

/** PEV2 warns from half of the rows. */
const removedShare = 0.5;
/** Fewer rows are checked in well under a millisecond. */
const removedRows = 1000;

/** A sequential scan that takes less is told by its own finding, if at all; a second note is too much. */
const leastScanMs = 1;

/** Conditions that are checked on rows already fetched or joined; those of an index are checked before. */
const filters = [
  { removedKey: 'Rows Removed by Filter', conditionKey: 'Filter', name: 'filter' },
  { removedKey: 'Rows Removed by Join Filter', conditionKey: 'Join Filter', name: 'join filter' },
] as const;

/**
 * A condition that removes rows late, on a scan or join of any kind.
 * Why: rows are read, or joined, only to be discarded by a condition that something earlier could have answered.
 * Threshold: half of at least 1,000 rows; more than four fifths on a sequential scan, for below that no index is faster.
 * Trap: aggregates are left out, for HAVING can only be checked after grouping; where a more specific rule names the
 * cause, this one is silent, or, beside seq-scan-discards-rows, a note that only quotes the condition (none below a millisecond).
 * Savable: the node's own time, as far as it went into removed rows; not said on a sequential scan, whose own finding
 * has it.
 * Fix: an index for a scan; an equality for a join, or the estimate that kept an equality from being used; an earlier place for anything else.
 */
export const rowsRemovedByFilter = defineNodeRule({
  id: 'rows-removed-by-filter',
  types: 'all',
  check: (node, context) => {
    const { type, rowsRemoved = 0 } = node;
    if (rowsRemoved < removedRows) return [];
    const readsOrJoins = type.endsWith(' Scan') || type.endsWith(' Join') || type === 'Nested Loop';
    return readsOrJoins ? filters.flatMap((filter) => checkFilter(node, filter, context)) : [];
  },
});

function checkFilter(
  node: PlanNode,
  filter: (typeof filters)[number],
  context: RuleContext,
): readonly Discovery[] {
  const condition = textDetail(node, filter.conditionKey);
  const removed = Math.round((numberDetail(node, filter.removedKey) ?? 0) * (node.loops ?? 0));
  const kept = node.rows ?? 0;
  const seen = kept + (node.rowsRemoved ?? removed);
  if (condition === undefined || removed < removedRows || removed / seen < removedShare) return [];
  const isSeqScan = node.type === 'Seq Scan';
  const discarded = isSeqScan ? discardedBy(node, context) : undefined;
  if (isSeqScan && (discarded === undefined || (node.selfMs ?? leastScanMs) < leastScanMs)) return [];
  // What the scan's own finding says as well.
  const isTold = discarded !== undefined && discarded.remedy.by !== 'subplan';
  const read = context.conditionOf(node, filter.conditionKey);
  const isOfTable = node.relation !== undefined && filter.name === 'filter';
  const remedy = isOfTable ? indexRemedyFor(read, node) : undefined;
  const isNote = isSeqScan || remedy?.helps === false;
  const savableMs = node.selfMs === undefined || isNote ? undefined : node.selfMs * (removed / seen);
  const time = isTold ? '' : context.timeText(node, 'The node itself takes');
  return [
    context.discover({
      node,
      savableMs,
      ...(isNote && { severity: 'info' }),
      title: `Rows removed by ${filter.name}: ${aboutCount(node, removed)} in ${nodeName(node)}`,
      detail: `The condition ${quote(condition)} is checked row by row and removes ${removedPerKept(removed, kept)}.${time}`,
      evidence: {
        condition,
        rowsRemoved: removed,
        ...(!isTold && { rowsKept: kept, removedShare: formatPercent(removed / seen) }),
        removedShareLimit: isSeqScan ? discardedShare : removedShare,
      },
      ...(!isTold && { fix: remedy?.fix ?? fixFor(node, filter.name, context) }),
      clause: (clauses) => clauses.ofCondition(read, node),
    }),
  ];
}

function fixFor(node: PlanNode, name: (typeof filters)[number]['name'], context: RuleContext): string {
  if (name === 'join filter') {
    return (
      equalityFix(node, context) ??
      'Turn the condition into one that the join can use (equality on both sides), or filter before joining.'
    );
  }
  if (node.index !== undefined)
    return `Extend the index ${node.index}, so that it answers this condition too.`;
  if (node.relation !== undefined)
    return 'Let an index answer the condition, so that only matching rows are read.';
  return 'Apply the condition earlier, inside the part of the query that produces these rows.';
}

/** "63 rows for each one it keeps", or all of them. */
function removedPerKept(removed: number, kept: number): string {
  if (kept === 0) return `all ${formatCount(removed)} rows`;
  const ratio = removed / kept;
  if (ratio < 1.5) return `about as many rows as it keeps (${formatCount(kept)})`;
  return `about ${formatCount(ratio)} rows for each one it keeps`;
}
