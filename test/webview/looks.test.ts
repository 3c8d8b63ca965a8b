/** Every state in every theme, narrow and wide: axe finds nothing serious, nothing sticks out, and a screenshot is kept. */
import assert from 'node:assert/strict';
import { copyFile, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import { comparePlans } from '../../src/core/compare/comparePlans.ts';
import type { ToWebview } from '../../src/shared/protocol.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import type { ViewId } from '../../webview/viewIds.ts';
import {
  startPanelHarness,
  themes,
  type OpenPanel,
  type PanelHarness,
  type Theme,
} from '../support/panelHarness.ts';
import { nodeOf, planOfNodes, reportOf } from '../support/reports.ts';
import {
  allAbilities,
  bigPlan,
  deepPlan,
  guideReport,
  hostileReport,
  partitioned,
  reportOfRecorded,
  slowDeployments,
  textPlan,
  withClause,
  widePlan,
} from './panelReports.ts';

const require = createRequire(import.meta.url);
const widthsPx = [400, 1400] as const;

let harness: PanelHarness;
let axeSource = '';
before(async () => {
  harness = await startPanelHarness();
  axeSource = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
});
after(() => harness.close());

function show(report: ProfileReport): ToWebview {
  return { type: 'report/show', report, abilities: allAbilities };
}

/** The guide's query before and after its index. */
function compared(): ToWebview {
  const slow = slowDeployments();
  const plan = slow.suggestions.find(({ verification }) => verification.planAfter)?.verification.planAfter;
  assert.ok(plan);
  const fast = { ...slow, plan, findings: [], suggestions: [] };
  return { type: 'comparison/show', comparison: comparePlans(slow, fast) };
}

/** Shows these messages in one theme, at both widths. */
function check(
  name: string,
  messages: readonly ToWebview[],
  theme: Theme = 'dark-modern',
  steps: (panel: OpenPanel) => Promise<void> = async () => undefined,
): void {
  for (const widthPx of widthsPx) {
    test(`${name}, ${theme}, ${widthPx} px`, async () => {
      const panel = await harness.open({ theme, widthPx, heightPx: widthPx < 700 ? 1500 : 900 });
      try {
        for (const message of messages) await panel.post(message);
        await steps(panel);
        const file = await panel.screenshot(`panel-${name.replaceAll(' ', '-')}-${theme}-${widthPx}`);
        assert.deepEqual(await seriousViolations(panel), []);
        assert.deepEqual(await stickingOut(panel), [], 'wider than the panel');
        assert.deepEqual(panel.complaints(), []);
        if (
          process.env['UPDATE_SCREENSHOTS'] === '1' &&
          name === readmePicture &&
          theme === 'dark-modern' &&
          widthPx === 1400
        ) {
          await copyFile(file, new URL('../../media/panel.png', import.meta.url));
        }
      } finally {
        await panel.close();
      }
    });
  }
}

const showView = (panel: OpenPanel, view: ViewId) => panel.page.locator(`[data-view=${view}]`).click();

/** The guide's query, wide and dark: with UPDATE_SCREENSHOTS=1 it becomes media/panel.png. */
const readmePicture = 'guide';
check(readmePicture, [show(guideReport())]);
for (const theme of themes) {
  check('slow query', [show(slowDeployments())], theme);
  check('focused row', [show(slowDeployments())], theme, (panel) =>
    panel.page.locator('.row.selected').focus(),
  );
}
for (const theme of themes) {
  for (const view of ['icicle', 'diagram', 'workers'] as const) {
    check(`${view} of the slow query`, [show(slowDeployments())], theme, (panel) => showView(panel, view));
  }
}
check('zoomed icicle', [show(slowDeployments())], 'light-modern', async (panel) => {
  await showView(panel, 'icicle');
  await panel.page.locator('.mark[aria-label^="Gather Merge"]').click();
  await panel.page.keyboard.press('Enter');
});
check('diagram with its legend', [show(slowDeployments())], 'high-contrast', async (panel) => {
  await showView(panel, 'diagram');
  await panel.page.getByRole('button', { name: 'Legend' }).click();
  await panel.page.locator('.mark[tabindex="0"]').focus();
});
const drawn: Readonly<Record<string, ProfileReport>> = {
  'cost only': reportOfRecorded('seed_slow_deployments.cost.json'),
  'init plan': reportOfRecorded('initplan.analyze.json'),
  partitions: reportOfRecorded('partition_append_all.analyze.json'),
  citus: reportOfRecorded('../citus13/seed_join_order.analyze.json'),
  'hostile names': hostileReport(),
  '300 leaves': widePlan(300),
  '400 levels': deepPlan(400),
  '10,000 nodes': bigPlan(10_000),
};
for (const [name, report] of Object.entries(drawn)) {
  for (const view of ['icicle', 'diagram'] as const) {
    check(`${view} of ${name}`, [show(report)], 'dark-modern', (panel) => showView(panel, view));
  }
}
check('fitted diagram of 10,000 nodes', [show(bigPlan(10_000))], 'light-modern', async (panel) => {
  await showView(panel, 'diagram');
  await panel.page.getByRole('button', { name: 'Fit' }).click();
});
check('icicle by rows', [show(slowDeployments())], 'light-modern', async (panel) => {
  await showView(panel, 'icicle');
  await panel.page.locator('.choice select').selectOption('rows');
});
check('workers of a plan that was not executed', [show(drawn['cost only']!)], 'light-modern', (panel) =>
  showView(panel, 'workers'),
);
check('with the index', [show(slowDeployments())], 'light-modern', (panel) =>
  panel.page.getByRole('tab', { name: 'With the index' }).click(),
);
check('everything open', [show(slowDeployments())], 'light-modern', async ({ page }) => {
  for (const button of await page.locator('.group button').all()) await button.click();
});
for (const theme of themes) check('comparison', [compared()], theme);
check('cost only', [show(reportOfRecorded('seed_slow_deployments.cost.json'))]);
check('never executed', [show(reportOfRecorded('never_executed.analyze.json'))], 'light-modern');
check('three hundred nodes', [show(bigPlan(300))]);
check('three nodes', [
  show(
    reportOf(
      planOfNodes(
        [
          nodeOf({
            id: '0',
            type: 'Aggregate',
            rows: 1,
            loops: 1,
            totalMs: 0.05,
            selfMs: 0.02,
            cost: 2.1,
            selfCost: 0.1,
          }),
          nodeOf({
            id: '1',
            parentId: '0',
            type: 'Append',
            rows: 2,
            loops: 1,
            totalMs: 0.03,
            selfMs: 0.02,
            cost: 2,
            selfCost: 1,
          }),
          nodeOf({
            id: '2',
            parentId: '1',
            type: 'Result',
            rows: 1,
            loops: 1,
            totalMs: 0.01,
            selfMs: 0.01,
            cost: 1,
            selfCost: 1,
          }),
        ],
        { executionMs: 0.07 },
      ),
    ),
  ),
]);
for (const theme of themes) {
  check('search', [show(slowDeployments())], theme, async ({ page }) => {
    await page.keyboard.press('Control+f');
    await page.keyboard.type('deploy');
    await page.keyboard.press('Enter');
  });
}
for (const theme of themes) {
  check('statistics', [show(guideReport())], theme, ({ page }) =>
    page.getByRole('tab', { name: 'Statistics' }).click(),
  );
}
for (const theme of themes) {
  check('buffers', [show(reportOfRecorded('distinct_sort_spill.analyze.json'))], theme, ({ page }) =>
    page.getByRole('tab', { name: 'Buffers' }).click(),
  );
  check('keys and signs', [show(slowDeployments())], theme, async ({ page }) => {
    await page.locator('.row.selected').focus();
    await page.keyboard.press('?');
  });
}
for (const theme of themes) {
  check('source', [show(withClause())], theme, ({ page }) =>
    page.getByRole('tab', { name: 'Source' }).click(),
  );
}
check('source of a text plan', [show(textPlan())], 'light-modern', ({ page }) =>
  page.getByRole('tab', { name: 'Source' }).click(),
);
check('statistics of many', [show(bigPlan(300))], 'light-modern', ({ page }) =>
  page.getByRole('tab', { name: 'Statistics' }).click(),
);
check('thousand partitions', [show(partitioned(1000))]);
for (const theme of themes) {
  for (const view of ['icicle', 'diagram'] as const) {
    check(`${view} of a thousand partitions`, [show(partitioned(1000))], theme, (panel) =>
      showView(panel, view),
    );
  }
}
check('diagram of an open fold', [show(partitioned(1000))], 'light-modern', async (panel) => {
  await showView(panel, 'diagram');
  await panel.page.locator('.mark[data-node^=fold]').dblclick();
});
for (const view of ['table', 'statistics'] as const) {
  check(`${view} of citus`, [show(drawn['citus']!)], 'high-contrast-light', (panel) => showView(panel, view));
}
check('only matches', [show(partitioned(1000))], 'light-modern', async ({ page }) => {
  await page.getByRole('textbox', { name: 'Search steps' }).fill('metrics_000');
  await page.getByRole('button', { name: 'Only matches' }).click();
});
check('hostile names', [show(hostileReport())]);
// Its words wait a moment, for a report that is about to be restored comes sooner.
check('empty', [], 'dark-modern', (panel) => panel.page.locator('h1').waitFor());
check(
  'loading',
  [{ type: 'progress/show', message: 'Running the statement, read-only…', canCancel: true }],
  'light-modern',
);
check('loading again', [
  show(slowDeployments()),
  { type: 'progress/show', message: 'Running the statement, read-only…', canCancel: true },
]);
check('error', [
  {
    type: 'error/show',
    message: 'No server answers at db.example.org:5432.',
    remedy: 'Check the host, the port and that the server runs.',
  },
]);
check(
  'error over a report',
  [
    show(slowDeployments()),
    {
      type: 'error/show',
      message: 'The statement ran longer than 30,000 ms and was stopped.',
      remedy: 'Raise the timeout, or ask for the plan without running it.',
    },
  ],
  'high-contrast',
);

async function seriousViolations({ page }: OpenPanel): Promise<readonly string[]> {
  // Not by a script element: the page's CSP would block it, as it should.
  await page.evaluate(axeSource);
  const results = await page.evaluate(() => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    return axe.run();
  });
  assert.ok(results.passes.length > 5, 'axe looked at the page');
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join('\n')}`,
    );
}

/** Elements that make the page scroll sideways. */
async function stickingOut({ page }: OpenPanel): Promise<readonly string[]> {
  return page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((each) => each.getBoundingClientRect().right > innerWidth)
      .map((each) => `${each.tagName}.${each.getAttribute('class')}`);
  });
}
