/** What the planner expected of all runs of a node together: one figure for the tree, the terminal and the findings. */
import type { PlanNode } from './report.ts';

export function plannedRows(node: PlanNode): number {
  const { planRowsTotal, rowsFactor = 0, rows = 0, planRows, loops = 1 } = node;
  if (planRowsTotal !== undefined) return planRowsTotal;
  // Reports saved before there was the total: the planner's own divisor for partial nodes is in the factor.
  return rowsFactor > 0 && rows > 0 ? rows / rowsFactor : planRows * loops;
}
