import { isServable } from './condition.ts';
import { limitAbove, ofTypes } from './ancestors.ts';
import { discardedShare } from './discardingScan.ts';
import { discardingIndexScan, indexScanTypes } from './indexScanDiscardsRows.ts';
import { defineNodeRule } from './rule.ts';
import { textDetail, aboutRows, aboutCount } from './wording.ts';

/** What hands rows of a scan to a Limit one by one, in their order. */
const passes = ofTypes(
  'Nested Loop',
  'Gather Merge',
  'LockRows',
  'Subquery Scan',
  'Result',
  'Merge Append',
  'Unique',
  'Incremental Sort',
);

/**
 * An index is read for its order alone, and the rows that the condition does not want are thrown away until a LIMIT is
 * full.
 * Why: the planner hoped to meet enough matching rows early; they came late.
 * Threshold: four fifths of at least 1,000 fetched rows fail the filter.
 * Trap: only below a LIMIT and without a condition on the index: otherwise it is not the order that it was chosen for.
 * Filters that no btree answers are left to index-scan-discards-rows.
 * Savable: the scan's own time, as far as it went into discarded rows.
 * Fix: an index with the filtered columns first and the order behind them.
 */
export const orderedIndexDiscardsRows = defineNodeRule({
  id: 'ordered-index-discards-rows',
  supersedes: ['filter-outside-index', 'index-scan-discards-rows', 'rows-removed-by-filter'],
  types: indexScanTypes,
  check: (node, context) => {
    const scan = discardingIndexScan(node, context, discardedShare);
    if (scan === undefined) return [];
    const { index, removed, read, savableMs } = scan;
    if (textDetail(node, 'Index Cond') !== undefined || node.type === 'Bitmap Heap Scan') return [];
    const limit = limitAbove(node, context, passes);
    if (limit === undefined || !(context.conditionOf(node, 'Filter') ?? []).every(isServable)) return [];
    return context.discover({
      node,
      savableMs,
      title: `Index ${index} is read for its order: ${aboutRows(node, removed)} are discarded before the LIMIT is full`,
      detail: `In the index’s order ${aboutRows(node, read)} were fetched until ${aboutCount(node, node.rows ?? 0)} had passed the filter.${context.timeText(node, 'The scan itself took')}`,
      evidence: {
        index,
        rowsFetched: read,
        rowsDiscarded: removed,
        rowsReturned: limit.rows,
        discardedShareLimit: discardedShare,
        condition: textDetail(node, 'Filter'),
      },
      fix: 'An index with the filtered columns first and the ordered ones behind them finds the wanted rows already in order.',
      clause: (clauses) => clauses.ofCondition(context.conditionOf(node, 'Filter'), node),
    });
  },
});
