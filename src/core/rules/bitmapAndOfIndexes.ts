import { formatMs } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { list } from './wording.ts';

/** A tenth of the time is what makes a node remarkable. */
const shareOfTime = 0.1;

/**
 * Several indexes are read and their bitmaps intersected.
 * Why: each index finds all rows of its own column; one index on both columns finds those wanted at once.
 * Threshold: a tenth of the time spent in reading the indexes.
 * Trap: a table that is asked by many different combinations of columns is served well by single indexes.
 * Savable: the time of the intersection and of the indexes below it.
 * Fix: one index on all of these columns.
 */
export const bitmapAndOfIndexes = defineNodeRule({
  id: 'bitmap-and-of-indexes',
  types: ['BitmapAnd'],
  check: (node, context) => {
    const indexes = [...new Set(context.inputsOf(node).flatMap(({ index }) => index ?? []))];
    const { totalMs } = node;
    if (totalMs === undefined || indexes.length < 2 || (context.shareOf(totalMs) ?? 0) < shareOfTime)
      return [];
    return context.discover({
      node,
      savableMs: totalMs,
      title: `${indexes.length} indexes are read to be intersected`,
      detail: `Reading ${list(indexes)} and keeping what they share took ${formatMs(totalMs)}${context.shareText(totalMs)}.`,
      evidence: { indexes: indexes.join(', '), shareLimit: shareOfTime },
      fix: 'One index on all of their columns (those compared by “=” first) finds the rows at once.',
    });
  },
});
