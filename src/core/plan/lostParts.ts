/** What a plan that was cut off cannot tell: what its last node says last, and what each node took without its inputs. */
import type { Plan, PlanNode } from '../../shared/report.ts';
import { expectedInputs, lacksNumbers } from './missingEnd.ts';
import { buildPlanTree, type TreeNode } from './planTree.ts';
import type { RawPlan } from './raw.ts';

/** The plan without figures that were made from missing ones; its nodes tell what is missing of them. */
export function withoutLostParts(plan: Plan, raw: RawPlan): Plan {
  const tree = buildPlanTree(raw).nodes;
  const nodes = plan.nodes.map((node, index) => {
    const treeNode = tree[index]!;
    const missing: ('details' | 'inputs')[] = [];
    if (index === tree.length - 1 && !isTold(node)) missing.push('details');
    if (lacksInputs(treeNode, raw)) missing.push('inputs');
    if (missing.length === 0) return node;
    return { ...withoutUnknown(node, lacksNumbers(treeNode.raw, raw.Plan), missing), missing };
  });
  return { ...plan, nodes };
}

/** These come behind the conditions of a node: what comes before them is there. */
function isTold({ rowsRemoved = 0, buffers }: PlanNode): boolean {
  return rowsRemoved > 0 || (buffers !== undefined && Object.values(buffers).some((blocks) => blocks > 0));
}

/** An input without its numbers is as good as none. */
function lacksInputs({ raw, children }: TreeNode, plan: RawPlan): boolean {
  const inputs = children.filter(({ role }) => role === 'child');
  return inputs.length < expectedInputs(raw) || inputs.some((input) => lacksNumbers(input.raw, plan.Plan));
}

function withoutUnknown(
  node: PlanNode,
  hasNoNumbers: boolean,
  missing: readonly ('details' | 'inputs')[],
): PlanNode {
  if (!hasNoNumbers && !missing.includes('inputs')) return node;
  const { selfMs: _1, selfBuffers: _2, selfIoMs: _3, ...rest } = node;
  if (!hasNoNumbers) return rest;
  const { startupMs: _4, totalMs: _5, ...own } = rest;
  return own;
}
