import { formatCount, formatMs } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { tablesBelow } from './correlatedSubplan.ts';
import type { RuleContext } from './rule.ts';
import { defineRule } from './rule.ts';
import { repeatedShapes, withSameConditions } from './subtreeShapes.ts';
import { list, nodeName } from './wording.ts';

/** Doing a tenth of the work twice is worth a thought; less is not worth a rewrite. */
const shareOfTime = 0.1;

/**
 * Parts of the plan that read the same tables in the same way, for the same rows.
 * Why: a view or sub-query that is used twice is computed twice; PostgreSQL does not notice.
 * Threshold: a tenth of the time spent in all occurrences but one.
 * Trap: parts count as the same only if tables, conditions, estimates and rows all agree. Reading a whole table twice,
 * to hash or sort it, is no use of storing it; nor is anything over rows that are stored already.
 * Savable: the time of all occurrences but the dearest, which met a cold cache first.
 * Fix: WITH … AS MATERIALIZED, referred to by all of them.
 */
export const repeatedWork = defineRule({
  id: 'repeated-work',
  check: (context) =>
    context.once(dearRepetitions).flatMap(({ nodes, savableMs }) => {
      const [first] = nodes;
      if (first === undefined) return [];
      const tables = [...tablesBelow(context.subtreeOf(first))];
      return context.discover({
        node: first,
        savableMs,
        title: `The same work is done ${nodes.length === 2 ? 'twice' : `${formatCount(nodes.length)} times`}: ${nodeName(first)}${first.relation === undefined ? ` over ${list(tables)}` : ''}`,
        detail: `${formatCount(nodes.length)} parts of the plan read the same tables with the same conditions for the same rows. All but one of them took ${formatMs(savableMs)}${context.shareText(savableMs)}.`,
        evidence: {
          occurrences: nodes.length,
          nodes: nodes.map(({ id }) => id).join(', '),
          shareLimit: shareOfTime,
        },
        fix: 'Compute it once: WITH shared AS MATERIALIZED (…), and refer to it wherever it is needed.',
        covers: nodes.slice(1),
      });
    }),
});

export interface Repetition {
  readonly nodes: readonly PlanNode[];
  readonly savableMs: number;
}

/** Repeated parts that take long enough to matter, and whose result would be worth storing. */
export function dearRepetitions(context: RuleContext): readonly Repetition[] {
  return repeatedShapes(context)
    .filter((nodes) => isDear(nodes, context) && isWorthStoring(context.subtreeOf(nodes[0]!)))
    .flatMap((nodes) => withSameConditions(nodes, context))
    .filter((nodes) => isDear(nodes, context))
    .map((nodes) => ({ nodes, savableMs: savableMsOf(nodes) }));
}

function isDear(nodes: readonly PlanNode[], context: RuleContext): boolean {
  return (context.shareOf(savableMsOf(nodes)) ?? 0) >= shareOfTime;
}

function savableMsOf(nodes: readonly PlanNode[]): number {
  let sum = 0;
  let dearest = 0;
  for (const { totalMs = 0 } of nodes) {
    sum += totalMs;
    dearest = Math.max(dearest, totalMs);
  }
  return sum - dearest;
}

/** What only hands a table's rows on. */
const handsOn = new Set([
  'Hash',
  'Sort',
  'Materialize',
  'Memoize',
  'Gather',
  'Gather Merge',
  'Bitmap Index Scan',
]);

/** Smaller than the tables that it reads: something joins, groups or filters. */
function isWorthStoring(part: readonly PlanNode[]): boolean {
  const working = part.filter(({ type }) => !handsOn.has(type));
  const reads = working.filter(({ relation }) => relation !== undefined);
  const discards = reads.some(({ rows, rowsRemoved }) => (rowsRemoved ?? 0) > (rows ?? 0));
  return reads.length > 0 && (working.length > 1 || discards);
}
