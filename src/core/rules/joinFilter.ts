/** Join filters that are equalities already: the join could be another one, and something else kept it from that. */
import { formatCounted } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { notableFactor } from './misestimates.ts';
import type { RuleContext } from './rule.ts';
import { nodeName } from './wording.ts';

/** What to do where the filter is an equality between the tables; undefined where it is none. */
export function equalityFix(join: PlanNode, context: RuleContext): string | undefined {
  const tests = context.conditionOf(join, 'Join Filter') ?? [];
  if (!tests.some(({ kind }) => kind === 'joined')) return undefined;
  const [misjudged] = context
    .inputsOf(join)
    .filter(({ rowsFactor = 1 }) => rowsFactor >= notableFactor)
    .toSorted((a, b) => (b.rowsFactor ?? 1) - (a.rowsFactor ?? 1));
  if (misjudged === undefined) {
    return 'The condition is an equality, which a hash or merge join could use: see that neither is switched off (enable_hashjoin, enable_mergejoin), and that work_mem is enough to hash one side.';
  }
  const came = (misjudged.rows ?? 0) / (misjudged.loops ?? 1);
  return `The condition is an equality, which a hash join could use. The nested loop was chosen because ${nodeName(misjudged)} was planned to return ${formatCounted(misjudged.planRows, 'row')}, and returned ${formatCounted(came, 'row')}: correct that estimate first.`;
}
