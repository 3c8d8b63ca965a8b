/** Plans that exist already, in a real VS Code: from a file, from a log with many, from the clipboard. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from 'playwright-core';
import { logText } from '../support/logs.ts';
import { planText } from '../support/plans.ts';
import { rigIsPossible } from './rig/install.ts';
import { inVscode } from './rig/workbench.ts';

const skip = rigIsPossible ? false : 'the VS Code that a test can drive runs on Linux x64';

const files = {
  'slow.pgplan': planText('pg18/seed_slow_deployments.analyze'),
  'server.log': logText('stderr'),
  'broken.json': '{ "Plan": ',
};

test('opens plans that exist', { skip }, async (t) => {
  await inVscode({ name: 'open-plans', files }, async (workbench) => {
    const step = workbench.steps(t);
    const { page } = workbench;
    const explorer = (name: string) =>
      page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
    let panel: Frame;

    await step('a .pgplan file opens in the panel', async () => {
      await explorer('slow.pgplan').dblclick();
      await workbench.tab('slow.pgplan').waitFor();
      panel = await workbench.webview('[role=row][data-node]');
      assert.match(await panel.locator('main').innerText(), /Sequential scan on deployments/);
    });

    await step('it is exported without values, and the export opens again', async () => {
      await panel.locator('vscode-button', { hasText: 'Export…' }).click();
      await workbench.pick('Report');
      await workbench.pick('Without values');
      await workbench.saveAs('Export', 'slow-report.pgplan');
      await workbench.notification('Exported to slow-report.pgplan').waitFor();
      await explorer('slow-report.pgplan').dblclick();
      await workbench.tab('slow-report.pgplan').waitFor();
      panel = await workbench.webview('h1');
      assert.match(await panel.locator('main').innerText(), /Sequential scan on deployments/);
    });

    await step('a log opens as a list, slowest first', async () => {
      await explorer('server.log').click({ button: 'right' });
      await workbench.chooseFromMenu('Open as Plan');
      const rows = page.locator('.quick-input-list .monaco-list-row');
      await rows.first().waitFor();
      const times = (await rows.allInnerTexts()).map((text) => millisecondsOf(text));
      assert.ok(times.length > 2, `${times.length} entries`);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => b - a),
      );
      await rows.nth(1).click();
      panel = await workbench.webview('vscode-button:has-text("Plan 2 of")');
    });

    await step('another plan of the log is chosen from the panel', async () => {
      await panel.locator('vscode-button', { hasText: 'Plan 2 of' }).click();
      await page.locator('.quick-input-list .monaco-list-row').first().click();
      await panel.locator('vscode-button', { hasText: 'Plan 1 of' }).waitFor();
    });

    await step('a plan opens from the clipboard', async () => {
      await page.evaluate(
        (text) => navigator.clipboard.writeText(text),
        'Seq Scan on pasted  (cost=0.00..1.00 rows=1 width=4)',
      );
      await workbench.runCommand('Query Profiler: Open Plan from Clipboard');
      panel = await workbench.webview('[role=row][data-node]:has-text("pasted")');
    });

    await step('what is no plan is said in a sentence', async () => {
      await explorer('broken.json').click({ button: 'right' });
      await workbench.chooseFromMenu('Open as Plan');
      const told = await workbench.notification('not a plan that can be read').innerText();
      assert.ok(!/\bat .*\.js/.test(told), told);
    });
  });
});

/** "1.24 s  SELECT …" → 1240 */
function millisecondsOf(label: string): number {
  const [, value = '', unit = ''] = /([\d.]+) (ms|s)\b/.exec(label) ?? [];
  return Number(value) * (unit === 's' ? 1000 : 1);
}
