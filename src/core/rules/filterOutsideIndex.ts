import { formatPercent } from '../../shared/format.ts';
import { isServable } from './condition.ts';
import { discardingIndexScan, indexScanTypes } from './indexScanDiscardsRows.ts';
import { defineNodeRule } from './rule.ts';
import { list, textDetail, aboutRows, aboutCount } from './wording.ts';

/** PEV2 warns from half of the rows; below, a wider index costs about what it gives. */
const removedShare = 0.5;

/**
 * An index is used, and a filter on columns that it lacks throws away much of what it leads to.
 * Why: were the columns part of the index, rows that fail would be skipped inside it.
 * Threshold: half of at least 1,000 fetched rows fail the filter.
 * Trap: only tests that a btree serves (=, <, BETWEEN, IN, IS NULL on a bare column) are counted.
 * Savable: the scan's own time, as far as it went into discarded rows.
 * Fix: add the columns to the index, behind those that are compared for equality.
 */
export const filterOutsideIndex = defineNodeRule({
  id: 'filter-outside-index',
  supersedes: ['index-scan-discards-rows', 'rows-removed-by-filter'],
  types: indexScanTypes,
  check: (node, context) => {
    const scan = discardingIndexScan(node, context, removedShare);
    if (scan === undefined) return [];
    const { index, removed, read, savableMs } = scan;
    const condition = context.conditionOf(node, 'Filter');
    const served = condition?.filter(isServable) ?? [];
    const columns = [...new Set(served.flatMap(({ columns: [first] }) => first?.column ?? []))];
    const hasIndexCondition =
      textDetail(node, 'Index Cond') !== undefined || textDetail(node, 'Recheck Cond') !== undefined;
    if (columns.length === 0 || !hasIndexCondition) return [];
    return context.discover({
      node,
      savableMs,
      title: `Index ${index} lacks ${list(columns)}: ${formatPercent(removed / read)} of the rows it leads to are discarded`,
      detail: `Of ${aboutRows(node, read)} ${aboutCount(node, removed)} were fetched from the table before ${list(columns)} could be tested.${context.timeText(node, 'The scan itself took')}`,
      evidence: {
        index,
        columns: columns.join(', '),
        rowsFetched: read,
        rowsDiscarded: removed,
        discardedShareLimit: removedShare,
        condition: textDetail(node, 'Filter'),
      },
      fix: `Add ${list(columns)} to the index, behind the columns that are compared by “=”: rows that fail are then skipped inside it.`,
      clause: (clauses) => clauses.ofCondition(served, node),
    });
  },
});
