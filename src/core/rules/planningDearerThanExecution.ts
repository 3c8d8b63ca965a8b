import { formatBlocks, formatMs } from '../../shared/format.ts';
import { defineRule } from './rule.ts';

/** Planning that takes less is not noticed in one execution. */
const feltPlanningMs = 10;

/**
 * Planning the statement takes longer than running it.
 * Why: many joins, many partitions or a cold catalogue; a statement that runs often pays it each time.
 * Threshold: 10 ms, and more than the execution.
 * Trap: the first statement of a session fills the catalogue's cache: it is slower than those that follow.
 * Savable: the planning time.
 * Fix: prepare the statement, or make it simpler.
 */
export const planningDearerThanExecution = defineRule({
  id: 'planning-dearer-than-execution',
  check: (context) => {
    const { planningMs, planningBuffers, analyzed } = context.plan;
    const { totalMs, root } = context;
    if (!analyzed || planningMs === undefined || totalMs === undefined) return [];
    if (planningMs < feltPlanningMs || planningMs <= totalMs) return [];
    const touched = (planningBuffers?.sharedHit ?? 0) + (planningBuffers?.sharedRead ?? 0);
    const read = touched === 0 ? '' : ` It read ${formatBlocks(touched)} of the catalogue.`;
    return [
      context.discover({
        node: root,
        savableMs: planningMs,
        severity: context.severityOf(planningMs, planningMs + totalMs),
        title: `Planning takes ${formatMs(planningMs)}, longer than the execution`,
        detail: `The execution took ${formatMs(totalMs)}.${read} A first statement of a session is always slower to plan.`,
        evidence: { planningMs, executionMs: totalMs, planningMsLimit: feltPlanningMs },
        fix: 'Prepare the statement (plan_cache_mode decides whether its plan is kept), join fewer tables, or rule partitions out by constants.',
      }),
    ];
  },
});
