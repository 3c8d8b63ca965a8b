import { formatCounted, formatMs } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import type { RuleContext } from './rule.ts';
import { defineRule } from './rule.ts';
import { nodeName, shortName } from './wording.ts';

/**
 * Execution above the limit that the user set.
 * Why: it is the user's own measure of what is too slow.
 * Threshold: the limit (1 s unless changed).
 * Trap: planning is not part of it, and without times nothing is known. It names no cause: it is a warning, however far
 * above the limit, so that findings that name one come first.
 * Savable: not said; the other findings tell where the time can come from.
 * Fix: the step that takes the most time of its own; findings say what to do about it.
 */
export const slowExecution = defineRule({
  id: 'slow-execution',
  check: (context) => {
    const { plan, slaMs, totalMs } = context;
    if (!plan.analyzed || totalMs === undefined || totalMs <= slaMs) return [];
    const longest = longestStep(context);
    return [
      context.discover({
        severity: 'warning',
        title: `Execution takes ${formatMs(totalMs)}, above the limit of ${formatMs(slaMs)}`,
        detail: `It took ${formatMs(totalMs - slaMs)} longer than your limit.`,
        evidence: { executionMs: totalMs, slaMs },
        fix:
          longest === undefined
            ? 'Profile it with TIMING on, to see which step takes most.'
            : `Begin with the step that takes most: ${longest.name}, ${formatMs(longest.ms)}${context.shareText(longest.ms)}.`,
      }),
    ];
  },
});

/** What took most by itself: a node, or a trigger or a part of a distributed query, which are outside the tree's sums. */
function longestStep(context: RuleContext): { readonly name: string; readonly ms: number } | undefined {
  let longest: { readonly node: PlanNode; readonly ms: number } | undefined;
  for (const node of context.nodes) {
    if (node.selfMs !== undefined && node.selfMs > (longest?.ms ?? 0)) longest = { node, ms: node.selfMs };
  }
  const steps = [
    ...(longest === undefined ? [] : [{ name: nodeName(longest.node), ms: longest.ms }]),
    ...context.plan.triggers.map(({ name, ms, isConstraint }) => ({
      name: `the ${isConstraint === true ? 'constraint' : 'trigger'} ${shortName(name)}`,
      ms,
    })),
    subplans(context),
  ].filter(({ ms }) => ms > 0);
  return steps.toSorted((a, b) => b.ms - a.ms)[0];
}

/** Citus computes them one after another, before the plan's own steps begin. */
function subplans({ plan }: RuleContext): { readonly name: string; readonly ms: number } {
  const durations = plan.nodes
    .map(({ distributed }) => distributed?.durationMs)
    .filter((ms) => ms !== undefined);
  return {
    name: `the ${formatCounted(durations.length, 'part')} of the distributed query that came first`,
    ms: durations.reduce((sum, ms) => sum + ms, 0),
  };
}
