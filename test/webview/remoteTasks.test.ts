/** What ran on other servers, by their clocks: named by its place, a share of its own task, and no part of the statement. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PlanNode } from '../../src/shared/report.ts';
import { foldFacts } from '../../webview/foldFacts.ts';
import { foldedTree } from '../../webview/folding.ts';
import { layoutIcicle } from '../../webview/icicleLayout.ts';
import { nodeWords, selfCell } from '../../webview/nodeCells.ts';
import { nodeFacts } from '../../webview/nodeFacts.ts';
import { buildPlanModel } from '../../webview/planModel.ts';
import { matchesOf } from '../../webview/search.ts';
import { startPanelHarness, type PanelHarness } from '../support/panelHarness.ts';
import { nodeOf, planOfNodes, reportOf } from '../support/reports.ts';
import { allAbilities, reportOfRecorded } from './panelReports.ts';

/** A statement of 50 ms that waited 45 ms for these tasks: each takes 40 ms, 30 of them in its scan. */
function tasksPlan(count: number) {
  const tasks = Array.from({ length: count }, (_, index): readonly PlanNode[] => {
    const distributed = { task: String(index + 1), node: `host=10.0.0.${index + 1} port=5432 dbname=shop` };
    const id = `${index + 1}0`;
    const run = { distributed, loops: 1, rows: 1 };
    return [
      nodeOf({ ...run, id, parentId: '1', type: 'Aggregate', totalMs: 40, selfMs: 10 }),
      nodeOf({
        ...run,
        id: `${id}1`,
        parentId: id,
        type: 'Seq Scan',
        relation: `orders_10200${index}`,
        alias: 'orders',
        totalMs: 30,
        selfMs: 30,
      }),
    ];
  }).flat();
  const local = [
    nodeOf({ id: '0', type: 'Aggregate', totalMs: 50, selfMs: 5, loops: 1, rows: 1 }),
    nodeOf({ id: '1', parentId: '0', type: 'Custom Scan', totalMs: 45, selfMs: 45, loops: 1, rows: count }),
  ];
  return planOfNodes([...local, ...tasks], { executionMs: 50 });
}

const model = buildPlanModel(tasksPlan(2), []);
const scan = model.byId.get('201')!;

test('a remote step is named by its place, told once in a table', () => {
  assert.equal(nodeWords(scan.node), 'Seq Scan · orders_102001 · orders · task 2 on 10.0.0.2:5432');
  assert.deepEqual(
    model.rows.map(({ place }) => place),
    [undefined, undefined, 'task 1 on 10.0.0.1:5432', undefined, 'task 2 on 10.0.0.2:5432', undefined],
  );
  assert.deepEqual(matchesOf(model.plan, 'on 10.0.0.2:5432'), ['20', '201']);
});

test('its share is one of its task', () => {
  const cell = selfCell(scan.node, model);
  assert.deepEqual([cell.text, cell.share, cell.isElsewhere], ['30.00', '', true]);
  assert.match(cell.title, /, 75\.0 % of its task$/);
  const facts = nodeFacts(scan.node, model).flatMap((group) => group.facts);
  const valueOf = (name: string) => facts.find((fact) => fact.name === name)?.value;
  assert.equal(valueOf('Elsewhere'), 'task 2 on 10.0.0.2:5432');
  assert.equal(valueOf('Self time'), '30.00 ms (75 % of its task)');
  assert.equal(valueOf('Remote node'), 'host=10.0.0.2 port=5432 dbname=shop', 'nothing is lost');
});

test('tasks in one row are a sum, but no time that passed', () => {
  const tree = foldedTree(buildPlanModel(tasksPlan(6), []));
  const row = tree.rows.find(({ fold }) => fold !== undefined);
  assert.ok(row);
  assert.equal(row.node.type, '6 alike tasks');
  const cell = selfCell(row.node, tree);
  assert.deepEqual([cell.barPercent, cell.share], [0, '']);
  assert.match(cell.title, /added up over tasks that ran side by side/);
  assert.equal(tree.longest, 45, 'the longest bar is a step, not the sum');
  const facts = foldFacts(row, tree).map(({ name, value }) => `${name}: ${value}`);
  assert.ok(facts.includes('Self time: 60.00 ms'));
  assert.ok(facts.includes('Each took: 40.00 ms … 40.00 ms'));
  assert.equal(layoutIcicle(tree).byId.get(row.node.id)?.remote, true);
});

let harness: PanelHarness;
before(async () => {
  harness = await startPanelHarness();
});
after(() => harness.close());

test('no view shows a connection string, a share of the statement or a bare limit', async () => {
  const panel = await harness.open();
  try {
    const recorded = reportOfRecorded('../citus13/seed_join_order.analyze.json');
    const finding = {
      ruleId: 'task-skew',
      severity: 'warning',
      nodeId: recorded.plan.nodes[2]!.id,
      title: 'One task is slow',
      detail: '',
      evidence: { slowestMs: 31, factorLimit: 4 },
    } as const;
    const report = reportOf(recorded.plan, { findings: [finding] });
    await panel.post({ type: 'report/show', report, abilities: allAbilities });
    assert.equal(
      await panel.page.locator('[aria-label=Findings] li').getAttribute('title'),
      'task-skew\nslowest ms 31',
    );
    for (const view of ['table', 'icicle', 'diagram', 'statistics', 'buffers']) {
      await panel.page.locator(`[data-view=${view}]`).click();
      const shown = (await panel.page.locator('#plan').textContent()) ?? '';
      assert.doesNotMatch(shown, /host=/);
      if (view === 'table' || view === 'icicle') assert.match(shown, /task 1 on 127\.0\.0\.1:5602/);
      if (view === 'table') assert.deepEqual(await shares(panel.page, '.row[data-node]'), ['99 %']);
      if (view === 'statistics') assert.deepEqual(await shares(panel.page, 'tr'), ['99 %', '100 %']);
    }
    assert.deepEqual(panel.complaints(), []);
  } finally {
    await panel.close();
  }
});

async function shares(page: Awaited<ReturnType<PanelHarness['open']>>['page'], row: string) {
  const texts = await page.locator(`${row} .share`).allTextContents();
  return texts.filter((text) => text.trim() !== '');
}

test('sub-plans are never folded into one, however many are alike', () => {
  const tasks = tasksPlan(9);
  const nodes = tasks.nodes.map((node) =>
    node.distributed === undefined
      ? node
      : { ...node, distributed: { task: `subplan ${node.distributed.task}`, durationMs: 5 } },
  );
  const foldsOf = (plan: typeof tasks) =>
    foldedTree(buildPlanModel(plan, [])).rows.filter(({ fold }) => fold !== undefined).length;
  assert.deepEqual([foldsOf(tasks), foldsOf({ ...tasks, nodes })], [1, 0]);
});
