import { formatCount, formatMs } from '../../shared/format.ts';
import { tablesBelow } from './correlatedSubplan.ts';
import { dearRepetitions } from './repeatedWork.ts';
import { defineRule } from './rule.ts';

/**
 * A CTE that is written NOT MATERIALIZED and computed anew wherever it is used.
 * Why: inlining lets conditions through, but here the copies do the same work.
 * Threshold: a tenth of the time spent in all copies but one (as for repeated-work).
 * Trap: needs the statement; silent where the copies differ, for then inlining did what it is for.
 * Savable: the time of all copies but the dearest.
 * Fix: leave NOT MATERIALIZED away.
 */
export const cteInlinedRepeatedly = defineRule({
  id: 'cte-inlined-repeatedly',
  supersedes: ['repeated-work'],
  check: (context) =>
    context.clauses === undefined
      ? []
      : context.once(dearRepetitions).flatMap(({ nodes, savableMs }) => {
          const [first] = nodes;
          const cte = first && context.clauses?.inlinedCte(tablesBelow(context.subtreeOf(first)));
          if (cte === undefined) return [];
          return context.discover({
            node: first,
            savableMs,
            title: `CTE ${cte.name} is inlined and computed ${formatCount(nodes.length)} times`,
            detail: `NOT MATERIALIZED puts a copy of it wherever it is used, and the copies do the same work. All but one took ${formatMs(savableMs)}${context.shareText(savableMs)}.`,
            evidence: {
              cte: cte.name,
              occurrences: nodes.length,
              nodes: nodes.map(({ id }) => id).join(', '),
            },
            fix: `WITH ${cte.name} AS MATERIALIZED (…) computes it once.`,
            covers: nodes.slice(1),
            clause: () => cte.range,
          });
        }),
});
