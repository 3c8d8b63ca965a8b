/** Comparisons that can tell less than others, and say so. */
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
    changes: [
      'neither statement: these are two different statements',
      'better execution-time: the execution took 10.10 ms instead of 100.1 ms',
      'better step-time: the Seq Scan on orders itself took 10.00 ms instead of 100.0 ms',
    ],
  },
});
