/** What is told below the plan of steps that not every process ran. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { surroundingWords } from '../../../src/core/report/reportWords.ts';
import { onlyPlan } from '../../support/plans.ts';
import { nodeOf, planOfNodes } from '../../support/reports.ts';

const pasted = join(import.meta.dirname, '../../fixtures/pasted');

test('the scans of a Parallel Append are told with the processes that ran them', () => {
  const plan = onlyPlan(readFileSync(join(pasted, 'append_by_process.txt'), 'utf8'));
  assert.deepEqual(surroundingWords(plan), [
    'Parallel Append in 3 processes: 1.80 s in all, 600.0 ms on average',
    'Seq Scan on np ran in 1 of 3 processes: 570.0 ms there, 190.0 ms of the elapsed time',
    'Parallel Seq Scan on p1 ran in at most 2 of 3 processes: 540.0 ms there, 180.0 ms of the elapsed time',
    'Parallel Seq Scan on p2 ran in 1 of 3 processes: 540.0 ms there, 180.0 ms of the elapsed time',
  ]);
});

const shared = { processes: 3, loops: 3 };
const alone = { processes: 3, loops: 1 };

test('of such steps the topmost are told, and those that took long', () => {
  const plan = planOfNodes(
    [
      nodeOf({ id: '0', type: 'Gather', loops: 1, totalMs: 100 }),
      nodeOf({ id: '1', parentId: '0', type: 'Append', totalMs: 90, ...shared }),
      nodeOf({ id: '2', parentId: '1', type: 'Hash Join', totalMs: 30, ...alone }),
      nodeOf({ id: '3', parentId: '2', type: 'Seq Scan', relation: 'a', totalMs: 20, ...alone }),
      nodeOf({ id: '4', parentId: '1', type: 'Seq Scan', relation: 'b', totalMs: 4.9, ...alone }),
    ],
    { executionMs: 100 },
  );
  assert.deepEqual(surroundingWords(plan).slice(1), [
    'Hash Join ran in 1 of 3 processes: 90.00 ms there, 30.00 ms of the elapsed time',
  ]);
});
