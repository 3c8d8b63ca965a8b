import { formatCount, formatPercent, formatRows } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import type { RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { quote, textDetail } from './wording.ts';

/** Fewer pairs are made in some ten milliseconds. */
const manyPairs = 100_000;
/** A condition that keeps a tenth of all pairs connects nothing: a key keeps one pair in as many as there are rows. */
const keptShare = 0.1;

/**
 * A join whose condition, if it has one, lets most pairs of rows through: a cartesian product.
 * Why: the result grows with the product of both inputs. Often a join condition was forgotten.
 * Threshold: 100,000 pairs, of which a tenth or more is kept.
 * Trap: a product with a single row (a total, a parameter) multiplies nothing; semi and anti joins stop at the first
 * match; an inner side that depends on the outer row has its condition there.
 * Savable: the loop's time without its inputs.
 * Fix: the missing condition between the tables.
 */
export const joinWithoutSelectiveCondition = defineNodeRule({
  id: 'join-without-selective-condition',
  supersedes: ['nested-loop-many-rows', 'rows-removed-by-filter', 'join-multiplies-rows'],
  types: ['Nested Loop'],
  check: (node, context) => {
    const product = productOf(node, context);
    if (product === undefined) return [];
    const { outerRows, innerRows, kept } = product;
    const pairs = outerRows * innerRows;
    if (outerRows < 2 || innerRows < 2 || pairs < manyPairs || kept / pairs < keptShare) return [];
    const condition = textDetail(node, 'Join Filter');
    const isMeasured = context.plan.analyzed;
    const time = context.timeText(node, 'Making the pairs took');
    return context.discover({
      node,
      savableMs: node.selfMs,
      title: `Join without a selective condition: ${formatCount(outerRows)} × ${formatCount(innerRows)} rows ${isMeasured ? 'give' : 'would give'} ${formatRows(kept)}`,
      detail:
        condition === undefined
          ? `Nothing connects the two sides, so every row of one meets every row of the other.${time}`
          : `The join condition ${quote(condition)} keeps ${formatPercent(kept / pairs)} of all pairs of rows.${time}`,
      evidence: {
        outerRows: Math.round(outerRows),
        innerRows: Math.round(innerRows),
        pairs: Math.round(pairs),
        pairsKept: Math.round(kept),
        pairsLimit: manyPairs,
        keptShareLimit: keptShare,
        condition,
      },
      fix: 'Add the condition that ties the tables together (usually an equality of keys). If every pair is meant, aggregate each side before joining.',
      clause: (clauses) => clauses.ofCondition(context.conditionOf(node, 'Join Filter'), node),
    });
  },
});

interface Product {
  readonly outerRows: number;
  /** Of one run. */
  readonly innerRows: number;
  readonly kept: number;
}

function productOf(node: PlanNode, context: RuleContext): Product | undefined {
  const joinType = textDetail(node, 'Join Type');
  if (joinType === 'Semi' || joinType === 'Anti') return undefined;
  const outer = context.inputOf(node, 'Outer');
  const inner = context.inputOf(node, 'Inner');
  if (!outer || !inner || dependsOnOuter(inner, context)) return undefined;
  if (!context.plan.analyzed) {
    return { outerRows: outer.planRows, innerRows: inner.planRows, kept: node.planRows };
  }
  // The loop itself may run more than once: its counts are of all runs.
  return {
    outerRows: outer.rows ?? 0,
    innerRows: (inner.rows ?? 0) / (inner.loops || 1),
    kept: node.rows ?? 0,
  };
}

/** A Materialize is kept because it does not depend; a scan without any condition has nothing to depend by. */
function dependsOnOuter(inner: PlanNode, context: RuleContext): boolean {
  let at: PlanNode | undefined = inner;
  while (at !== undefined) {
    if (at.type === 'Materialize') return false;
    const hasCondition = conditionKeys.some((key) => at?.details[key] !== undefined);
    const inputs: readonly PlanNode[] = context.inputsOf(at);
    if (hasCondition || inputs.length > 1) return true;
    at = inputs[0];
  }
  return false;
}

const conditionKeys = [
  'Filter',
  'Index Cond',
  'Recheck Cond',
  'TID Cond',
  'Function Call',
  'Cache Key',
  'One-Time Filter',
];
