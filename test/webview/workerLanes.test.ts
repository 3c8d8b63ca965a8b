/** Lanes of the processes under each Gather, and the sentence where a plan does not tell them apart. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Plan, PlanNode } from '../../src/shared/report.ts';
import { buildPlanModel } from '../../webview/planModel.ts';
import { gatheringsOf, isParallel, laneTitle, shownGatherings } from '../../webview/workerLanes.ts';
import { nodeOf, planOfNodes } from '../support/reports.ts';
import { gatheredPlan, recordedPlan } from './panelReports.ts';

const lanesOf = (plan: Plan) => gatheringsOf(buildPlanModel(plan, []));
const worker = (number: number, ms: number, rows: number) => ({ number, ms, rows, loops: 1, details: {} });

function parallelPlan(scan: Partial<PlanNode>, gather: Partial<PlanNode> = {}): Plan {
  return planOfNodes([
    nodeOf({ type: 'Gather', details: { 'Workers Planned': 2, 'Workers Launched': 2 }, loops: 1, ...gather }),
    nodeOf({ id: '1', parentId: '0', type: 'Seq Scan', relation: 'orders', ...scan }),
  ]);
}

const shared = { processes: 3, totalMs: 40, loops: 3, rows: 100 } as const;

test('the leader is what the workers leave, and one that is late is named', () => {
  const [gathering] = lanesOf(parallelPlan({ ...shared, workers: [worker(0, 20, 30), worker(1, 20, 30)] }));
  assert.deepEqual(
    gathering?.lanes.map(({ process, ms, rows, isLate }) => [process, ms, rows, isLate]),
    [
      ['leader', 80, 40, true],
      ['worker 0', 20, 30, false],
      ['worker 1', 20, 30, false],
    ],
  );
  assert.equal(gathering?.title, 'Gather over Seq Scan orders');
  assert.equal(
    gathering?.summary,
    '2 of 2 workers; uneven: the leader took 80.00 ms, 2.0 times the average of 40.00 ms',
  );
  assert.equal(laneTitle(gathering.lanes[1]!), 'worker 0: 20.000 ms, with everything below; 30 rows; 1 loop');
});

test('of very many, those with the longest processes are shown, and the selected one, in the order of the plan', () => {
  const count = 500;
  const all = lanesOf(gatheredPlan(count).plan);
  assert.equal(all.length, count);
  const shown = shownGatherings(all, 's7').map(({ shared: { id } }) => id);
  const longest = Array.from({ length: shown.length - 1 }, (_, at) => `s${count - shown.length + 1 + at}`);
  assert.deepEqual(shown, ['s7', ...longest]);
  assert.ok(shown.length >= 20 && shown.length <= 40, `${shown.length}`);
  assert.deepEqual(shownGatherings(all.slice(0, 9), ''), all.slice(0, 9));
});

test('a leader that took no part has no lane', () => {
  const plan = parallelPlan({
    ...shared,
    loops: 2,
    processes: 2,
    workers: [worker(0, 40, 50), worker(1, 40, 50)],
  });
  const [gathering] = lanesOf(plan);
  assert.deepEqual(
    gathering?.lanes.map(({ process }) => process),
    ['worker 0', 'worker 1'],
  );
  assert.match(gathering?.summary ?? '', /evenly shared/);
});

test('each Gather of a recorded plan has its lanes', () => {
  const gatherings = lanesOf(recordedPlan('initplan.analyze.json').plan);
  assert.deepEqual(
    gatherings.map(({ title, lanes }) => [title, lanes.length]),
    [
      ['Gather over Parallel Seq Scan deployments', 3],
      ['Gather over Partial Aggregate', 3],
    ],
  );
});

describe('without lanes it says why', () => {
  const check = (title: string, plan: Plan, expected: RegExp) =>
    test(title, () => {
      assert.ok(isParallel(buildPlanModel(plan, [])));
      const [gathering] = lanesOf(plan);
      assert.deepEqual(gathering?.lanes, []);
      assert.match(gathering?.missing ?? '', expected);
    });
  check('not executed', parallelPlan({}), /was not executed/);
  check('without VERBOSE', parallelPlan(shared), /EXPLAIN \(ANALYZE, VERBOSE\)/);
  check('without TIMING', parallelPlan({ processes: 3, loops: 3, rows: 1 }), /TIMING/);
  check(
    'no worker launched',
    parallelPlan({ totalMs: 5, loops: 1 }, { details: { 'Workers Planned': 2, 'Workers Launched': 0 } }),
    /No worker was launched/,
  );
  check('never executed', parallelPlan({ neverExecuted: true }, { neverExecuted: true }), /never executed/);
});

test('a plan of one process has no such view', () => {
  assert.ok(!isParallel(buildPlanModel(planOfNodes([nodeOf({ type: 'Result' })]), [])));
});
