import { formatCount } from '../../shared/format.ts';
import { plannedRows } from '../../shared/plannedRows.ts';
import { defineNodeRule } from './rule.ts';
import { tableName, tableSql, textDetail } from './wording.ts';

/** Autovacuum analyses a table when a tenth of it has changed; half or twice the rows is far beyond. */
const outgrownFactor = 2;
/** Small tables are counted wrong without harm. */
const differenceInRows = 1000;

/**
 * A table read without any condition has a different number of rows than the planner believed: its statistics are old.
 * Why: without a condition there is nothing to misjudge but the table itself, and every estimate on it is as wrong.
 * Threshold: off by a factor of 2, and by 1,000 rows.
 * Trap: with a condition the fault may lie elsewhere (correlated-columns, row-misestimate); below a Limit, and wherever
 * else fetching stops early, nodes have no factor.
 * Savable: not said; a better plan may save much or nothing.
 * Fix: ANALYZE; then see why autovacuum did not.
 */
export const staleStatistics = defineNodeRule({
  id: 'stale-statistics',
  supersedes: ['row-misestimate'],
  types: ['Seq Scan'],
  check: (node, context) => {
    const factor = node.rowsFactor;
    if (factor === undefined || textDetail(node, 'Filter') !== undefined) return [];
    if (factor < outgrownFactor && factor > 1 / outgrownFactor) return [];
    const rows = node.rows ?? 0;
    const expected = plannedRows(node);
    if (Math.abs(rows - expected) < differenceInRows) return [];
    const table = tableName(node) ?? 'a table';
    return context.discover({
      node,
      severity: 'warning',
      title: `Statistics of ${table} are out of date: ${formatCount(rows)} rows instead of ${formatCount(expected)}`,
      detail: `${formatCount(expected)} rows were planned for the whole table, and ${formatCount(rows)} came. All estimates on it are wrong by as much.`,
      evidence: {
        table,
        plannedRows: Math.round(expected),
        rows,
        factor,
        factorLimit: outgrownFactor,
        rowsLimit: differenceInRows,
      },
      fix: `Run ANALYZE ${tableSql(node)}. If it happens again, let autovacuum analyse this table more often.`,
    });
  },
});
