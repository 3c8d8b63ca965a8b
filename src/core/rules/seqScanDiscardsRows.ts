import { formatBlocks, formatCount, formatMs, formatPercent } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { discardedRows, discardedShare } from './discardingScan.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { runsOf, tableName, textDetail } from './wording.ts';

/**
 * A sequential scan that throws most of what it reads away.
 * Why: the access path is wrong for the condition; each row is read only to be discarded.
 * Threshold: four fifths of at least 1,000 rows discarded: above a fifth of a table, reading it in order is right.
 * Trap: without a filter all rows are wanted; never executed scans tell nothing.
 * Savable: the scan's own time, as far as it went into discarded rows; the kept ones have to be read anyway.
 * Fix: an index that answers the filter.
 */
export const seqScanDiscardsRows = defineNodeRule({
  id: 'seq-scan-discards-rows',
  types: ['Seq Scan'],
  check: checkScan,
});

function checkScan(node: PlanNode, context: RuleContext): readonly Discovery[] {
  const kept = node.rows ?? 0;
  const removed = node.rowsRemoved ?? 0;
  const read = kept + removed;
  if (removed < discardedRows || removed / read < discardedShare) return [];
  if (textDetail(node, 'Filter') === undefined) return [];
  const table = tableName(node) ?? 'a table';
  const savableMs = node.selfMs === undefined ? undefined : node.selfMs * (removed / read);
  const blocks = node.selfBuffers && node.selfBuffers.sharedHit + node.selfBuffers.sharedRead;
  const size = blocks === undefined ? 'the table' : `${formatCount(blocks)} blocks (${formatBlocks(blocks)})`;
  const time =
    node.selfMs === undefined
      ? ''
      : ` Going through ${size} took ${formatMs(node.selfMs)}${context.shareText(node.selfMs)}.`;
  const runs = Math.round(runsOf(node));
  const repeated = runs > 1 ? ` The table was read ${formatCount(runs)} times.` : '';
  return [
    context.discover({
      node,
      savableMs,
      title: `Sequential scan on ${table} keeps ${kept === 0 ? 'nothing' : formatPercent(kept / read)} of what it reads`,
      detail: `${formatCount(removed)} of ${formatCount(read)} rows fail the filter after they were read.${time}${repeated}`,
      evidence: {
        table,
        rowsRead: read,
        rowsKept: kept,
        rowsDiscarded: removed,
        discardedShareLimit: discardedShare,
        blocks,
      },
      fix: 'An index that answers the filter would spare reading the rows that fail it.',
      clause: (clauses) => clauses.ofCondition(context.conditionOf(node, 'Filter'), node),
    }),
  ];
}
