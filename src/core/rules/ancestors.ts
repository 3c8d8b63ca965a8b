/** Ways from a node to what stands above it, each bounded: a plan may be thousands of nodes deep. */
import type { PlanNode } from '../../shared/report.ts';
import type { RuleContext } from './rule.ts';

/** Deeper chains of one another's only reader are not seen in practice. */
const mostSteps = 12;

/** The nearest node above that `is` holds for, while all between them let rows pass. */
export function nearestAbove(
  node: PlanNode,
  context: RuleContext,
  is: (above: PlanNode) => boolean,
  passes: (between: PlanNode) => boolean,
): PlanNode | undefined {
  let at = node;
  for (let steps = 0; steps < mostSteps && at.subplanName === undefined; steps++) {
    const above = context.parentOf(at);
    if (above === undefined || is(above)) return above;
    if (!passes(above)) return undefined;
    at = above;
  }
  return undefined;
}

/** The Limit that decides how much of this node's output is wanted. */
export function limitAbove(
  node: PlanNode,
  context: RuleContext,
  passes: (between: PlanNode) => boolean,
): PlanNode | undefined {
  return nearestAbove(node, context, ({ type }) => type === 'Limit', passes);
}

/** The Gather whose processes run the node, however deep below it. */
export function gatherAbove(node: PlanNode, context: RuleContext): PlanNode | undefined {
  let at = context.parentOf(node);
  while (at !== undefined && at.type !== 'Gather' && at.type !== 'Gather Merge') at = context.parentOf(at);
  return at;
}

/** How many rows a Limit asks for, with those of its OFFSET: what its input had to return. */
export function rowsAsked(limit: PlanNode, context: RuleContext): number {
  return Math.max(limit.rows ?? 0, context.inputsOf(limit)[0]?.rows ?? 0);
}

/** For `passes`: nodes of these types. */
export function ofTypes(...types: readonly string[]): (node: PlanNode) => boolean {
  const known = new Set(types);
  return ({ type }) => known.has(type);
}

/**
 * The root of what is run again for each row of something outside: the inner side of a nested loop, or a sub-plan.
 * Going up as long as nodes run as often as the one below.
 */
export function repeatedPart(node: PlanNode, context: RuleContext): PlanNode | undefined {
  let at = node;
  for (let steps = 0; steps < mostSteps; steps++) {
    if (at.relationship === 'SubPlan') return at;
    const above = context.parentOf(at);
    if (above === undefined || at.subplanName !== undefined) return undefined;
    if (above.type === 'Nested Loop' && at.relationship === 'Inner') return at;
    if (above.loops !== at.loops) return undefined;
    at = above;
  }
  return undefined;
}
