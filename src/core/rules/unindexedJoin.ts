import { formatCount, formatPercent } from '../../shared/format.ts';
import { repeatedPart } from './ancestors.ts';
import { discardedBy, discardedShare } from './discardingScan.ts';
import { defineNodeRule } from './rule.ts';
import { list, runsOf, tableName, textDetail, aboutRows } from './wording.ts';

/** Once or twice may be right for a small table; ten times is a loop. */
const manyRuns = 10;

/**
 * A table is read whole again and again, each time for the few rows that belong to one row outside: a join or a
 * correlated sub-query without an index on the joined column. Foreign keys are the usual case, for PostgreSQL indexes
 * only what they point to.
 * Why: the work grows with the product of both tables.
 * Threshold: 10 runs, with more than four fifths of at least 1,000 rows discarded.
 * Trap: only filters that compare with another table; one that compares with constants would be the same each time.
 * Savable: the part of the scan's own time that an index would spare, as for seq-scan-discards-rows.
 * Fix: an index on the joined column.
 */
export const unindexedJoin = defineNodeRule({
  id: 'unindexed-join',
  supersedes: [
    'nested-loop-many-rows',
    'dml-scans-for-few-rows',
    'seq-scan-discards-rows',
    'rows-removed-by-filter',
  ],
  types: ['Seq Scan'],
  check: (node, context) => {
    const discarded = discardedBy(node, context);
    const runs = Math.round(runsOf(node));
    if (discarded === undefined || runs < manyRuns) return [];
    const { removed, read, savableMs } = discarded;
    const condition = context.conditionOf(node, 'Filter');
    const joined =
      condition?.filter(({ kind, otherColumns }) => kind === 'equal' && otherColumns.length > 0) ?? [];
    const columns = [...new Set(joined.flatMap(({ columns: [first] }) => first?.column ?? []))];
    const part = repeatedPart(node, context);
    if (columns.length === 0 || part === undefined) return [];
    const table = tableName(node) ?? 'a table';
    const loop = part.relationship === 'SubPlan' ? undefined : context.parentOf(part);
    return context.discover({
      node,
      savableMs,
      title: `Sequential scan on ${table} is run ${formatCount(runs)} times to look up ${list(columns)}`,
      detail: `For each row outside, the whole table is read and ${formatPercent(removed / read)} of it discarded: ${aboutRows(node, read)} in all.${context.timeText(node, 'That took')}`,
      evidence: {
        table,
        columns: columns.join(', '),
        runs,
        rowsRead: read,
        rowsDiscarded: removed,
        runsLimit: manyRuns,
        discardedShareLimit: discardedShare,
        condition: textDetail(node, 'Filter'),
      },
      fix: `An index on ${list(columns)} of ${table} would find the rows of each without reading the others.`,
      ...(loop && { covers: [loop] }),
      clause: (clauses) => clauses.ofCondition(joined, node),
    });
  },
});
