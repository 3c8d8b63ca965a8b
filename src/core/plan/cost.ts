/** The planner's cost without the children's. */
import type { NodeFacts } from './nodeFacts.ts';
import { valueAt } from './columns.ts';
import type { PlanTree, TreeNode } from './planTree.ts';
import type { References } from './references.ts';

/**
 * InitPlans and CTEs are charged to the node they hang on (SS_charge_for_initplans), children to their parent. The
 * printed cost of a SubPlan is that of one call: a hashed one is called once, others about once per planned row.
 * Under a Limit a child's total is for more rows than will be fetched and exceeds its parent's: bounded at 0.
 */
export function selfCosts(tree: PlanTree, references: References, facts: NodeFacts): readonly number[] {
  return tree.nodes.map((node) => {
    let inside = 0;
    for (const child of node.children) {
      if (child.role !== 'root') inside += costOf(child, facts) * plannedCalls(child, references, facts);
    }
    return Math.max(0, roundCost(costOf(node, facts) - inside));
  });
}

export function costOf(node: TreeNode, { totalCost }: NodeFacts): number {
  return valueAt(totalCost, node.index) ?? 0;
}

function plannedCalls(node: TreeNode, references: References, { planRows }: NodeFacts): number {
  if (node.role !== 'subPlan' || references.isHashed(node)) return 1;
  return node.parent ? (valueAt(planRows, node.parent.index) ?? 1) : 1;
}

/** Costs are printed with two decimals; their differences have no more. */
function roundCost(cost: number): number {
  return Math.round(cost * 100) / 100;
}
