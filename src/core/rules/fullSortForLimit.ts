import { formatCount } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { limitAbove, nearestAbove, ofTypes, rowsAsked } from './ancestors.ts';
import { orderedScan, savableByOrder } from './orderedScan.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName, textDetail, textsDetail, aboutRows } from './wording.ts';

/** Sorting fewer rows takes well under a millisecond. */
const sortedRows = 1000;
/** Sorting ten times what is wanted is a tenth of a gain in comparisons only; more is wasted work. */
const sortedPerWanted = 10;
/** What keeps a Limit from telling the sort below how few rows are wanted. */
const hidesLimit = ofTypes(
  'Unique',
  'WindowAgg',
  'Group',
  'Subquery Scan',
  'Result',
  'LockRows',
  'Gather Merge',
  'ProjectSet',
);
/** Grouping in order gives groups one by one; any other kind of aggregate wants all rows whatever the limit. */
const groupsInOrder = ({ type, details }: PlanNode) =>
  type === 'Aggregate' && details['Strategy'] === 'Sorted';

/**
 * Everything is sorted although a LIMIT above takes a few rows.
 * Why: a Limit right above a Sort keeps only the best rows in a heap ("top-N heapsort"); a DISTINCT, GROUP BY or window
 * in between hides the limit from it.
 * Threshold: 1,000 sorted rows, ten times as many as the LIMIT takes.
 * Trap: "top-N heapsort" is as it should be; incremental sorts stop early by themselves. Rows that an OFFSET skips are
 * taken, too.
 * Savable: what an index in this order would spare: where only a scan is below, its time and the sort's but for the part
 * that is wanted; else the sort's own time only.
 * Fix: limit before the DISTINCT or window where the result allows, or an index in the order that is wanted.
 */
export const fullSortForLimit = defineNodeRule({
  id: 'full-sort-for-limit',
  types: ['Sort'],
  check: (node, context) => {
    const method = textDetail(node, 'Sort Method');
    const [input] = context.inputsOf(node);
    const rows = input?.rows ?? 0;
    if (method === undefined || method.startsWith('top-N') || rows < sortedRows) return [];
    const limit = limitAbove(node, context, (between) => hidesLimit(between) || groupsInOrder(between));
    const wanted = limit === undefined ? 0 : rowsAsked(limit, context);
    if (limit === undefined || wanted < 1 || rows < wanted * sortedPerWanted) return [];
    const keys = textsDetail(node, 'Sort Key');
    const above = nearestAbove(node, context, ({ type }) => !type.startsWith('Gather'), hidesLimit);
    const between =
      above === undefined || above === limit ? '' : ` ${nodeName(above)} in between needs them all in order.`;
    return context.discover({
      node,
      savableMs: savableByOrder(node, orderedScan(node, context), { sorted: rows, wanted }),
      title: `Sort orders all ${aboutRows(input ?? node, rows)} for a LIMIT that takes ${formatCount(wanted)}`,
      detail: `The plan does not read an index in this order, and the sort by ${keys.join(', ') || 'its key'} could not stop at the best ${formatCount(wanted)}.${between}${context.timeText(node, 'Sorting took')}`,
      evidence: {
        rowsSorted: rows,
        rowsWanted: wanted,
        sortMethod: method,
        rowsSortedLimit: sortedRows,
        sortedPerWantedLimit: sortedPerWanted,
      },
      fix: 'Apply the LIMIT before the DISTINCT, GROUP BY or window function where the result allows it, or let an index give the order.',
      clause: (clauses) => clauses.ofSortKeys(keys) ?? clauses.ofLimit(),
    });
  },
});
