/** The rule on nested loops that repeat their inner side too often. */
import { rawNode } from '../../support/plans.ts';
import { describeRule, type Raw } from '../../support/findings.ts';

const below = (type: string, relationship: string, fields: Raw = {}) =>
  rawNode(type, { 'Parent Relationship': relationship, ...fields });
const withoutTimes = ({ root }: { readonly root: Raw }) => ({
  root: JSON.parse(JSON.stringify(root).replaceAll('Actual Total Time', 'X')) as Raw,
});

/** A nested loop of 100 ms; its inner side is an index look-up. */
const loop = (loops: number, innerMs: number, more: Raw = {}) => ({
  root: rawNode('Nested Loop', {
    'Actual Total Time': 100,
    'Actual Rows': loops,
    Plans: [
      below('Seq Scan', 'Outer', {
        'Relation Name': 'models',
        'Actual Rows': loops,
        'Plan Rows': loops,
        'Actual Total Time': 100 - innerMs,
        ...more,
      }),
      below('Index Scan', 'Inner', {
        'Relation Name': 'deployments',
        'Index Cond': '(model_id = models.id)',
        'Actual Loops': loops,
        'Actual Total Time': innerMs / loops,
      }),
    ],
  }),
});

/** 100,000 look-ups of which so many miss, and take so long. */
const memoizedLoop = (misses: number, missMs: number) => ({
  root: rawNode('Nested Loop', {
    'Actual Total Time': 100,
    'Actual Rows': 100_000,
    Plans: [
      below('Seq Scan', 'Outer', { 'Actual Rows': 100_000, 'Plan Rows': 100_000, 'Actual Total Time': 10 }),
      below('Memoize', 'Inner', {
        'Cache Hits': 100_000 - misses,
        'Cache Misses': misses,
        'Actual Loops': 100_000,
        'Actual Total Time': 0.0008,
        Plans: [
          below('Index Scan', 'Outer', {
            'Relation Name': 'deployments',
            'Index Cond': '(model_id = models.id)',
            'Actual Loops': misses,
            'Actual Total Time': missMs / misses,
          }),
        ],
      }),
    ],
  }),
});

describeRule('nested-loop-many-rows', {
  fires: loop(10_000, 50),
  firesToo: {
    'without times': withoutTimes(loop(10_000, 50)),
    'a hundred repetitions of a millisecond': loop(100, 100),
    'the outer side was expected to be small': loop(10_000, 50, { 'Plan Rows': 10 }),
    'a Memoize that is asked in vain': memoizedLoop(10_000, 50),
    'a million rows in few repetitions': {
      root: rawNode('Nested Loop', {
        'Actual Total Time': 100,
        Plans: [
          below('Seq Scan', 'Outer', { 'Actual Rows': 100 }),
          below('Materialize', 'Inner', {
            'Actual Loops': 100,
            'Actual Rows': 10_000,
            'Actual Total Time': 0.5,
          }),
        ],
      }),
    },
  },
  silent: {
    '9,999 repetitions': loop(9999, 50),
    'ninety-nine of a millisecond': loop(99, 99),
    'a hundred of less than a millisecond': loop(100, 99),
    'cheap repetitions (a small share of the time)': loop(10_000, 9),
    'a Memoize that remembers nearly all': memoizedLoop(9999, 50),
    'a Memoize whose misses take little': memoizedLoop(10_000, 9),
    'without children': { root: rawNode('Nested Loop', { 'Actual Total Time': 100 }) },
  },
});
