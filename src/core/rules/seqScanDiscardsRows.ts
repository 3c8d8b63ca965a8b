import { formatBlocks, formatCount, formatMs, formatPercent } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineRule } from './rule.ts';
import { tableName, textDetail } from './wording.ts';

/** Where a table is read whole for a fifth of it or less, an index usually wins; above, reading in order does. */
const discardedShare = 0.8;
/** A table of a few pages is read faster than an index is descended. */
const discardedRows = 1000;

/**
 * A sequential scan that throws most of what it reads away: the access path is wrong for the condition.
 * Savable: the scan's own time, as far as it went into discarded rows; the kept ones have to be read anyway.
 */
export const seqScanDiscardsRows = defineRule({
  id: 'seq-scan-discards-rows',
  check: (context) =>
    context.nodes
      .filter((node) => node.type === 'Seq Scan' && textDetail(node, 'Filter') !== undefined)
      .flatMap((node) => checkScan(node, context)),
});

function checkScan(node: PlanNode, context: RuleContext): readonly Discovery[] {
  const kept = node.rows ?? 0;
  const removed = node.rowsRemoved ?? 0;
  const read = kept + removed;
  if (removed < discardedRows || removed / read < discardedShare) return [];
  const table = tableName(node) ?? 'a table';
  const savableMs = node.selfMs === undefined ? undefined : node.selfMs * (removed / read);
  const blocks = node.selfBuffers && node.selfBuffers.sharedHit + node.selfBuffers.sharedRead;
  const size = blocks === undefined ? 'the table' : `${formatCount(blocks)} blocks (${formatBlocks(blocks)})`;
  const time =
    node.selfMs === undefined
      ? ''
      : ` Going through ${size} took ${formatMs(node.selfMs)}${context.shareText(node.selfMs)}.`;
  const runs = Math.round((node.loops ?? 1) / (node.processes ?? 1));
  const repeated = runs > 1 ? ` The table was read ${formatCount(runs)} times.` : '';
  return [
    {
      severity: context.severityOf(savableMs),
      nodeId: node.id,
      title: `Sequential scan on ${table} keeps ${kept === 0 ? 'nothing' : formatPercent(kept / read)} of what it reads`,
      detail: `${formatCount(removed)} of ${formatCount(read)} rows fail the filter after they were read.${time}${repeated}`,
      evidence: {
        table,
        rowsRead: read,
        rowsKept: kept,
        rowsDiscarded: removed,
        discardedShareLimit: discardedShare,
        ...(blocks === undefined ? {} : { blocks }),
      },
      ...(savableMs === undefined ? {} : { savableMs }),
      fix: 'An index that answers the filter would spare reading the rows that fail it.',
    },
  ];
}
