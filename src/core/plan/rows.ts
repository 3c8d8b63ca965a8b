/** Rows: averages per loop in the plan, totals here, and how they compare with the planner's guess. */
import { findEarlyStops } from './earlyStop.ts';
import type { NodeFacts } from './nodeFacts.ts';
import { valueAt } from './columns.ts';
import type { Parallelism } from './participants.ts';
import type { PlanTree, TreeNode } from './planTree.ts';
import { isNeverExecuted } from './planTree.ts';
import type { References } from './references.ts';

export interface RowCounts {
  /** All loops and processes. */
  readonly rows: number | undefined;
  /** How far `rows` may be off by the server's rounding of the average. */
  readonly rowsSlack: number;
  readonly rowsRemoved: number | undefined;
  readonly rowsFactor: number | undefined;
  /** Expected of all loops and processes, where that is not planRows times loops. */
  readonly planRowsTotal: number | undefined;
}

/** By node index. */
export function countRows(
  tree: PlanTree,
  parallelism: Parallelism,
  references: References,
  facts: NodeFacts,
): readonly RowCounts[] {
  const halfStep = printedHalfStep(tree, facts);
  const earlyStops = findEarlyStops(tree, references);
  return tree.nodes.map((node) => {
    const perLoop = valueAt(facts.rowsPerLoop, node.index);
    if (perLoop === undefined || node.loops === undefined) {
      return nothingCounted;
    }
    // One loop prints its rows exactly; of several the true total is some whole number near the product.
    const rows = Math.round(perLoop * node.loops);
    const rowsSlack = node.loops > 1 ? halfStep * node.loops : 0;
    const earlyStop = earlyStops.get(node);
    const divisor = parallelism.divisors[node.index];
    const planRows = valueAt(facts.planRows, node.index);
    const comparable =
      !isNeverExecuted(node) &&
      !withoutRows.has(node.type) &&
      earlyStop !== 're-read' &&
      divisor?.isKnown !== false;
    return {
      rows,
      rowsSlack,
      rowsRemoved: removedRows(node, facts),
      rowsFactor: comparable
        ? rowsFactor(node, planRows, perLoop, divisor?.value, earlyStop === 'may stop')
        : undefined,
      planRowsTotal:
        divisor === undefined || planRows === undefined
          ? undefined
          : planRows * divisor.value * (node.gather?.loops ?? 1),
    };
  });
}

const nothingCounted: RowCounts = {
  rows: undefined,
  rowsSlack: 0,
  rowsRemoved: undefined,
  rowsFactor: undefined,
  planRowsTotal: undefined,
};

/** PostgreSQL 18 prints rows with two decimals, older ones rounded to whole rows. "Disabled" came with 18 too. */
function printedHalfStep(tree: PlanTree, { details, rowsPerLoop }: NodeFacts): number {
  const isFractional = tree.nodes.some(
    (node) =>
      details[node.index]?.['Disabled'] !== undefined ||
      !Number.isInteger(valueAt(rowsPerLoop, node.index) ?? 0),
  );
  return isFractional ? 0.005 : 0.5;
}

/** These print 0 rows whatever they do: bitmaps hold rows without returning them, a write returns only RETURNING. */
const withoutRows: ReadonlySet<string> = new Set(['BitmapAnd', 'BitmapOr', 'ModifyTable']);

/**
 * Actual ÷ planned. For a partial node the planner's rows are those of one process: the rows of all processes, per
 * run of their Gather, are compared with the estimate times the planner's divisor.
 */
function rowsFactor(
  node: TreeNode,
  planRows: number | undefined,
  rowsPerLoop: number,
  divisor: number | undefined,
  mayStopEarly: boolean,
): number | undefined {
  if (!planRows || !node.loops) return undefined;
  const runs = divisor === undefined ? node.loops : (node.gather?.loops ?? 1);
  const actual = (rowsPerLoop * node.loops) / runs;
  const planned = planRows * (divisor ?? 1);
  // Fewer rows than planned say nothing where fetching stops early, nor against 1: the planner never guesses less.
  if (actual < planned && (mayStopEarly || planRows === 1)) return undefined;
  return actual / planned;
}

/** Every "Rows Removed by …" is an average per loop. */
function removedRows(node: TreeNode, facts: NodeFacts): number | undefined {
  const perLoop = valueAt(facts.removedPerLoop, node.index);
  return perLoop === undefined ? undefined : Math.round(perLoop * (node.loops ?? 0));
}
