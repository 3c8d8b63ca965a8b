import { formatCount, formatMs, formatPercent } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { discardedRows, discardedShare } from './discardingScan.ts';
import type { RuleContext } from './rule.ts';
import { defineRule } from './rule.ts';
import { nodeName, numberDetail, shortName, textDetail } from './wording.ts';

/**
 * An index that leads to many rows of which a filter then throws most away: the wrong index, or one that lacks a column.
 * Why: each row that an index leads to is fetched from the table, block by block, only to be discarded.
 * Threshold: four fifths of at least 1,000 fetched rows fail the filter.
 * Trap: rows that only a recheck removes are another matter (index-recheck-removes-rows, bitmap-lossy).
 * Savable: the scan's own time, as far as it went into discarded rows.
 * Fix: an index that holds the filtered column too, or a partial index whose WHERE is the filter.
 */
export const indexScanDiscardsRows = defineRule({
  id: 'index-scan-discards-rows',
  supersedes: ['rows-removed-by-filter'],
  check: (context) =>
    indexScansThatDiscard(context, discardedShare).flatMap(({ node, index, removed, read, savableMs }) =>
      context.discover({
        node,
        savableMs,
        title: `Index ${index} leads to ${formatCount(read)} rows, and ${formatPercent(removed / read)} of them are discarded`,
        detail: `The filter of ${nodeName(node)} is checked only after each row was fetched from the table.${timeText(node, context)}`,
        evidence: {
          index,
          rowsFetched: read,
          rowsDiscarded: removed,
          discardedShareLimit: discardedShare,
          condition: textDetail(node, 'Filter'),
        },
        fix: 'An index that holds the filtered column too, or a partial index on the rows that the filter keeps, would lead to those only.',
        clause: (clauses) => clauses.ofCondition(context.conditionOf(node, 'Filter'), node),
      }),
    ),
});

export interface DiscardingIndexScan {
  readonly node: PlanNode;
  readonly index: string;
  readonly removed: number;
  readonly read: number;
  readonly savableMs: number | undefined;
}

/** Index scans whose filter removes at least this share of what they fetch. */
export function indexScansThatDiscard(context: RuleContext, share: number): readonly DiscardingIndexScan[] {
  return context.ofType('Index Scan', 'Index Only Scan', 'Bitmap Heap Scan').flatMap((node) => {
    const removed = Math.round((numberDetail(node, 'Rows Removed by Filter') ?? 0) * (node.loops ?? 0));
    const read = removed + (node.rows ?? 0);
    if (removed < discardedRows || removed / read < share) return [];
    const index = node.index ?? context.childrenOf(node).find((child) => child.index !== undefined)?.index;
    const savableMs = node.selfMs === undefined ? undefined : node.selfMs * (removed / read);
    return [{ node, index: shortName(index ?? 'of the scan'), removed, read, savableMs }];
  });
}

export function timeText(node: PlanNode, context: RuleContext): string {
  return node.selfMs === undefined
    ? ''
    : ` The scan itself took ${formatMs(node.selfMs)}${context.shareText(node.selfMs)}.`;
}
