/** Rules on tables that are read in order. */
import { rawNode } from '../../support/plans.ts';
import { describeRule, type Raw } from '../../support/findings.ts';

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
const seqScan = (kept: number, removed: number, more: Raw = {}) => scan('Seq Scan', kept, removed, more);

/** The same, as plain EXPLAIN prints it. */
const planned = (more: Raw) =>
  seqScan(0, 0, {
    ...more,
    'Total Cost': 1000,
    ...Object.fromEntries(
      [
        'Actual Rows',
        'Actual Loops',
        'Actual Total Time',
        'Actual Startup Time',
        'Rows Removed by Filter',
      ].map((key) => [key, undefined]),
    ),
  });

describeRule('seq-scan-discards-rows', {
  fires: {
    ...seqScan(20, 1000, { 'Shared Hit Blocks': 50, 'Shared Read Blocks': 0 }),
    sql: "select * from deployments d where d.status = 'healthy'",
  },
  firesToo: {
    'without times, relation and blocks': seqScan(1, 5000, {
      'Actual Total Time': undefined,
      'Relation Name': undefined,
    }),
    'again and again': seqScan(0, 5000, { 'Actual Loops': 3 }),
    'a row less than a fifth kept': seqScan(249, 1000),
  },
  silent: {
    'kept rows are on every page': seqScan(249, 1000, { 'Shared Hit Blocks': 50 }),
    'exactly a fifth kept': seqScan(250, 1000),
    'too few rows to matter': seqScan(1, 999),
    'an index scan is no sequential scan': scan('Index Scan', 1, 5000),
    'no filter': seqScan(1, 5000, { Filter: undefined }),
    'rows removed not printed': seqScan(1, 5000, { 'Rows Removed by Filter': undefined }),
    'never executed': seqScan(1, 5000, { 'Actual Loops': 0 }),
    'estimated only': seqScan(1, 5000, { 'Actual Loops': undefined, 'Actual Rows': undefined }),
    'a leading wildcard says more': seqScan(1, 5000, { Filter: "(d.name ~~ '%abc%'::text)" }),
  },
});

describeRule('rows-removed-by-filter', {
  fires: scan('Index Scan', 1000, 1000, { 'Index Name': 'deployments_pkey' }),
  firesToo: {
    'a CTE scan': {
      root: rawNode('CTE Scan', {
        'CTE Name': 'c',
        'Actual Rows': 0,
        'Rows Removed by Filter': 5000,
        Filter: '(a = 1)',
      }),
    },
    'a join filter': {
      root: rawNode('Nested Loop', { 'Join Filter': '(a.x < b.y)', 'Rows Removed by Join Filter': 5000 }),
    },
    'all rows removed': seqScan(0, 5000),
    'a sequential scan of a millisecond': seqScan(0, 5000, { 'Actual Total Time': 1 }),
  },
  silent: {
    'a row less than half': scan('Index Scan', 1001, 1000),
    'too few rows to matter': scan('Index Scan', 0, 999),
    'a fifth of what a sequential scan reads is read faster in order': seqScan(1000, 4000),
    'HAVING comes after grouping': scan('Aggregate', 0, 5000),
    'condition not printed': seqScan(0, 5000, { Filter: undefined }),
    'a sequential scan of less than a millisecond': seqScan(0, 5000, { 'Actual Total Time': 0.99 }),
  },
});

describeRule('leading-wildcard-like', {
  fires: {
    ...seqScan(200, 800_000, { Filter: "(d.artifact_uri ~~ '%abc%'::text)" }),
    sql: "select * from deployments d\nwhere artifact_uri like '%abc%' -- anywhere",
  },
  firesToo: {
    'any beginning, ignoring case': seqScan(1, 5000, { Filter: "(d.name ~~* 'abc%'::text)" }),
    'too short for trigrams': seqScan(1, 5000, { Filter: "(d.name ~~ '%ab%'::text)" }),
    'one unknown character first': seqScan(1, 5000, { Filter: "(d.name ~~ '_bc%'::text)" }),
    'a regular expression without anchor': seqScan(1, 5000, { Filter: "(d.name ~ 'abc'::text)" }),
    'a varchar column': seqScan(1, 5000, { Filter: "((d.name)::text ~~ '%abc'::text)" }),
    'beside a test that nothing serves': seqScan(1, 5000, {
      Filter: "((d.name ~~ '%abc'::text) AND (d.a <> 3))",
    }),
    'planned only, by its cost': planned({ Filter: "(name ~~ '%abc'::text)" }),
  },
  silent: {
    'a pattern with a beginning': seqScan(1, 5000, { Filter: "(d.name ~~ 'abc%'::text)" }),
    'an anchored regular expression': seqScan(1, 5000, { Filter: "(d.name ~ '^abc'::text)" }),
    'NOT LIKE finds most rows': seqScan(1, 5000, { Filter: "(d.name !~~ '%abc%'::text)" }),
    'another test could be served by an index': seqScan(1, 5000, {
      Filter: "((d.name ~~ '%abc'::text) AND (d.status = 'healthy'::text))",
    }),
    'a pattern that is not known': seqScan(1, 5000, { Filter: '(d.name ~~ $1)' }),
    'most rows kept': seqScan(2000, 1000, { Filter: "(d.name ~~ '%abc'::text)" }),
    'no SQL': seqScan(1, 5000, { Filter: "(d.name ~~ '%abc" }),
  },
});

describeRule('function-on-column', {
  fires: {
    ...seqScan(1, 5000, { Filter: "(lower(d.name) = 'x'::text)" }),
    sql: "select * from deployments d where lower(d.name) = 'x' and true",
  },
  firesToo: {
    'a cast': seqScan(1, 5000, { Filter: "((d.deployed_at)::date = '2026-01-01'::date)" }),
    'an operator': seqScan(1, 5000, { Filter: '((d.id % 7) = 3)' }),
    'the constant first': seqScan(1, 5000, { Filter: '(3 > abs(d.id))' }),
    coalesce: seqScan(1, 5000, { Filter: "(COALESCE(d.name, ''::text) = 'x'::text)" }),
  },
  silent: {
    'a bare column': seqScan(1, 5000),
    'varchar prints with a cast that changes nothing': seqScan(1, 5000, {
      Filter: "((d.name)::text = 'x'::text)",
    }),
    'another test could be served by an index': seqScan(1, 5000, {
      Filter: "((lower(d.name) = 'x'::text) AND (d.id > 7))",
    }),
    'two columns: no index on one of them': seqScan(1, 5000, { Filter: '((d.a + d.b) = 3)' }),
    'too few rows to matter': seqScan(1, 999, { Filter: "(lower(d.name) = 'x'::text)" }),
  },
});

describeRule('or-across-columns', {
  fires: {
    ...seqScan(1, 5000, { Filter: '((d.version_id = 3) OR (d.environment_id = 7))' }),
    sql: 'select * from deployments d where (version_id = 3 or environment_id = 7)',
  },
  silent: {
    'one column is a list': seqScan(1, 5000, { Filter: '((d.id = 3) OR (d.id > 7000))' }),
    'another test could be served by an index': seqScan(1, 5000, {
      Filter: "(((d.a = 3) OR (d.b = 7)) AND (d.status = 'healthy'::text))",
    }),
    'a row less discarded than four fifths': seqScan(251, 1000, { Filter: '((d.a = 3) OR (d.b = 7))' }),
  },
});

const write = (operation: string, target: string, child: Raw) => ({
  root: rawNode('ModifyTable', {
    Operation: operation,
    'Relation Name': target,
    'Actual Rows': 0,
    'Actual Total Time': 120,
    Plans: [{ ...child, 'Parent Relationship': 'Outer' }],
  }),
});

describeRule('dml-scans-for-few-rows', {
  fires: {
    ...write('Update', 'deployments', seqScan(249, 1000).root),
    sql: "update deployments d set replicas = 1 where status = 'healthy'",
  },
  firesToo: {
    'nothing found': write('Delete', 'deployments', seqScan(0, 1000).root),
    'about so many': write(
      'Delete',
      'deployments',
      seqScan(1, 1000, { 'Actual Loops': 9, 'Actual Total Time': 11 }).root,
    ),
    'below a join': write(
      'Delete',
      'deployments',
      rawNode('Hash Join', {
        'Actual Total Time': 100,
        Plans: [{ ...seqScan(0, 1000).root, 'Parent Relationship': 'Outer' }],
      }),
    ),
  },
  silent: {
    'exactly a fifth found': write('Update', 'deployments', seqScan(250, 1000).root),
    'too few rows to matter': write('Update', 'deployments', seqScan(1, 999).root),
    'another table': write('Update', 'models', seqScan(1, 5000).root),
    'an INSERT finds nothing in its own table': write('Insert', 'deployments', seqScan(1, 5000).root),
    'no writing at all': seqScan(1, 5000),
  },
});

/** A nested loop of 200 ms whose inner side is read whole `runs` times. */
const loop = (runs: number, more: Raw = {}) => ({
  root: rawNode('Nested Loop', {
    'Actual Total Time': 200,
    'Actual Rows': runs,
    Plans: [
      below('Seq Scan', 'Outer', { 'Actual Rows': runs, 'Plan Rows': runs, Alias: 'm' }),
      below('Limit', 'Inner', {
        'Actual Loops': runs,
        'Actual Total Time': 150 / runs,
        Plans: [
          below('Seq Scan', 'Outer', {
            'Relation Name': 'model_versions',
            Alias: 'mv',
            'Actual Loops': runs,
            'Actual Rows': 20,
            'Rows Removed by Filter': 39_980,
            Filter: '(mv.model_id = m.model_id)',
            'Actual Total Time': 150 / runs,
            ...more,
          }),
        ],
      }),
    ],
  }),
});

describeRule('unindexed-join', {
  fires: {
    ...loop(10),
    sql: 'select * from models m, lateral (select 1 from model_versions mv where mv.model_id = m.model_id limit 3) x',
  },
  firesToo: {
    'a sub-query': {
      root: rawNode('Seq Scan', {
        'Actual Rows': 20,
        Plans: [
          below('Seq Scan', 'SubPlan', {
            'Subplan Name': 'SubPlan 1',
            'Relation Name': 'model_versions',
            Alias: 'mv',
            'Actual Loops': 20,
            'Actual Rows': 1,
            'Rows Removed by Filter': 900,
            Filter: '(mv.model_id = m.model_id)',
          }),
        ],
      }),
    },
  },
  silent: {
    'nine runs': loop(9),
    'compared with a constant': loop(10, { Filter: '(mv.model_id = 3)' }),
    'compared by inequality': loop(10, { Filter: '(mv.model_id <> m.model_id)' }),
    'too few rows to matter': loop(10, { 'Rows Removed by Filter': 99, 'Actual Rows': 1 }),
  },
});

const foreign = (rows: number, removed: number, more: Raw = {}) => ({
  root: rawNode('Foreign Scan', {
    'Relation Name': 'orders',
    'Actual Rows': rows,
    'Rows Removed by Filter': removed,
    Filter: '(local_function(note) > 3)',
    'Remote SQL': 'SELECT id, note FROM public.orders',
    'Actual Total Time': 100,
    ...more,
  }),
});

describeRule('foreign-scan-filters-locally', {
  fires: { ...foreign(1000, 1000), sql: 'select * from orders where local_function(note) > 3' },
  silent: {
    'a row less than half': foreign(1001, 1000),
    'too few rows to matter': foreign(0, 999),
    'the condition was sent': foreign(1, 5000, { Filter: undefined }),
  },
});

const partitions = (
  empty: number,
  filled: number,
  more: Raw = {},
  condition: Raw = { Filter: "(kind = 'click'::text)" },
) => ({
  root: rawNode('Append', {
    'Actual Total Time': 100,
    'Actual Rows': filled,
    ...more,
    Plans: Array.from({ length: empty + filled }, (_, i) =>
      below('Seq Scan', 'Member', {
        'Relation Name': `events_p${i}`,
        Alias: `events_${i + 1}`,
        'Actual Total Time': 100 / (empty + filled),
        'Actual Rows': i < empty ? 0 : 1,
        ...condition,
      }),
    ),
  }),
});

describeRule('partitions-not-pruned', {
  fires: { ...partitions(4, 4), sql: "select * from events where kind = 'click'" },
  silent: {
    'three empty partitions': partitions(3, 0),
    'most held something': partitions(4, 5),
    'no condition: all are wanted': partitions(8, 0, {}, {}),
    'never executed counts as pruned': partitions(8, 0, {}, { 'Actual Loops': 0, Filter: '(a = 1)' }),
    'different tables are no partitions': {
      root: rawNode('Append', {
        Plans: ['a', 'b', 'c', 'd', 'e'].map((name) =>
          below('Seq Scan', 'Member', {
            'Relation Name': name,
            Alias: name,
            'Actual Rows': 0,
            Filter: '(x = 1)',
          }),
        ),
      }),
    },
  },
});

const bloated = (rows: number, blocks: number, more: Raw = {}) =>
  seqScan(rows, 0, { Filter: undefined, 'Shared Hit Blocks': blocks, 'Shared Read Blocks': 0, ...more });

describeRule('table-bloat', {
  fires: bloated(1999, 1000),
  silent: {
    'two rows on each page': bloated(2000, 1000),
    '999 pages': bloated(10, 999),
    'removed rows are there, too': bloated(1, 1000, { Filter: '(a = 1)', 'Rows Removed by Filter': 5000 }),
    'a sub-plan reads other tables': bloated(10, 1000, {
      Plans: [below('Seq Scan', 'SubPlan', { 'Subplan Name': 'SubPlan 1' })],
    }),
    'no buffers': seqScan(10, 0, { Filter: undefined }),
  },
});
