/** Orders that an index could have given, and what reading it would spare. */
import type { PlanNode } from '../../shared/report.ts';
import { nearestAbove, ofTypes } from './ancestors.ts';
import type { RuleContext } from './rule.ts';

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
/** Where nothing but the scan is below, all of it is spared; below a join, what lies there cannot be foreseen. */
const scanOnly = ofTypes('Gather', 'Subquery Scan', 'Result');

export interface OrderedScan {
  readonly scan: PlanNode;
  readonly columns: readonly string[];
  /** Nothing is joined between the scan and the sort. */
  readonly isAlone: boolean;
}

/** The scan whose columns the order is made of, if an index on its table could give it. */
export function orderedScan(sort: PlanNode, context: RuleContext): OrderedScan | undefined {
  const keys = context.columnsOf(sort, 'Sort Key');
  const [first] = keys ?? [];
  if (keys === undefined || first === undefined) return undefined;
  if (keys.some(({ qualifier }) => qualifier !== first.qualifier)) return undefined;
  const scan = context.scanOf(first.qualifier);
  if (scan === undefined) return undefined;
  const reaches = (passes: (between: PlanNode) => boolean) =>
    nearestAbove(scan, context, (above) => above === sort, passes) === sort;
  return reaches(scanToSort)
    ? { scan, columns: keys.map(({ column }) => column), isAlone: reaches(scanOnly) }
    : undefined;
}

/**
 * What an index in this order would spare of a sort of so many rows of which so few are wanted: of a lone scan, all
 * but the wanted part of reading and sorting; else the sorting only.
 */
export function savableByOrder(
  sort: PlanNode,
  ordered: OrderedScan | undefined,
  rows: { readonly sorted: number; readonly wanted: number },
): number | undefined {
  if (ordered?.isAlone !== true || sort.totalMs === undefined) return sort.selfMs;
  return sort.totalMs * (1 - Math.min(1, rows.wanted / rows.sorted));
}
