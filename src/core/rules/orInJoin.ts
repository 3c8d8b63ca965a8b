import { defineNodeRule } from './rule.ts';
import { quote, textDetail, aboutCount } from './wording.ts';

/** Fewer pairs are tested in a millisecond or two. */
const testedPairs = 10_000;

/**
 * Two inputs are joined by an OR, so that every pair of rows has to be tested.
 * Why: hash and merge joins need an equality that always holds; an OR leaves a nested loop.
 * Threshold: 10,000 pairs removed by the join filter.
 * Trap: an OR beside an equality is cheap: only nested loops are looked at, and only their join filters.
 * Savable: the loop's own time; two joins instead of one take some of it too.
 * Fix: one join for each arm of the OR, put together by UNION.
 */
export const orInJoin = defineNodeRule({
  id: 'or-in-join',
  supersedes: ['nested-loop-many-rows', 'rows-removed-by-filter', 'join-without-selective-condition'],
  types: ['Nested Loop'],
  check: (node, context) => {
    const removed = node.rowsRemoved ?? 0;
    if (removed < testedPairs) return [];
    const test = context.conditionOf(node, 'Join Filter')?.find(({ kind }) => kind === 'or');
    const all = [...(test?.columns ?? []), ...(test?.otherColumns ?? [])];
    if (test === undefined || new Set(all.map(({ qualifier }) => qualifier)).size < 2) return [];
    const condition = textDetail(node, 'Join Filter') ?? '';
    return context.discover({
      node,
      savableMs: node.selfMs,
      title: `OR in the join condition: ${aboutCount(node, removed + (node.rows ?? 0))} pairs of rows are tested`,
      detail: `The join condition ${quote(condition)} can only be tested pair by pair; an equality could be hashed.${context.timeText(node, 'That took')}`,
      evidence: { condition, pairsRemoved: removed, rows: node.rows ?? 0, pairsRemovedLimit: testedPairs },
      fix: 'Join once for each arm of the OR, and put the answers together by UNION.',
      clause: (clauses) => clauses.ofCondition([test], node),
    });
  },
});
