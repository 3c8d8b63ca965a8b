import { formatCount } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { limitAbove, nearestAbove, ofTypes, rowsAsked } from './ancestors.ts';
import type { RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { list, tableName, textDetail, textsDetail } from './wording.ts';

/** Fewer rows are produced in a few milliseconds. */
const producedRows = 1000;
/** An index in order reads about what is wanted: below ten times as much the gain is small. */
const producedPerWanted = 10;

const sortToLimit = ofTypes('Gather Merge', 'Gather', 'LockRows', 'Subquery Scan', 'Result');
/** What leaves each row its identity, so that an order of the table can be an order of the result. */
const scanToSort = ofTypes(
  'Hash Join',
  'Nested Loop',
  'Merge Join',
  'Gather',
  'Subquery Scan',
  'Result',
  'Memoize',
);

/**
 * All matching rows are produced and put through a heap to find the first few in order.
 * Why: an index with the ordered column would let the statement stop after the rows that the LIMIT takes.
 * Threshold: 1,000 rows, ten times as many as the LIMIT takes.
 * Trap: an order by an expression, by columns of several tables or by a result of grouping cannot come from an index.
 * Rows that an OFFSET skips are taken, too.
 * Savable: the heap's own time only; what need not be read any more is more, but depends on where the first rows lie.
 * Fix: an index with the columns compared by "=" first, then the ordered ones.
 */
export const limitReadsAllRows = defineNodeRule({
  id: 'limit-reads-all-rows',
  types: ['Sort'],
  check: (node, context) => {
    const rows = context.inputsOf(node)[0]?.rows ?? 0;
    if (textDetail(node, 'Sort Method')?.startsWith('top-N') !== true || rows < producedRows) return [];
    const limit = limitAbove(node, context, sortToLimit);
    const wanted = limit === undefined ? 0 : rowsAsked(limit, context);
    const ordered = orderedScan(node, context);
    if (ordered === undefined || wanted < 1 || rows < wanted * producedPerWanted) return [];
    const { columns, scan } = ordered;
    return context.discover({
      node,
      savableMs: node.selfMs,
      title: `${formatCount(rows)} rows are produced and sorted for a LIMIT that takes ${formatCount(wanted)}`,
      detail: `No index gave the order by ${list(columns)}, so all rows had to be there before the first ${formatCount(wanted)} were known.`,
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

/** The scan whose columns the order is made of, if an index on its table could give it. */
function orderedScan(
  sort: PlanNode,
  context: RuleContext,
): { readonly scan: PlanNode; readonly columns: readonly string[] } | undefined {
  const keys = context.columnsOf(sort, 'Sort Key');
  const [first] = keys ?? [];
  if (keys === undefined || first === undefined) return undefined;
  if (keys.some(({ qualifier }) => qualifier !== first.qualifier)) return undefined;
  const scan = context.scanOf(first.qualifier);
  const reachesSort = scan && nearestAbove(scan, context, (above) => above === sort, scanToSort) === sort;
  return reachesSort ? { scan, columns: keys.map(({ column }) => column) } : undefined;
}
