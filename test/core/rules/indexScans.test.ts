/** Rules on rows that are found by indexes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOfRaw, rawNode } from '../../support/plans.ts';
import { describeRule, findingsIn, type Raw } from '../../support/findings.ts';

const below = (type: string, relationship: string, fields: Raw = {}) =>
  rawNode(type, { 'Parent Relationship': relationship, ...fields });

/** A scan of 100 ms that keeps and removes so many rows. */
const scan = (type: string, kept: number, removed: number, more: Raw = {}) => ({
  root: rawNode(type, {
    'Relation Name': 'deployments',
    Schema: 'public',
    Alias: 'd',
    'Actual Rows': kept,
    'Rows Removed by Filter': removed,
    Filter: "(d.status = 'healthy'::text)",
    'Actual Total Time': 100,
    ...more,
  }),
});
const indexScan = (kept: number, removed: number, more: Raw = {}) =>
  scan('Index Scan', kept, removed, {
    'Index Name': 'deployments_kind_idx',
    'Index Cond': '(d.kind = 3)',
    Filter: '(d.a <> 3)',
    ...more,
  });

describeRule('index-scan-discards-rows', {
  fires: { ...indexScan(250, 1000), sql: 'select * from deployments d where kind = 3 and a <> 3' },
  firesToo: {
    'a bitmap names its index': {
      root: {
        ...scan('Bitmap Heap Scan', 1, 5000, { 'Recheck Cond': '(d.kind = 3)', Filter: '(d.a <> 3)' }).root,
        Plans: [below('Bitmap Index Scan', 'Outer', { 'Index Name': 'deployments_kind_idx' })],
      },
    },
  },
  silent: {
    'a row less discarded than four fifths': indexScan(251, 1000),
    'too few rows to matter': indexScan(1, 999),
    'only a recheck removed': indexScan(1, 0, { 'Rows Removed by Index Recheck': 5000 }),
    'the index lacks a column: that says more': indexScan(1, 5000, { Filter: '(d.a = 3)' }),
  },
});

describeRule('filter-outside-index', {
  fires: {
    ...indexScan(1000, 1000, { Filter: "((d.status = 'healthy'::text) AND (d.replicas > 3))" }),
    sql: "select * from deployments d where kind = 3 and d.status = 'healthy' and d.replicas > 3",
  },
  silent: {
    'a row less than half': indexScan(1001, 1000, { Filter: '(d.a = 3)' }),
    'nothing that an index serves': indexScan(1, 5000, { Filter: '(d.a <> 3)' }),
    'read for its order alone': indexScan(1, 5000, { Filter: '(d.a = 3)', 'Index Cond': undefined }),
  },
});

const ordered = (kept: number, removed: number, more: Raw = {}, above = 'Limit') => ({
  root: rawNode(above, {
    'Actual Rows': kept,
    'Actual Total Time': 100,
    Plans: [
      {
        ...indexScan(kept, removed, { 'Index Cond': undefined, Filter: '(d.a = 3)', ...more }).root,
        'Parent Relationship': 'Outer',
      },
    ],
  }),
});

describeRule('ordered-index-discards-rows', {
  fires: { ...ordered(10, 5000), sql: 'select * from deployments d where a = 3 order by kind limit 10' },
  silent: {
    'a row less discarded than four fifths': ordered(251, 1000),
    'no LIMIT above': ordered(10, 5000, {}, 'Result'),
    'a LIMIT behind a sort wants all rows': ordered(10, 5000, {}, 'Sort'),
    'the index has a condition': ordered(10, 5000, { 'Index Cond': '(d.kind = 3)' }),
  },
});

const bitmap = (lossy: number, more: Raw = {}) => ({
  root: rawNode('Bitmap Heap Scan', {
    'Relation Name': 'deployments',
    'Actual Total Time': 100,
    'Actual Rows': 50_000,
    'Exact Heap Blocks': 9000,
    'Lossy Heap Blocks': lossy,
    ...more,
  }),
});

describeRule('bitmap-lossy', {
  fires: bitmap(1000),
  firesToo: {
    'the workers’ blocks count': bitmap(0, {
      Workers: [
        { 'Worker Number': 0, 'Lossy Heap Blocks': 600 },
        { 'Worker Number': 1, 'Lossy Heap Blocks': 600 },
      ],
    }),
  },
  silent: { '999 blocks': bitmap(999), 'not printed': bitmap(0, { 'Lossy Heap Blocks': undefined }) },
});

const recheck = (rows: number, removed: number, more: Raw = {}) => ({
  root: rawNode('Bitmap Heap Scan', {
    'Relation Name': 'deployments',
    'Recheck Cond': "(name ~~ '%abc%'::text)",
    'Actual Total Time': 100,
    'Actual Rows': rows,
    'Rows Removed by Index Recheck': removed,
    Plans: [below('Bitmap Index Scan', 'Outer', { 'Index Name': 'deployments_name_trgm' })],
    ...more,
  }),
});

describeRule('index-recheck-removes-rows', {
  fires: recheck(1000, 1000),
  silent: {
    'a row less than half': recheck(1001, 1000),
    'too few rows to matter': recheck(1, 999),
    'lossy pages are to blame': recheck(1, 5000, { 'Lossy Heap Blocks': 1 }),
  },
});

const indexOnly = (rows: number, fetches: number, more: Raw = {}) => ({
  root: rawNode('Index Only Scan', {
    'Relation Name': 'Deployments',
    Schema: 'ops',
    'Index Name': 'deployments_pkey',
    'Index Cond': '(id > 3)',
    'Actual Rows': rows,
    'Actual Total Time': 100,
    'Heap Fetches': fetches,
    ...more,
  }),
});

describeRule('heap-fetches', {
  fires: indexOnly(10_000, 1000),
  firesToo: { 'a total over all loops': indexOnly(1, 1000, { 'Actual Loops': 1000 }) },
  silent: {
    '999 visits': indexOnly(1000, 999),
    'less than a tenth of the rows': indexOnly(10_001, 1000),
    'a busy table always has some': indexOnly(100_000, 5000),
    'not printed': indexOnly(10_000, 0, { 'Heap Fetches': undefined }),
  },
});

const bitmapAnd = (ms: number, indexes = ['a_idx', 'b_idx']) => ({
  root: rawNode('Bitmap Heap Scan', {
    'Actual Total Time': 100,
    Plans: [
      below('BitmapAnd', 'Outer', {
        'Actual Total Time': ms,
        Plans: indexes.map((index) => below('Bitmap Index Scan', 'Member', { 'Index Name': index })),
      }),
    ],
  }),
});

describeRule('bitmap-and-of-indexes', {
  fires: bitmapAnd(10),
  silent: {
    'less than a tenth of the time': bitmapAnd(9.9),
    'one index twice': bitmapAnd(50, ['a_idx', 'a_idx']),
  },
});

const clear = (type: string, rows: number, removed: number, more: Raw = {}) => ({
  ...scan(type, rows, removed, more),
  top: { 'Execution Time': 400 },
});

describeRule('index-scan-is-efficient', {
  fires: clear('Index Scan', 900, 100, { 'Index Cond': '(kind = 3)', 'Index Name': 'deployments_kind_idx' }),
  silent: {
    'less than nine tenths kept': clear('Index Scan', 900, 101, { 'Index Cond': '(kind = 3)' }),
    'few rows': clear('Index Scan', 999, 0, { 'Index Cond': '(kind = 3)' }),
    'read whole': clear('Index Scan', 5000, 0),
    'visits the table': clear('Index Only Scan', 5000, 0, { 'Index Cond': '(kind = 3)', 'Heap Fetches': 1 }),
    'run again and again': clear('Index Scan', 1, 0, { 'Index Cond': '(kind = 3)', 'Actual Loops': 5000 }),
  },
});

/** An index scan of 900 ms that finds so many rows by so many searches. */
const searched = (searches: number, rows: number, more: Raw = {}) => ({
  root: rawNode('Index Scan', {
    'Relation Name': 'tasks',
    'Index Name': 'tasks_a_b_idx',
    'Index Cond': '(b = 5)',
    'Index Searches': searches,
    'Actual Rows': rows,
    'Actual Total Time': 900,
    ...more,
  }),
});

describeRule('skip-scan-searches', {
  fires: { ...searched(100_001, 10), sql: 'select * from tasks where b = 5' },
  firesToo: {
    'a thousand searches': searched(1000, 999),
    'a hundred in each run': searched(1000, 10, { 'Actual Loops': 10, 'Actual Rows': 1 }),
    bounds: searched(1000, 10, { 'Index Cond': '((b > 5) AND (b < 9))' }),
    'not timed': searched(1000, 10, { 'Actual Total Time': undefined }),
    'a bitmap, whose table the scan above names': {
      root: rawNode('Bitmap Heap Scan', {
        'Relation Name': 'tasks',
        Alias: 't',
        'Actual Total Time': 1000,
        Plans: [
          { ...searched(1000, 10, { 'Index Cond': '(t.b = 5)' }).root, 'Node Type': 'Bitmap Index Scan' },
        ].map((node) => ({ ...node, 'Relation Name': undefined, 'Parent Relationship': 'Outer' })),
      }),
    },
  },
  silent: {
    '999 searches': searched(999, 10),
    'less than a hundred in each run': searched(1000, 1, { 'Actual Loops': 11 }),
    'a row for each search': searched(1000, 1000),
    'each value of a list is searched for': searched(1000, 10, {
      'Index Cond': "(b = ANY ('{1,2,3}'::integer[]))",
    }),
    'searches not printed': searched(1000, 10, { 'Index Searches': undefined }),
    'condition not printed': searched(1000, 10, { 'Index Cond': undefined }),
  },
});

test('an index that is searched too often is not cleared as efficient', () => {
  const { root } = searched(5000, 2000);
  const ids = findingsIn(planOfRaw(root)).map(({ ruleId }) => ruleId);
  assert.ok(ids.includes('skip-scan-searches'));
  assert.ok(!ids.includes('index-scan-is-efficient'), ids.join(', '));
});
