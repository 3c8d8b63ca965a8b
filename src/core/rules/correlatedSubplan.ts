import { formatCount, formatMs } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName, runsOf } from './wording.ts';

/** A few runs are what a small outer side costs in any way of asking. */
const manyRuns = 10;

/**
 * A sub-query that is executed again for each row of what surrounds it.
 * Why: PostgreSQL does not turn sub-queries of a SELECT list, nor all of WHERE, into joins; the time is one run times
 * the rows.
 * Threshold: 10 runs.
 * Trap: sub-plans that are hashed, or do not depend on the row, run once and are not meant; how much time is at stake
 * decides the severity, for look-ups by an index are cheap.
 * Savable: all the time spent in it; a join would take some of that too.
 * Fix: a join with the grouped sub-query, or LATERAL with an index on the column that ties it to the outer row.
 */
export const correlatedSubplan = defineNodeRule({
  id: 'correlated-subplan',
  types: 'all',
  check: (node, context) => {
    if (node.relationship !== 'SubPlan') return [];
    const runs = Math.round(runsOf(node));
    if (!context.plan.analyzed || runs < manyRuns) return [];
    const owner = context.parentOf(node);
    const row = owner === undefined ? 'row' : `row of ${nodeName(owner)}`;
    const { totalMs } = node;
    const time =
      totalMs === undefined
        ? ''
        : ` That took ${formatMs(totalMs)}${context.shareText(totalMs)}, ${formatMs(totalMs / runs)} a run.`;
    return context.discover({
      node,
      savableMs: totalMs,
      title: `Sub-query is executed once per row: ${formatCount(runs)} times`,
      detail: `${node.subplanName ?? 'The sub-plan'} runs anew for each ${row}, for it depends on that row.${time}`,
      evidence: {
        subplan: node.subplanName,
        runs,
        runsLimit: manyRuns,
        msPerRun: totalMs === undefined ? undefined : totalMs / runs,
      },
      fix: 'Join with the sub-query, grouped by the column that ties it to the outer row: it then runs once. If there are few outer rows, an index on that column does as well.',
      clause: (clauses) => clauses.ofSubQuery(tablesBelow(context.subtreeOf(node)), 'any kind'),
    });
  },
});

/** The tables that a part of a plan reads, as the statement would name them. */
export function tablesBelow(nodes: readonly { readonly relation?: string }[]): ReadonlySet<string> {
  return new Set(nodes.flatMap(({ relation }) => relation ?? []));
}
