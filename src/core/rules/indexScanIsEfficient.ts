import { formatPercent } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName, textDetail, aboutRows } from './wording.ts';

/** Below a quarter of the time nobody suspects the scan. */
const suspectShare = 0.25;
/** An index that leads to what is wanted nine times out of ten needs no other column. */
const keptShare = 0.9;
/** In a few hundred rows nothing can be judged. */
const manyRows = 1000;

/**
 * An all-clear: an index scan that takes long because it returns much, not because it searches much.
 * Why: what takes the time is looked at first, and another index would not help here.
 * Threshold: a quarter of the time, and nine tenths of at least 1,000 fetched rows returned.
 * Trap: visits of the table by an index-only scan (heap-fetches), lossy pages, and a nested loop around it
 * (nested-loop-many-rows) are other matters: the scan is then not cleared.
 * Savable: nothing.
 * Fix: want fewer rows.
 */
export const indexScanIsEfficient = defineNodeRule({
  id: 'index-scan-is-efficient',
  types: ['Index Scan', 'Index Only Scan'],
  check: (node, context) => {
    const rows = node.rows ?? 0;
    const fetched = rows + (node.rowsRemoved ?? 0);
    const runs = (node.loops ?? 1) / (node.processes ?? 1);
    if (node.selfMs === undefined || context.ownShareOf(node) < suspectShare) return [];
    if (fetched < manyRows || rows / fetched < keptShare || runs > 1) return [];
    if (textDetail(node, 'Index Cond') === undefined || Number(node.details['Heap Fetches'] ?? 0) > 0)
      return [];
    return context.discover({
      node,
      severity: 'info',
      title: `${nodeName(node)} is efficient: ${rows === fetched ? 'all' : formatPercent(rows / fetched)} of the rows it fetches are wanted`,
      detail: `It takes long because ${aboutRows(node, rows)} are wanted, not because it searches: another index would not help.`,
      evidence: {
        index: node.index,
        rowsFetched: fetched,
        rows,
        keptShareLimit: keptShare,
        shareLimit: suspectShare,
      },
      fix: 'Only wanting fewer rows makes it faster.',
    });
  },
});
