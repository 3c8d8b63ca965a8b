/** Where row estimates begin to be wrong: what the rules about estimates have in common. */
import { plannedRows } from '../../shared/plannedRows.ts';
import type { PlanNode } from '../../shared/report.ts';
import { nearestAbove, ofTypes } from './ancestors.ts';
import { isCitus } from './citus.ts';
import type { RuleContext } from './rule.ts';
import { numberDetail, textDetail } from './wording.ts';

/** The field's common scale: ten times off is notable, a hundred times changes plans. */
export const notableFactor = 10;
export const seriousFactor = 100;
/** Off by fewer rows in all, even a large factor makes no plan bad. */
const differenceInRows = 100;

/**
 * The nodes that are off by a notable factor while all below them are not: the ones above only inherit it. Where rows
 * may honestly be fewer (a Limit above, the inner side of a semi join, a merge join's inputs, …) nodes have no factor;
 * an index that finds candidates has one, but is planned for those that pass the recheck.
 */
export function firstWrongNodes(context: RuleContext): readonly PlanNode[] {
  const wrong = new Set(context.nodes.filter((node) => isWrong(node) && !findsCandidates(node, context)));
  const inherited = findInherited(wrong, context);
  return [...wrong].filter((node) => !inherited.has(node));
}

function isWrong(node: PlanNode): boolean {
  const factor = node.rowsFactor;
  if (factor === undefined || (factor < notableFactor && factor > 1 / notableFactor)) return false;
  return Math.abs((node.rows ?? 0) - plannedRows(node)) >= differenceInRows;
}

/** Whether a bitmap's index scan found more than planned only because the recheck above it had yet to be done. */
function findsCandidates(node: PlanNode, context: RuleContext): boolean {
  if (node.type !== 'Bitmap Index Scan' || (node.rowsFactor ?? 0) < 1) return false;
  const heapScan = nearestAbove(node, context, ({ type }) => type === 'Bitmap Heap Scan', combinesBitmaps);
  const removedPerLoop = (heapScan && numberDetail(heapScan, 'Rows Removed by Index Recheck')) ?? 0;
  const removed = removedPerLoop * (heapScan?.loops ?? 1);
  return removed > 0 && (node.rows ?? 0) - removed < plannedRows(node) * notableFactor;
}

const combinesBitmaps = ofTypes('BitmapAnd', 'BitmapOr');

/**
 * The nodes below which something was wrong already; a CTE's scans inherit from the CTE. Citus estimates nothing (it
 * plans 100,000 rows for whatever its workers return), so what is above it has an excuse, too.
 */
function findInherited(wrong: ReadonlySet<PlanNode>, context: RuleContext): ReadonlySet<PlanNode> {
  const wrongSubplans = new Set([...wrong].map((node) => node.subplanName));
  const inherited = new Set<PlanNode>();
  // Children first: nodes are in pre-order.
  for (const node of context.nodes.toReversed()) {
    const cte = textDetail(node, 'CTE Name');
    if (isCitus(node)) inherited.add(node);
    if (node.type === 'CTE Scan' && wrongSubplans.has(`CTE ${cte}`)) inherited.add(node);
    const parent = context.parentOf(node);
    if (parent && node.subplanName === undefined && (wrong.has(node) || inherited.has(node)))
      inherited.add(parent);
  }
  return inherited;
}
