import { formatCount, formatMs, formatRows } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { equalityFix } from './joinFilter.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName, runsOf } from './wording.ts';
import { aboutWord } from '../../shared/precision.ts';

/** From about this many repetitions, one pass over a hash table is usually cheaper than descending an index each time. */
const innerLoops = 10_000;
/** Or this many rows in all from the inner side: a cross join, or an inner side that is no index look-up. */
const innerRows = 1_000_000;
/** A run of a millisecond is no look-up; a hundred of them are felt. */
const expensiveRunMs = 1;
const expensiveRuns = 100;
/** Loops that take less than a tenth of the time are not the problem. */
const shareOfTime = 0.1;

/**
 * A nested loop that repeats its inner side very often.
 * Why: from some thousands of repetitions on, one pass over a hash table is cheaper.
 * Threshold: 10,000 repetitions, a million rows from the inner side in all, or 100 repetitions of a millisecond each; a
 * tenth of the time.
 * Trap: silent where the repetitions are cheap (a small share of the time). Behind a Memoize only what it did not find
 * is run again: a key that it remembers is found as fast as in a hash table.
 * Savable: the loop's time without its outer side; another join would take some of it too. Behind a Memoize, the time of
 * what it did not find.
 * Fix: a better estimate of the outer side, an equality to hash by, or fewer rows into the loop.
 */
export const nestedLoopManyRows = defineNodeRule({
  id: 'nested-loop-many-rows',
  types: ['Nested Loop'],
  check: checkLoop,
});

function checkLoop(node: PlanNode, context: RuleContext): readonly Discovery[] {
  const outer = context.inputOf(node, 'Outer');
  const input = context.inputOf(node, 'Inner');
  const memoized = input?.type === 'Memoize' ? context.inputsOf(input)[0] : undefined;
  const inner = memoized ?? input;
  const loops = inner?.loops ?? 0;
  const fetched = (inner?.rows ?? 0) + (inner?.rowsRemoved ?? 0);
  const runMs = inner?.totalMs === undefined ? 0 : inner.totalMs / Math.max(1, runsOf(inner));
  const isExpensive = loops >= expensiveRuns && runMs >= expensiveRunMs;
  if (!inner || !outer || (loops < innerLoops && fetched < innerRows && !isExpensive)) return [];
  const loopMs = node.totalMs === undefined ? undefined : Math.max(0, node.totalMs - (outer.totalMs ?? 0));
  const savableMs = memoized === undefined || loopMs === undefined ? loopMs : memoized.totalMs;
  const share = savableMs === undefined ? undefined : context.shareOf(savableMs);
  if (share !== undefined && share < shareOfTime) return [];
  const time =
    savableMs === undefined ? '' : ` That took ${formatMs(savableMs)}${context.shareText(savableMs)}.`;
  return [
    context.discover({
      node,
      savableMs,
      title: `Nested loop runs its inner side ${formatCount(loops)} times`,
      detail:
        `For each of the rows outside (${aboutWord(outer, outer.rows ?? 0)}${formatRows(outer.rows ?? 0)})${memoized === undefined ? '' : ' that Memoize had not met'}, ${nodeName(inner)} was run again; ` +
        `it went through ${aboutWord(inner, fetched)}${fetched === 1 ? '1 row' : `${formatRows(fetched)} rows`} in all.${time}`,
      evidence: {
        innerLoops: loops,
        innerRows: fetched,
        outerRows: outer.rows ?? 0,
        innerLoopsLimit: innerLoops,
        innerRowsLimit: innerRows,
        ...(isExpensive && { msPerRun: runMs, msPerRunLimit: expensiveRunMs }),
      },
      fix: fixFor(node, outer, context),
      clause: (clauses) => clauses.ofCondition(context.conditionOf(node, 'Join Filter'), node),
    }),
  ];
}

function fixFor(node: PlanNode, outer: PlanNode, context: RuleContext): string {
  const ofEquality = equalityFix(node, context);
  if (ofEquality !== undefined) return ofEquality;
  if ((outer.rowsFactor ?? 1) >= 10) {
    return 'The outer side was expected to be much smaller: correct that estimate first, a hash join may then be chosen.';
  }
  return node.details['Join Filter'] === undefined
    ? 'Let fewer rows reach the loop, or make a hash join possible (equality, work_mem enough for its table).'
    : 'The join condition is a filter over all pairs: an equality between the tables would allow a hash or merge join.';
}
