/** The three dearest steps in the strip of figures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../../src/shared/report.ts';
import { worstSteps } from '../../webview/views/worstSteps.ts';
import { nodeOf, planOfNodes } from '../support/reports.ts';
import { recordedPlan } from './panelReports.ts';

function check(title: string, plan: Plan, expected: readonly string[]): void {
  test(title, () => {
    assert.deepEqual(
      worstSteps(plan).map(({ share, name, title: exact }) => `${share} ${name}: ${exact}`),
      expected,
    );
  });
}

check('by own time, dearest first', recordedPlan('seed_slow_deployments.analyze.json').plan, [
  '38 % Parallel Seq Scan deployments: 53.90 ms of 140.4 ms in this step alone',
  '20 % Hash: 27.83 ms of 140.4 ms in this step alone',
  '18 % Seq Scan model_versions: 24.89 ms of 140.4 ms in this step alone',
]);
check('by own cost, where nothing was measured', recordedPlan('seed_slow_deployments.cost.json').plan, [
  '71 % Parallel Seq Scan deployments: 6,819.00 of a cost of 9,542.53 in this step alone',
  '18 % Gather Merge: 1,708.04 of a cost of 9,542.53 in this step alone',
  '11 % Seq Scan model_versions: 1,016.00 of a cost of 9,542.53 in this step alone',
]);
check(
  'a step below 5 % is not named',
  planOfNodes(
    [
      nodeOf({ id: '0', type: 'Limit', selfMs: 4, totalMs: 100 }),
      nodeOf({ id: '1', parentId: '0', type: 'Sort', selfMs: 96, totalMs: 96 }),
    ],
    { executionMs: 100 },
  ),
  ['96 % Sort: 96.00 ms of 100.0 ms in this step alone'],
);
check(
  'of a cut plan, a step without its inputs is not ranked',
  planOfNodes(
    [
      nodeOf({ id: '0', type: 'Sort', cost: 100, selfCost: 20 }),
      nodeOf({ id: '1', parentId: '0', type: 'Hash', cost: 80, selfCost: 80, missing: ['inputs'] }),
    ],
    { analyzed: false },
  ),
  ['20 % Sort: 20.00 of a cost of 100.00 in this step alone'],
);
check(
  'a plan of one step has no worst one',
  planOfNodes([nodeOf({ id: '0', type: 'Result', selfMs: 1, totalMs: 1 })], { executionMs: 1 }),
  [],
);
