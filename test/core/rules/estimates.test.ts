/** Rules on what the planner believed. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planOfRaw, rawNode } from '../../support/plans.ts';
import { describeRule, findingsOf, type Raw } from '../../support/findings.ts';

const below = (type: string, relationship: string, fields: Raw = {}) =>
  rawNode(type, { 'Parent Relationship': relationship, ...fields });

const scan = (planned: number, actual: number, more: Raw = {}) => ({
  root: rawNode('Seq Scan', {
    'Relation Name': 'addresses',
    Schema: 'public',
    Alias: 'a',
    'Plan Rows': planned,
    'Actual Rows': actual,
    Filter: "(a.city = 'Bern'::text)",
    ...more,
  }),
});
/** The same below a node that has an excuse, or none. */
const under = (parent: Raw, relationship: string, child: { readonly root: Raw }) => ({
  root: { ...parent, Plans: [{ ...child.root, 'Parent Relationship': relationship }] },
});

/** A bitmap of 50,100 rows, planned as 100 if not said otherwise, of which so many fail the recheck. */
const bitmap = (recheckRemoved: number, kept: number, between?: string, plannedRows = 100): { root: Raw } => {
  const index = below('Bitmap Index Scan', 'Outer', {
    'Index Name': 'addresses_city_trgm',
    'Index Cond': "(city ~~ '%bern%'::text)",
    'Plan Rows': plannedRows,
    'Actual Rows': 50_100,
  });
  return {
    root: rawNode('Bitmap Heap Scan', {
      'Relation Name': 'addresses',
      Alias: 'a',
      'Plan Rows': plannedRows,
      'Actual Rows': kept,
      'Rows Removed by Index Recheck': recheckRemoved,
      Plans: [between === undefined ? index : below(between, 'Outer', { 'Actual Rows': 0, Plans: [index] })],
    }),
  };
};

describeRule('row-misestimate', {
  fires: under(rawNode('Hash Join', { 'Actual Rows': 3, 'Plan Rows': 3 }), 'Outer', scan(100, 1000)),
  firesToo: {
    'ten times fewer': scan(1000, 100),
    'none of many': scan(1000, 0),
    'a hundred rows': scan(10, 110),
    'a function': { root: rawNode('Function Scan', { 'Plan Rows': 10, 'Actual Rows': 5000 }) },
    'the index of a bitmap, far more than fail the recheck': bitmap(40_000, 10_100),
    'the index of a bitmap whose rows a filter removes': bitmap(0, 100),
    'the index of a bitmap that finds far fewer': bitmap(10, 50_090, undefined, 900_000),
    'a heap scan that keeps too many in spite of the recheck': bitmap(49_101, 1099),
  },
  silent: {
    'just under ten times more': scan(100, 999),
    'few rows in all': scan(10, 109),
    'no plan rows (COSTS OFF)': scan(100, 1000, { 'Plan Rows': undefined }),
    'fewer rows below a Limit': under(rawNode('Limit'), 'Outer', scan(10_000, 1)),
    'fewer rows on the inner side of a semi join': under(
      rawNode('Nested Loop', { 'Join Type': 'Semi' }),
      'Inner',
      scan(10_000, 1),
    ),
    'fewer rows on the inner side of an anti join': under(
      rawNode('Nested Loop', { 'Join Type': 'Anti' }),
      'Inner',
      scan(10_000, 1),
    ),
    'fewer rows of a merge join’s input': under(rawNode('Merge Join'), 'Outer', scan(10_000, 1)),
    ...Object.fromEntries(
      ['BitmapAnd', 'BitmapOr', 'ModifyTable'].map((type) => [
        `${type} prints no rows`,
        { root: rawNode(type, { 'Plan Rows': 10_000, 'Actual Rows': 0 }) },
      ]),
    ),
    'the candidates of a bitmap fail the recheck': bitmap(50_000, 100),
    'the candidates of several indexes do': bitmap(50_000, 100, 'BitmapOr'),
    'Citus does not estimate': {
      root: rawNode('Aggregate', {
        'Plan Rows': 200,
        'Actual Rows': 90_000,
        Plans: [
          below('Custom Scan', 'Outer', {
            'Custom Plan Provider': 'Citus Adaptive',
            'Plan Rows': 100_000,
            'Actual Rows': 32,
          }),
        ],
      }),
    },
  },
});

describe('the remedy of a wrong estimate', () => {
  const remedies: readonly (readonly [string, { readonly root: Raw }, RegExp | 'none'])[] = [
    [
      'one condition: a larger sample',
      scan(10, 5000),
      /^Run ANALYZE addresses\..* ALTER COLUMN city SET STATISTICS/,
    ],
    [
      'conditions on several columns, not all of which extended statistics know',
      scan(10, 5000, { Filter: "((a.city ~~ '%b'::text) AND (a.zip > 3))" }),
      /city and zip may depend on each other: CREATE STATISTICS/,
    ],
    [
      'an expression: statistics on it',
      scan(10, 5000, { Filter: "(lower(a.city) = 'bern'::text)" }),
      /CREATE STATISTICS … ON \(the expression\), from PostgreSQL 14 on/,
    ],
    [
      'no condition: ANALYZE',
      scan(10, 5000, { 'Node Type': 'Index Only Scan', Filter: undefined }),
      /^Run ANALYZE addresses\.$/,
    ],
    [
      'looked up by another table’s column: the number of different values',
      scan(10, 5000, { 'Node Type': 'Index Scan', 'Index Cond': '(a.owner = o.id)', Filter: undefined }),
      /ALTER COLUMN owner SET \(n_distinct = …\)/,
    ],
    ['a parameter: none', scan(10, 5000, { Filter: '(a.city = $1)' }), 'none'],
    ['an InitPlan’s value: none', scan(10, 5000, { Filter: '(a.city = (InitPlan 1).col1)' }), 'none'],
    [
      'a join: its tables only',
      under(rawNode('Hash Join', { 'Plan Rows': 10, 'Actual Rows': 5000 }), 'Outer', scan(7, 7)),
      /^Run ANALYZE on addresses if they have changed since it ran last\.$/,
    ],
    [
      'a filter on a CTE: none',
      {
        root: rawNode('CTE Scan', {
          'CTE Name': 'c',
          'Plan Rows': 10,
          'Actual Rows': 5000,
          Filter: '(x = 1)',
        }),
      },
      'none',
    ],
    [
      'recursion: none',
      { root: rawNode('Recursive Union', { 'Plan Rows': 10, 'Actual Rows': 5000 }) },
      'none',
    ],
    [
      'a function: ROWS',
      { root: rawNode('Function Scan', { 'Function Name': 'f', 'Plan Rows': 10, 'Actual Rows': 5000 }) },
      /ALTER FUNCTION … ROWS n\.$/,
    ],
    [
      'a filter on a function’s rows: none',
      { root: rawNode('Function Scan', { 'Plan Rows': 10, 'Actual Rows': 5000, Filter: '((g % 7) = 0)' }) },
      'none',
    ],
    [
      'groups by one column: the number of different values',
      under(
        rawNode('Aggregate', { 'Group Key': ['a.city'], 'Plan Rows': 10, 'Actual Rows': 5000 }),
        'Outer',
        scan(7000, 7000),
      ),
      /ALTER COLUMN city SET \(n_distinct/,
    ],
    [
      'HAVING: none',
      { root: rawNode('Aggregate', { 'Plan Rows': 10, 'Actual Rows': 5000, Filter: '(count(*) > 1)' }) },
      'none',
    ],
  ];
  for (const [what, sample, words] of remedies) {
    test(what, () => {
      const [found, ...more] = findingsOf(planOfRaw(sample.root), 'row-misestimate');
      assert.ok(found !== undefined && more.length === 0);
      if (words === 'none') assert.equal(found.fix, undefined);
      else assert.match(found.fix ?? '', words);
      assert.doesNotMatch(found.detail, /what is above it/, 'nothing is above the root');
    });
  }
});

describe('the first node to go wrong', () => {
  test('is named, not those that inherit it', () => {
    const child = { ...scan(10, 5000).root, 'Parent Relationship': 'Outer' };
    const join = below('Hash Join', 'Outer', {
      'Plan Rows': 10,
      'Actual Rows': 5000,
      Plans: [child, below('Hash', 'Inner')],
    });
    const plan = planOfRaw(rawNode('Aggregate', { 'Plan Rows': 10, 'Actual Rows': 1000, Plans: [join] }));
    const found = findingsOf(plan, 'row-misestimate');
    assert.deepEqual(
      found.map(({ nodeId }) => nodeId),
      ['2'],
    );
  });
  test('is the CTE, not its scans', () => {
    const cte = { ...scan(10, 5000).root, 'Parent Relationship': 'InitPlan', 'Subplan Name': 'CTE c' };
    const read = (relationship: string) =>
      below('CTE Scan', relationship, { 'CTE Name': 'c', 'Plan Rows': 10, 'Actual Rows': 5000 });
    const plan = planOfRaw(rawNode('Nested Loop', { Plans: [cte, read('Outer'), read('Inner')] }));
    const found = findingsOf(plan, 'row-misestimate');
    assert.deepEqual(
      found.map(({ nodeId }) => nodeId),
      ['1'],
    );
  });
});

const both = { Filter: '((a.city = \'Bern\'::text) AND (a."Zip" = 3000))' };
const grouped = (keys: readonly string[], more: Raw = {}) => ({
  root: rawNode('Aggregate', {
    'Group Key': keys,
    'Plan Rows': 20_000,
    'Actual Rows': 200,
    Plans: [{ ...scan(20_000, 20_000, { Filter: undefined, ...more }).root, 'Parent Relationship': 'Outer' }],
  }),
});

describeRule('correlated-columns', {
  fires: scan(10, 5000, { Schema: 'geo', ...both }),
  firesToo: {
    'several columns of a group': grouped(['a.city', 'a.zip']),
    'without qualifiers, as short plans print': grouped(['city', 'zip']),
    'equality beside a range': scan(10, 5000, { Filter: "((a.city = 'Bern'::text) AND (a.zip > 3000))" }),
    'the index of a bitmap': {
      root: rawNode('Bitmap Heap Scan', {
        'Relation Name': 'addresses',
        Alias: 'a',
        'Plan Rows': 10,
        'Actual Rows': 5000,
        Plans: [
          below('Bitmap Index Scan', 'Outer', {
            'Index Name': 'addresses_idx',
            'Index Cond': "((a.city = 'Bern'::text) AND (a.zip = 3000))",
            'Plan Rows': 10,
            'Actual Rows': 5000,
          }),
        ],
      }),
    },
  },
  silent: {
    'one condition alone': scan(10, 5000),
    'one column twice': scan(10, 5000, { Filter: '((a.zip > 3000) AND (a.zip < 3999))' }),
    'compared with another table': scan(10, 5000, { Filter: '((a.city = b.city) AND (a.zip = b.zip))' }),
    'just under ten times': scan(100, 999, both),
    'a group of one column': grouped(['a.city']),
    'a group over two tables': grouped(['a.city', 'b.zip']),
    'a group by an expression': grouped(['a.city', '(lower(a.zip))']),
    'a join': under(
      rawNode('Hash Join', {
        'Plan Rows': 10,
        'Actual Rows': 5000,
        'Hash Cond': '((a.city = b.city) AND (a.zip = b.zip))',
      }),
      'Outer',
      scan(100, 100),
    ),
  },
});

const whole = (planned: number, actual: number, more: Raw = {}) =>
  scan(planned, actual, { Filter: undefined, ...more });

describeRule('stale-statistics', {
  fires: whole(1000, 2000),
  firesToo: { 'half the rows': whole(2000, 1000) },
  silent: {
    'a row less than twice': whole(1001, 2001),
    'less than 1,000 rows off': whole(10, 1009),
    'a filter may be what misleads': scan(1000, 50_000),
    'a Limit stops it early': under(rawNode('Limit'), 'Outer', whole(100_000, 10)),
  },
});

const withSettings = (settings: Raw) => ({ root: rawNode('Result'), top: { Settings: settings } });

describeRule('planner-method-disabled', {
  fires: withSettings({ enable_seqscan: 'off', enable_hashjoin: 'off', work_mem: '1MB' }),
  silent: {
    'a feature turned on': withSettings({ enable_partitionwise_join: 'on' }),
    'another setting': withSettings({ jit: 'off' }),
    'not told': { root: rawNode('Result') },
  },
});
