/** The planner's cost without the children's. */
import type { PlanTree, TreeNode } from './planTree.ts';
import { readNumber } from './raw.ts';
import type { References } from './references.ts';

/**
 * InitPlans and CTEs are charged to the node they hang on (SS_charge_for_initplans), children to their parent. The
 * printed cost of a SubPlan is that of one call: a hashed one is called once, others about once per planned row.
 * Under a Limit a child's total is for more rows than will be fetched and exceeds its parent's: bounded at 0.
 */
export function selfCosts(tree: PlanTree, references: References): readonly number[] {
  return tree.nodes.map((node) => {
    const inside = node.children
      .filter((child) => child.role !== 'root')
      .reduce((sum, child) => sum + costOf(child) * plannedCalls(child, references), 0);
    return Math.max(0, roundCost(costOf(node) - inside));
  });
}

export function costOf(node: TreeNode): number {
  return readNumber(node.raw, 'Total Cost') ?? 0;
}

function plannedCalls(node: TreeNode, references: References): number {
  if (node.role !== 'subPlan' || references.isHashed(node)) return 1;
  return readNumber(node.parent?.raw ?? {}, 'Plan Rows') ?? 1;
}

/** Costs are printed with two decimals; their differences have no more. */
function roundCost(cost: number): number {
  return Math.round(cost * 100) / 100;
}
