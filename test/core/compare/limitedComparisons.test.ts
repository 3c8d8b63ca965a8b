/** Comparisons that can tell less than others, and say so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePlans } from '../../../src/core/compare/comparePlans.ts';
import { renderComparisonText } from '../../../src/core/compare/renderComparisonText.ts';
import { sketchReport } from '../../support/planSketch.ts';
import { checkComparisons } from './checkComparisons.ts';

const seqScan = (ms: number) => `
Limit | ms=0.1 rows=10
  Seq Scan on orders | ms=${ms} rows=10 removed=99990 cost=1000`;
const joined = `
Hash Join | ms=5 rows=10
  Seq Scan on a | ms=10 rows=1000
  Hash | ms=20
    Seq Scan on b | ms=60 rows=50000`;
const cutReport = (sketch: string) =>
  sketchReport(sketch, {}, { problems: [{ code: 'cut-off', message: 'The plan is cut off after line 9.' }] });

const ran = (sketch: string, ms: readonly number[]) => {
  const sorted = ms.toSorted((one, other) => one - other);
  const [medianMs = 0, minMs = 0, maxMs = 0] = [sorted[(ms.length - 1) >> 1], sorted[0], sorted.at(-1)];
  return sketchReport(sketch, { executionMs: medianMs }, { runs: { ms, medianMs, minMs, maxMs } });
};

checkComparisons({
  'a plan that was cut off, against the whole one': {
    before: cutReport(`
Hash Join | ms=50 rows=10
  Seq Scan on a | ms=10 rows=1000
  Hash | ms=40`),
    after: sketchReport(joined, {
      settings: { work_mem: '64MB' },
      jit: { functions: 3, ms: 20, details: {} },
    }),
    verdict:
      'Within 10 % (100.0 ms → 95.00 ms): no difference that a single run could show; the first plan is cut off, so only the steps that are there count.',
    changes: [],
  },
  'a whole plan against one that was cut off, where a step that is there is another': {
    before: sketchReport(joined),
    after: cutReport(`
Hash Join | ms=50 rows=10
  Index Scan using a_idx on a | ms=1 rows=1000
  Hash | ms=4`),
    verdict:
      '1.7× faster (95.00 ms → 55.00 ms): a is now read by a_idx instead of a sequential scan; the second plan is cut off, so only the steps that are there count.',
    changes: [
      'better execution-time: the execution took 55.00 ms instead of 95.00 ms',
      'better index: a is now read by a_idx instead of a sequential scan',
    ],
  },
  'two plans that were cut off': {
    before: cutReport('Limit | ms=1\n  Sort | ms=90'),
    after: cutReport('Limit | ms=1\n  Incremental Sort | ms=9'),
    verdict:
      '9.1× faster (91.00 ms → 10.00 ms); both plans are cut off, so only the steps that are there count.',
    changes: ['better execution-time: the execution took 10.00 ms instead of 91.00 ms'],
  },
  'two statements': {
    before: sketchReport(seqScan(100), {}, { sql: 'SELECT 1 FROM orders' }),
    after: sketchReport(seqScan(10), {}, { sql: 'SELECT 2 FROM orders' }),
    verdict:
      'Two different statements, so their times do not compare (100.1 ms and 10.10 ms); if one is a rewrite of the other, check that both return the same rows.',
    changes: ['neither statement: these are two different statements'],
  },
  'two statements, of which one has an index and one row': {
    before: sketchReport('Seq Scan on orders | ms=100 rows=10', {}, { sql: 'SELECT 1 FROM orders' }),
    after: sketchReport('Index Scan using i on orders | ms=1 rows=1', {}, { sql: 'SELECT 2 FROM orders' }),
    verdict:
      'Two different statements, so their times do not compare (100.0 ms and 1.00 ms); if one is a rewrite of the other, check that both return the same rows.',
    changes: [
      'neither statement: these are two different statements',
      'neither result: the result has 1 row instead of 10: other data, other values or another statement',
      'neither index: orders is now read by i instead of a sequential scan',
    ],
  },
  'a single run against several that were as fast and as slow': {
    before: sketchReport(seqScan(1.04), { executionMs: 1.04 }),
    after: ran(seqScan(0.93), [12.44, 0.93, 0.67, 1.1, 0.9]),
    verdict: 'The same plan; 1.04 ms → 0.93 ms is within the spread of 5 runs (0.67 ms to 12.44 ms).',
    changes: [],
  },
  'several runs on both sides, and an index for nothing': {
    before: ran(seqScan(9), [9, 5, 14]),
    after: ran(`Index Scan using i on orders | ms=7 rows=10`, [7, 4, 30]),
    verdict:
      '9.00 ms → 7.00 ms is within the spread of 3 runs (4.00 ms to 30.00 ms), though orders is now read by i instead of a sequential scan.',
    changes: [
      'neither index: orders is now read by i instead of a sequential scan',
      'neither step: the Limit of orders is gone',
    ],
  },
  'several runs on both sides that are told apart': {
    before: ran(seqScan(19), [21, 19, 18]),
    after: ran(seqScan(9), [9, 8, 12]),
    verdict:
      '2.1× faster (19.00 ms → 9.00 ms) with the same plan: the Seq Scan on orders itself took 9.00 ms instead of 19.00 ms; the plan does not say why, so measure both again.',
    changes: [
      'better execution-time: the execution took 9.00 ms instead of 19.00 ms',
      'better step-time: the Seq Scan on orders itself took 9.00 ms instead of 19.00 ms',
    ],
  },
  'several runs on both sides that are as long': {
    before: ran(seqScan(10), [9, 10, 12]),
    after: ran(seqScan(9.9), [9, 9.9, 12]),
    verdict: 'The same plan, within 10 % (10.00 ms → 9.90 ms): no difference that these runs could show.',
    changes: [],
  },
});

test('Ratios are left out where nothing compares, and several runs are said to be some', () => {
  const single = sketchReport(seqScan(1.04), { executionMs: 1.04 }, { source: { name: 'once.json' } });
  const several = ran(seqScan(0.93), [12.44, 0.93, 0.67, 1.1, 0.9]);
  const page = renderComparisonText(comparePlans(single, several), { color: false, width: 120 });
  assert.match(page, /^Execution +1\.04 ms +0\.93 ms$/m);
  assert.match(page, /^After: median of 5 runs, from 0\.67 ms to 12\.44 ms$/m);
  const other = comparePlans(
    { ...single, sql: 'SELECT 1' },
    sketchReport(seqScan(99), {}, { sql: 'SELECT 2' }),
  );
  assert.match(
    renderComparisonText(other, { color: false, width: 120 }),
    /^Execution +1\.04 ms +99\.10 ms$/m,
  );
});
