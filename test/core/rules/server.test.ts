/** Rules on what the server gives: blocks, workers, compiled code, other nodes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOfRaw, rawNode } from '../../support/plans.ts';
import { describeRule, findingsOf, type Raw } from '../../support/findings.ts';

const below = (type: string, relationship: string, fields: Raw = {}) =>
  rawNode(type, { 'Parent Relationship': relationship, ...fields });

const reads = (hit: number, read: number, more: Raw = {}) => ({
  root: rawNode('Seq Scan', {
    'Relation Name': 'deployments',
    'Shared Hit Blocks': hit,
    'Shared Read Blocks': read,
    'Actual Total Time': 100,
    ...more,
  }),
});

describeRule('blocks-read-from-disk', {
  fires: reads(0, 1000, { 'Shared I/O Read Time': 60 }),
  firesToo: {
    'nobody timed it': reads(0, 1000),
    'read here and below': {
      root: {
        ...reads(0, 5000).root,
        Plans: [below('Sort', 'Outer', { 'Shared Hit Blocks': 0, 'Shared Read Blocks': 5000 })],
      },
    },
  },
  silent: { '999 blocks': reads(0, 999), 'no buffers': { root: rawNode('Seq Scan') } },
});

test('I/O of several processes is their sum, and saves its elapsed share', () => {
  const child = reads(0, 5000, { 'Actual Loops': 4, 'Shared I/O Read Time': 320 }).root;
  const plan = planOfRaw(
    rawNode('Gather', {
      'Actual Total Time': 101,
      'Shared Read Blocks': 5000,
      'Shared I/O Read Time': 320,
      Plans: [{ ...child, 'Parent Relationship': 'Outer' }],
    }),
  );
  assert.equal(findingsOf(plan, 'blocks-read-from-disk')[0]!.savableMs, 80);
});

const spread = (read: number) => ({
  root: rawNode('Append', {
    'Actual Total Time': 100,
    'Shared Hit Blocks': 3000,
    'Shared Read Blocks': read * 3,
    Plans: ['a', 'b', 'c'].map((name) =>
      below('Seq Scan', 'Member', {
        'Relation Name': name,
        'Actual Total Time': 30,
        'Shared Hit Blocks': 1000,
        'Shared Read Blocks': read,
      }),
    ),
  }),
});

describeRule('low-cache-hit', {
  fires: spread(2000),
  firesToo: { 'a little under nine tenths': reads(899, 101) },
  silent: {
    'nine tenths': reads(900, 100),
    'too few blocks to matter': reads(0, 999),
    'one node reads most of it, and is named': reads(0, 5000),
    'no buffers': { root: rawNode('Seq Scan') },
  },
});

describeRule('slow-io', {
  fires: reads(0, 1000, { 'Shared I/O Read Time': 500, 'Actual Total Time': 600 }),
  firesToo: {
    'as PostgreSQL 16 calls it': reads(0, 1000, { 'I/O Read Time': 500, 'Actual Total Time': 600 }),
  },
  silent: {
    'a third of a millisecond each': reads(0, 1500, {
      'Shared I/O Read Time': 500,
      'Actual Total Time': 600,
    }),
    '999 blocks': reads(0, 999, { 'Shared I/O Read Time': 600, 'Actual Total Time': 600 }),
    'not timed': reads(0, 5000),
  },
});

/** A Gather of `gatherMs`, below which three processes each worked `partMs`. */
const gather = (gatherMs: number, partMs: number, more: Raw = {}, part: Raw = {}) => ({
  root: rawNode('Gather', {
    'Actual Total Time': gatherMs,
    'Actual Rows': 9000,
    'Workers Planned': 2,
    'Workers Launched': 2,
    ...more,
    Plans: [
      below('Seq Scan', 'Outer', {
        'Relation Name': 'deployments',
        'Actual Rows': 3000,
        'Actual Loops': 3,
        'Actual Total Time': partMs,
        ...part,
      }),
    ],
  }),
});

describeRule('workers-not-launched', {
  fires: gather(120, 100, { 'Workers Launched': 1 }, { 'Actual Loops': 2 }),
  firesToo: { 'none at all': gather(120, 100, { 'Workers Launched': 0 }, { 'Actual Loops': 1 }) },
  silent: {
    'all launched': gather(120, 100),
    'not told': gather(120, 100, { 'Workers Launched': undefined }),
    'never executed': gather(0, 0, { 'Workers Launched': 0, 'Actual Loops': 0 }, { 'Actual Loops': 0 }),
  },
});

const worker = (number: number, ms: number) => ({
  'Worker Number': number,
  'Actual Loops': 1,
  'Actual Rows': 3000,
  'Actual Total Time': ms,
});

describeRule('parallel-skew', {
  // Three processes of 40 ms on average: 10, 100 and the leader's 10.
  fires: gather(130, 40, {}, { Workers: [worker(0, 10), worker(1, 100)] }),
  firesToo: { 'the leader': gather(130, 40, {}, { Workers: [worker(0, 10), worker(1, 10)] }) },
  silent: {
    'less than twice the average': gather(130, 40, {}, { Workers: [worker(0, 30), worker(1, 79)] }),
    'less than 20 ms more': gather(40, 15, {}, { Workers: [worker(0, 5), worker(1, 34)] }),
    'a leader that was alone: the workers came too late': gather(
      130,
      40,
      {},
      { Workers: [worker(0, 1), worker(1, 1)] },
    ),
    'workers not told apart': gather(130, 40),
  },
});

describeRule('parallelism-harmful', {
  fires: gather(65, 20),
  silent: {
    'less than 5 ms lost': gather(64.9, 20),
    'it pays': gather(100, 90),
    'an InitPlan that the Gather evaluates takes as long anyhow': {
      root: {
        ...gather(165, 40).root,
        Plans: [
          below('Aggregate', 'InitPlan', {
            'Subplan Name': 'InitPlan 1',
            'Actual Total Time': 100,
          }),
          ...(gather(165, 40, {}, { Filter: '(a > (InitPlan 1).col1)' }).root['Plans'] as Raw[]),
        ],
      },
    },
    'without times': gather(0, 0, { 'Actual Total Time': undefined }),
  },
});

const longScan = (ms: number, rows: number, more: Raw = {}) => ({
  root: rawNode('Seq Scan', {
    'Relation Name': 'model_metrics',
    'Actual Rows': rows,
    'Actual Total Time': ms,
    ...more,
  }),
});

describeRule('parallelism-missing', {
  fires: { ...longScan(1000, 1_000_000), top: { Settings: { max_parallel_workers_per_gather: '0' } } },
  silent: {
    'less than a second': longScan(999, 5_000_000),
    'less than a million rows': longScan(5000, 999_999),
    'run again and again': longScan(500, 1_000_000, { 'Actual Loops': 4 }),
    'what writes cannot be parallel': {
      root: rawNode('ModifyTable', {
        'Actual Total Time': 6000,
        Plans: [{ ...longScan(5000, 5_000_000).root, 'Parent Relationship': 'Outer' }],
      }),
    },
    'shared among processes': gather(6000, 5000, {}, { 'Actual Rows': 5_000_000 }),
  },
});

const jit = (ms: number, more: Raw = {}) => ({
  ...reads(1, 0),
  top: { 'Execution Time': 100, JIT: { Functions: 40, Timing: { Total: ms } }, ...more },
});

describeRule('jit-costs-time', {
  fires: jit(20),
  silent: {
    'less than a fifth of the time': jit(19.9),
    'less than 10 ms': jit(9.9, { 'Execution Time': 20 }),
    'a sum over three processes': {
      ...gather(100, 90),
      top: { JIT: { Functions: 40, Timing: { Total: 59 } } },
    },
    'not timed': jit(0, { JIT: { Functions: 40 } }),
    'no JIT': reads(1, 0),
  },
});

const distributed = (query: Raw, more: Raw = {}) => ({
  root: rawNode('Custom Scan', {
    'Custom Plan Provider': 'Citus Adaptive',
    'Actual Total Time': 100,
    'Distributed Query': query,
    ...more,
  }),
});
const task = (ms: number, node: string) => ({
  Node: `host=${node} port=5432 dbname=app`,
  'Remote Plan': [[{ Plan: rawNode('Seq Scan', { 'Actual Total Time': ms }) }]],
});

describeRule('citus-repartition', {
  fires: distributed({
    Job: {
      'Task Count': 4,
      'Tasks Shown': 'None, not supported for re-partition queries',
      'Dependent Jobs': [
        { 'Map Task Count': 32, 'Merge Task Count': 4 },
        { 'Map Task Count': 32, 'Merge Task Count': 4 },
      ],
    },
  }),
  silent: {
    'tasks that run where the rows are': distributed({ Job: { 'Task Count': 32, Tasks: [task(10, 'a')] } }),
    'another provider': {
      root: rawNode('Custom Scan', { 'Custom Plan Provider': 'ChunkAppend' }),
    },
  },
});

describeRule('citus-subplans', {
  fires: {
    ...distributed({
      Subplans: [
        {
          'Subplan Duration': 20,
          'Intermediate Data Size': '137 kB',
          'Result destination': 'Send to 2 nodes',
        },
      ],
      Job: { 'Task Count': 32 },
    }),
    top: { 'Execution Time': 130 },
  },
  silent: {
    'less than a tenth of the time': {
      ...distributed({ Subplans: [{ 'Subplan Duration': 12.9 }], Job: {} }),
      top: { 'Execution Time': 130 },
    },
    none: distributed({ Job: { 'Task Count': 32 } }),
  },
});

describeRule('citus-task-skew', {
  fires: distributed({ Job: { Tasks: [task(10, 'a'), task(10, 'b'), task(70, 'c')] } }),
  silent: {
    'less than twice the average': distributed({
      Job: { Tasks: [task(30, 'a'), task(30, 'b'), task(80, 'c')] },
    }),
    'less than 10 ms more': distributed({ Job: { Tasks: [task(1, 'a'), task(1, 'b'), task(12, 'c')] } }),
    'one task shown': distributed({ Job: { Tasks: [task(70, 'c')] } }),
    'sub-plans are no tasks': distributed({
      Subplans: [
        { PlannedStmt: [{ Plan: rawNode('Seq Scan', { 'Actual Total Time': 1 }) }] },
        { PlannedStmt: [{ Plan: rawNode('Seq Scan', { 'Actual Total Time': 100 }) }] },
      ],
    }),
  },
});
