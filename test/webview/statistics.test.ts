/** The plan summed up: sums agree with the plan, on every recorded one, and each line names what it counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlans } from '../../src/core/plan/readPlans.ts';
import type { Plan } from '../../src/shared/report.ts';
import { metricOf } from '../../webview/metrics.ts';
import { buildPlanModel, measuredBy } from '../../webview/planModel.ts';
import { shownLines, statisticsOf, type StatisticsSort } from '../../webview/statistics.ts';
import { planNames, planText } from '../support/plans.ts';
import { noBuffers, nodeOf, planOfNodes } from '../support/reports.ts';
import { bigPlan, partitioned, recordedPlan } from './panelReports.ts';

const bySelf: StatisticsSort = { column: 'self', descending: true };

/** A group's lines, as "name count self". */
function check(
  title: string,
  plan: Plan,
  id: string,
  expected: readonly string[],
  sort: StatisticsSort = bySelf,
): void {
  test(title, () => {
    const { model, groups } = statisticsOf(buildPlanModel(plan, []));
    const group = groups.find((each) => each.id === id);
    const lines = group === undefined ? [] : shownLines(group, sort, model);
    assert.deepEqual(
      lines.map(({ name, count, self, isPart }) =>
        [isPart ? '  ' : '', name, ` ${count}`, self === undefined ? '' : ` ${Number(self.toFixed(2))}`].join(
          '',
        ),
      ),
      expected,
    );
  });
}

const deployments = recordedPlan('seed_slow_deployments.analyze.json').plan;
check('by type', deployments, 'type', [
  'Parallel Seq Scan 1 53.9',
  'Hash 3 28.38',
  'Seq Scan 3 25.28',
  'Gather Merge 1 23.85',
  'Hash Join 3 8.08',
  'Sort 1 0.7',
  'Limit 1 0.01',
  'All steps 13 140.2',
]);
check('by table', deployments, 'table', [
  'deployments 1 53.9',
  'model_versions 1 24.89',
  'models 1 0.37',
  'environments 1 0.02',
  'Steps that read no table 9 61.01',
]);
check(
  'sorted by name',
  deployments,
  'table',
  [
    'deployments 1 53.9',
    'environments 1 0.02',
    'model_versions 1 24.89',
    'models 1 0.37',
    'Steps that read no table 9 61.01',
  ],
  { column: 'name', descending: false },
);

const timed = { rows: 1, loops: 1, totalMs: 2, selfMs: 1 };
const bitmap = planOfNodes([
  nodeOf({ ...timed, id: '0', type: 'Bitmap Heap Scan', relation: 'events', schema: 'a' }),
  nodeOf({ ...timed, id: '1', parentId: '0', type: 'BitmapOr' }),
  nodeOf({ ...timed, id: '2', parentId: '1', type: 'Bitmap Index Scan', index: 'by_day', selfMs: 5 }),
  nodeOf({ ...timed, id: '3', parentId: '1', type: 'Bitmap Index Scan', index: 'by_kind' }),
]);
check('indexes that feed a bitmap stand under its table', bitmap, 'table', [
  'events 4 8',
  '  by_day 1 5',
  '  by_kind 1 1',
]);
check('by index', bitmap, 'index', ['by_day 1 5', 'by_kind 1 1']);
check(
  'names that two schemas have are told apart',
  planOfNodes([
    nodeOf({ ...timed, type: 'Append' }),
    nodeOf({ ...timed, id: '1', parentId: '0', type: 'Seq Scan', relation: 'events', schema: 'a' }),
    nodeOf({
      ...timed,
      id: '2',
      parentId: '0',
      type: 'Seq Scan',
      relation: 'events',
      schema: 'b',
      selfMs: 3,
    }),
  ]),
  'table',
  ['b.events 1 3', 'a.events 1 1', 'Steps that read no table 1 1'],
);
check('partitions are one table', partitioned(50).plan, 'table', [
  'partitions of m 50 32.5',
  'Steps that read no table 2 3',
]);
const manySelfMs = bigPlan(100)
  .plan.nodes.slice(1)
  .map(({ selfMs = 0 }) => selfMs)
  .toSorted((one, other) => other - one);
test('what is left out is one line, with its sum', () => {
  const { model, groups } = statisticsOf(buildPlanModel(bigPlan(100).plan, []));
  const lines = shownLines(
    groups.find(({ id }) => id === 'table')!,
    bySelf,
    model,
  );
  assert.equal(lines.length, 32);
  assert.deepEqual(
    lines.slice(0, 30).map(({ self }) => self),
    manySelfMs.slice(0, 30),
  );
  assert.equal(lines[30]?.name, '69 more');
  assert.equal(
    lines[30]?.self,
    manySelfMs.slice(30).reduce((sum, each) => sum + each, 0),
  );
});
check(
  'functions, and subplans with all below them',
  planOfNodes([
    nodeOf({ ...timed, type: 'Function Scan', details: { 'Function Name': 'generate_series' } }),
    nodeOf({ ...timed, id: '1', parentId: '0', type: 'Aggregate', subplanName: 'SubPlan 1' }),
    nodeOf({ ...timed, id: '2', parentId: '1', type: 'Seq Scan', relation: 'orders', selfMs: 4 }),
    nodeOf({ ...timed, id: '3', parentId: '0', type: 'Result', subplanName: 'CTE recent' }),
    nodeOf({ ...timed, id: '4', parentId: '0', type: 'CTE Scan', details: { 'CTE Name': 'recent' } }),
  ]),
  'function',
  ['SubPlan 1 2 5', 'CTE recent 2 2', 'generate_series 1 1'],
);
check(
  'triggers',
  planOfNodes([nodeOf({ type: 'ModifyTable' })], {
    triggers: [{ name: 'audit', relation: 'orders', ms: 12, calls: 1000, runs: 'after the root' }],
  }),
  'trigger',
  ['Trigger audit on orders, after the root 1000'],
);
check('costs where nothing was measured', recordedPlan('seed_slow_deployments.cost.json').plan, 'index', []);

test('remote steps stay outside the sums', () => {
  const plan = planOfNodes([
    nodeOf({ ...timed, type: 'Custom Scan' }),
    nodeOf({
      ...timed,
      id: '1',
      parentId: '0',
      type: 'Seq Scan',
      relation: 'orders_102008',
      selfMs: 9,
      distributed: {},
    }),
  ]);
  const { groups } = statisticsOf(buildPlanModel(plan, []));
  assert.deepEqual(
    groups.map(({ id }) => id),
    ['type', 'remote'],
  );
  assert.equal(groups[0]?.lines.at(-1)?.self, 1);
  assert.equal(groups.at(-1)?.lines[0]?.self, 9);
});

test('on every recorded plan the sums are those of the plan, by each metric', () => {
  let summed = 0;
  for (const name of planNames) {
    const plan = readPlans(planText(name)).plans[0];
    if (plan === undefined) continue;
    for (const metric of ['time', 'buffers', 'cost'] as const) {
      const { model, groups } = statisticsOf(measuredBy(buildPlanModel(plan, []), metricOf(metric), false));
      const local = plan.nodes.filter(({ distributed }) => distributed === undefined);
      const expected = local.reduce(
        (sum, node) => sum + (node.neverExecuted && metric !== 'cost' ? 0 : (model.metric.selfOf(node) ?? 0)),
        0,
      );
      for (const { id, lines } of groups) {
        if (id !== 'type' && id !== 'table') continue;
        const parts = lines
          .filter((line) => line.name !== 'All steps')
          .reduce((sum, { self = 0 }) => sum + self, 0);
        assert.ok(
          Math.abs(parts - expected) < 1e-6 * Math.max(1, expected),
          `${name}, ${metric}, ${id}: ${parts}, not ${expected}`,
        );
        summed++;
      }
    }
    const { groups } = statisticsOf(buildPlanModel(plan, []));
    const all = groups[0]?.lines.at(-1);
    const root = plan.nodes[0]!;
    if (root.buffers !== undefined) {
      const outside = plan.afterRoot?.buffers ?? noBuffers;
      assert.equal(
        all?.hit,
        root.buffers.sharedHit + root.buffers.localHit + outside.sharedHit + outside.localHit,
        name,
      );
      assert.equal(
        all?.read,
        root.buffers.sharedRead + root.buffers.localRead + outside.sharedRead + outside.localRead,
        name,
      );
    }
  }
  assert.ok(summed > 500, `${summed} sums`);
});
