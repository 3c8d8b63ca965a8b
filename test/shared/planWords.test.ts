/** What a plan says in words that panel and terminal share: rounding, processes, triggers, work after the root. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parallelTimes, parallelWords } from '../../src/shared/parallelTimes.ts';
import { afterRootWords, triggerName, triggerWords } from '../../src/shared/planWords.ts';
import { aboutSign, aboutWords } from '../../src/shared/precision.ts';
import type { PlanNode, PlanWorker } from '../../src/shared/report.ts';
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

test('the tooltip tells how much is open, and nothing where the number is as good as exact', () => {
  const node = nodeOf({ type: 'Index Scan', selfMs: 1, totalMs: 100, precision: { selfMs: 50, ms: 1 } });
  assert.equal(aboutWords(node, 'selfMs'), '; the server’s rounding leaves ± 50.00 ms open');
  assert.equal(aboutWords(node, 'totalMs'), '');
});

const worker = (number: number, ms: number): PlanWorker => ({ number, ms, details: {} });
const parallel: readonly (readonly [words: string | undefined, fields: Partial<PlanNode>])[] = [
  [undefined, { totalMs: 10 }],
  [undefined, { processes: 3 }],
  ['3 processes: 36.00 ms in all, 12.00 ms on average', { processes: 3, totalMs: 12 }],
  [
    '3 processes: 36.00 ms in all, 12.00 ms on average, slowest worker 1 with 20.00 ms',
    { processes: 3, totalMs: 12, workers: [worker(0, 10), worker(1, 20)] },
  ],
  [
    '3 processes: 36.00 ms in all, 12.00 ms on average, slowest the leader with 28.00 ms',
    { processes: 3, totalMs: 12, workers: [worker(0, 5), worker(1, 3)] },
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
