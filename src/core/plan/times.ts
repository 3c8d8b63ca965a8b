/** Elapsed times: EXPLAIN prints averages per loop, summed over processes. */
import type { Measure } from './measure.ts';
import { type NumberColumn, valueAt } from './columns.ts';
import type { NodeFacts } from './nodeFacts.ts';
import type { PlanTree, TreeNode } from './planTree.ts';

export interface Times {
  readonly measure: Measure;
  /** By node index: elapsed time until the first row, all loops. */
  readonly startupMs: readonly number[];
}

/** EXPLAIN prints milliseconds with three decimals. */
const printedHalfStepMs = 0.0005;

/** Undefined when the plan was not timed (no ANALYZE, or TIMING OFF). */
export function measureTimes(
  tree: PlanTree,
  participants: readonly number[],
  facts: NodeFacts,
): Times | undefined {
  if (facts.totalMs.every((ms) => Number.isNaN(ms))) return undefined;
  const elapsed = (node: TreeNode, perLoop: number) =>
    (perLoop * (node.loops ?? 0)) / (participants[node.index] ?? 1);
  const elapsedOf = (column: NumberColumn) =>
    tree.nodes.map((node) => elapsed(node, valueAt(column, node.index) ?? 0));
  return {
    measure: {
      totals: elapsedOf(facts.totalMs),
      slack: tree.nodes.map((node) => elapsed(node, printedHalfStepMs)),
      whole: false,
    },
    startupMs: elapsedOf(facts.startupMs),
  };
}
