import { formatBytes, formatCount } from '../../shared/format.ts';
import type { Json, PlanNode } from '../../shared/report.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineRule } from './rule.ts';
import { workMemSetting } from './wording.ts';

/**
 * What sorting in memory takes beside twice the size on disk, per row: its slot in the array of tuples (24 bytes, the
 * array doubles as it grows) and the allocator's header. Measured on PostgreSQL 14 and 18 with narrow and wide rows:
 * enough on both, at most 1.8 times too much.
 */
const bytesPerRow = 64;
const sizeInMemory = 2;

/**
 * A sort that did not fit into work_mem and went through temporary files.
 * Savable: the sort's own time; sorting in memory takes some of it too.
 */
export const sortSpill = defineRule({
  id: 'sort-spill',
  check: (context) =>
    context.nodes
      .filter((node) => node.type === 'Sort' || node.type === 'Incremental Sort')
      .flatMap((node) => checkSort(node, context)),
});

function checkSort(node: PlanNode, context: RuleContext): readonly Discovery[] {
  const perProcess = [node.details, ...(node.workers ?? []).map((worker) => worker.details)].map(diskBytes);
  const largest = Math.max(...perProcess);
  if (largest === 0) return [];
  const diskInAll = perProcess.reduce((sum, bytes) => sum + bytes, 0);
  const spilling = perProcess.filter((bytes) => bytes > 0).length;
  // work_mem is per process and per loop: what counts is the largest sort, and the rows it held.
  const rows =
    ((node.rows ?? 0) / (node.loops ?? 1)) *
    (node.workers ? (node.processes ?? 1) : 1) *
    (largest / diskInAll);
  const neededBytes = sizeInMemory * largest + bytesPerRow * rows;
  const workMem = workMemSetting(neededBytes);
  const where = spilling > 1 ? ` in ${spilling} processes` : '';
  const key = node.details['Sort Key'];
  const keys = Array.isArray(key) ? key.join(', ') : 'its key';
  return [
    {
      severity: context.severityOf(node.selfMs),
      nodeId: node.id,
      title: `Sort spills ${formatBytes(diskInAll)} to disk`,
      detail:
        `Sorting ${formatCount(node.rows ?? 0)} rows by ${keys} did not fit into work_mem and used temporary files${where}. ` +
        `A work_mem of about ${workMem} would hold it.`,
      evidence: { diskBytes: diskInAll, neededBytes: Math.round(neededBytes), workMem, rows: node.rows ?? 0 },
      ...(node.selfMs === undefined ? {} : { savableMs: node.selfMs }),
      fix: `SET work_mem = '${workMem}' for this statement, or an index that returns the rows in this order.`,
    },
  ];
}

const bytesPerKilobyte = 1024;

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
