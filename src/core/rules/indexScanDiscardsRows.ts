import { formatPercent } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { discardedRows, discardedShare } from './discardingScan.ts';
import { savableOfBitmapScan } from './indexGain.ts';
import { indexRemedyFor } from './indexRemedy.ts';
import type { RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName, numberDetail, shortName, textDetail, aboutRows } from './wording.ts';

/** Those that fetch rows by an index and may filter them afterwards. */
export const indexScanTypes = ['Index Scan', 'Index Only Scan', 'Bitmap Heap Scan'];

/**
 * An index that leads to many rows of which a filter then throws most away: the wrong index, or one that lacks a column.
 * Why: each row that an index leads to is fetched from the table, block by block, only to be discarded.
 * Threshold: four fifths of at least 1,000 fetched rows fail the filter.
 * Trap: rows that only a recheck removes are another matter (index-recheck-removes-rows, bitmap-lossy). Where no index
 * can answer the filter, it is a note that saves nothing.
 * Savable: the scan's own time, as far as it went into discarded rows; of a bitmap scan, half of it goes by pages, and
 * those that hold kept rows are visited anyway.
 * Fix: an index that holds the filtered column too, or a partial index whose WHERE is the filter.
 */
export const indexScanDiscardsRows = defineNodeRule({
  id: 'index-scan-discards-rows',
  supersedes: ['rows-removed-by-filter'],
  types: indexScanTypes,
  check: (node, context) => {
    const scan = discardingIndexScan(node, context, discardedShare);
    if (scan === undefined) return [];
    const { index, removed, read, savableMs } = scan;
    const remedy = indexRemedyFor(context.conditionOf(node, 'Filter'), node);
    return context.discover({
      node,
      savableMs: remedy.helps ? savableMs : undefined,
      ...(!remedy.helps && { severity: 'info' }),
      title: `Index ${index} leads to ${aboutRows(node, read)}, and ${formatPercent(removed / read)} of them are discarded`,
      detail: `The filter of ${nodeName(node)} is checked only after each row was fetched from the table.${context.timeText(node, 'The scan itself took')}`,
      evidence: {
        index,
        rowsFetched: read,
        rowsDiscarded: removed,
        discardedShareLimit: discardedShare,
        condition: textDetail(node, 'Filter'),
      },
      fix:
        remedy.fix ??
        'An index that holds the filtered column too, or a partial index on the rows that the filter keeps, would lead to those only.',
      clause: (clauses) => clauses.ofCondition(context.conditionOf(node, 'Filter'), node),
    });
  },
});

export interface DiscardingIndexScan {
  readonly index: string;
  readonly removed: number;
  readonly read: number;
  readonly savableMs: number | undefined;
}

/** The scan, if its filter removes at least this share of what it fetches. */
export function discardingIndexScan(
  node: PlanNode,
  context: RuleContext,
  share: number,
): DiscardingIndexScan | undefined {
  if ((node.rowsRemoved ?? 0) < discardedRows) return undefined;
  const removed = Math.round((numberDetail(node, 'Rows Removed by Filter') ?? 0) * (node.loops ?? 0));
  const read = removed + (node.rows ?? 0);
  if (removed < discardedRows || removed / read < share) return undefined;
  const index = node.index ?? context.childrenOf(node).find((child) => child.index !== undefined)?.index;
  const byRows = node.selfMs === undefined ? undefined : node.selfMs * (removed / read);
  const savableMs =
    node.type === 'Bitmap Heap Scan' ? savableOfBitmapScan(node, read - removed, read) : byRows;
  return { index: shortName(index ?? 'of the scan'), removed, read, savableMs };
}
