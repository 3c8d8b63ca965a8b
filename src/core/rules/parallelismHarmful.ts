import { formatCounted, formatMs } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName } from './wording.ts';

/** Less is not noticed. */
const lostMs = 5;

/**
 * A part of the plan that took longer with workers than one process would have needed alone.
 * Why: starting a worker takes milliseconds, and each row goes through shared memory to the leader.
 * Threshold: 5 ms lost.
 * Trap: the time that all processes worked, added up, is what one process would take at most; merging sorted rows is
 * part of the Gather, and would be spent alone, too.
 * Savable: the elapsed time of the Gather less the time that all processes worked.
 * Fix: fewer rows through the Gather, or no workers for this statement.
 */
export const parallelismHarmful = defineNodeRule({
  id: 'parallelism-harmful',
  types: ['Gather', 'Gather Merge'],
  check: (node, context) => {
    const input = context.inputsOf(node)[0];
    if (input?.totalMs === undefined || node.selfMs === undefined) return [];
    // Without the InitPlans that the Gather evaluates: those would take as long anyhow.
    const partMs = node.selfMs + input.totalMs;
    const workMs = input.totalMs * (input.processes ?? 1);
    const savableMs = partMs - workMs;
    if (savableMs < lostMs) return [];
    return context.discover({
      node,
      savableMs,
      title: `${nodeName(node)} takes ${formatMs(savableMs)} longer than one process would have worked alone`,
      detail: `The part took ${formatMs(partMs)}, though all processes together worked ${formatMs(workMs)}: starting workers and passing ${formatCounted(node.rows ?? 0, 'row')} through cost more than sharing the work gave.`,
      evidence: {
        partMs,
        workMs,
        processes: input.processes ?? 1,
        rowsThroughGather: node.rows ?? 0,
        lostMsLimit: lostMs,
      },
      fix: 'SET max_parallel_workers_per_gather = 0 for this statement, or raise parallel_setup_cost and parallel_tuple_cost.',
    });
  },
});
