/** What a plan says in words that panel and terminal share: rounding, processes, triggers, work after the root. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount } from '../../src/shared/format.ts';
import { parallelTimes, parallelWords } from '../../src/shared/parallelTimes.ts';
import { afterRootWords, coldRunsWords, triggerName, triggerWords } from '../../src/shared/planWords.ts';
import { aboutSign, aboutWords, knownCount } from '../../src/shared/precision.ts';
import type { ColdRuns, PlanNode, PlanWorker } from '../../src/shared/report.ts';
import { nodeOf, noBuffers } from '../support/reports.ts';

const signs: readonly (readonly [what: string, fields: Partial<PlanNode>, expected: readonly string[]])[] = [
  ['exact numbers bear no sign', { totalMs: 10, selfMs: 5, rows: 7 }, ['', '', '']],
  ['rounding of a twentieth is not said', { totalMs: 10, precision: { ms: 0.5 } }, ['', '', '']],
  ['more of it is', { totalMs: 10, precision: { ms: 0.51 } }, ['≈ ', '', '']],
  ['each number by itself', { selfMs: 1, rows: 0, precision: { selfMs: 50, rows: 500 } }, ['', '≈ ', '≈ ']],
];
for (const [what, fields, expected] of signs) {
  test(`≈: ${what}`, () => {
    const node = nodeOf({ type: 'Index Scan', ...fields });
    const shown = (['totalMs', 'selfMs', 'rows'] as const).map((field) => aboutSign(node, field));
    assert.deepEqual(shown, expected);
  });
}

const counts: readonly (readonly [said: string, count: number, fields: Partial<PlanNode>])[] = [
  ['399,999', 399_999, {}],
  ['400,000', 399_999, { precision: { rows: 1.5 } }],
  ['1,000,000', 999_999, { precision: { rows: 1.5 } }],
  ['350', 352, { precision: { rows: 15 } }],
  ['352', 352, { precision: { rows: 0.5 } }],
  ['393,768', 393_768, { loops: 4, rowsRemoved: 393_768 }],
  ['6,232', 6232, { loops: 4, rows: 6232, rowsRemoved: 393_768 }],
  ['about 150,000', 150_000, { precision: { rows: 50_000 } }],
  ['about 3', 3, { precision: { rows: 1.5 } }],
  ['about 0', 0, { precision: { rows: 500 } }],
];
for (const [said, count, fields] of counts) {
  test(`a count is told round where rounding left it next to that, and as about right where it is: ${said}`, () => {
    const known = knownCount(nodeOf({ type: 'Seq Scan', ...fields }), count);
    assert.equal(known.about + formatCount(known.count), said);
  });
}

test('the tooltip tells how much is open, and nothing where the number is as good as exact', () => {
  const node = nodeOf({ type: 'Index Scan', selfMs: 1, totalMs: 100, precision: { selfMs: 50, ms: 1 } });
  assert.equal(aboutWords(node, 'selfMs'), '; the server’s rounding leaves ± 50.00 ms open');
  assert.equal(aboutWords(node, 'totalMs'), '');
});

const worker = (number: number, ms: number): PlanWorker => ({ number, ms, details: {} });
const parallel: readonly (readonly [words: string | undefined, fields: Partial<PlanNode>])[] = [
  [undefined, { totalMs: 10 }],
  [undefined, { processes: 3 }],
  ['in 3 processes: 36.00 ms in all, 12.00 ms on average', { processes: 3, totalMs: 12 }],
  [
    'in 3 processes: 36.00 ms in all, 12.00 ms on average, slowest worker 1 with 20.00 ms',
    { processes: 3, totalMs: 12, workers: [worker(0, 10), worker(1, 20)] },
  ],
  [
    'in 3 processes: 36.00 ms in all, 12.00 ms on average, slowest the leader with 28.00 ms',
    { processes: 3, totalMs: 12, workers: [worker(0, 5), worker(1, 3)] },
  ],
  ['in 3 processes: 36.00 ms in all, 12.00 ms on average', { processes: 3, totalMs: 12, loops: 3 }],
  [
    'ran in 1 of 3 processes: 36.00 ms there, 12.00 ms of the elapsed time',
    { processes: 3, totalMs: 12, loops: 1, workers: [worker(0, 36)] },
  ],
  // Of several loops one process may have made more than one.
  [
    'ran in at most 2 of 3 processes: 36.00 ms there, 12.41 ms of the elapsed time',
    { processes: 2.9, totalMs: 12 * (3 / 2.9), loops: 2 },
  ],
];
for (const [words, fields] of parallel) {
  test(`processes: ${words ?? 'nothing to tell'}`, () => {
    const times = parallelTimes(nodeOf({ type: 'Seq Scan', ...fields }));
    assert.equal(times && parallelWords(times), words);
  });
}

test('a trigger is told with its place in the time', () => {
  const trigger = { name: 'audit', relation: 'orders', ms: 1.5, calls: 1 };
  assert.equal(triggerName(trigger), 'Trigger audit on orders');
  assert.equal(triggerWords(trigger), '1.50 ms in 1 call');
  assert.equal(
    triggerWords({ ...trigger, calls: 2, runs: 'inside the root' }),
    '1.50 ms in 2 calls, within the plan',
  );
  assert.equal(
    triggerWords({ ...trigger, calls: 2, runs: 'after the root' }),
    '1.50 ms in 2 calls, on top of the plan',
  );
});

test('work after the root is told with what it touched', () => {
  const words = afterRootWords({ ms: 2, buffers: { ...noBuffers, sharedHit: 3, sharedRead: 1 } });
  assert.equal(
    words,
    '2.00 ms and 4 buffers (32.0 KiB): what data-modifying CTEs did once the root had all its rows',
  );
});

const caveat =
  'Before each, shared buffers were emptied of the plan’s tables; the operating system may still have held them.';
const coldOf = (ms: readonly [number, number, number], readBlocks?: number): ColdRuns => {
  const [minMs, medianMs, maxMs] = ms;
  return { ms, minMs, medianMs, maxMs, ...(readBlocks !== undefined && { readBlocks }) };
};
const coldCases: readonly (readonly [what: string, cold: ColdRuns, words: string])[] = [
  [
    'slower than every warm run; the first, before which nobody knows the cache, is none',
    coldOf([14, 24, 40], 128),
    'Cold runs: 24.00 ms, 2.0 times as long as warm (median of 3 runs, from 14.00 ms to 40.00 ms; 128 blocks (1.0 MiB) read).',
  ],
  [
    'as fast as some warm run',
    coldOf([13, 24, 40]),
    'Cold runs: 24.00 ms, not told apart from warm, whose times overlap with these (median of 3 runs, from 13.00 ms to 40.00 ms).',
  ],
  [
    'not slower at all, where the operating system holds everything',
    coldOf([10, 11, 12], 1),
    'Cold runs: 11.00 ms, no longer than warm (median of 3 runs, from 10.00 ms to 12.00 ms; 1 block (8.0 KiB) read).',
  ],
  [
    'much slower',
    coldOf([1000, 1200, 1300]),
    'Cold runs: 1.20 s, 100 times as long as warm (median of 3 runs, from 1.00 s to 1.30 s).',
  ],
];
for (const [what, cold, words] of coldCases) {
  test(`cold runs: ${what}`, () => {
    const warm = { ms: [50, 11, 13], medianMs: 12, minMs: 11, maxMs: 50 };
    assert.equal(coldRunsWords(warm), undefined);
    assert.equal(coldRunsWords({ ...warm, cold }), `${words} ${caveat}`);
  });
}

test('cold runs: one odd warm run does not hide the difference, two do', () => {
  const cold = { ...coldOf([30, 32, 34]), ms: [30, 31, 32, 33, 34] };
  const verdictOf = (...ms: readonly number[]) =>
    /, (.*?) \(/.exec(coldRunsWords({ ms, medianMs: 10, minMs: 10, maxMs: 99, cold }) ?? '')?.[1];
  assert.equal(verdictOf(10, 10, 10, 10, 31.5), '3.2 times as long as warm');
  assert.equal(verdictOf(10, 10), 'too few runs to compare with warm');
  assert.equal(verdictOf(10, 10, 10, 31.5, 31.5), 'not told apart from warm, whose times overlap with these');
});
