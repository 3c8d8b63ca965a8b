import { formatCount, formatCounted, formatMs } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import type { NegatedSubplan } from './condition.ts';
import { tablesBelow } from './correlatedSubplan.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { runsOf } from './wording.ts';

/** A list of a few values is searched at no cost. */
const listedRows = 1000;
/** Not hashed, each row outside costs a run over the list. */
const manyRuns = 10;

const conditionKeys = ['Filter', 'Join Filter', 'One-Time Filter'] as const;

/**
 * NOT IN over a sub-query.
 * Why: for the sake of NULLs it cannot become an anti join. It stays a filter: over a hash table that each process
 * builds for itself, and, once the list outgrows work_mem, over a run of the sub-query for each row, which is slower
 * by orders of magnitude.
 * Threshold: 1,000 rows in the list; where it is not hashed, 10 runs.
 * Trap: up to PostgreSQL 16 a NOT EXISTS that is not hashed prints alike: it is told apart by the Materialize that only
 * a list has.
 * Savable: the time spent in the sub-query; the joining takes some of it too.
 * Fix: NOT EXISTS.
 */
export const notInSubplan = defineNodeRule({
  id: 'not-in-subplan',
  supersedes: ['correlated-subplan'],
  types: 'all',
  check: (node, context) => {
    if (node.relationship !== 'SubPlan') return [];
    const negated = negationOf(node, context);
    return negated === undefined ? [] : checkList(node, negated, context);
  },
});

function negationOf(node: PlanNode, context: RuleContext): NegatedSubplan | undefined {
  const owner = context.parentOf(node);
  if (owner === undefined) return undefined;
  const found = conditionKeys
    .flatMap((key) => context.conditionOf(owner, key) ?? [])
    .find(
      ({ subplan }) => subplan !== undefined && node.subplanName === `SubPlan ${subplan.number}`,
    )?.subplan;
  return found?.certain === true || node.type === 'Materialize' ? found : undefined;
}

function checkList(node: PlanNode, { hashed }: NegatedSubplan, context: RuleContext): readonly Discovery[] {
  const { analyzed } = context.plan;
  const processes = Math.round(node.processes ?? 1);
  const rows = analyzed ? (node.rows ?? 0) / (node.loops ?? 1) : node.planRows;
  const runs = Math.round(runsOf(node));
  if (hashed ? rows < listedRows : analyzed && runs < manyRuns) return [];
  const { totalMs } = node;
  const time =
    totalMs === undefined ? '' : ` The sub-query took ${formatMs(totalMs)}${context.shareText(totalMs)}.`;
  const each = processes > 1 ? `, which each of ${processes} processes built for itself` : '';
  const how = hashed
    ? `Each row is looked up in a hash table of ${formatCounted(rows, 'row')}${each}. If it outgrew work_mem, the sub-query would be run again for each row.`
    : `The list is gone through again for each row${analyzed ? `, ${formatCount(runs)} times` : ''}: it did not fit into a hash table of work_mem, or cannot be hashed.`;
  return [
    context.discover({
      node,
      savableMs: totalMs,
      title: hashed
        ? `NOT IN keeps the sub-query’s ${formatCount(rows)} rows from being joined`
        : 'NOT IN goes through its sub-query again for each row',
      detail: `${how}${time}`,
      evidence: {
        subplan: node.subplanName,
        hashed: hashed ? 'yes' : 'no',
        listedRows: Math.round(rows),
        ...(hashed ? { listedRowsLimit: listedRows } : { runs, runsLimit: manyRuns }),
      },
      fix: 'Write it as NOT EXISTS, which becomes an anti join. (It differs where the sub-query returns NULL: NOT IN is then never true, which is seldom meant.)',
      clause: (clauses) => clauses.ofSubQuery(tablesBelow(context.subtreeOf(node)), 'NOT IN'),
    }),
  ];
}
