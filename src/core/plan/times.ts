/** Elapsed times: EXPLAIN prints averages per loop, summed over processes. */
import type { Measure } from './measure.ts';
import type { PlanTree, TreeNode } from './planTree.ts';
import { readNumber } from './raw.ts';

export interface Times {
  readonly measure: Measure;
  /** By node index: elapsed time until the first row, all loops. */
  readonly startupMs: readonly number[];
}

/** EXPLAIN prints milliseconds with three decimals. */
const printedHalfStepMs = 0.0005;

/** Undefined when the plan was not timed (no ANALYZE, or TIMING OFF). */
export function measureTimes(tree: PlanTree, participants: readonly number[]): Times | undefined {
  if (!tree.nodes.some((node) => readNumber(node.raw, 'Actual Total Time') !== undefined)) return undefined;
  const elapsed = (node: TreeNode, perLoop: number) =>
    (perLoop * (node.loops ?? 0)) / (participants[node.index] ?? 1);
  const column = (key: string) => tree.nodes.map((node) => elapsed(node, readNumber(node.raw, key) ?? 0));
  return {
    measure: {
      totals: column('Actual Total Time'),
      slack: tree.nodes.map((node) => elapsed(node, printedHalfStepMs)),
      whole: false,
    },
    startupMs: column('Actual Startup Time'),
  };
}
