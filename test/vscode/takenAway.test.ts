/** What a user takes out of the panel in a real VS Code: a step on the clipboard, the drawing, the report in every format. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import type { Frame } from 'playwright-core';
import { readPlans } from '../../src/core/plan/readPlans.ts';
import { renderMarkdown } from '../../src/core/report/renderMarkdown.ts';
import { renderPsql } from '../../src/core/report/renderPsql.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import { planText } from '../support/plans.ts';
import { waitFor } from '../support/servers.ts';
import { rigIsPossible } from './rig/install.ts';
import { inVscode } from './rig/workbench.ts';

const skip = rigIsPossible ? false : 'the VS Code that a test can drive runs on Linux x64';

const source = planText('pg18/seed_slow_deployments.analyze');

/** Every PNG file begins with these bytes; width and height follow, 16 bytes in. */
const pngSignature = '89504e470d0a1a0a';

test('a plan is searched, copied, drawn and exported', { skip }, async (t) => {
  await inVscode({ name: 'taken-away', files: { 'slow.pgplan': source } }, async (workbench) => {
    const step = workbench.steps(t);
    const { page } = workbench;
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    const saved = (name: string) => readFile(path.join(workbench.folder, name));
    let panel: Frame;

    await step('Ctrl+F opens the panel’s own search, and finds', async () => {
      await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'slow.pgplan' }).dblclick();
      panel = await workbench.webview('[role=row][data-node]');
      await panel.locator('.row.selected').click();
      await page.keyboard.press('Control+f');
      await panel.locator('[aria-label="Search steps"]:focus').waitFor();
      await page.keyboard.type('environments');
      await page.keyboard.press('Enter');
      await panel.locator('.row.selected', { hasText: 'environments' }).waitFor();
      assert.match(await panel.locator('.search [role=status]').innerText(), /^1 of \d/);
      assert.equal(await page.locator('.find-widget.visible, .simple-find-part.visible').count(), 0);
    });

    await step('Ctrl+C on a step puts its text on the clipboard', async () => {
      await panel.locator('.row.selected').click();
      await page.keyboard.press('Control+c');
      await waitFor(async () => (await clipboard()).includes('environments'));
      const selected = await panel.locator('.row.selected .cell.node').innerText();
      const [head = ''] = (await clipboard()).split('\n');
      assert.match(head, /Seq Scan.*environments/, `${head} for ${selected}`);
      assert.ok((await clipboard()).split('\n').length > 3, 'with its facts');
    });

    await step('the drawing is saved as SVG under the name that the dialog was given', async () => {
      await panel.locator('[data-view=icicle]').click();
      await panel.getByRole('button', { name: 'Save as SVG' }).click();
      await workbench.saveAs('Save the Plan as a Picture', 'query-plan.svg', 'for-the-ticket.svg');
      await panel.locator('text=Saved as for-the-ticket.svg').waitFor();
      const drawing = (await saved('for-the-ticket.svg')).toString('utf8');
      assert.match(drawing, /^<svg [\s\S]*<\/svg>\s*$/);
      assert.match(drawing, /deployments/);
      assert.doesNotMatch(drawing, /var\(--|<script/);
    });

    await step('and as PNG, whole', async () => {
      await panel.locator('[data-view=diagram]').click();
      await panel.getByRole('button', { name: 'Save as PNG' }).click();
      await workbench.saveAs('Save the Plan as a Picture', 'query-plan.png');
      await panel.locator('text=Saved as query-plan.png').waitFor();
      const picture = await saved('query-plan.png');
      assert.equal(picture.subarray(0, 8).toString('hex'), pngSignature);
      assert.ok(picture.readUInt32BE(16) > 300 && picture.readUInt32BE(20) > 300, 'of a size to look at');
      assert.match(picture.subarray(-8).toString('latin1'), /^IEND/);
    });

    const exportAs = async (format: string, name: string): Promise<string> => {
      await panel.locator('vscode-button', { hasText: 'Export…' }).click();
      await workbench.pick(format);
      if (format !== 'Plan as text') await workbench.pick('With values');
      await workbench.saveAs('Export', name);
      // Not by the notification: VS Code shows three at once, and keeps the next ones to itself.
      let before = 0;
      await waitFor(async () => {
        const bytes = await saved(name).then(
          ({ length }) => length,
          () => 0,
        );
        const isWhole = bytes > 0 && bytes === before;
        before = bytes;
        return isWhole;
      });
      return (await saved(name)).toString('utf8');
    };

    await step('every export says what its source says', async () => {
      const report = JSON.parse(await exportAs('Report', 'slow-report.pgplan')) as ProfileReport;
      assert.equal(report.rawPlan, source);
      assert.deepEqual(report.plan, JSON.parse(JSON.stringify(readPlans(source).plans[0])));
      assert.equal(await exportAs('Markdown', 'slow-report.md'), renderMarkdown(report));
      assert.equal(await exportAs('Plan as text', 'slow-report.txt'), renderPsql(source));
      const html = await exportAs('Page', 'slow-report.html');
      const [, data = ''] = /<script type="application\/json" id="report">(.*)<\/script>/.exec(html) ?? [];
      assert.deepEqual(JSON.parse(data), report);
    });
  });
});
