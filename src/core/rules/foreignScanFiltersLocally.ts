import { formatPercent } from '../../shared/format.ts';
import { discardedRows } from './discardingScan.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName, quote, textDetail, aboutRows } from './wording.ts';

/** As for rows-removed-by-filter. */
const removedShare = 0.5;

/**
 * Rows are fetched from a foreign server only to be filtered here.
 * Why: the condition was not pushed down; every row crosses the network first.
 * Threshold: half of at least 1,000 fetched rows.
 * Trap: what the foreign server filters does not show here.
 * Savable: the scan's own time, as far as it went into discarded rows.
 * Fix: a condition that can be pushed down: built-in or listed functions, collations that agree, use_remote_estimate.
 */
export const foreignScanFiltersLocally = defineNodeRule({
  id: 'foreign-scan-filters-locally',
  supersedes: ['rows-removed-by-filter'],
  types: ['Foreign Scan'],
  check: (node, context) => {
    const removed = node.rowsRemoved ?? 0;
    const fetched = removed + (node.rows ?? 0);
    const condition = textDetail(node, 'Filter');
    if (condition === undefined || removed < discardedRows || removed / fetched < removedShare) return [];
    const savableMs = node.selfMs === undefined ? undefined : node.selfMs * (removed / fetched);
    return context.discover({
      node,
      savableMs,
      title: `${nodeName(node)} fetches ${aboutRows(node, fetched)} and discards ${formatPercent(removed / fetched)} of them here`,
      detail: `The condition ${quote(condition)} is checked on this server, not where the rows are.${context.timeText(node, 'Fetching took')}`,
      evidence: {
        rowsFetched: fetched,
        rowsDiscarded: removed,
        condition,
        remoteSql: textDetail(node, 'Remote SQL'),
        discardedRowsLimit: discardedRows,
        discardedShareLimit: removedShare,
      },
      fix: 'Make the condition one that can be sent: built-in operators and functions (or those of extensions listed for the server), and columns of types and collations that agree.',
      clause: (clauses) => clauses.ofCondition(context.conditionOf(node, 'Filter'), node),
    });
  },
});
