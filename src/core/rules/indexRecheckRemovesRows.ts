import { formatPercent } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import {
  countInAllProcesses,
  nodeName,
  numberDetail,
  shortName,
  textDetail,
  aboutRows,
  aboutCount,
} from './wording.ts';

/** Fewer rows are checked in well under a millisecond. */
const removedRows = 1000;
const removedShare = 0.5;

/**
 * An index that only narrows the search down: most rows that it finds fail the condition itself.
 * Why: GIN over trigrams, GiST and BRIN answer "perhaps"; each candidate is fetched and checked.
 * Threshold: half of at least 1,000 fetched rows fail the recheck.
 * Trap: rows of lossy pages fail it through no fault of the index (bitmap-lossy).
 * Savable: the scan's own time, as far as it went into removed rows.
 * Fix: a narrower condition or a more exact index: longer patterns, smaller pages_per_range, a btree.
 */
export const indexRecheckRemovesRows = defineNodeRule({
  id: 'index-recheck-removes-rows',
  types: ['Bitmap Heap Scan', 'Index Scan', 'Index Only Scan'],
  check: (node, context) => {
    const removed = Math.round(
      (numberDetail(node, 'Rows Removed by Index Recheck') ?? 0) * (node.loops ?? 0),
    );
    const fetched = (node.rows ?? 0) + (node.rowsRemoved ?? removed);
    if (removed < removedRows || removed / fetched < removedShare) return [];
    if (countInAllProcesses(node, 'Lossy Heap Blocks') > 0) return [];
    const savableMs = node.selfMs === undefined ? undefined : node.selfMs * (removed / fetched);
    const index = node.index ?? context.childrenOf(node).find((child) => child.index !== undefined)?.index;
    return context.discover({
      node,
      savableMs,
      title: `Index ${shortName(index ?? 'of the scan')} finds ${aboutCount(node, fetched)} candidates, and ${formatPercent(removed / fetched)} fail the recheck`,
      detail: `The index can only say where matching rows may be; ${aboutRows(node, removed)} of ${nodeName(node)} were fetched in vain.${context.timeText(node, 'The scan itself took')}`,
      evidence: {
        index,
        rowsFetched: fetched,
        rowsRemoved: removed,
        removedRowsLimit: removedRows,
        removedShareLimit: removedShare,
        condition: textDetail(node, 'Recheck Cond') ?? textDetail(node, 'Index Cond'),
      },
      fix: 'Narrow the condition (longer search patterns), or make the index more exact: a smaller pages_per_range for BRIN, a btree where it can answer.',
    });
  },
});
