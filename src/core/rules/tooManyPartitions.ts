import { formatCount, formatCounted, formatMs } from '../../shared/format.ts';
import { partitionedScans } from './partitions.ts';
import { defineRule } from './rule.ts';

/** The manual's "a few thousand" is for plans that prune at once; each partition planned costs some 50 µs. */
const manyPartitions = 100;
/** Planning that takes less is not noticed. */
const feltPlanningMs = 10;
/** Planning dearer than a fifth of what it plans is no bargain. */
const planningShare = 0.2;

/**
 * A plan over so many partitions that planning itself takes long.
 * Why: every partition that cannot be ruled out while planning is opened, locked and planned for.
 * Threshold: 100 partitions planned, and 10 ms of planning that are a fifth of all.
 * Trap: partitions ruled out while planning are not in the plan, and cost little.
 * Savable: the planning time.
 * Fix: a constant for the partition key in the condition, a prepared statement, or fewer and larger partitions.
 */
export const tooManyPartitions = defineRule({
  id: 'too-many-partitions',
  supersedes: ['planning-dearer-than-execution'],
  check: (context) => {
    const { planningMs } = context.plan;
    const wholeMs = (planningMs ?? 0) + (context.totalMs ?? 0);
    if (planningMs === undefined || planningMs < feltPlanningMs || planningMs / wholeMs < planningShare)
      return [];
    return context
      .once(partitionedScans)
      .filter(({ planned }) => planned >= manyPartitions)
      .flatMap(({ append, name, planned, scans }) =>
        context.discover({
          node: append,
          savableMs: planningMs,
          severity: context.severityOf(planningMs, wholeMs),
          title: `${formatCount(planned)} partitions of ${name} are planned for`,
          detail: `Planning took ${formatMs(planningMs)}, and ${formatCounted(scans.length, 'partition')} ${scans.length === 1 ? 'was' : 'were'} read.`,
          evidence: {
            partitionsPlanned: planned,
            partitionsRead: scans.length,
            planningMs,
            partitionsLimit: manyPartitions,
            planningMsLimit: feltPlanningMs,
            planningShareLimit: planningShare,
          },
          fix: 'Give the partition key a constant in the condition, so that planning rules the others out; prepare the statement; or make partitions fewer and larger.',
        }),
      );
  },
});
