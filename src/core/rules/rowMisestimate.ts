import { formatCount, formatFactor, formatRows } from '../../shared/format.ts';
import { plannedRows } from '../../shared/plannedRows.ts';
import { chosenAbove, remedyFor } from './misestimateRemedy.ts';
import { firstWrongNodes, notableFactor, seriousFactor } from './misestimates.ts';
import { defineRule } from './rule.ts';
import { nodeName, rowsWords } from './wording.ts';
import { aboutWord } from '../../shared/precision.ts';

/**
 * The planner expected far more or fewer rows than came. Named is the first node, from the leaves up, that goes wrong.
 * Why: the ones above only inherit it, and were chosen for the wrong number.
 * Threshold: off by 10 times and 100 rows; a warning from 100 times on.
 * Trap: where rows may honestly be fewer (a Limit above, the inner side of a semi join, a merge join's inputs, …) nodes
 * have no factor; nor is an index wrong whose candidates fail the recheck: it is planned for those that pass.
 * Savable: not said; a better plan may save much or nothing.
 * Fix: ANALYZE, and then what can help the kind of node: a larger sample for one condition, CREATE STATISTICS for
 * several columns or an expression, ROWS of a function. For what no statistics are about (values that are known only
 * when it runs, filters on a CTE or a function’s rows, recursion) the reason is told, and no fix.
 */
export const rowMisestimate = defineRule({
  id: 'row-misestimate',
  check: (context) =>
    context.once(firstWrongNodes).map((node) => {
      const factor = node.rowsFactor ?? 1;
      const expected = plannedRows(node);
      const actual = node.rows ?? 0;
      const isMore = factor > 1;
      const times = isMore ? factor : 1 / factor;
      const loops = node.loops ?? 1;
      const inAll = loops > 1 ? `, in all ${formatCount(loops)} loops` : '';
      const { why = '', fix } = remedyFor(node, context);
      return context.discover({
        node,
        severity: times >= seriousFactor ? 'warning' : 'info',
        title: `${nodeName(node)} returns ${Number.isFinite(times) ? `${formatFactor(times).slice(1)} times ` : 'far '}${isMore ? 'more' : 'fewer'} rows than planned`,
        detail: `${rowsWords(expected)} planned and ${aboutWord(node, actual)}${formatRows(actual)} came${inAll}. It is the first node to go wrong${chosenAbove(node, context)}.${why}`,
        evidence: { plannedRows: Math.round(expected), rows: actual, factor, factorLimit: notableFactor },
        ...(fix !== undefined && { fix }),
      });
    }),
});
