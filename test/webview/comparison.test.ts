/** Two plans side by side in the panel, at every width that an editor has. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { comparePlans } from '../../src/core/compare/comparePlans.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import { type OpenPanel, type PanelHarness, startPanelHarness } from '../support/panelHarness.ts';
import { sketchReport } from '../support/planSketch.ts';
import { reportOfRecorded } from './panelReports.ts';

let harness: PanelHarness;
before(async () => {
  harness = await startPanelHarness();
});
after(() => harness.close());

async function show(one: ProfileReport, other: ProfileReport, widthPx: number): Promise<OpenPanel> {
  const panel = await harness.open({ widthPx });
  await panel.post({ type: 'comparison/show', comparison: comparePlans(one, other) });
  await panel.page.locator('.merged').waitFor();
  return panel;
}

const seed = (name: string) => reportOfRecorded(`${name}.analyze.json`);

for (const widthPx of [400, 500, 600, 720, 800, 1400]) {
  test(`Nothing is cut off at ${widthPx} px`, async () => {
    const panel = await show(seed('seed_slow_deployments'), seed('seed_slow_deployments_indexed'), widthPx);
    try {
      const shown = panel.page.locator('.comparison th, .comparison td, .change span, .cell.amount:visible');
      const clipped = await shown.evaluateAll((elements) =>
        elements
          .filter((element) => {
            const { right } = element.getBoundingClientRect();
            return element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
              ? true
              : right > document.documentElement.clientWidth;
          })
          .map((element) => element.textContent),
      );
      assert.deepEqual(clipped, []);
      assert.equal(await panel.page.locator('.ratio').first().isVisible(), true);
      const amounts = panel.page.locator('.tree-head .cell.amount:visible');
      assert.equal(await amounts.count(), widthPx < 500 ? 2 : 4);
      if (widthPx <= 700) {
        const isWhole = await panel.page
          .locator('.comparison')
          .evaluate((element) => element.scrollHeight <= element.clientHeight);
        assert.ok(isWhole, 'what changed does not scroll in a box of its own');
      }
      const signs = await panel.page.locator('.change-sign:visible').allInnerTexts();
      assert.equal(signs.filter((sign) => sign !== '').length > 0, widthPx <= 720);
      // Said to screen readers at every width.
      assert.ok((await panel.page.getByRole('cell', { name: 'only before', exact: true }).count()) > 0);
      assert.match(
        (await panel.page.locator('.row.removed .cell.node').first().getAttribute('title')) ?? '',
        /^only before/,
      );
    } finally {
      await panel.close();
    }
  });
}

test('Rounded numbers are marked, several runs are named, and what does not compare has no ratio', async () => {
  const times = { ms: [1, 2, 9], medianMs: 2, minMs: 1, maxMs: 9 };
  const rounded = sketchReport('Seq Scan on a | ms=3 rows=1000', { executionMs: 3 });
  const [node] = rounded.plan.nodes;
  assert.ok(node);
  const about = { ...node, precision: { selfMs: 2, rows: 400 } };
  const several = sketchReport('Seq Scan on a | ms=2 rows=1000', { executionMs: 2 }, { runs: times });
  const panel = await show({ ...rounded, plan: { ...rounded.plan, nodes: [about] } }, several, 1400);
  try {
    const cells = panel.page.locator('.tree-body .cell.amount');
    assert.deepEqual(await cells.allInnerTexts(), ['≈ 3.00', '2.00', '≈ 1,000', '1,000']);
    assert.equal(await cells.first().getAttribute('title'), 'the server’s rounding leaves ± 2.00 ms open');
    assert.match(await panel.page.locator('.meta').innerText(), /after: median of 3 runs, from 1\.00 ms to/);
    const ratios = await panel.page.locator('tbody .ratio').allInnerTexts();
    assert.deepEqual(ratios, ['', '1']);
  } finally {
    await panel.close();
  }
});
