import { formatCount, formatMs, formatPercent } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { numberDetail, tableName, tableSql } from './wording.ts';

/** Fewer visits to the table cost a millisecond or two. */
const fetches = 1000;
/** PEV2 warns of any; a tenth is what lies between two runs of autovacuum (its scale factor is 0.2). */
const fetchedShare = 0.1;

/**
 * An index-only scan that visits the table after all.
 * Why: rows on pages that the visibility map does not know to be visible to everybody have to be looked up there.
 * Threshold: 1,000 visits, and a tenth of the rows.
 * Trap: a table that is written all the time will always have some.
 * Savable: the scan's own time, as far as its rows were looked up.
 * Fix: VACUUM.
 */
export const heapFetches = defineNodeRule({
  id: 'heap-fetches',
  types: ['Index Only Scan'],
  check: (node, context) => {
    // A total over all loops and processes, unlike most counters.
    const fetched = numberDetail(node, 'Heap Fetches') ?? 0;
    const rows = Math.max(fetched, (node.rows ?? 0) + (node.rowsRemoved ?? 0));
    const share = fetched / rows;
    if (fetched < fetches || share < fetchedShare) return [];
    const table = tableName(node) ?? 'the table';
    const savableMs = node.selfMs === undefined ? undefined : node.selfMs * share;
    const time =
      savableMs === undefined
        ? ''
        : ` At most ${formatMs(savableMs)}${context.shareText(savableMs)} went into that.`;
    return context.discover({
      node,
      savableMs,
      title: `Index Only Scan on ${table} visits the table for ${formatPercent(share)} of its rows`,
      detail: `${formatCount(fetched)} of ${formatCount(rows)} rows lie on pages that are not marked as visible to all.${time}`,
      evidence: {
        table,
        heapFetches: fetched,
        rows,
        heapFetchesLimit: fetches,
        fetchedShareLimit: fetchedShare,
      },
      fix: `VACUUM ${tableSql(node)} marks the pages. If that does not last, let autovacuum come to this table more often.`,
    });
  },
});
