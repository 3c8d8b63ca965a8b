import { formatCount } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { quoteIdentifier } from '../sql/identifiers.ts';
import type { Condition } from './condition.ts';
import { isServable } from './condition.ts';
import { ofTypes, nearestAbove } from './ancestors.ts';
import type { RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { aboutRows, list, numberDetail, runsOf, shortName, tableSql, textDetail } from './wording.ts';

/** A search descends three or four pages, some microseconds: fewer are over before one notices. */
const manySearches = 1000;
/** In each run: a search for each of some values is what a skip scan is good at. */
const searchesPerRun = 100;

/**
 * An index is searched once for each value of a leading column that the condition leaves open: a skip scan (PostgreSQL
 * 18) over too many values.
 * Why: each search descends the index from its root; an index that begins with the compared column is searched once.
 * Threshold: 1,000 searches, 100 in each run, and fewer rows found than searches made.
 * Trap: = ANY (list) is searched for value by value, too, and so is each run of a nested loop: conditions with a list
 * are left alone, and searches are counted for each run. Up to PostgreSQL 17 searches are not printed.
 * Savable: the scan's own time, as far as it went into searches beyond the first of each run.
 * Fix: an index that begins with the compared columns.
 */
export const skipScanSearches = defineNodeRule({
  id: 'skip-scan-searches',
  supersedes: ['index-scan-is-efficient'],
  types: ['Index Scan', 'Index Only Scan', 'Bitmap Index Scan'],
  check: (node, context) => {
    const searches = numberDetail(node, 'Index Searches') ?? 0;
    const runs = Math.max(1, Math.round(runsOf(node)));
    const rows = node.rows ?? 0;
    if (searches < manySearches || searches / runs < searchesPerRun || rows >= searches) return [];
    const heapScan = heapScanOf(node, context);
    const columns = comparedColumns(context.conditionOf(node, 'Index Cond', heapScan));
    if (columns.length === 0) return [];
    const index = shortName(node.index ?? 'of the scan');
    const savableMs =
      node.selfMs === undefined ? undefined : node.selfMs * Math.max(0, 1 - (runs + rows) / searches);
    return context.discover({
      node,
      savableMs,
      title: `Index ${index} is searched ${formatCount(searches)} times for ${aboutRows(node, rows)}`,
      detail: `The condition on ${list(columns)} leaves open what the index begins with, so the index was searched once for each value of that (a skip scan).${context.timeText(node, 'That took')}`,
      evidence: {
        index: node.index,
        columns: columns.join(', '),
        searches,
        runs,
        rows,
        searchesLimit: manySearches,
        searchesPerRunLimit: searchesPerRun,
        condition: textDetail(node, 'Index Cond'),
      },
      fix: `An index that begins with ${list(columns)} is searched once: CREATE INDEX ON ${tableSql(heapScan)} (${columns.map(quoteIdentifier).join(', ')}).`,
      clause: (clauses) => clauses.ofCondition(context.conditionOf(node, 'Index Cond', heapScan), heapScan),
    });
  },
});

/** A bitmap's index does not say its table; the scan above does. */
function heapScanOf(node: PlanNode, context: RuleContext): PlanNode {
  if (node.relation !== undefined) return node;
  const isHeapScan = ofTypes('Bitmap Heap Scan');
  return nearestAbove(node, context, isHeapScan, ofTypes('BitmapAnd', 'BitmapOr')) ?? node;
}

/** What an index has to begin with: equalities before bounds. None where a list, or nothing readable, is compared. */
function comparedColumns(condition: Condition | undefined): readonly string[] {
  if (condition === undefined || !condition.every(isServable)) return [];
  if (condition.some(({ kind }) => kind === 'any')) return [];
  const equal = condition.filter(({ kind }) => kind === 'equal');
  const first = equal.length > 0 ? equal : condition;
  return [...new Set(first.flatMap(({ columns: [column] }) => column?.column ?? []))];
}
