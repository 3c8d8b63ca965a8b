import { formatCount, formatFactor, formatRows } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { expectedRows, firstWrongNodes, notableFactor, seriousFactor } from './misestimates.ts';
import { defineRule } from './rule.ts';
import { nodeName, tableName } from './wording.ts';

/**
 * The planner expected far more or fewer rows than came. Named is the first node, from the leaves up, that goes wrong.
 * Why: the ones above only inherit it, and were chosen for the wrong number.
 * Threshold: off by 10 times and 100 rows; a warning from 100 times on.
 * Trap: where rows may honestly be fewer (a Limit above, the inner side of a semi join, a merge join's inputs, …) nodes
 * have no factor.
 * Savable: not said; a better plan may save much or nothing.
 * Fix: ANALYZE, and more statistics where that does not help.
 */
export const rowMisestimate = defineRule({
  id: 'row-misestimate',
  check: (context) =>
    context.once(firstWrongNodes).map((node) => {
      const factor = node.rowsFactor ?? 1;
      const expected = expectedRows(node);
      const actual = node.rows ?? 0;
      const isMore = factor > 1;
      const times = isMore ? factor : 1 / factor;
      const loops = node.loops ?? 1;
      const inAll = loops > 1 ? `, in all ${formatCount(loops)} loops` : '';
      const parent = context.parentOf(node);
      return context.discover({
        node,
        severity: times >= seriousFactor ? 'warning' : 'info',
        title: `${nodeName(node)} returns ${Number.isFinite(times) ? `${formatFactor(times).slice(1)} times ` : 'far '}${isMore ? 'more' : 'fewer'} rows than planned`,
        detail:
          `${formatRows(Math.round(expected))} rows were planned and ${formatRows(actual)} came${inAll}. ` +
          (parent === undefined
            ? 'It is the first node to go wrong.'
            : `It is the first node to go wrong: ${nodeName(parent)} and what is above it were chosen for the wrong number.`),
        evidence: { plannedRows: Math.round(expected), rows: actual, factor, factorLimit: notableFactor },
        fix: fixFor(node),
      });
    }),
});

function fixFor(node: PlanNode): string {
  const table = tableName(node);
  if (table !== undefined) {
    return `Run ANALYZE on ${table}. If that does not help, its columns may depend on each other: CREATE STATISTICS tells the planner.`;
  }
  if (node.type === 'Function Scan')
    return 'Tell the planner how many rows the function returns: ALTER FUNCTION … ROWS n.';
  return 'Run ANALYZE on the tables below it; a join or group over columns that depend on each other needs CREATE STATISTICS.';
}
