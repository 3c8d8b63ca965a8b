import type { PlanNode } from './report.ts';

/** False where EXPLAIN ran with COSTS OFF: the node's cost and planned rows are 0 then, and mean nothing. */
export function hasEstimates({ cost, planRows, details }: PlanNode): boolean {
  return cost > 0 || planRows > 0 || 'Startup Cost' in details;
}

/** In place of estimates; begins a sentence or follows a comma. */
export const noEstimates = 'costs were not printed';
