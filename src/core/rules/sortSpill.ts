import { formatBytes, formatCounted } from '../../shared/format.ts';
import type { Json, PlanNode } from '../../shared/report.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { weighSpill } from './spillCost.ts';
import { bytesPerKilobyte, keptRowsBytes, textsDetail, workMemSetting } from './wording.ts';

/**
 * A sort that did not fit into work_mem and went through temporary files.
 * Why: sorted runs are written to disk and merged from there.
 * Threshold: anything on disk, in the leader or in a worker.
 * Trap: work_mem is per process and sort: what counts is the largest one, not their sum. Below a Limit fewer rows are
 * returned than were sorted: what counts is what came in.
 * Savable: the time of the files where it was measured, else a fifth of the sort's own: the sorting itself stays.
 * Fix: the work_mem that would hold it, or an index that returns the rows in this order.
 */
export const sortSpill = defineNodeRule({
  id: 'sort-spill',
  supersedes: ['temp-files'],
  types: ['Sort', 'Incremental Sort'],
  check: checkSort,
});

function checkSort(node: PlanNode, context: RuleContext): readonly Discovery[] {
  const perProcess = [node.details, ...(node.workers ?? []).map((worker) => worker.details)].map(diskBytes);
  const largest = Math.max(...perProcess);
  if (largest === 0) return [];
  const diskInAll = perProcess.reduce((sum, bytes) => sum + bytes, 0);
  const spilling = perProcess.filter((bytes) => bytes > 0).length;
  // work_mem is per process and per loop: what counts is the largest sort, and the rows it held.
  const sorted = context.inputsOf(node)[0]?.rows ?? node.rows ?? 0;
  const rows =
    (sorted / (node.loops ?? 1)) * (node.workers ? (node.processes ?? 1) : 1) * (largest / diskInAll);
  const neededBytes = keptRowsBytes(largest, rows);
  const workMem = workMemSetting(neededBytes);
  const where = spilling > 1 ? ` in ${spilling} processes` : '';
  const keys = textsDetail(node, 'Sort Key');
  return [
    context.discover({
      node,
      ...weighSpill(context, node),
      title: `Sort spills ${formatBytes(diskInAll)} to disk`,
      detail:
        `Sorting ${formatCounted(sorted, 'row')} by ${keys.join(', ') || 'its key'} did not fit into work_mem and used temporary files${where}. ` +
        `A work_mem of about ${workMem} would hold it.`,
      evidence: { diskBytes: diskInAll, neededBytes: Math.round(neededBytes), workMem, rows: sorted },
      fix: `SET work_mem = '${workMem}' for this statement spares the files; an index that returns the rows in this order would spare the sorting, too.`,
      clause: (clauses) => clauses.ofSortKeys(keys),
    }),
  ];
}

/** Sort has one figure, Incremental Sort the peak of its groups of either kind. */
function diskBytes(details: Readonly<Record<string, Json>>): number {
  const ofSort = details['Sort Space Type'] === 'Disk' ? Number(details['Sort Space Used']) : 0;
  const ofGroups = ['Full-sort Groups', 'Pre-sorted Groups'].map((key) =>
    Number(field(field(details[key], 'Sort Space Disk'), 'Peak Sort Space Used') ?? 0),
  );
  return Math.max(ofSort || 0, ...ofGroups.map((kilobytes) => kilobytes || 0)) * bytesPerKilobyte;
}

function field(value: Json | undefined, key: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)[key]
    : undefined;
}
