import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseText } from '../../../src/core/plan/parseText.ts';
import { type RawObject, rootOf } from '../../support/textRoots.ts';

/** The fields of a node's line are exactly these; the measures are left out. */
function checkNode(line: string, fields: RawObject): void {
  const measures = '  (cost=1.25..2.50 rows=3 width=4)';
  const { documents } = parseText(`${line}${measures}`);
  assert.deepEqual((documents[0] as RawObject)['Plan'], {
    ...fields,
    'Startup Cost': 1.25,
    'Total Cost': 2.5,
    'Plan Rows': 3,
    'Plan Width': 4,
  });
}

describe('a node’s line', () => {
  const scan = (type: string, relation: string, more: RawObject = {}): RawObject => ({
    'Node Type': type,
    'Relation Name': relation,
    Alias: relation,
    ...more,
  });
  const lines: readonly (readonly [line: string, fields: RawObject])[] = [
    ['Seq Scan on t', scan('Seq Scan', 't')],
    ['Seq Scan on s.t a', scan('Seq Scan', 't', { Schema: 's', Alias: 'a' })],
    ['Parallel Seq Scan on t', scan('Seq Scan', 't', { 'Parallel Aware': true })],
    ['Async Foreign Scan on f', scan('Foreign Scan', 'f', { 'Async Capable': true, Operation: 'Select' })],
    ['Foreign Update on f', scan('Foreign Scan', 'f', { Operation: 'Update' })],
    ['Foreign Scan', { 'Node Type': 'Foreign Scan', Operation: 'Select' }],
    ['Seq Scan on "a b"."c ""(d" "->  e"', scan('Seq Scan', 'c "(d', { Schema: 'a b', Alias: '->  e' })],
    [
      'Seq Scan on "x  (cost=0.00..1.00 rows=1 width=1)"',
      scan('Seq Scan', 'x  (cost=0.00..1.00 rows=1 width=1)'),
    ],
    ['Seq Scan on "таблица" "größe"', scan('Seq Scan', 'таблица', { Alias: 'größe' })],
    ['Index Scan using i on t', scan('Index Scan', 't', { 'Index Name': 'i', 'Scan Direction': 'Forward' })],
    [
      'Parallel Index Only Scan Backward using "i on t" on s.t a',
      scan('Index Only Scan', 't', {
        Alias: 'a',
        Schema: 's',
        'Index Name': 'i on t',
        'Parallel Aware': true,
        'Scan Direction': 'Backward',
      }),
    ],
    ['Bitmap Index Scan on "i using"', { 'Node Type': 'Bitmap Index Scan', 'Index Name': 'i using' }],
    ['Bitmap Heap Scan on t', scan('Bitmap Heap Scan', 't')],
    ['Tid Range Scan on t', scan('Tid Range Scan', 't')],
    ['Sample Scan on t', scan('Sample Scan', 't')],
    [
      'Function Scan on pg_catalog.unnest u',
      { 'Node Type': 'Function Scan', 'Function Name': 'unnest', Schema: 'pg_catalog', Alias: 'u' },
    ],
    [
      'Table Function Scan on "xmltable" x',
      { 'Node Type': 'Table Function Scan', 'Table Function Name': 'xmltable', Alias: 'x' },
    ],
    ['CTE Scan on c a', { 'Node Type': 'CTE Scan', 'CTE Name': 'c', Alias: 'a' }],
    ['WorkTable Scan on t t_1', { 'Node Type': 'WorkTable Scan', 'CTE Name': 't', Alias: 't_1' }],
    [
      'Named Tuplestore Scan on new_rows',
      { 'Node Type': 'Named Tuplestore Scan', 'Tuplestore Name': 'new_rows', Alias: 'new_rows' },
    ],
    ['Values Scan on "*VALUES*"', { 'Node Type': 'Values Scan', Alias: '*VALUES*' }],
    ['Subquery Scan on "*SELECT* 1"', { 'Node Type': 'Subquery Scan', Alias: '*SELECT* 1' }],
    ['Insert on s.t', scan('ModifyTable', 't', { Schema: 's', Operation: 'Insert' })],
    ['Merge on t x', scan('ModifyTable', 't', { Alias: 'x', Operation: 'Merge' })],
    ['Aggregate', { 'Node Type': 'Aggregate', Strategy: 'Plain', 'Partial Mode': 'Simple' }],
    ['Finalize GroupAggregate', { 'Node Type': 'Aggregate', Strategy: 'Sorted', 'Partial Mode': 'Finalize' }],
    ['Partial HashAggregate', { 'Node Type': 'Aggregate', Strategy: 'Hashed', 'Partial Mode': 'Partial' }],
    ['MixedAggregate', { 'Node Type': 'Aggregate', Strategy: 'Mixed', 'Partial Mode': 'Simple' }],
    ['Nested Loop', { 'Node Type': 'Nested Loop', 'Join Type': 'Inner' }],
    ['Nested Loop Left Join', { 'Node Type': 'Nested Loop', 'Join Type': 'Left' }],
    ['Hash Join', { 'Node Type': 'Hash Join', 'Join Type': 'Inner' }],
    [
      'Parallel Hash Right Anti Join',
      { 'Node Type': 'Hash Join', 'Join Type': 'Right Anti', 'Parallel Aware': true },
    ],
    ['Merge Full Join', { 'Node Type': 'Merge Join', 'Join Type': 'Full' }],
    ['Merge Append', { 'Node Type': 'Merge Append' }],
    ['Parallel Hash', { 'Node Type': 'Hash', 'Parallel Aware': true }],
    ['HashSetOp Except All', { 'Node Type': 'SetOp', Strategy: 'Hashed', Command: 'Except All' }],
    ['SetOp Intersect', { 'Node Type': 'SetOp', Strategy: 'Sorted', Command: 'Intersect' }],
    [
      'Custom Scan (Citus INSERT ... SELECT)',
      { 'Node Type': 'Custom Scan', 'Custom Plan Provider': 'Citus INSERT ... SELECT' },
    ],
    [
      'Parallel Custom Scan (ChunkAppend) on metrics m',
      scan('Custom Scan', 'metrics', {
        Alias: 'm',
        'Custom Plan Provider': 'ChunkAppend',
        'Parallel Aware': true,
      }),
    ],
    // Of other servers: kept as they are, the target read where it is one.
    ['YB Seq Scan on t', scan('YB Seq Scan', 't')],
    ['Gather Motion 3:1  (slice1; segments: 3)', { 'Node Type': 'Gather Motion 3:1  (slice1; segments: 3)' }],
    ['Odd Scan on a thing of (mine)', { 'Node Type': 'Odd Scan', Headline: 'Odd Scan on a thing of (mine)' }],
  ];
  for (const [line, fields] of lines) test(line, () => checkNode(line, fields));
});

describe('measures', () => {
  const measures: readonly (readonly [text: string, fields: RawObject])[] = [
    [
      '  (cost=0.00..1.50 rows=10 width=8)',
      { 'Startup Cost': 0, 'Total Cost': 1.5, 'Plan Rows': 10, 'Plan Width': 8 },
    ],
    [
      ' (actual time=0.010..2.500 rows=7 loops=3)',
      { 'Actual Startup Time': 0.01, 'Actual Total Time': 2.5, 'Actual Rows': 7, 'Actual Loops': 3 },
    ],
    [' (actual rows=7 loops=3)', { 'Actual Rows': 7, 'Actual Loops': 3 }],
    [' (actual rows=0.33 loops=3)', { 'Actual Rows': 0.33, 'Actual Loops': 3, Disabled: false }],
    [
      '  (cost=0.00..1.50 rows=10 width=8) (never executed)',
      {
        'Startup Cost': 0,
        'Total Cost': 1.5,
        'Plan Rows': 10,
        'Plan Width': 8,
        'Actual Rows': 0,
        'Actual Loops': 0,
      },
    ],
  ];
  for (const [text, fields] of measures)
    test(text, () => assert.deepEqual(rootOf(`Result${text}`), { 'Node Type': 'Result', ...fields }));
});
