import { formatBlocks, formatCount, formatPercent } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { discardedBy, discardedShare } from './discardingScan.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { runsOf, tableName, textDetail, aboutRows, aboutCount } from './wording.ts';
import { aboutWord } from '../../shared/precision.ts';

/**
 * A sequential scan that throws most of what it reads away.
 * Why: the access path is wrong for the condition; each row is read only to be discarded.
 * Threshold: more than four fifths of at least 1,000 rows discarded: from a fifth of a table on, reading it in order is
 * right.
 * Trap: without a filter all rows are wanted; never executed scans tell nothing. Rows that equal something lie anywhere:
 * where many more are kept than the table has pages, an index leads to every page, too, and nothing is said. What a
 * sub-query decides is left to the rules on sub-queries; where no index can answer, it is a note that saves nothing.
 * Savable: the scan's own time without what fetching the kept rows by an index would still take: half of the time of
 * the pages they are on, and three times that of the rows.
 * Fix: an index that answers the filter, of the kind that can: btree, GIN or GiST, or a partial one; else what can be
 * done instead.
 */
export const seqScanDiscardsRows = defineNodeRule({
  id: 'seq-scan-discards-rows',
  types: ['Seq Scan'],
  check: checkScan,
});

function checkScan(node: PlanNode, context: RuleContext): readonly Discovery[] {
  const discarded = discardedBy(node, context);
  if (discarded === undefined || textDetail(node, 'Filter') === undefined) return [];
  const { kept, removed, read, savableMs, remedy } = discarded;
  if (remedy.by === 'subplan') return [];
  const table = tableName(node) ?? 'a table';
  const blocks = node.selfBuffers && node.selfBuffers.sharedHit + node.selfBuffers.sharedRead;
  const size = blocks === undefined ? 'the table' : `${formatCount(blocks)} blocks (${formatBlocks(blocks)})`;
  const time = context.timeText(node, `Going through ${size} took`);
  const runs = Math.round(runsOf(node));
  const repeated = runs > 1 ? ` The table was read ${formatCount(runs)} times.` : '';
  return [
    context.discover({
      node,
      savableMs,
      ...(!remedy.helps && { severity: 'info' }),
      title: `Sequential scan on ${table} keeps ${kept === 0 ? (aboutWord(node, 0) === '' ? 'nothing' : 'next to nothing') : formatPercent(kept / read)} of what it reads`,
      detail: `${failing(node, removed, read)} fail the filter after they were read.${time}${repeated}`,
      evidence: {
        table,
        rowsRead: read,
        rowsKept: kept,
        rowsDiscarded: removed,
        discardedShareLimit: discardedShare,
        blocks,
      },
      fix: remedy.fix ?? 'An index that answers the filter would spare reading the rows that fail it.',
      clause: (clauses) => clauses.ofCondition(context.conditionOf(node, 'Filter'), node),
    }),
  ];
}

function failing(node: PlanNode, removed: number, read: number): string {
  return removed === read
    ? `All ${aboutRows(node, read)}`
    : `Of ${aboutRows(node, read)} ${aboutCount(node, removed)}`;
}
