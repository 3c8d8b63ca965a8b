/** How much of a scan's time an index could spare: less than the share of rows it discards, for pages hold many rows. */
import type { PlanNode } from '../../shared/report.ts';
import type { Condition } from './condition.ts';
import { runsOf } from './wording.ts';

/**
 * Half of the time of a warm scan goes into its pages, and a row that an index leads to costs as much as three read in
 * order. Measured on PostgreSQL 15 with tables of some 90 rows a page: an index for an eighth of the rows took a scan
 * of 29.4 ms to 25.3 ms (this says 26), one for a fifth 53.6 ms to 58.6 ms (59), one for a week's rows, which lie
 * together, 42 ms to 3.5 ms (2.5).
 */
const pageShare = 0.5;
const indexedRowCost = 3;

/**
 * The part of a sequential scan's own time that an index for `condition` could spare at best. Rows that equal something
 * lie anywhere; those within bounds, and those of which nothing is known, may lie together.
 */
export function savableByIndex(scan: PlanNode, condition: Condition | undefined): number | undefined {
  const kept = scan.rows ?? 0;
  return savableForRows(scan, kept, isScattered(condition) ? 'anywhere' : 'together');
}

/** The same, where the rows that would be kept are known otherwise: those that a join above finds partners for. */
export function savableForRows(
  scan: PlanNode,
  kept: number,
  place: 'anywhere' | 'together',
): number | undefined {
  const read = (scan.rows ?? 0) + (scan.rowsRemoved ?? 0);
  if (scan.selfMs === undefined || read === 0) return undefined;
  const keptShare = Math.min(1, kept / read);
  const pages = place === 'anywhere' ? visitedShare(scan, kept / runsOf(scan)) : undefined;
  const stillTaken = pageShare * (pages ?? keptShare) + indexedRowCost * keptShare;
  return scan.selfMs * Math.max(0, 1 - stillTaken);
}

/** The same for a bitmap scan that would get rid of what its filter discards: rows are led to already. */
export function savableOfBitmapScan(scan: PlanNode, kept: number, read: number): number | undefined {
  if (scan.selfMs === undefined || read === 0) return undefined;
  const keptShare = kept / read;
  const pages = visitedShare(scan, kept / runsOf(scan)) ?? keptShare;
  return scan.selfMs * Math.max(0, 1 - pageShare * pages - (1 - pageShare) * keptShare);
}

/**
 * The part of the scan's pages that hold one of so many rows, which lie anywhere: as many rows as pages are on 63 % of
 * them. Undefined without BUFFERS.
 */
function visitedShare(scan: PlanNode, rows: number): number | undefined {
  const buffers = scan.selfBuffers;
  const pages = buffers && (buffers.sharedHit + buffers.sharedRead) / runsOf(scan);
  return pages === undefined || pages <= 0 ? undefined : 1 - Math.exp(-rows / pages);
}

function isScattered(condition: Condition | undefined): boolean {
  return condition !== undefined && condition.every(({ kind }) => kind !== 'range');
}
