/** What stays true of a plan whose tree is a guess: what each node says of itself. */
import type { Plan, PlanNode } from '../../shared/report.ts';

/**
 * Without the figures that come of the tree: what a node does apart from those below it, and, in a parallel plan, how
 * many processes shared its time.
 */
export function withoutShares(plan: Plan): Plan {
  const isParallel = plan.nodes.some((node) => node.type.startsWith('Gather'));
  const { afterRoot: _, ...rest } = plan;
  return { ...rest, nodes: plan.nodes.map((node) => ownFigures(node, isParallel)) };
}

function ownFigures(node: PlanNode, isParallel: boolean): PlanNode {
  const { selfMs: _1, selfBuffers: _2, selfIoMs: _3, precision: _4, processes: _5, ...own } = node;
  if (!isParallel || node.parentId === null) return own;
  const { startupMs: _6, totalMs: _7, ...timeless } = own;
  return timeless;
}
