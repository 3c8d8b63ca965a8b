import { formatMs } from '../../shared/format.ts';
import { defineRule } from './rule.ts';

/** This many times over the limit, nobody calls it a near miss. */
const criticalRatio = 5;

/**
 * Execution above the limit that the user set (1 s unless changed).
 * Savable: not said; the other findings tell where the time can come from.
 */
export const slowExecution = defineRule({
  id: 'slow-execution',
  check: ({ plan, slaMs, totalMs }) => {
    if (!plan.analyzed || totalMs === undefined || totalMs <= slaMs) return [];
    const ratio = totalMs / slaMs;
    return [
      {
        severity: ratio >= criticalRatio ? 'critical' : 'warning',
        title: `Execution takes ${formatMs(totalMs)}, above the limit of ${formatMs(slaMs)}`,
        detail: `The statement ran ${ratio.toFixed(1)} times as long as your limit allows.`,
        evidence: { executionMs: totalMs, slaMs },
        fix: 'Begin with the finding that could save the most time.',
      },
    ];
  },
});
