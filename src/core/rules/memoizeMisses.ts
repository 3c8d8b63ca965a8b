import { formatCount, formatMs, formatPercent } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { countInAllProcesses, textDetail } from './wording.ts';

/** Fewer look-ups cost nothing that one could notice. */
const lookups = 1000;
/** A cache that answers less than one in ten costs about what it saves. */
const missedShare = 0.9;
/** Where entries were thrown out for want of memory, half of the look-ups missing is worth more memory. */
const missedShareWithEvictions = 0.5;

/**
 * A Memoize that seldom finds what it is asked for.
 * Why: the planner expected the same keys to come back; they do not, or are thrown out before they do.
 * Threshold: of 1,000 look-ups nine tenths missed; half, where entries were thrown out.
 * Trap: each key has to be looked up once: a few distinct keys miss a few times only.
 * Savable: the Memoize's own time; with evictions also the part of what is below that was looked up again.
 * Fix: more memory (hash_mem_multiplier, work_mem) where entries were thrown out; else better statistics on the key.
 */
export const memoizeMisses = defineNodeRule({
  id: 'memoize-misses',
  types: ['Memoize'],
  check: (node, context) => {
    const hits = countInAllProcesses(node, 'Cache Hits');
    const misses = countInAllProcesses(node, 'Cache Misses');
    const evictions =
      countInAllProcesses(node, 'Cache Evictions') + countInAllProcesses(node, 'Cache Overflows');
    const asked = hits + misses;
    const limit = evictions > 0 ? missedShareWithEvictions : missedShare;
    if (asked < lookups || misses / asked < limit) return [];
    const belowMs = evictions > 0 && node.totalMs !== undefined ? node.totalMs - (node.selfMs ?? 0) : 0;
    const savableMs =
      node.selfMs === undefined
        ? undefined
        : node.selfMs + belowMs * Math.min(1, evictions / Math.max(1, misses));
    const time =
      savableMs === undefined
        ? ''
        : ` At most ${formatMs(savableMs)}${context.shareText(savableMs)} could be saved.`;
    const key = textDetail(node, 'Cache Key');
    return context.discover({
      node,
      savableMs,
      title: `Memoize misses ${formatPercent(misses / asked)} of ${formatCount(asked)} look-ups`,
      detail:
        (evictions > 0
          ? `${formatCount(evictions)} entries did not fit or were thrown out to make room.`
          : `Hardly any value of ${key ?? 'its key'} came twice, so remembering results was in vain.`) + time,
      evidence: {
        cacheKey: key,
        hits,
        misses,
        evictions,
        lookupsLimit: lookups,
        missedShareLimit: limit,
      },
      fix:
        evictions > 0
          ? 'Give it more memory: raise work_mem or hash_mem_multiplier for this statement.'
          : 'Run ANALYZE on the outer table, so that the planner knows how many different keys there are; SET enable_memoize = off shows what the plan is without.',
    });
  },
});
