/** Rules on sorting, hashing and keeping rows. */
import { rawNode } from '../../support/plans.ts';
import { describeRule, type Raw } from '../../support/findings.ts';

const below = (type: string, relationship: string, fields: Raw = {}) =>
  rawNode(type, { 'Parent Relationship': relationship, ...fields });

const sort = (more: Raw) => ({
  root: rawNode('Sort', {
    'Actual Total Time': 50,
    'Actual Rows': 1000,
    'Sort Key': ['d.deployed_at DESC', 'd.id'],
    ...more,
  }),
});

describeRule('sort-spill', {
  fires: {
    ...sort({ 'Sort Space Type': 'Disk', 'Sort Space Used': 20_000 }),
    sql: 'select id, deployed_at from deployments d order by deployed_at desc nulls first',
  },
  firesToo: {
    'a kilobyte': sort({ 'Sort Space Type': 'Disk', 'Sort Space Used': 1 }),
    'only a worker spilled': sort({
      'Sort Space Type': 'Memory',
      'Sort Space Used': 5,
      Workers: [{ 'Worker Number': 0, 'Sort Space Type': 'Disk', 'Sort Space Used': 70 }],
    }),
    'below a Limit, by what it sorted': {
      root: rawNode('Limit', {
        Plans: [
          below('Sort', 'Outer', {
            'Actual Rows': 10,
            'Sort Space Type': 'Disk',
            'Sort Space Used': 9800,
            Plans: [below('Seq Scan', 'Outer', { 'Actual Rows': 200_000 })],
          }),
        ],
      }),
    },
    'an incremental sort': {
      root: rawNode('Incremental Sort', {
        'Full-sort Groups': { 'Sort Space Disk': { 'Peak Sort Space Used': 900 } },
      }),
    },
  },
  silent: {
    'in memory': sort({ 'Sort Space Type': 'Memory', 'Sort Space Used': 9000 }),
    'not told': sort({}),
  },
});

const hash = (more: Raw) => ({
  root: rawNode('Hash Join', {
    'Actual Total Time': 80,
    'Temp Written Blocks': 5000,
    Plans: [below('Hash', 'Inner', { 'Actual Total Time': 50, 'Actual Rows': 200_000, ...more })],
  }),
});

describeRule('hash-spill', {
  fires: hash({ 'Hash Batches': 2, 'Original Hash Batches': 1, 'Peak Memory Usage': 4096 }),
  firesToo: {
    'memory not told': hash({ 'Hash Batches': 2 }),
    'an aggregate on disk': { root: rawNode('Aggregate', { 'HashAgg Batches': 5, 'Disk Usage': 100 }) },
  },
  silent: {
    'one batch': hash({ 'Hash Batches': 1, 'Peak Memory Usage': 4096 }),
    'not told': hash({}),
    'an aggregate in memory': { root: rawNode('Aggregate', { 'HashAgg Batches': 1, 'Disk Usage': 0 }) },
  },
});

const stored = (type: string, more: Raw) => ({
  root: rawNode(type, { 'Actual Total Time': 50, 'Actual Rows': 100_000, ...more }),
});

describeRule('materialize-spill', {
  fires: stored('Materialize', { Storage: 'Disk', 'Maximum Storage': 9000 }),
  firesToo: {
    'before 18 its temporary blocks tell': stored('WindowAgg', { 'Temp Written Blocks': 1 }),
    'the scan that filled the CTE’s store': stored('CTE Scan', {
      'CTE Name': 'c',
      Storage: 'Disk',
      'Maximum Storage': 9000,
      'Temp Written Blocks': 1125,
    }),
  },
  silent: {
    'in memory': stored('Materialize', { Storage: 'Memory', 'Maximum Storage': 9000 }),
    'another scan of the CTE': stored('CTE Scan', {
      'CTE Name': 'c',
      Storage: 'Disk',
      'Maximum Storage': 9000,
      'Shared Hit Blocks': 0,
      'Temp Written Blocks': 0,
    }),
    'not told': stored('Materialize', {}),
  },
});

const aggregate = (more: Raw) => ({
  root: rawNode('Aggregate', {
    Strategy: 'Plain',
    'Actual Total Time': 200,
    'Temp Written Blocks': 1071,
    Plans: [below('Seq Scan', 'Outer', { 'Actual Rows': 750_000, 'Actual Total Time': 50 })],
    ...more,
  }),
});

describeRule('aggregate-sorts-inside', {
  fires: aggregate({}),
  firesToo: { 'group by group': aggregate({ Strategy: 'Sorted', 'Group Key': ['a.kind'] }) },
  silent: {
    'in memory': aggregate({ 'Temp Written Blocks': 0 }),
    'hashing writes files of its own': aggregate({ Strategy: 'Hashed' }),
    'grouping sets sort between their passes': aggregate({ Strategy: 'Sorted', 'Grouping Sets': [] }),
    'no buffers': aggregate({ 'Temp Written Blocks': undefined }),
  },
});

describeRule('temp-files', {
  fires: stored('SetOp', { 'Temp Written Blocks': 1000, 'Temp Read Blocks': 990 }),
  silent: {
    '999 blocks': stored('SetOp', { 'Temp Written Blocks': 999 }),
    'a sort says what for': sort({
      'Sort Space Type': 'Disk',
      'Sort Space Used': 9000,
      'Temp Written Blocks': 5000,
    }),
    'so does a hash join by its hash': hash({ 'Hash Batches': 2, 'Temp Written Blocks': 2500 }),
    'and a store': stored('Materialize', {
      Storage: 'Disk',
      'Maximum Storage': 9000,
      'Temp Written Blocks': 1125,
    }),
    'no buffers': stored('SetOp', {}),
  },
});

const memoize = (hits: number, misses: number, evictions: number, more: Raw = {}) => ({
  root: rawNode('Memoize', {
    'Cache Key': 'd.version_id',
    'Cache Hits': hits,
    'Cache Misses': misses,
    'Cache Evictions': evictions,
    'Cache Overflows': 0,
    'Actual Total Time': 50,
    Plans: [below('Index Scan', 'Outer', { 'Actual Total Time': 40 })],
    ...more,
  }),
});

describeRule('memoize-misses', {
  fires: memoize(500, 500, 400),
  firesToo: {
    'keys never come back': memoize(100, 900, 0),
    'workers count too': memoize(10, 90, 0, {
      Workers: [{ 'Worker Number': 0, 'Cache Hits': 90, 'Cache Misses': 810 }],
    }),
  },
  silent: {
    'a few keys miss a few times': memoize(101, 899, 0),
    'evictions, but more than half found': memoize(501, 499, 400),
    '999 look-ups': memoize(0, 999, 0),
    'not told': memoize(0, 0, 0, { 'Cache Hits': undefined, 'Cache Misses': undefined }),
  },
});

const limited = (sorted: number, wanted: number, between: string | undefined, more: Raw = {}) => {
  const sorting = below('Sort', 'Outer', {
    'Sort Key': ['d.deployed_at DESC'],
    'Sort Method': 'quicksort',
    'Actual Rows': wanted,
    'Actual Total Time': 60,
    ...more,
    Plans: [
      below('Seq Scan', 'Outer', {
        'Relation Name': 'deployments',
        Alias: 'd',
        'Actual Rows': sorted,
        'Actual Total Time': 40,
      }),
    ],
  });
  return {
    root: rawNode('Limit', {
      'Actual Rows': wanted,
      'Actual Total Time': 60,
      Plans: [
        between === undefined
          ? sorting
          : below(between, 'Outer', {
              Strategy: 'Sorted',
              'Actual Rows': wanted,
              'Actual Total Time': 60,
              Plans: [sorting],
            }),
      ],
    }),
  };
};

describeRule('full-sort-for-limit', {
  fires: {
    ...limited(1000, 100, 'Unique'),
    sql: 'select distinct deployed_at from deployments d order by d.deployed_at desc limit 100',
  },
  firesToo: {
    'grouping in order': limited(1000, 100, 'Aggregate'),
    'the LIMIT itself, where the order is not the statement’s': {
      ...limited(1000, 100, 'WindowAgg'),
      sql: 'select row_number() over (order by deployed_at desc) from deployments limit 100',
    },
  },
  silent: {
    'less than ten times the LIMIT': limited(1009, 101, 'Unique'),
    'too few rows to matter': limited(999, 1, 'Unique'),
    'a heap of the best rows': limited(5000, 10, 'Unique', { 'Sort Method': 'top-N heapsort' }),
    'something that needs all': limited(5000, 10, 'Hash Join'),
    'an aggregate of all rows': {
      root: JSON.parse(JSON.stringify(limited(5000, 1, 'Aggregate').root).replace('Sorted', 'Plain')) as Raw,
    },
  },
});

const heap = { 'Sort Method': 'top-N heapsort' };

describeRule('limit-reads-all-rows', {
  fires: {
    ...limited(1000, 100, undefined, heap),
    sql: 'select * from deployments d order by d.deployed_at desc limit 100',
  },
  silent: {
    'less than ten times the LIMIT': limited(1009, 101, undefined, heap),
    'too few rows to matter': limited(999, 1, undefined, heap),
    'ordered by an expression': limited(5000, 10, undefined, { ...heap, 'Sort Key': ['(lower(d.name))'] }),
    'ordered by two tables': limited(5000, 10, undefined, { ...heap, 'Sort Key': ['d.a', 'e.b'] }),
    'ordered by a result of grouping': {
      root: rawNode('Limit', {
        'Actual Rows': 10,
        Plans: [
          below('Sort', 'Outer', {
            ...heap,
            'Sort Key': ['d.kind'],
            Plans: [
              below('Aggregate', 'Outer', {
                'Actual Rows': 5000,
                Plans: [below('Seq Scan', 'Outer', { 'Relation Name': 'deployments', Alias: 'd' })],
              }),
            ],
          }),
        ],
      }),
    },
  },
});

const page = (taken: number, returned: number, more: Raw = {}) => ({
  root: rawNode('Limit', {
    'Actual Rows': returned,
    'Actual Total Time': 100,
    Plans: [below('Index Scan', 'Outer', { 'Actual Rows': taken, 'Actual Total Time': 99 })],
    ...more,
  }),
});

describeRule('offset-paging', {
  fires: { ...page(1050, 50), sql: 'select * from t order by id limit 50 offset 1000' },
  silent: {
    '999 rows skipped': page(1049, 50),
    'not more than are returned': page(4000, 2000),
    'nothing below': { root: rawNode('Limit', { 'Actual Rows': 50 }) },
    'within the rounding of many loops': {
      root: rawNode('Nested Loop', {
        Plans: [
          below('Seq Scan', 'Outer', { 'Actual Rows': 5000 }),
          below('Limit', 'Inner', {
            'Actual Loops': 5000,
            'Actual Rows': 0,
            Plans: [below('Index Scan', 'Outer', { 'Actual Loops': 5000, 'Actual Rows': 1 })],
          }),
        ],
      }),
    },
  },
});

const wide = (rows: number, width: number, more: Raw = {}) => ({
  root: rawNode('Sort', { 'Actual Rows': rows, 'Plan Width': width, 'Actual Total Time': 100, ...more }),
});

describeRule('wide-rows', {
  fires: { ...wide(20_000, 1000), sql: 'select * from documents order by title' },
  silent: {
    'less than 16 MiB': wide(16_000, 1000),
    'narrow rows': wide(1_000_000, 199),
    'not told': wide(20_000, 0, { 'Plan Width': undefined }),
  },
});
