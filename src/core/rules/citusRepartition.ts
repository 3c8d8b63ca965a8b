import { formatCount, formatCounted } from '../../shared/format.ts';
import { jobOf, repartitionJobsOf } from './citus.ts';
import { defineNodeRule } from './rule.ts';

/**
 * A Citus query that moves rows between workers before it can join them.
 * Why: the tables are not distributed by the joined column, so rows are split anew and sent over the network.
 * Threshold: any repartition.
 * Trap: the remote plans' times are of other clocks, so how long it took is not known here.
 * Savable: not said.
 * Fix: distribute both tables by the joined column (colocation), or make the smaller one a reference table.
 */
export const citusRepartition = defineNodeRule({
  id: 'citus-repartition',
  types: ['Custom Scan'],
  check: (node, context) => {
    const job = jobOf(node);
    const moves = job === undefined ? [] : repartitionJobsOf(job);
    if (moves.length === 0) return [];
    const tasks = moves.reduce((sum, move) => sum + (Number(move['Map Task Count'] ?? 0) || 0), 0);
    return context.discover({
      node,
      severity: 'warning',
      title: `Distributed query repartitions its rows by ${formatCounted(tasks, 'task')}`,
      detail: `Rows are split by the joined column and sent between workers, ${moves.length === 1 ? 'once' : `${formatCount(moves.length)} times`}, before the join can begin.`,
      evidence: { repartitions: moves.length, mapTasks: tasks },
      fix: 'Distribute both tables by the column that joins them (colocate_with), or make the smaller one a reference table.',
    });
  },
});
