import { formatMs } from '../../shared/format.ts';
import { defineRule } from './rule.ts';

/** This many times over the limit, nobody calls it a near miss. */
const criticalRatio = 5;

/**
 * Execution above the limit that the user set.
 * Why: it is the user's own measure of what is too slow.
 * Threshold: the limit (1 s unless changed); critical from five times it on.
 * Trap: planning is not part of it, and without times nothing is known.
 * Savable: not said; the other findings tell where the time can come from.
 * Fix: the finding that could save the most time.
 */
export const slowExecution = defineRule({
  id: 'slow-execution',
  check: (context) => {
    const { plan, slaMs, totalMs } = context;
    if (!plan.analyzed || totalMs === undefined || totalMs <= slaMs) return [];
    const ratio = totalMs / slaMs;
    return [
      context.discover({
        severity: ratio >= criticalRatio ? 'critical' : 'warning',
        title: `Execution takes ${formatMs(totalMs)}, above the limit of ${formatMs(slaMs)}`,
        detail: `The statement ran ${ratio.toFixed(1)} times as long as your limit allows.`,
        evidence: { executionMs: totalMs, slaMs },
        fix: 'Begin with the finding that could save the most time.',
      }),
    ];
  },
});
