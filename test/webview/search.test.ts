/** Search, jumps and collapsing by importance, as what they select and hide. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../../src/shared/report.ts';
import { foldedTree } from '../../webview/folding.ts';
import { allSubtrees, cheapSubtrees } from '../../webview/importance.ts';
import { dearestNode, foundNodes, stepAmong } from '../../webview/jumps.ts';
import { metricOf } from '../../webview/metrics.ts';
import { buildPlanModel, measuredBy } from '../../webview/planModel.ts';
import { haystackOf, matchesOf, matchingDetail, onlyMatches } from '../../webview/search.ts';
import { nodeOf, planOfNodes } from '../support/reports.ts';
import { bigPlan, partitioned, recordedPlan, slowDeployments } from './panelReports.ts';

const { plan } = recordedPlan('seed_slow_deployments.analyze.json');

/** The relations, or else types, of the nodes that match. */
function check(text: string, expected: readonly string[], of: Plan = plan): void {
  test(`searching “${text}”`, () => {
    const found = new Set(matchesOf(of, text));
    assert.deepEqual(
      of.nodes.filter(({ id }) => found.has(id)).map(({ relation, type }) => relation ?? type),
      expected,
    );
  });
}

check('', []);
check('   ', []);
check('SEQ SCAN', ['deployments', 'model_versions', 'models', 'environments']);
check('Seq Scan on models', ['models']);
check('seq scan models m', ['models']);
check('public.environments', ['environments']);
check("'healthy'", ['deployments']);
check('top-n heapsort', ['Sort']);
check('no such thing', []);
// Passed on by every step above; searched for only because nothing else has it.
check('m.model_name', ['Limit', 'Gather Merge', 'Sort', 'Hash Join', 'Hash Join', 'Hash', 'models']);
check(
  'idx_of_orders',
  ['orders'],
  planOfNodes([nodeOf({ type: 'Index Scan', relation: 'orders', index: 'IDX_of_orders' })]),
);
check(
  'worker-7',
  ['Result'],
  planOfNodes([nodeOf({ type: 'Result', distributed: { node: 'worker-7:5432' } })]),
);

test('says which detail matched', () => {
  const scan = plan.nodes.find(({ relation }) => relation === 'deployments')!;
  assert.match(matchingDetail(scan, 'HEALTHY') ?? '', /^Filter: .*'healthy'/);
  assert.equal(matchingDetail(scan, ''), undefined);
});

test('only matches: they and what they hang on', () => {
  const tree = onlyMatches(buildPlanModel(plan, []), 'environments');
  const last = tree.rows.at(-1);
  assert.equal(last?.node.relation, 'environments');
  assert.deepEqual(
    tree.rows.map(({ level }) => level),
    tree.rows.map((_, index) => index + 1),
    'one path down',
  );
  assert.ok(tree.rows.every(({ siblings, position }) => siblings === 1 && position === 1));
  const folded = onlyMatches(foldedTree(buildPlanModel(partitioned(100).plan, [])), 'metrics_0005');
  assert.deepEqual(
    folded.rows.map(({ node }) => node.relation ?? node.type),
    ['Aggregate', 'Append', '100 partitions of m', 'metrics_0005'],
  );
});

/** Where a jump leads among 2, 6 and 8, from a node. */
function jump(from: string, step: 1 | -1, expected: string | undefined, among = ['2', '6', '8']): void {
  test(`${step === 1 ? 'next' : 'previous'} from ${from}: ${expected}`, () => {
    assert.equal(stepAmong(buildPlanModel(plan, []), among, from, step), expected);
  });
}

jump('2', 1, '6');
jump('8', 1, '2');
jump('2', -1, '8');
jump('4', 1, '6');
jump('4', -1, '2');
jump('0', -1, '8');
jump('11', 1, '2');
jump('fold:6', 1, '6');
jump('0', 1, undefined, []);
jump('0', -1, undefined, []);

test('the dearest step is that of the metric', () => {
  const model = buildPlanModel(plan, []);
  assert.equal(model.byId.get(dearestNode(model) ?? '')?.node.relation, 'deployments');
  const byRows = measuredBy(model, metricOf('rows'), false);
  assert.equal(model.byId.get(dearestNode(byRows) ?? '')?.node.rows, 120_000);
});

test('findings are gone through in the order of the plan, each step once', () => {
  const report = slowDeployments();
  assert.deepEqual(foundNodes(buildPlanModel(report.plan, []), report.findings), ['6', '8']);
});

test('cheap parts are those below a hundredth of the metric', () => {
  const model = buildPlanModel(plan, []);
  const names = (ids: ReadonlySet<string>) =>
    plan.nodes.filter(({ id }) => ids.has(id)).map(({ id, type }) => `${id} ${type}`);
  assert.deepEqual(names(cheapSubtrees(model)), ['9 Hash', '11 Hash']);
  assert.ok(!allSubtrees(model).has('0'));
  assert.equal(allSubtrees(model).size, 8);
  const whole = model.rows.reduce((sum, { node }) => sum + (node.selfMs ?? 0), 0);
  for (const id of cheapSubtrees(model)) assert.ok((model.byId.get(id)?.node.totalMs ?? 0) < whole / 100);
});

test('10,000 nodes are searched within a keystroke', () => {
  const big = bigPlan(10_000).plan;
  haystackOf(big);
  const startMs = performance.now();
  assert.equal(matchesOf(big, 'metrics_2026_0999').length, 10);
  assert.ok(performance.now() - startMs < 50, `${performance.now() - startMs} ms`);
});
