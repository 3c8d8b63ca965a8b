/** The exported report: one file, no network, and nothing in it runs but the panel. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { exportTheme } from '../../src/core/report/exportTheme.ts';
import { renderHtml } from '../../src/core/report/renderHtml.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import { launchChromium } from '../support/chromium.ts';
import { buildAssets, collectComplaints, type PanelAssets } from '../support/panelHarness.ts';
import { bigPlan, hostileReport, partitioned, slowDeployments } from './panelReports.ts';

let browser: Browser;
let assets: PanelAssets;
let folder: string;
before(async () => {
  assets = await buildAssets();
  browser = await launchChromium();
  folder = await mkdtemp(path.join(tmpdir(), 'exported-report-'));
});
after(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opens the report from disk in a browser without network. */
function check(
  title: string,
  report: ProfileReport,
  colorScheme: 'light' | 'dark',
  steps: (page: Page) => Promise<void>,
): void {
  test(title, async () => {
    const file = path.join(folder, `${colorScheme}.html`);
    await writeFile(file, renderHtml(report, assets));
    const context = await browser.newContext({
      offline: true,
      colorScheme,
      viewport: { width: 1400, height: 900 },
    });
    const page = await context.newPage();
    const complaints = await collectComplaints(page);
    try {
      await page.goto(pathToFileURL(file).href);
      await page.waitForSelector('.tree');
      await steps(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  });
}

check(
  'opens offline with the whole report, and offers only what a page can do',
  slowDeployments(),
  'light',
  async (page) => {
    assert.equal(
      await page.locator('h1').textContent(),
      '140.4 ms, and 38 % of it reads 400,000 deployments to keep 6,232',
    );
    assert.equal(await page.title(), '140.4 ms, and 38 % of it reads 400,000 deployments to keep 6,232');
    assert.equal(await page.locator('.tree-body .row').count(), 13);
    assert.deepEqual(await page.locator('vscode-button').allTextContents(), ['Copy']);
    assert.equal(
      await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
      'rgb(255, 255, 255)',
    );
    await page.screenshot({
      path: path.join(import.meta.dirname, '../../.out/screenshots/exported-light.png'),
    });
  },
);

/** Elements whose content is cut off or scrolls; what only screen readers are told is meant to be cut. */
const clippedParts = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main, main *:not(svg, svg *, .unseen)')]
      .filter((part) => {
        const { overflowX, overflowY, display } = getComputedStyle(part);
        if (display === 'inline' || part.clientWidth === 0) return false;
        const isCut =
          (overflowX !== 'visible' && part.scrollWidth > part.clientWidth + 1) ||
          (overflowY !== 'visible' && part.scrollHeight > part.clientHeight + 1);
        return isCut || part.getBoundingClientRect().right > innerWidth + 1;
      })
      .map((part) => `${part.tagName} ${part.className}`),
  );

for (const { name, report, rows, leastPages } of [
  { name: 'short', report: slowDeployments(), rows: 13, leastPages: 1 },
  // Long names take 22 to 88 px each, and A4 is 1,123 px high.
  { name: 'long', report: bigPlan(400), rows: 400, leastPages: 12 },
  { name: 'too-long', report: bigPlan(2000), rows: 500, leastPages: 16 },
])
  check(`prints the whole of a ${name} plan, and nothing to press`, report, 'dark', async (page) => {
    await page.evaluate(() =>
      addEventListener('beforeprint', () => {
        document.body.dataset['printedRows'] = String(document.querySelectorAll('.tree-body .row').length);
      }),
    );
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    assert.equal(await page.locator('body').getAttribute('data-printed-rows'), String(rows));
    const pages = Math.max(...[...pdf.matchAll(/\/Count (\d+)/g)].map(([, count]) => Number(count)));
    assert.ok(pages >= leastPages && pages <= 3 * leastPages + 3, `${pages} pages`);

    await page.setViewportSize({ width: 718, height: 1000 });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.deepEqual(await clippedParts(page), []);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(background, 'rgb(255, 255, 255)');
    for (const pressed of ['.toolbar', '.find-bar', 'vscode-button'])
      assert.equal(await page.locator(pressed).filter({ visible: true }).count(), 0, pressed);
    assert.equal(
      await page.locator('.printed-only').filter({ visible: true }).count(),
      name === 'too-long' ? 1 : 0,
    );
    await page.screenshot({
      path: path.join(import.meta.dirname, `../../.out/screenshots/printed-${name}.png`),
      fullPage: name === 'short',
    });
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1400, height: 900 });
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.waitForFunction(() => document.querySelectorAll('.tree-body .row').length <= 100);
  });

check('prints its icicle as wide as paper', slowDeployments(), 'light', async (page) => {
  await page.locator('[data-view=icicle]').click();
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const rightPx = await page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('.drawing .mark')].map((mark) => mark.getBoundingClientRect().right),
    ),
  );
  assert.ok(rightPx > 600 && rightPx <= 718, `${rightPx} px`);
});

check('is dark where the system is', slowDeployments(), 'dark', async (page) => {
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(31, 31, 31)');
});

for (const kind of ['svg', 'png'] as const) {
  check(`draws the plan, and saves the drawing as ${kind}`, slowDeployments(), 'light', async (page) => {
    await page.locator('[data-view=diagram]').click();
    assert.equal(await page.locator('.mark').count(), 13);
    await page.locator('[data-view=icicle]').click();
    assert.equal(
      await page
        .locator('.mark')
        .first()
        .locator('rect')
        .first()
        .evaluate((bar) => getComputedStyle(bar).fill !== ''),
      true,
    );
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `Save as ${kind.toUpperCase()}` }).click(),
    ]);
    assert.equal(download.suggestedFilename(), `query-plan.${kind}`);
    const content = await readFile(await download.path());
    assert.match(content.subarray(0, 5).toString('latin1'), kind === 'svg' ? /^<svg / : /^.PNG/);
  });
}

for (const view of ['icicle', 'diagram'] as const) {
  check(`folds like steps in its ${view}, too`, partitioned(1000), 'light', async (page) => {
    await page.locator(`[data-view=${view}]`).click();
    assert.equal(await page.locator('.mark').count(), 3);
    await page.locator('.mark[aria-expanded=false]').dblclick();
    assert.equal(await page.locator('.mark[aria-expanded=false]').count(), 0);
    assert.ok((await page.locator('.mark').count()) > 3);
  });
}

check('hostile names stay text', hostileReport(), 'dark', async (page) => {
  assert.equal(await page.evaluate(() => (globalThis as { hacked?: number }).hacked), undefined);
  assert.equal(await page.locator('img').count(), 0);
  assert.match(
    (await page.locator('.tree-body .cell.node').first().textContent()) ?? '',
    /<\/script><script>/,
  );
});

test('the report can be read back from the file, equal', () => {
  for (const report of [slowDeployments(), hostileReport()]) {
    const html = renderHtml(report, assets);
    const json = /<script type="application\/json" id="report">([^<]*)<\/script>/.exec(html)?.[1];
    assert.deepEqual(JSON.parse(json ?? ''), JSON.parse(JSON.stringify(report)));
  }
});

test('the same report gives the same file', () => {
  assert.equal(renderHtml(slowDeployments(), assets), renderHtml(slowDeployments(), assets));
});

test('the file is small: the panel, the report, and little else', () => {
  const report = slowDeployments();
  const parts = assets.script.length + assets.style.length + JSON.stringify(report).length;
  const file = renderHtml(report, assets).length;
  assert.ok(file < parts + 8000, `${file} bytes for ${parts} of content`);
  assert.ok(assets.script.length < 350_000, `the bundle has ${assets.script.length} bytes`);
});

test('every theme colour that the panel uses has a value in the export', () => {
  // High contrast themes alone set these, and an exported report has none.
  const contrastOnly = /contrast/i;
  const used = [...assets.style.matchAll(/var\(--vscode-([\w-]+)(,)?/g)].filter(
    ([, name = '']) => !contrastOnly.test(name),
  );
  const missing = used.filter(
    ([, name, fallback]) => fallback === undefined && !exportTheme.includes(`--vscode-${name}:`),
  );
  assert.deepEqual(
    missing.map(([, name]) => name),
    [],
  );
});
