/** Search, jumps and folds in a real browser, by the keyboard. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ProfileReport } from '../../src/shared/report.ts';
import { startPanelHarness, type OpenPanel, type PanelHarness } from '../support/panelHarness.ts';
import { nodeOf } from '../support/reports.ts';
import { allAbilities, bigPlan, partitioned, slowDeployments } from './panelReports.ts';

/** The bar of issue 4: no frame over this. */
const longestKeystrokeMs = 50;

let harness: PanelHarness;
before(async () => {
  harness = await startPanelHarness();
});
after(() => harness.close());

function check(title: string, report: ProfileReport, steps: (panel: OpenPanel) => Promise<void>): void {
  test(title, async () => {
    const panel = await harness.open();
    try {
      await panel.post({ type: 'report/show', report, abilities: allAbilities });
      await steps(panel);
      assert.deepEqual(panel.complaints(), []);
    } finally {
      await panel.close();
    }
  });
}

const texts = (panel: OpenPanel, selector: string) =>
  panel.page
    .locator(selector)
    .evaluateAll((found) => found.map((each) => each.textContent.replaceAll(/\s+/g, ' ').trim()));
const selected = async (panel: OpenPanel) => (await texts(panel, '.row.selected .cell.node'))[0];
const count = async (panel: OpenPanel) => (await texts(panel, '.search .count'))[0];

check('search by the keyboard: find, go round, filter, clear', slowDeployments(), async (panel) => {
  const { page } = panel;
  await page.locator('.row.selected').focus();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('hash join');
  assert.equal(await count(panel), '3 matches');
  assert.deepEqual(await texts(panel, '.tree mark'), ['Hash Join', 'Hash Join', 'Hash Join']);
  await page.keyboard.press('Enter');
  assert.equal(await count(panel), '1 of 3');
  assert.match((await selected(panel)) ?? '', /^Hash Join d\.environment_id/);
  await page.keyboard.press('Shift+Enter');
  assert.equal(await count(panel), '3 of 3');
  await page.keyboard.press('F3');
  assert.equal(await count(panel), '1 of 3');
  await page.getByRole('button', { name: 'Only matches' }).click();
  assert.equal((await texts(panel, '.tree-body .row')).length, 6);
  await page.getByRole('textbox', { name: 'Search steps' }).fill('zzz');
  assert.equal(await count(panel), 'No match');
  assert.deepEqual(await texts(panel, '.none-shown'), ['No step holds “zzz”.']);
  await page.keyboard.press('Escape');
  assert.equal((await texts(panel, '.tree-body .row')).length, 13);
  assert.equal(await page.getByRole('textbox').inputValue(), '');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'row');
});

check('a match in a condition says which', slowDeployments(), async (panel) => {
  await panel.page.getByRole('textbox').fill("'healthy'");
  assert.match((await texts(panel, '.row.match .why'))[0] ?? '', /'healthy'::text/);
});

check('jumps: dearest step, findings forth and back', slowDeployments(), async (panel) => {
  const { page } = panel;
  await page.locator('.row.selected').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('F9');
  assert.match((await selected(panel)) ?? '', /deployments d$/);
  await page.keyboard.press('F8');
  assert.match((await selected(panel)) ?? '', /model_versions mv$/);
  await page.keyboard.press('F8');
  assert.match((await selected(panel)) ?? '', /deployments d$/);
  await page.keyboard.press('Shift+F8');
  assert.match((await selected(panel)) ?? '', /model_versions mv$/);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-selected')), 'true');
  await page.getByRole('button', { name: 'Collapse all' }).click();
  assert.equal((await texts(panel, '.tree-body .row')).length, 2);
  await page.getByRole('button', { name: 'Expand all' }).click();
  assert.equal((await texts(panel, '.tree-body .row')).length, 13);
  await page.getByRole('button', { name: 'Hide cheap parts' }).click();
  assert.equal((await texts(panel, '.tree-body .row')).length, 11);
});

check('a thousand partitions are one row, which the keyboard opens', partitioned(1000), async (panel) => {
  const { page } = panel;
  assert.equal((await texts(panel, '.tree-body .row')).length, 3);
  assert.match((await selected(panel)) ?? '', /1,000 partitions of m/);
  await page.locator('.row.selected').focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('.row.selected').getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('ArrowRight');
  assert.match((await selected(panel)) ?? '', /metrics_0001/);
  await page.keyboard.press('End');
  assert.match((await selected(panel)) ?? '', /metrics_1000/);
  assert.ok((await page.locator('*').count()) < 5000);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  assert.match((await selected(panel)) ?? '', /1,000 partitions of m/);
  assert.equal((await texts(panel, '.tree-body .row')).length, 3);
});

check('no keystroke takes long among 10,000 nodes', bigPlan(10_000), async (panel) => {
  const { page } = panel;
  const session = await page.context().newCDPSession(page);
  // The processor's time of the page's own thread: what other programs do meanwhile is not the panel's.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busyMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
  };
  const measure = async (name: string, action: () => Promise<void>) => {
    const startMs = await busyMs();
    await action();
    const took = (await busyMs()) - startMs;
    assert.ok(took < longestKeystrokeMs, `${name} took ${took} ms`);
  };
  const keys = ['Control+f', ...'metrics_2026_0'.split(''), 'Enter', 'Shift+Enter', 'F3', 'F8', 'F9'];
  for (const key of keys) await measure(key, () => page.keyboard.press(key));
  const press = async (name: string) => {
    await page.getByRole('button', { name }).focus();
    await measure(name, () => page.keyboard.press('Enter'));
  };
  await press('Only matches');
  for (const key of ['F3', 'Shift+F3']) await measure(key, () => page.keyboard.press(key));
  await press('Hide cheap parts');
  await press('Collapse all');
  await press('Expand all');
  assert.ok((await page.locator('*').count()) < 5000);
});

check('statistics: heads sort, lines select', slowDeployments(), async (panel) => {
  const { page } = panel;
  await page.getByRole('tab', { name: 'Statistics' }).click();
  const sorted = () =>
    page
      .locator('th[aria-sort]')
      .evaluateAll((heads) =>
        heads.map((head) => [head.textContent.trim(), head.getAttribute('aria-sort')].join(' ')),
      );
  const first = async () => (await texts(panel, '.statistics tbody tr:nth-child(2) .name'))[0];
  assert.deepEqual(await sorted(), ['Self ms ↓ descending']);
  assert.equal(await first(), 'Parallel Seq Scan');
  await page.getByRole('button', { name: 'Of', exact: true }).focus();
  await page.keyboard.press('Enter');
  assert.deepEqual(await sorted(), ['Of ↑ ascending']);
  assert.equal(await first(), 'Gather Merge');
  await page.keyboard.press('Enter');
  assert.deepEqual(await sorted(), ['Of ↓ descending']);
  await page.getByRole('button', { name: 'model_versions', exact: true }).focus();
  await page.keyboard.press('Enter');
  assert.match((await texts(panel, '.right h2'))[0] ?? '', /^Seq Scan · model_versions/);
  await page.locator('.statistics tr', { hasText: 'Gather Merge' }).locator('td').last().click();
  assert.match((await texts(panel, '.right h2'))[0] ?? '', /^Gather Merge/);
  assert.deepEqual(await texts(panel, '.statistics .here .name'), ['Gather Merge']);
});

check('statistics of 10,000 nodes have few elements', bigPlan(10_000), async (panel) => {
  await panel.page.getByRole('tab', { name: 'Statistics' }).click();
  assert.ok((await panel.page.locator('*').count()) < 5000);
});

check('keys and signs come with ?, and go with Escape', slowDeployments(), async (panel) => {
  const { page } = panel;
  await page.locator('.row.selected').focus();
  await page.keyboard.press('?');
  assert.match((await texts(panel, '.legend'))[0] ?? '', /Ctrl\+F.*search.*×14\.1.*never executed/);
  await page.keyboard.press('?');
  assert.equal(await page.locator('.legend').count(), 0);
  await page.getByRole('button', { name: 'Keys and signs' }).click();
  await page.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.legend').count(), 0);
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
    'Keys and signs',
  );
  await page.getByRole('textbox').fill('');
  await page.getByRole('textbox').press('?');
  assert.equal(await page.getByRole('textbox').inputValue(), '?', 'in the search box it is a letter');
});

check('a step is copied by key and by button', slowDeployments(), async (panel) => {
  const { page } = panel;
  const copied = async () => {
    const message = (await panel.posted()).at(-1);
    assert.ok(message?.type === 'request' && message.request.type === 'text/copy');
    await panel.post({ type: 'reply', id: message.id, ok: true, value: {} });
    return message.request.text;
  };
  await page.locator('.row.selected').focus();
  await page.keyboard.press('Control+c');
  const text = await copied();
  assert.match(text, /^Parallel Seq Scan · deployments · d\n {2}Filter: \(\(d\.deployed_at/);
  assert.match(text, /\n {4}Rows planned: 2,556/);
  assert.deepEqual(await texts(panel, '.copy-node .notice'), ['Copied.']);
  await page.getByRole('button', { name: 'Copy step' }).click();
  assert.equal(await copied(), text);
});

check('buffers: the same rows and keys, other columns', slowDeployments(), async (panel) => {
  const { page } = panel;
  await page.getByRole('tab', { name: 'Buffers' }).click();
  assert.deepEqual(await texts(panel, '[role=columnheader]'), [
    'Node',
    'Self size',
    'Total size',
    'Cached',
    'Hit',
    'Read',
  ]);
  assert.deepEqual((await texts(panel, '.row.selected [role=gridcell]')).slice(1), [
    '33.7 MiB',
    '33.7 MiB',
    '100 %',
    '4,319',
    '0',
  ]);
  await page.locator('.row.selected').focus();
  await page.keyboard.press('Home');
  assert.match((await selected(panel)) ?? '', /^Limit/);
});

check('without buffers that view is not offered', partitionedWithoutBuffers(), async (panel) => {
  assert.deepEqual(await texts(panel, '.view-tabs [role=tab]'), ['Table', 'Statistics']);
});

function partitionedWithoutBuffers(): ProfileReport {
  const report = partitioned(4);
  const nodes = report.plan.nodes.map(({ id, parentId, type }) => nodeOf({ id, parentId, type }));
  return { ...report, plan: { ...report.plan, nodes } };
}
