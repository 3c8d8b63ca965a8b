import { formatCount, formatPercent } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { tableName } from './wording.ts';

/** Below a quarter of the time nobody suspects the scan. */
const suspectShare = 0.25;
/** Where half of a table is wanted, reading it in order beats any index. */
const keptShare = 0.5;
const manyRows = 10_000;

/**
 * An all-clear: a sequential scan that takes long and is right, for it returns most of its table.
 * Why: sequential scans are the first suspects, and an index would make this one slower.
 * Threshold: a quarter of the time, and half of at least 10,000 rows returned.
 * Trap: a scan that runs again and again, or below a Limit that stops it, may still be wrong.
 * Savable: nothing.
 * Fix: read fewer rows, if fewer are wanted; parallel workers share such scans well.
 */
export const seqScanIsRight = defineNodeRule({
  id: 'seq-scan-is-right',
  types: ['Seq Scan'],
  check: (node, context) => {
    const rows = node.rows ?? 0;
    const read = rows + (node.rowsRemoved ?? 0);
    const share = rows / read;
    const runs = (node.loops ?? 1) / (node.processes ?? 1);
    if (node.selfMs === undefined || context.ownShareOf(node) < suspectShare) return [];
    if (read < manyRows || share < keptShare || runs > 1) return [];
    const table = tableName(node) ?? 'the table';
    const wanted = share === 1 ? 'all' : formatPercent(share);
    return context.discover({
      node,
      severity: 'info',
      title: `This sequential scan is right: it returns ${wanted} of ${table}`,
      detail: `${formatCount(rows)} of ${formatCount(read)} rows are wanted, and reading them in order is the fastest way to get them. No index would help.`,
      evidence: {
        table,
        rowsRead: read,
        rowsKept: rows,
        keptShareLimit: keptShare,
        shareLimit: suspectShare,
      },
      fix: 'Only wanting fewer rows, or sharing the scan among parallel workers, makes it faster.',
    });
  },
});
