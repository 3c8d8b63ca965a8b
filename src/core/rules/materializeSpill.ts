import { blockBytes, formatBytes, formatCounted } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { defineNodeRule } from './rule.ts';
import { weighSpill } from './spillCost.ts';
import {
  bytesPerKilobyte,
  keptRowsBytes,
  nodeName,
  numberDetail,
  runsOf,
  textDetail,
  workMemSetting,
} from './wording.ts';

/** Nodes that keep rows in a tuple store. */
const stores = [
  'Materialize',
  'CTE Scan',
  'WindowAgg',
  'Function Scan',
  'Table Function Scan',
  'Recursive Union',
] as const;

/**
 * Rows kept for reading again (Materialize, a CTE, a window, a function's result) that did not fit into work_mem.
 * Why: they are written to a temporary file and read from it each time.
 * Threshold: anything written.
 * Trap: several scans of one CTE share one store: the scan that wrote it is named.
 * Savable: the time of the files where it was measured, else a fifth of the node's own: the keeping itself stays.
 * Fix: the work_mem that would hold them, or fewer and narrower rows.
 */
export const materializeSpill = defineNodeRule({
  id: 'materialize-spill',
  supersedes: ['temp-files'],
  types: stores,
  check: (node, context) => {
    const stored = storedBytes(node);
    if (stored === 0) return [];
    const rows = storedRows(node);
    const neededBytes = keptRowsBytes(stored, rows);
    const workMem = workMemSetting(neededBytes);
    return context.discover({
      node,
      ...weighSpill(context, node),
      title: `${nodeName(node)} spills ${formatBytes(stored)} to disk`,
      detail: `The ${formatCounted(rows, 'row')} kept for reading again did not fit into work_mem and went through a temporary file. A work_mem of about ${workMem} would hold them.`,
      evidence: { diskBytes: stored, rows, neededBytes: Math.round(neededBytes), workMem },
      fix: `SET work_mem = '${workMem}' for this statement, or keep fewer and narrower rows.`,
    });
  },
});

/** From 18 on the node says so; before, its temporary blocks do. */
function storedBytes(node: PlanNode): number {
  const written = node.selfBuffers?.tempWritten ?? 0;
  if (textDetail(node, 'Storage') === undefined) return (written * blockBytes) / Math.max(1, runsOf(node));
  if (textDetail(node, 'Storage') !== 'Disk') return 0;
  // All scans of a CTE say "Disk": the one that filled it wrote the blocks.
  if (node.type === 'CTE Scan' && node.selfBuffers !== undefined && written === 0) return 0;
  return (numberDetail(node, 'Maximum Storage') ?? 0) * bytesPerKilobyte;
}

/** Of one run; a CTE's scan has read what it did not return, too. */
function storedRows(node: PlanNode): number {
  return Math.round(((node.rows ?? 0) + (node.rowsRemoved ?? 0)) / Math.max(1, node.loops ?? 1));
}
