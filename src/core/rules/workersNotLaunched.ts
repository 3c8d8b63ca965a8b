import { formatMs } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName, numberDetail } from './wording.ts';

/**
 * A parallel part that got fewer workers than it was planned for.
 * Why: all of max_parallel_workers (or max_worker_processes) were busy; the plan was chosen for more hands.
 * Threshold: one worker missing.
 * Trap: a Gather that was never reached launches none, and a Limit may stop before they are wanted.
 * Savable: the part of its time that the missing workers would have taken over, if work divides evenly.
 * Fix: more workers for the server, or fewer statements that want them at once.
 */
export const workersNotLaunched = defineNodeRule({
  id: 'workers-not-launched',
  types: ['Gather', 'Gather Merge'],
  check: (node, context) => {
    const planned = numberDetail(node, 'Workers Planned') ?? 0;
    const launched = numberDetail(node, 'Workers Launched');
    if (launched === undefined || launched >= planned) return [];
    const input = context.inputsOf(node)[0];
    const hands = Math.max(1, Math.round(input?.processes ?? launched + 1));
    const wanted = hands + planned - launched;
    const savableMs = input?.totalMs === undefined ? undefined : input.totalMs * (1 - hands / wanted);
    const time =
      savableMs === undefined
        ? ''
        : ` The missing ones could have saved ${formatMs(savableMs)}${context.shareText(savableMs)}.`;
    return context.discover({
      node,
      savableMs,
      title: `${nodeName(node)} got ${launched} of ${planned} planned workers`,
      detail: `The server had no more to give when the statement began.${time}`,
      evidence: { workersPlanned: planned, workersLaunched: launched, processes: hands },
      fix: 'Raise max_parallel_workers (within max_worker_processes), or let fewer statements ask for workers at once.',
    });
  },
});
