import { formatBytes, formatCount, formatCounted } from '../../shared/format.ts';
import type { Json, PlanNode } from '../../shared/report.ts';
import type { Discovery, Remark, RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { hashMemMultiplier, poolingProcesses } from './hashMemory.ts';
import { weighSpill } from './spillCost.ts';
import { bytesPerKilobyte, numberDetail, workMemSetting, aboutRows } from './wording.ts';
import { aboutWord } from '../../shared/precision.ts';

/**
 * Memory of a hash aggregate beside its groups' data, per group: entry, transition state and the buckets, which
 * double as they grow. Measured on PostgreSQL 14 and 18: enough on both, at most twice too much.
 */
const bytesPerGroup = 112;

/**
 * A hash table, of a join or an aggregate, that did not fit into its memory and went through temporary files.
 * Why: what does not fit is written to disk in batches, and worked on one batch after the other.
 * Threshold: more than one batch of a join; anything on disk of an aggregate.
 * Trap: hash tables may take work_mem times hash_mem_multiplier, which is 2 from PostgreSQL 15 on; parallel ones share
 * the sum of all processes'.
 * Savable: the time of the files where it was measured, else a fifth of the own time of the hash and its join, or of
 * the aggregate: the hashing itself stays.
 * Fix: the work_mem that would hold it, or fewer rows.
 */
export const hashSpill = defineNodeRule({
  id: 'hash-spill',
  supersedes: ['temp-files'],
  types: ['Hash', 'Aggregate'],
  check: (node, context) => (node.type === 'Hash' ? checkJoin(node, context) : checkAggregate(node, context)),
});

/** Batches are of equal size but for skew: all of them together take the peak of one times their number. */
function checkJoin(node: PlanNode, context: RuleContext): readonly Discovery[] {
  const batches = numberDetail(node, 'Hash Batches') ?? 1;
  if (batches <= 1) return [];
  const tableBytes = (numberDetail(node, 'Peak Memory Usage') ?? 0) * bytesPerKilobyte * batches;
  return [
    discover(node, context, {
      title: `Hash table is split into ${formatCount(batches)} batches`,
      what: `The hash table of ${aboutRows(node, node.rows ?? 0)} did not fit into memory, so both sides of the join went through temporary files`,
      neededBytes: tableBytes / poolingProcesses(node, context),
      evidence: { batches, originalBatches: numberDetail(node, 'Original Hash Batches') ?? batches },
    }),
  ];
}

function checkAggregate(node: PlanNode, context: RuleContext): readonly Discovery[] {
  const perProcess = [node.details, ...(node.workers ?? []).map((worker) => worker.details)];
  const disk = perProcess.map((details) => kilobytes(details, 'Disk Usage') * bytesPerKilobyte);
  const largest = Math.max(...disk);
  if (largest === 0) return [];
  const diskInAll = disk.reduce((sum, bytes) => sum + bytes, 0);
  const groups = (node.rows ?? 0) / (node.loops ?? 1);
  const peak =
    Math.max(...perProcess.map((details) => kilobytes(details, 'Peak Memory Usage'))) * bytesPerKilobyte;
  return [
    discover(node, context, {
      title: `Hash aggregate spills ${formatBytes(diskInAll)} to disk`,
      what: `Grouping into ${aboutWord(node, node.rows ?? 0)}${formatCounted(node.rows ?? 0, 'group')} did not fit into memory and used temporary files`,
      neededBytes: largest + peak + bytesPerGroup * groups,
      evidence: { diskBytes: diskInAll, batches: numberDetail(node, 'HashAgg Batches') ?? 1 },
    }),
  ];
}

interface Spill {
  readonly title: string;
  readonly what: string;
  readonly neededBytes: number;
  readonly evidence: Remark['evidence'];
}

/**
 * Hash tables may take work_mem times hash_mem_multiplier. Where the plan does not tell it, the figure named holds
 * everywhere, and the one for PostgreSQL 15 and later is beside it.
 */
function discover(node: PlanNode, context: RuleContext, spill: Spill): Discovery {
  const multiplier = hashMemMultiplier(context.plan);
  const workMem = workMemSetting(spill.neededBytes / (multiplier ?? 1));
  const half = workMemSetting(spill.neededBytes / 2);
  const newer =
    multiplier === undefined ? ` (${half} from PostgreSQL 15 on, where hashing may take twice work_mem)` : '';
  const join = node.type === 'Hash' ? context.parentOf(node) : undefined;
  return context.discover({
    node,
    ...weighSpill(context, node, ...(join ? [join] : [])),
    title: spill.title,
    detail: `${spill.what}. A work_mem of about ${workMem} would hold it${newer}.`,
    evidence: { ...spill.evidence, neededBytes: Math.round(spill.neededBytes), workMem },
    fix: `SET work_mem = '${workMem}' for this statement spares the files; fewer rows into it spare the hashing, too.`,
    ...(join && { covers: [join] }),
  });
}

function kilobytes(details: Readonly<Record<string, Json>>, key: string): number {
  return Number(details[key] ?? 0) || 0;
}
