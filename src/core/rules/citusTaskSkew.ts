import { formatCount, formatFactor, formatMs } from '../../shared/format.ts';
import { isSubplan, placeName } from '../../shared/remotePlace.ts';
import { groupBy } from '../../shared/groupBy.ts';
import { defineRule } from './rule.ts';

/** One task twice as long as the average is the one that all wait for. */
const skewFactor = 2;
/** Less is within the noise of a network. */
const skewMs = 10;

/**
 * A distributed query of which one task takes much longer than the others.
 * Why: the query waits for its slowest shard.
 * Threshold: the slowest task twice as long as the average, and 10 ms more.
 * Trap: Citus shows one task unless citus.explain_all_tasks is on, and the slowest then: nothing to compare. Each task
 * runs by the clock of its worker.
 * Savable: not said: remote times do not compare with this plan's.
 * Fix: a distribution column that spreads the rows, or the slow worker's own trouble.
 */
export const citusTaskSkew = defineRule({
  id: 'citus-task-skew',
  check: (context) => {
    const localIds = new Set(context.ofType('Custom Scan').map(({ id }) => id));
    if (localIds.size === 0) return [];
    const roots = context.plan.nodes.filter(
      (node) => node.distributed !== undefined && !isSubplan(node) && localIds.has(node.parentId ?? ''),
    );
    return [...groupBy(roots, ({ parentId }) => parentId)].flatMap(([parentId, tasks]) => {
      const timed = tasks.flatMap((task) => (task.totalMs === undefined ? [] : { task, ms: task.totalMs }));
      const slowest = timed.reduce<(typeof timed)[number] | undefined>(
        (worst, one) => (worst === undefined || one.ms > worst.ms ? one : worst),
        undefined,
      );
      const averageMs = timed.reduce((sum, { ms }) => sum + ms, 0) / timed.length;
      if (slowest === undefined || timed.length < 2) return [];
      if (slowest.ms < averageMs * skewFactor || slowest.ms - averageMs < skewMs) return [];
      const { task } = slowest.task.distributed ?? {};
      return context.discover({
        node: context.nodes.find(({ id }) => id === parentId),
        severity: 'warning',
        title: `Distributed tasks are uneven: task ${task} takes ${formatFactor(slowest.ms / averageMs).slice(1)} times the average`,
        detail: `Of ${formatCount(timed.length)} tasks the slowest (${placeName(slowest.task.distributed ?? {})}) took ${formatMs(slowest.ms)}, and the average ${formatMs(averageMs)}.`,
        evidence: {
          tasks: timed.length,
          slowestTask: task,
          slowestMs: slowest.ms,
          averageMs,
          factorLimit: skewFactor,
          msLimit: skewMs,
        },
        fix: 'See whether one value of the distribution column holds most rows, or whether that worker is slower than the others.',
      });
    });
  },
});
