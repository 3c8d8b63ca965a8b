import { formatFactor, formatMs } from '../../shared/format.ts';
import { parallelTimes } from '../../shared/parallelTimes.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName } from './wording.ts';

/** One process twice as long at work as the average leaves the others idle for half of the time. */
const skewFactor = 2;
/** Less is within what starting a worker takes on a busy machine. */
const skewMs = 20;
/** A leader that did all of it had no workers yet: that is no skew. */
const aloneShare = 0.9;

/**
 * A parallel part of which one process does most of the work.
 * Why: the others wait for the slowest; its time is the time of the whole.
 * Threshold: the slowest process twice as long at work as the average, and 20 ms more.
 * Trap: processes are told apart in VERBOSE plans only. A leader that did nine tenths alone had workers that came too
 * late (parallelism-harmful).
 * Savable: what the slowest process took beyond the average.
 * Fix: the work is dealt out by blocks, partitions or groups: look for the one that holds most.
 */
export const parallelSkew = defineNodeRule({
  id: 'parallel-skew',
  types: ['Gather', 'Gather Merge'],
  check: (gather, context) => {
    const node = context.inputsOf(gather)[0];
    const times = node && parallelTimes(node);
    if (node === undefined || times?.slowest === undefined) return [];
    const { processes, sumMs, averageMs, slowest } = times;
    const { ms: slowestMs, leaderMs } = slowest;
    if (slowestMs < averageMs * skewFactor || slowestMs - averageMs < skewMs) return [];
    if (leaderMs >= sumMs * aloneShare) return [];
    const who = slowest.who === 'the leader' ? slowest.who : 'one worker';
    return context.discover({
      node,
      savableMs: Math.min(slowestMs - averageMs, context.totalMs ?? Infinity),
      title: `Parallel work is uneven: ${who} takes ${formatFactor(slowestMs / averageMs).slice(1)} times the average`,
      detail: `Of ${Math.round(processes)} processes at ${nodeName(node)}, ${who} was at work for ${formatMs(slowestMs)}, and the average for ${formatMs(averageMs)}.`,
      evidence: { processes, slowestMs, averageMs, leaderMs, factorLimit: skewFactor, msLimit: skewMs },
      fix: 'Work is dealt out by blocks, partitions or groups: look for the one that holds most of it, or that came last.',
    });
  },
});
