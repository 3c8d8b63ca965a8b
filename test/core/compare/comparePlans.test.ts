/** What is said about two plans: the verdict and the lines below it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePlans } from '../../../src/core/compare/comparePlans.ts';
import { sketchReport } from '../../support/planSketch.ts';
import { checkComparisons, type ComparisonCase } from './checkComparisons.ts';

const seqScan = (ms: number, more = '') => `
Limit | ms=0.1 rows=10
  Seq Scan on orders | ms=${ms} rows=10 removed=99990 cost=1000${more}`;
const indexScan = (ms: number) => `
Limit | ms=0.1 rows=10
  Index Scan using orders_status_idx on orders | ms=${ms} rows=10 cost=8`;
const estimated = (sketch: string) => sketch.replaceAll(/(ms|rows|removed)=[\d.]+ ?/g, '');
const cases: Readonly<Record<string, ComparisonCase>> = {
  'an index gained': {
    before: sketchReport(seqScan(150)),
    after: sketchReport(indexScan(12.9)),
    verdict:
      '12× faster (150.1 ms → 13.00 ms): orders is now read by orders_status_idx instead of a sequential scan.',
    changes: [
      'better execution-time: the execution took 13.00 ms instead of 150.1 ms',
      'better index: orders is now read by orders_status_idx instead of a sequential scan',
    ],
  },
  'an index lost': {
    before: sketchReport(indexScan(12.9)),
    after: sketchReport(seqScan(150)),
    verdict:
      '12× slower (13.00 ms → 150.1 ms): orders is now read by a sequential scan instead of orders_status_idx.',
    changes: [
      'worse execution-time: the execution took 150.1 ms instead of 13.00 ms',
      'worse index: orders is now read by a sequential scan instead of orders_status_idx',
    ],
  },
  'an index gained for nothing': {
    before: sketchReport(seqScan(100)),
    after: sketchReport(indexScan(95)),
    verdict:
      'Within 10 % (100.1 ms → 95.10 ms): no difference that a single run could show, though orders is now read by orders_status_idx instead of a sequential scan.',
    changes: ['neither index: orders is now read by orders_status_idx instead of a sequential scan'],
  },
  'the same plan again': {
    before: sketchReport(seqScan(100)),
    after: sketchReport(seqScan(92)),
    verdict: 'The same plan, within 10 % (100.1 ms → 92.10 ms): no difference that a single run could show.',
    changes: [],
  },
  'the same plan, so short that a factor means nothing': {
    before: sketchReport(seqScan(0.05), { executionMs: 0.05 }),
    after: sketchReport(seqScan(0.11), { executionMs: 0.11 }),
    verdict:
      'The same plan, within a tenth of a millisecond (0.05 ms → 0.11 ms): no difference that a single run could show.',
    changes: [],
  },
  'the same plan, slower, on more rows': {
    before: sketchReport(seqScan(20)),
    after: sketchReport(`
Limit | ms=0.1 rows=10
  Seq Scan on orders | ms=90 rows=10 removed=499990 cost=1000`),
    verdict:
      '4.5× slower (20.10 ms → 90.10 ms) with the same plan: the scan of orders read 100 k rows before and 500 k now (5.0 times as many).',
    changes: [
      'worse execution-time: the execution took 90.10 ms instead of 20.10 ms',
      'worse data-volume: the scan of orders read 100 k rows before and 500 k now (5.0 times as many)',
      'worse step-time: the Seq Scan on orders itself took 90.00 ms instead of 20.00 ms',
    ],
  },
  'the same plan, slower for no reason that it shows': {
    before: sketchReport(seqScan(20)),
    after: sketchReport(seqScan(90)),
    verdict:
      '4.5× slower (20.10 ms → 90.10 ms) with the same plan: the Seq Scan on orders itself took 90.00 ms instead of 20.00 ms; the plan does not say why, so measure both again.',
    changes: [
      'worse execution-time: the execution took 90.10 ms instead of 20.10 ms',
      'worse step-time: the Seq Scan on orders itself took 90.00 ms instead of 20.00 ms',
    ],
  },
  'the same plan on a warm cache': {
    before: sketchReport(seqScan(80, ' hit=19 read=4300')),
    after: sketchReport(seqScan(20, ' hit=4319')),
    verdict:
      '4.0× faster (80.10 ms → 20.10 ms) with the same plan: the Seq Scan on orders itself took 20.00 ms instead of 80.00 ms; part of it may be the cache: 4,300 blocks (33.6 MiB) came from outside the cache before, 0 now.',
    changes: [
      'better execution-time: the execution took 20.10 ms instead of 80.10 ms',
      'better step-time: the Seq Scan on orders itself took 20.00 ms instead of 80.00 ms',
      'neither cache: 4,300 blocks (33.6 MiB) came from outside the cache before, 0 now',
    ],
  },
  'an inner side that runs less often, for it is remembered': {
    before: sketchReport(`
Nested Loop | ms=5 rows=1000
  Seq Scan on a | ms=10 rows=1000
  Index Scan using b_pkey on b | ms=30 rows=1000 loops=1000`),
    after: sketchReport(`
Nested Loop | ms=5 rows=1000
  Seq Scan on a | ms=10 rows=1000
  Memoize | ms=1 rows=1000 loops=1000
    Index Scan using b_pkey on b | ms=0.3 rows=10 loops=10`),
    verdict:
      '2.8× faster (45.00 ms → 16.30 ms): the Index Scan on b itself took 0.30 ms instead of 30.00 ms, in 10 runs instead of 1,000.',
    changes: [
      'better execution-time: the execution took 16.30 ms instead of 45.00 ms',
      'better step-time: the Index Scan on b itself took 0.30 ms instead of 30.00 ms, in 10 runs instead of 1,000',
      'neither step: the Memoize of b is new',
    ],
  },
  'another join': {
    before: sketchReport(`
Hash Join | ms=40 rows=10
  Seq Scan on a | ms=10 rows=1000
  Hash | ms=20
    Seq Scan on b | ms=30 rows=50000`),
    after: sketchReport(`
Nested Loop | ms=1 rows=10
  Seq Scan on a | ms=10 rows=1000
  Index Scan using b_pkey on b | ms=4 rows=10 loops=1000`),
    verdict:
      '6.7× faster (100.0 ms → 15.00 ms): the join of a and b is now a Nested Loop instead of a Hash Join, and b is now read by b_pkey instead of a sequential scan.',
    changes: [
      'better execution-time: the execution took 15.00 ms instead of 100.0 ms',
      'better join-method: the join of a and b is now a Nested Loop instead of a Hash Join',
      'better index: b is now read by b_pkey instead of a sequential scan',
    ],
  },
  'a sort that no longer spills': {
    before: sketchReport(
      `
Sort | ms=200 rows=9 temp=1000 | Sort Key: at
  Seq Scan on a | ms=50 rows=9 hit=500`,
      { settings: { work_mem: '1MB' } },
    ),
    after: sketchReport(
      `
Sort | ms=60 rows=9 hit=0 | Sort Key: at
  Seq Scan on a | ms=51 rows=9 hit=500`,
      { settings: { work_mem: '64MB' } },
    ),
    verdict:
      '2.3× faster (250.0 ms → 111.0 ms) with the same plan: the Sort by at no longer spills to disk (7.8 MiB before).',
    changes: [
      'better execution-time: the execution took 111.0 ms instead of 250.0 ms',
      'better spill: the Sort by at no longer spills to disk (7.8 MiB before)',
      'better step-time: the Sort by at itself took 60.00 ms instead of 200.0 ms',
      'better buffers: blocks touched: 500 instead of 1,500',
      'neither setting: work_mem: 1MB before, 64MB now',
    ],
  },
  'a sort that an index made needless': {
    before: sketchReport(`
Limit | ms=1 rows=10
  Sort | ms=70 rows=10 | Sort Key: o.at DESC
    Seq Scan on orders o | ms=30 rows=100000`),
    after: sketchReport(`
Limit | ms=1 rows=10
  Index Scan using orders_at_idx on orders o | ms=1 rows=10`),
    verdict:
      '51× faster (101.0 ms → 2.00 ms): the Sort by o.at DESC is gone, and orders is now read by orders_at_idx instead of a sequential scan.',
    changes: [
      'better execution-time: the execution took 2.00 ms instead of 101.0 ms',
      'neither sort: the Sort by o.at DESC is gone',
      'better index: orders is now read by orders_at_idx instead of a sequential scan',
    ],
  },
  'parallel workers that were not there': {
    before: sketchReport(`
Gather | ms=1 rows=9 workers=2
  Parallel Seq Scan on a | ms=30 rows=9 processes=3 loops=3`),
    after: sketchReport(`
Gather | ms=1 rows=9 workers=0
  Parallel Seq Scan on a | ms=90 rows=9`),
    verdict:
      '2.9× slower (31.00 ms → 91.00 ms) with the same plan: the Parallel Seq Scan on a itself took 90.00 ms instead of 30.00 ms, now in one process; the Gather had 2 workers before and 0 workers now.',
    changes: [
      'worse execution-time: the execution took 91.00 ms instead of 31.00 ms',
      'worse step-time: the Parallel Seq Scan on a itself took 90.00 ms instead of 30.00 ms, now in one process',
      'neither parallelism: the Gather had 2 workers before and 0 workers now',
    ],
  },
  'estimates that became right': {
    before: sketchReport('Seq Scan on a | ms=30 rows=1000 factor=1000'),
    after: sketchReport('Seq Scan on a | ms=30 rows=1000 factor=1.1'),
    verdict: 'The same plan with the same time, 30.00 ms.',
    changes: [
      'better estimates: rows of the Seq Scan on a are estimated better: actual to planned is ×1.1, was ×1,000',
    ],
  },
  'JIT switched off': {
    before: sketchReport('Seq Scan on a | ms=30 rows=9', {
      executionMs: 230,
      jit: { functions: 12, ms: 190, details: {} },
    }),
    after: sketchReport('Seq Scan on a | ms=30 rows=9', { executionMs: 31 }),
    verdict:
      '7.4× faster (230.0 ms → 31.00 ms) with the same plan: JIT compilation (12 functions, 190.0 ms) is gone.',
    changes: [
      'better execution-time: the execution took 31.00 ms instead of 230.0 ms',
      'better jit: JIT compilation (12 functions, 190.0 ms) is gone',
    ],
  },
  'another result': {
    before: sketchReport('Seq Scan on a | ms=30 rows=100'),
    after: sketchReport('Seq Scan on a | ms=3 rows=10'),
    verdict:
      '10× faster (30.00 ms → 3.00 ms) with the same plan: the scan of a read 100 rows before and 10 now; but the result has 10 rows instead of 100: other data, other values or another statement.',
    changes: [
      'better execution-time: the execution took 3.00 ms instead of 30.00 ms',
      'neither result: the result has 10 rows instead of 100: other data, other values or another statement',
      'better data-volume: the scan of a read 100 rows before and 10 now',
      'better step-time: the Seq Scan on a itself took 3.00 ms instead of 30.00 ms',
    ],
  },
  'plans that were not executed': {
    before: sketchReport(estimated(seqScan(1))),
    after: sketchReport(estimated(indexScan(1))),
    verdict:
      'By the planner’s estimate 125× cheaper (cost 1,000.00 → 8.00): orders is now read by orders_status_idx instead of a sequential scan; neither was executed, and a cost is no time.',
    changes: [
      'better cost: the planner’s cost is 8.00 instead of 1,000.00',
      'better index: orders is now read by orders_status_idx instead of a sequential scan',
    ],
  },
  'one that was executed and one that was not': {
    before: sketchReport(seqScan(100)),
    after: sketchReport(estimated(seqScan(100))),
    verdict:
      'The same plan at the same cost, 1,000.00; the second plan was not executed, and a cost is no time.',
    changes: ['neither measurement: only the first plan was executed, so findings do not compare'],
  },
  'findings and spills that only one side could tell': {
    before: sketchReport(
      'Sort | ms=30 rows=9 temp=900',
      {},
      { findings: [{ ruleId: 'a', severity: 'warning', title: 'Spill', detail: '', evidence: {} }] },
    ),
    after: sketchReport('Sort | ms=30 rows=9'),
    verdict: 'The same plan with the same time, 30.00 ms.',
    changes: ['neither measurement: only the first plan shows buffers, so findings do not compare'],
  },
  'a sort that spills, told without buffers': {
    before: sketchReport('Sort | ms=30 rows=9 | Sort Space Type: Memory'),
    after: sketchReport('Sort | ms=90 rows=9 space=8000 | Sort Space Type: Disk'),
    verdict: '3.0× slower (30.00 ms → 90.00 ms) with the same plan: the Sort now spills 7.8 MiB to disk.',
    changes: [
      'worse execution-time: the execution took 90.00 ms instead of 30.00 ms',
      'worse spill: the Sort now spills 7.8 MiB to disk',
      'worse step-time: the Sort itself took 90.00 ms instead of 30.00 ms',
    ],
  },
  'neither times nor costs': {
    before: sketchReport('Seq Scan on a'),
    after: sketchReport('Index Scan using a_pkey on a'),
    verdict:
      'The plan changed: a is now read by a_pkey instead of a sequential scan; without times or costs it cannot be judged.',
    changes: ['neither index: a is now read by a_pkey instead of a sequential scan'],
  },
  'one statement, written in another manner, with another value': {
    before: sketchReport(seqScan(100), { queryId: '7' }, { sql: 'SELECT 1;' }),
    after: sketchReport(seqScan(100), { queryId: '7' }, { sql: 'SELECT\n  2' }),
    verdict: 'The same plan with the same time, 100.1 ms.',
    changes: [],
  },
  'another query id alone': {
    before: sketchReport(seqScan(100), { queryId: '7' }),
    after: sketchReport(seqScan(100), { queryId: '8' }),
    verdict: 'The same plan with the same time, 100.1 ms.',
    changes: ['neither statement: the query ids differ: two statements, or one in two databases'],
  },
  'findings and servers': {
    before: sketchReport(
      seqScan(100),
      {},
      {
        server: { version: '17.6' },
        findings: [
          {
            ruleId: 'a',
            severity: 'critical',
            nodeId: '1',
            title: 'Bad scan',
            detail: '',
            evidence: { n: 1 },
          },
          { ruleId: 'b', severity: 'info', title: 'All well', detail: '', evidence: {} },
        ],
      },
    ),
    after: sketchReport(
      seqScan(100),
      {},
      {
        server: { version: '18.4' },
        findings: [
          { ruleId: 'b', severity: 'info', title: 'All well, still', detail: '', evidence: {} },
          { ruleId: 'c', severity: 'warning', title: 'Bad cache', detail: '', evidence: {} },
        ],
      },
    ),
    verdict: 'The same plan with the same time, 100.1 ms.',
    changes: [
      'better finding: no longer found: Bad scan',
      'worse finding: newly found: Bad cache',
      'neither server: the server is PostgreSQL 18.4, was 17.6',
    ],
  },
  'partitions that another number of processes happened to share': {
    before: sketchReport(`
Gather | ms=1 rows=19980 workers=2
  Append | ms=1 rows=19980 processes=3 loops=3
    Parallel Seq Scan on p1 | ms=5 rows=9990 processes=3 loops=1
    Parallel Seq Scan on p2 | ms=5 rows=9990 processes=3 loops=3`),
    after: sketchReport(`
Gather | ms=1 rows=19980 workers=2
  Append | ms=1 rows=19980 processes=3 loops=3
    Parallel Seq Scan on p1 | ms=5 rows=9990 processes=3 loops=2
    Parallel Seq Scan on p2 | ms=5 rows=9990 processes=3 loops=3`),
    verdict: 'The same plan with the same time, 12.00 ms.',
    changes: [],
  },
  'a parallel scan that was run again and again': {
    before: sketchReport(`
Gather | ms=1 rows=30 workers=2 loops=3
  Parallel Seq Scan on p1 | ms=5 rows=3000 processes=3 loops=9`),
    after: sketchReport(`
Gather | ms=1 rows=20 workers=2 loops=2
  Parallel Seq Scan on p1 | ms=5 rows=2000 processes=3 loops=4`),
    verdict: 'The same plan with the same time, 6.00 ms.',
    changes: [
      'neither result: the result has 20 rows instead of 30: other data, other values or another statement',
    ],
  },
  'partitions gone, together': {
    before: sketchReport(`
Append | ms=1 rows=30
${[1, 2, 3, 4, 5, 6].map((n) => `  Seq Scan on p${n} | ms=10 rows=5`).join('\n')}`),
    after: sketchReport(`
Append | ms=1 rows=30
  Seq Scan on p6 | ms=10 rows=5`),
    verdict: '5.5× faster (61.00 ms → 11.00 ms): 5 steps are gone: Seq Scan on p1, p2, p3 and 2 more.',
    changes: [
      'better execution-time: the execution took 11.00 ms instead of 61.00 ms',
      'neither step: 5 steps are gone: Seq Scan on p1, p2, p3 and 2 more',
    ],
  },
};

checkComparisons(cases);

test('thousands of changes of a kind are counted', () => {
  const scans = (title: (n: number) => string) =>
    `Append | ms=1\n${Array.from({ length: 3000 }, (_, n) => `  ${title(n)} | ms=1 rows=1`).join('\n')}`;
  const { changes } = comparePlans(
    sketchReport(scans((n) => `Seq Scan on p${n}`)),
    sketchReport(scans((n) => `Index Scan using i${n} on p${n}`)),
  );
  assert.equal(changes.length, 9);
  assert.equal(changes.at(-1)?.title, '2,992 more changes of this kind: index');
});

test('What is plain JSON before is plain JSON after', () => {
  const comparison = comparePlans(sketchReport(seqScan(100)), sketchReport(indexScan(1)));
  assert.deepEqual(JSON.parse(JSON.stringify(comparison)), comparison);
});
