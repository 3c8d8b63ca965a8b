import { formatCount, formatMs } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';

/** Fewer skipped rows cost about as much as the page itself. */
const skippedRows = 1000;

/**
 * A Limit that skips many rows before the first one it returns: paging by OFFSET.
 * Why: skipped rows are produced like any others, so each page is slower than the one before.
 * Threshold: 1,000 skipped rows, and more than are returned.
 * Trap: what a Limit took and did not return is its offset; an OFFSET of a few pages is left alone.
 * Savable: the time below the Limit, as far as it went into skipped rows.
 * Fix: keyset paging: WHERE (ordered columns) > (last row's), with an index in that order.
 */
export const offsetPaging = defineNodeRule({
  id: 'offset-paging',
  types: ['Limit'],
  check: (node, context) => {
    const input = context.inputsOf(node)[0];
    const taken = input?.rows ?? 0;
    const returned = node.rows ?? 0;
    const skipped = taken - returned;
    const rounding = (input?.precision?.rows ?? 0) + (node.precision?.rows ?? 0);
    if (input === undefined || skipped - rounding < skippedRows || skipped <= returned) return [];
    const savableMs = input.totalMs === undefined ? undefined : input.totalMs * (skipped / taken);
    const time =
      savableMs === undefined
        ? ''
        : ` Their part of the time is about ${formatMs(savableMs)}${context.shareText(savableMs)}.`;
    return context.discover({
      node,
      savableMs,
      title: `OFFSET skips ${formatCount(skipped)} rows to return ${formatCount(returned)}`,
      detail: `The skipped rows were found, joined and ordered like those returned, and then thrown away.${time}`,
      evidence: { rowsSkipped: skipped, rowsReturned: returned, rowsSkippedLimit: skippedRows },
      fix: 'Page by key: WHERE (ordered columns) > (those of the last row seen) ORDER BY the same LIMIT n. With an index in this order each page is as fast as the first.',
      clause: (clauses) => clauses.ofOffset(),
    });
  },
});
