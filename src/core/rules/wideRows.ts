import { formatBytes, formatCount } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName, numberDetail, runsOf } from './wording.ts';

/** A row of ten usual columns has some 100 bytes; at 200 something long is carried along. */
const wideBytes = 200;
/** What work_mem holds by default (4 MB), a few times over. */
const carriedBytes = 16 * 1024 * 1024;

/**
 * A sort, hash table or store that holds wide rows.
 * Why: columns that are only wanted at the end (SELECT *) are copied, compared around and spilled with the rest.
 * Threshold: rows of 200 bytes, 16 MiB of them in one run.
 * Trap: the width is the planner's estimate; long values kept out of line (TOAST) count as they are referred to.
 * Savable: not said: it depends on which columns can be left out.
 * Fix: name the columns that are needed; fetch long ones at the end, by key.
 */
export const wideRows = defineNodeRule({
  id: 'wide-rows',
  types: ['Sort', 'Incremental Sort', 'Hash', 'Materialize'],
  check: (node, context) => {
    const width = numberDetail(node, 'Plan Width') ?? 0;
    const rows = (node.rows ?? 0) / Math.max(1, runsOf(node));
    const bytes = width * rows;
    if (width < wideBytes || bytes < carriedBytes) return [];
    return context.discover({
      node,
      severity: 'info',
      title: `${nodeName(node)} carries rows of about ${formatCount(width)} bytes`,
      detail: `${formatCount(rows)} rows of that width are about ${formatBytes(bytes)} to be copied and kept, whatever of it is needed in the end.`,
      evidence: {
        rowWidthBytes: width,
        rows,
        carriedBytes: bytes,
        widthLimit: wideBytes,
        carriedLimit: carriedBytes,
      },
      fix: 'Select the columns that are needed instead of *. Long values can be fetched at the end, by key, for the rows that remain.',
      clause: (clauses) => clauses.ofStar(),
    });
  },
});
