import { formatFactor, formatRows } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName, quote, textDetail } from './wording.ts';

/** A million rows take some hundred milliseconds in each node above. */
const manyRows = 1_000_000;
/** Orders with their lines multiply by some ten; ten times more than either side had is no detail table any more. */
const multiplied = 10;

/**
 * A hash or merge join that returns far more rows than either side has: both sides repeat the joined value.
 * Why: everything above works on the multiplied rows, and often a DISTINCT or GROUP BY folds them up again.
 * Threshold: a million rows, ten times as many as the larger side.
 * Trap: nested loops are judged by join-without-selective-condition.
 * Savable: the join's own time; what the nodes above would save is not counted.
 * Fix: join on the whole key, or aggregate one side before joining.
 */
export const joinMultipliesRows = defineNodeRule({
  id: 'join-multiplies-rows',
  types: ['Hash Join', 'Merge Join'],
  check: (node, context) => {
    const rows = node.rows ?? 0;
    const sides = context.inputsOf(node).map((input) => input.rows ?? 0);
    const largest = Math.max(1, ...sides);
    if (sides.length < 2 || rows < manyRows || rows / largest < multiplied) return [];
    const condition = textDetail(node, 'Hash Cond') ?? textDetail(node, 'Merge Cond');
    return context.discover({
      node,
      savableMs: node.selfMs,
      title: `${nodeName(node)} multiplies rows: ${formatRows(largest)} become ${formatRows(rows)}`,
      detail: `Both sides repeat the values joined by${condition === undefined ? '' : ` ${quote(condition)}`}, so each row meets many: ${formatFactor(rows / largest)} of the larger side.${context.timeText(node, 'It took')}`,
      evidence: { rows, largestSideRows: largest, rowsLimit: manyRows, factorLimit: multiplied, condition },
      fix: 'Join on the whole key, or aggregate one side first, so that each row meets one.',
      clause: (clauses) =>
        clauses.ofCondition(
          context.conditionOf(node, 'Hash Cond') ?? context.conditionOf(node, 'Merge Cond'),
          node,
        ),
    });
  },
});
