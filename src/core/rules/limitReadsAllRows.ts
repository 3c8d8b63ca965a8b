import { formatCount } from '../../shared/format.ts';
import { limitAbove, ofTypes, rowsAsked } from './ancestors.ts';
import { orderedScan, savableByOrder } from './orderedScan.ts';
import { defineNodeRule } from './rule.ts';
import { list, tableName, textDetail, textsDetail, aboutRows } from './wording.ts';

/** Fewer rows are produced in a few milliseconds. */
const producedRows = 1000;
/** An index in order reads about what is wanted: below ten times as much the gain is small. */
const producedPerWanted = 10;

const sortToLimit = ofTypes('Gather Merge', 'Gather', 'LockRows', 'Subquery Scan', 'Result');
/**
 * All matching rows are produced and put through a heap to find the first few in order.
 * Why: an index with the ordered column would let the statement stop after the rows that the LIMIT takes.
 * Threshold: 1,000 rows, ten times as many as the LIMIT takes.
 * Trap: an order by an expression, by columns of several tables or by a result of grouping cannot come from an index.
 * Rows that an OFFSET skips are taken, too.
 * Savable: where only a scan is below, its time and the sort's but for the part that is wanted; below a join the sort's
 * own time only, for what need not be joined any more depends on where the first rows lie.
 * Fix: an index with the columns compared by "=" first, then the ordered ones.
 */
export const limitReadsAllRows = defineNodeRule({
  id: 'limit-reads-all-rows',
  types: ['Sort'],
  check: (node, context) => {
    const [input] = context.inputsOf(node);
    const rows = input?.rows ?? 0;
    if (textDetail(node, 'Sort Method')?.startsWith('top-N') !== true || rows < producedRows) return [];
    const limit = limitAbove(node, context, sortToLimit);
    const wanted = limit === undefined ? 0 : rowsAsked(limit, context);
    const ordered = orderedScan(node, context);
    if (ordered === undefined || wanted < 1 || rows < wanted * producedPerWanted) return [];
    const { columns, scan } = ordered;
    return context.discover({
      node,
      savableMs: savableByOrder(node, ordered, { sorted: rows, wanted }),
      title: `All ${aboutRows(input ?? node, rows)} are produced and sorted for a LIMIT that takes ${formatCount(wanted)}`,
      detail: `The plan does not read an index in the order of ${list(columns)}, so all rows had to be there before the first ${formatCount(wanted)} were known.${ordered.isAlone ? '' : ' What could be saved is said of the sorting only; what need not be joined any more comes on top.'}`,
      evidence: {
        rowsProduced: rows,
        rowsWanted: wanted,
        columns: columns.join(', '),
        rowsProducedLimit: producedRows,
        producedPerWantedLimit: producedPerWanted,
      },
      fix: `An index on ${tableName(scan) ?? 'the table'} with the columns compared by “=” first and ${list(columns)} behind them would let the statement stop early.`,
      clause: (clauses) => clauses.ofSortKeys(textsDetail(node, 'Sort Key')),
    });
  },
});
