import { formatCount, formatMs, formatPercent } from '../../shared/format.ts';
import { partitionedScans } from './partitions.ts';
import { defineRule } from './rule.ts';
import { quote, textDetail } from './wording.ts';

/** Two or three partitions too many are no harm. */
const emptyPartitions = 4;
/** Where most partitions hold nothing that is wanted, the condition is about something else than the partition key. */
const emptyShare = 0.5;

/**
 * Partitions that were read although they hold nothing that the statement wants.
 * Why: without a condition on the partition key, as it stands in the partitions' bounds, all of them must be searched.
 * Threshold: 4 partitions, and half of those read, from which no row came.
 * Trap: a scan without a condition wants them all; partitions that were skipped at run time count as pruned.
 * Savable: the time of the scans that found nothing.
 * Fix: a condition on the partition key itself, not on something computed from it.
 */
export const partitionsNotPruned = defineRule({
  id: 'partitions-not-pruned',
  check: (context) =>
    context.once(partitionedScans).flatMap(({ append, name, scans, planned }) => {
      const empty = scans.filter((scan) => scan.rows === 0);
      const condition = scans
        .map((scan) => textDetail(scan, 'Filter') ?? textDetail(scan, 'Index Cond'))
        .find(Boolean);
      if (
        empty.length < emptyPartitions ||
        empty.length / scans.length < emptyShare ||
        condition === undefined
      )
        return [];
      const timed = empty.some(({ totalMs }) => totalMs !== undefined);
      const savableMs = timed ? empty.reduce((sum, { totalMs }) => sum + (totalMs ?? 0), 0) : undefined;
      const time =
        savableMs === undefined ? '' : ` They took ${formatMs(savableMs)}${context.shareText(savableMs)}.`;
      return context.discover({
        node: append,
        savableMs,
        title: `${formatCount(empty.length)} of ${formatCount(scans.length)} partitions of ${name} are read in vain`,
        detail: `The condition ${quote(condition)} does not say in which partitions its rows are, and ${formatPercent(empty.length / scans.length)} of those read had none.${time}`,
        evidence: {
          partitionsRead: scans.length,
          partitionsWithoutRows: empty.length,
          partitionsPlanned: planned,
          emptyLimit: emptyPartitions,
          emptyShareLimit: emptyShare,
          condition,
        },
        fix: 'Add a condition on the partition key itself (a range of it, not a function of it): partitions outside are then not read.',
        clause: (clauses) =>
          clauses.ofCondition(
            context.conditionOf(scans[0]!, 'Filter') ?? context.conditionOf(scans[0]!, 'Index Cond'),
            scans[0]!,
          ),
      });
    }),
});
