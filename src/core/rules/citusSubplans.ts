import { formatCounted, formatMs } from '../../shared/format.ts';
import { subplansOf } from './citus.ts';
import { defineNodeRule } from './rule.ts';
import { list } from './wording.ts';

/** A tenth of the time is what makes a part remarkable. */
const shareOfTime = 0.1;

/**
 * Parts of a distributed query that are computed first, gathered on the coordinator and sent to the workers again.
 * Why: CTEs and sub-queries that do not follow the distribution column cannot run where the rows are.
 * Threshold: a tenth of the execution.
 * Trap: their time is the coordinator's, so it compares with this plan's; that of their remote plans does not.
 * Savable: the time of these parts.
 * Fix: join and filter by the distribution column, or make small tables reference tables.
 */
export const citusSubplans = defineNodeRule({
  id: 'citus-subplans',
  types: ['Custom Scan'],
  check: (node, context) => {
    const subplans = subplansOf(node);
    const ms = subplans.reduce((sum, subplan) => sum + subplan.ms, 0);
    if (subplans.length === 0 || (context.shareOf(ms) ?? 0) < shareOfTime) return [];
    const results = subplans.flatMap(
      ({ size, destination }) => [size, whereTo(destination)].filter(Boolean).join(' ') || [],
    );
    const count = subplans.length;
    return context.discover({
      node,
      savableMs: Math.min(ms, context.totalMs ?? ms),
      title: `${formatCounted(count, 'part')} of the distributed query ${count === 1 ? 'is' : 'are'} computed first, in ${formatMs(ms)}`,
      detail: `The query itself could only begin when ${count === 1 ? 'its result was' : 'their results were'} gathered on the coordinator${results.length === 0 ? '' : `: ${list(results)}`}. That took ${formatMs(ms)}${context.shareText(ms)}.`,
      evidence: { subplans: subplans.length, subplansMs: ms, shareLimit: shareOfTime },
      fix: 'Join and filter by the distribution column, so that each part can run where its rows are; or make a small table a reference table.',
    });
  },
});

/** Citus says "Send to 2 nodes" or "Write locally". */
function whereTo(destination: string | undefined): string | undefined {
  if (destination === 'Write locally') return 'kept there';
  return destination?.startsWith('Send to ') === true
    ? `sent on to ${destination.slice('Send to '.length)}`
    : destination;
}
