import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bufferKeys } from '../../../src/core/plan/buffers.ts';
import { type RawObject, rootOf, rootOfPart, topOf } from '../../support/textRoots.ts';

describe('lines below a node', () => {
  const details: readonly (readonly [line: string, fields: RawObject, node?: string])[] = [
    ['Filter: (a = 1)', { Filter: '(a = 1)' }],
    [
      "Filter: (a = 'x  (cost=0.00..1.00 rows=1 width=4)'::text)",
      { Filter: "(a = 'x  (cost=0.00..1.00 rows=1 width=4)'::text)" },
    ],
    ['One-Time Filter: false', { 'One-Time Filter': 'false' }],
    [
      `Output: a, (b || ', '), "c, d", ARRAY[1, 2], f(x, 'y)')`,
      { Output: ['a', "(b || ', ')", '"c, d"', 'ARRAY[1, 2]', "f(x, 'y)')"] },
    ],
    [
      'Sort Key: a DESC, (lower(b)) COLLATE "C" NULLS FIRST',
      { 'Sort Key': ['a DESC', '(lower(b)) COLLATE "C" NULLS FIRST'] },
    ],
    [
      'Sort Method: external merge  Disk: 22960kB',
      { 'Sort Method': 'external merge', 'Sort Space Used': 22960, 'Sort Space Type': 'Disk' },
    ],
    [
      'Sort Method: top-N heapsort  Memory: 25kB',
      { 'Sort Method': 'top-N heapsort', 'Sort Space Used': 25, 'Sort Space Type': 'Memory' },
    ],
    [
      'Buckets: 65536 (originally 1024)  Batches: 16 (originally 1)  Memory Usage: 3585kB',
      {
        'Hash Buckets': 65536,
        'Original Hash Buckets': 1024,
        'Hash Batches': 16,
        'Original Hash Batches': 1,
        'Peak Memory Usage': 3585,
      },
    ],
    [
      'Planned Partitions: 4  Batches: 5  Memory Usage: 8241kB  Disk Usage: 1088kB',
      { 'Planned Partitions': 4, 'HashAgg Batches': 5, 'Peak Memory Usage': 8241, 'Disk Usage': 1088 },
    ],
    ['Planned Partitions: 4', { 'Planned Partitions': 4 }],
    [
      'Hits: 9  Misses: 1  Evictions: 0  Overflows: 0  Memory Usage: 1kB',
      {
        'Cache Hits': 9,
        'Cache Misses': 1,
        'Cache Evictions': 0,
        'Cache Overflows': 0,
        'Peak Memory Usage': 1,
      },
    ],
    [
      'Buffers: shared hit=1 read=2 dirtied=3 written=4, local hit=5, temp read=6 written=7',
      {
        'Shared Hit Blocks': 1,
        'Shared Read Blocks': 2,
        'Shared Dirtied Blocks': 3,
        'Shared Written Blocks': 4,
        'Local Hit Blocks': 5,
        'Temp Read Blocks': 6,
        'Temp Written Blocks': 7,
      },
    ],
    ['I/O Timings: read=1.5 write=2.25', { 'I/O Read Time': 1.5, 'I/O Write Time': 2.25 }],
    [
      'I/O Timings: shared/local read=1.5, temp read=2.5 write=3.5',
      { 'I/O Read Time': 1.5, 'Temp I/O Read Time': 2.5, 'Temp I/O Write Time': 3.5 },
    ],
    [
      'I/O Timings: shared read=1.5 write=2, local read=3, temp write=4',
      {
        'Shared I/O Read Time': 1.5,
        'Shared I/O Write Time': 2,
        'Local I/O Read Time': 3,
        'Temp I/O Write Time': 4,
      },
    ],
    [
      'WAL: records=10 fpi=2 bytes=4096 buffers full=3',
      { 'WAL Records': 10, 'WAL FPI': 2, 'WAL Bytes': 4096, 'WAL Buffers Full': 3 },
    ],
    ['Heap Blocks: exact=10 lossy=20', { 'Exact Heap Blocks': 10, 'Lossy Heap Blocks': 20 }],
    ['Storage: Disk  Maximum Storage: 17kB', { Storage: 'Disk', 'Maximum Storage': 17 }],
    [
      'Full-sort Groups: 13  Sort Methods: quicksort, top-N heapsort  Average Memory: 27kB  Peak Memory: 28kB  Average Disk: 9kB  Peak Disk: 10kB',
      {
        'Full-sort Groups': {
          'Group Count': 13,
          'Sort Methods Used': ['quicksort', 'top-N heapsort'],
          'Sort Space Memory': { 'Average Sort Space Used': 27, 'Peak Sort Space Used': 28 },
          'Sort Space Disk': { 'Average Sort Space Used': 9, 'Peak Sort Space Used': 10 },
        },
      },
    ],
    [
      `Sampling: bernoulli ('10'::real) REPEATABLE ('5'::double precision)`,
      {
        'Sampling Method': 'bernoulli',
        'Sampling Parameters': ["'10'::real"],
        'Repeatable Seed': "'5'::double precision",
      },
    ],
    [
      'Tuples: inserted=1 updated=2 skipped=3',
      { 'Tuples Inserted': 1, 'Tuples Updated': 2, 'Tuples Skipped': 3 },
    ],
    ['Conflict Arbiter Indexes: a_pkey, "b, c"', { 'Conflict Arbiter Indexes': ['a_pkey', '"b, c"'] }],
    ['Rows Removed by Index Recheck: 12', { 'Rows Removed by Index Recheck': 12 }],
    ['Window: w AS (PARTITION BY a ORDER BY b)', { Window: 'w AS (PARTITION BY a ORDER BY b)' }],
    ['Inner Unique: true', { 'Inner Unique': true }],
    ['Cache Mode: binary', { 'Cache Mode': 'binary' }],
    ['Storage Table Read Execution Time: 0.512 ms', { 'Storage Table Read Execution Time': 0.512 }],
    ['Plan Node ID: 3', { 'Plan Node ID': 3 }],
    ['extParam: 0', { extParam: 0 }],
    ['Chunks excluded during startup: 2', { 'Chunks excluded during startup': 2 }],
    // Kept in words where the words are not those that we know.
    ['Buffers: shared many', { Buffers: 'shared many' }],
    ['Node Type: Trick', { 'Other Lines': ['Node Type: Trick'] }],
    ['something else', { 'Other Lines': ['something else'] }],
    [
      'Update on s.p_1 p',
      { 'Target Tables': [{ Operation: 'Update', Schema: 's', 'Relation Name': 'p_1', Alias: 'p' }] },
      'Update on p',
    ],
  ];
  for (const [line, fields, node = 'Result'] of details) {
    test(line, () => {
      const plain = rootOfPart(node);
      assert.deepEqual(rootOfPart(`${node}  (cost=0.00..1.00 rows=1 width=4)\n  ${line}`), {
        ...plain,
        ...costs,
        ...fields,
      });
    });
  }
  const costs = { 'Startup Cost': 0, 'Total Cost': 1, 'Plan Rows': 1, 'Plan Width': 4 };

  test('a line of the same key twice', () =>
    assert.deepEqual(
      rootOf('Result  (cost=0.00..1.00 rows=1 width=4)\n  Filter: a\n  Filter: b\n  Filter: c'),
      {
        'Node Type': 'Result',
        ...costs,
        Filter: 'a',
        'Other Lines': ['Filter: b', 'Filter: c'],
      },
    ));
  test('literals and names with line ends', () => {
    const root = rootOf(
      `Seq Scan on "a\nb" c  (cost=0.00..1.00 rows=1 width=4)\n  Filter: (a = 'it''s\n  ->  Sort  (cost=0.00..1.00 rows=1 width=4)\n\nend')\n  Rows Removed by Filter: 3`,
    );
    assert.equal(root['Relation Name'], 'a\nb');
    assert.equal(root['Filter'], `(a = 'it''s\n  ->  Sort  (cost=0.00..1.00 rows=1 width=4)\n\nend')`);
    assert.equal(root['Rows Removed by Filter'], 3);
    assert.equal(root['Plans'], undefined);
  });
  test('an apostrophe is no literal', () => {
    const root = rootOf(
      `Result  (cost=0.00..1.00 rows=1 width=4)\n  Filter: don't\n  Rows Removed by Filter: 3`,
    );
    assert.equal(root['Filter'], "don't");
    assert.equal(root['Rows Removed by Filter'], 3);
  });
  test('grouping sets', () => {
    const lines = [
      'Hash Key: a',
      'Hash Key: b',
      'Group Key: c',
      'Group Key: ()',
      'Sort Key: d',
      '  Group Key: d',
    ];
    const root = rootOf(
      `MixedAggregate (actual rows=1 loops=1)\n${lines.map((line) => `  ${line}\n`).join('')}  ->  Result (actual rows=1 loops=1)`,
    );
    assert.deepEqual(root['Grouping Sets'], [
      { 'Hash Keys': [['a'], ['b']] },
      { 'Group Keys': [['c'], []] },
      { 'Sort Key': ['d'], 'Group Keys': [['d']] },
    ]);
  });
  test('workers, as of 18 and as of 9.6', () => {
    const worker = {
      'Worker Number': 0,
      'Actual Startup Time': 1,
      'Actual Total Time': 2,
      'Actual Rows': 3,
      'Actual Loops': 1,
    };
    const sort = { 'Sort Method': 'quicksort', 'Sort Space Used': 25, 'Sort Space Type': 'Memory' };
    for (const lines of [
      [
        '  Worker 0:  actual time=1.000..2.000 rows=3 loops=1',
        '    Sort Method: quicksort  Memory: 25kB',
        '    Buffers: shared hit=4',
      ],
      [
        '  Worker 0:  Sort Method: quicksort  Memory: 25kB',
        '  Worker 0: actual time=1.000..2.000 rows=3 loops=1',
        '    Buffers: shared hit=4',
      ],
    ]) {
      const root = rootOf(
        ['Result  (cost=0.00..1.00 rows=1 width=4)', ...lines, '  Buffers: shared hit=9'].join('\n'),
      );
      assert.deepEqual(root['Workers'], [{ ...worker, ...sort, 'Shared Hit Blocks': 4 }]);
      assert.equal(root['Shared Hit Blocks'], 9);
    }
  });
});

/** Of the sections beside the tree, as the other formats print them. */
const noBlocks = Object.fromEntries(Object.values(bufferKeys).map((key) => [key, 0]));

describe('lines beside the tree', () => {
  const result = 'Result  (cost=0.00..1.00 rows=1 width=4)';
  const tops: readonly (readonly [lines: string, fields: RawObject])[] = [
    ['Planning Time: 0.5 ms\nExecution Time: 1.25 ms', { 'Planning Time': 0.5, 'Execution Time': 1.25 }],
    ['Planning time: 0.5 ms\nExecution time: 1.25 ms', { 'Planning time': 0.5, 'Execution time': 1.25 }],
    ['Total runtime: 1.25 ms', { 'Total runtime': 1.25 }],
    ['Query Identifier: -2752312922531438488', { 'Query Identifier': '-2752312922531438488' }],
    [
      `Settings: search_path = '"$user", public', a.b = 'it's, so', work_mem = '4MB'`,
      { Settings: { search_path: '"$user", public', 'a.b': "it's, so", work_mem: '4MB' } },
    ],
    [
      'Planning:\n  Buffers: shared hit=4\n  Memory: used=51kB  allocated=64kB',
      { Planning: { ...noBlocks, 'Shared Hit Blocks': 4, 'Memory Used': 51, 'Memory Allocated': 64 } },
    ],
    [
      'Serialization: time=0.013 ms  output=1kB  format=text\n  Buffers: shared hit=2',
      {
        Serialization: {
          ...noBlocks,
          Time: 0.013,
          'Output Volume': 1,
          Format: 'text',
          'Shared Hit Blocks': 2,
        },
      },
    ],
    [
      'JIT:\n  Functions: 5\n  Options: Inlining true, Optimization false\n  Timing: Generation 1.5 ms (Deform 0.5 ms), Inlining 0.0 ms, Total 6.5 ms',
      {
        JIT: {
          Functions: 5,
          Options: { Inlining: true, Optimization: false },
          Timing: { Generation: { Deform: 0.5, Total: 1.5 }, Inlining: 0, Total: 6.5 },
        },
      },
    ],
    ['Trigger t: time=1.5 calls=2', { Triggers: [{ 'Trigger Name': 't', Time: 1.5, Calls: 2 }] }],
    [
      'Trigger a b: time=9 calls=8 on x y: calls=2',
      { Triggers: [{ 'Trigger Name': 'a b: time=9 calls=8', Relation: 'x y', Calls: 2 }] },
    ],
    [
      'Trigger for constraint c on t: time=1.5 calls=2',
      { Triggers: [{ 'Constraint Name': 'c', Relation: 't', Time: 1.5, Calls: 2 }] },
    ],
    [
      'Trigger RI_1 for constraint c: time=1.5 calls=2',
      { Triggers: [{ 'Trigger Name': 'RI_1', 'Constraint Name': 'c', Time: 1.5, Calls: 2 }] },
    ],
    [
      'RTI 1 (relation, in-from-clause):\n  Eref: t (a, b)',
      { 'RTI 1 (relation, in-from-clause)': { Eref: 't (a, b)' } },
    ],
  ];
  for (const [lines, fields] of tops) {
    test(lines.split('\n')[0], () => {
      const { Plan: _, ...top } = topOf(`${result}\n${lines}`);
      assert.deepEqual(top, fields);
    });
  }
  test('a trigger’s table is the only one that is written', () => {
    const top = topOf(
      `Insert on s.t  (cost=0.00..1.00 rows=1 width=4)\n  ->  ${result}\nTrigger x: time=1 calls=1`,
    );
    assert.deepEqual(top['Triggers'], [{ 'Trigger Name': 'x', Time: 1, Calls: 1, Relation: 't' }]);
  });
  test('what auto_explain prints above the tree', () => {
    const top = topOf(`Query Text: select 1\n  from t;\nQuery Parameters: $1 = 'x'\n${result}`);
    assert.equal(top['Query Text'], 'select 1\nfrom t;');
    assert.equal(top['Query Parameters'], "$1 = 'x'");
  });
});
