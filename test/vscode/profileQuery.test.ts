/** The product's main job, as its user does it: from a SQL file to a profile, in a real VS Code on the sample database. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from 'playwright-core';
import { slowDeploymentsSql } from '../../src/embedded/guide.ts';
import { seriousViolations } from '../support/accessibility.ts';
import { rigIsPossible } from './rig/install.ts';
import { inVscode, themes, type Workbench } from './rig/workbench.ts';

const skip = rigIsPossible ? false : 'the VS Code that a test can drive runs on Linux x64';
/** More steps than the panel keeps of a plan itself: see webview/savedState.ts. */
const branches = 600;
const files = {
  'branches.sql': `${Array.from({ length: branches }, (_, index) => `SELECT ${index} AS branch`).join('\nUNION ALL ')};\n`,
  'slow.sql': `-- The dashboard.\n${slowDeploymentsSql};\n\nSELECT count(*) FROM environments;\n`,
  'other.sql': 'SELECT 1;\n',
};

test('profiles a query of a SQL file from its context menu', { skip }, async (t) => {
  await inVscode({ name: 'profile-query', files }, async (workbench) => {
    const step = workbench.steps(t);
    let panel: Frame;

    await step('the file shows a lens above each statement', async () => {
      await workbench.openFile('slow.sql');
      await workbench.lens('Profile').nth(1).waitFor();
      assert.equal(await workbench.lens('Profile').count(), 2);
    });

    await step('the sample database opens by its command', async () => {
      await workbench.runCommand('Query Profiler: Open Sample Database');
      await workbench.notification('The sample database is ready').waitFor({ timeout: 120_000 });
    });

    await step('"Profile Query" of the context menu opens the panel', async () => {
      await workbench.chooseFromEditorMenu('FROM deployments', 'Profile Query');
      panel = await workbench.webview('[role=treegrid] [role=row][data-node]');
    });

    await step('the panel shows the nodes of the plan', async () => {
      const nodes = await textsOf(panel, '[role=row][data-node] .cell.node');
      for (const node of ['Limit', 'Sort', 'Seq Scan deployments'])
        assert.ok(
          nodes.some((text) => text.includes(node)),
          `no node "${node}" among: ${nodes.join(' | ')}`,
        );
    });

    await step('the panel shows what was found, what to do, and the proof', async () => {
      const findings = await textsOf(panel, ':is([aria-label=Findings], [aria-label=Notes]) li');
      for (const finding of [
        /sequential scan.*deployments|deployments.*sequential/is,
        /rows removed by filter/i,
      ])
        assert.ok(
          findings.some((text) => finding.test(text)),
          `no finding ${finding} among: ${findings.join(' | ')}`,
        );
      const suggestion = (await textsOf(panel, '[aria-label=Suggestions] .suggestion')).join('\n');
      assert.match(suggestion, /CREATE INDEX.*deployments.*deployed_at DESC/is);
      assert.match(suggestion, /faster|×/);
    });

    await step('back in the file, the lens shows what the query took', async () => {
      await workbench.tab('slow.sql').click();
      await workbench.lens(/Profile · [\d.,]+ m?s/).waitFor();
    });

    for (const theme of Object.keys(themes) as readonly (keyof typeof themes)[]) {
      await step(`the panel is readable in ${theme}`, async () => {
        await workbench.useTheme(theme, panel);
        await panel.locator('.row.selected').focus();
        await workbench.screenshot(theme.toLowerCase().replaceAll(' ', '-'));
        assert.deepEqual(await seriousViolations(panel), []);
      });
    }

    await step('the plan is walked by the keyboard', () => walkByKeyboard(panel));
    const kept = await selection(await workbench.webview('[role=treegrid]'));

    await step('the panel keeps its state when another tab hides it', async () => {
      await workbench.openFile('other.sql');
      await workbench.page.locator('[role=treegrid]').waitFor({ state: 'detached' });
      await workbench.tab(panelTitle).click();
      panel = await workbench.webview('[role=treegrid] .row.selected');
      assert.deepEqual(await selection(panel), kept);
    });

    await step('the panel keeps its state when the window is reloaded', async () => {
      await workbench.reload(new RegExp(`selectedId\\W+${kept.selected}\\W`));
      await workbench.tab(panelTitle).click();
      panel = await workbench.webview('[role=treegrid] .row.selected');
      assert.deepEqual(await selection(panel), kept);
    });

    await step('so does the panel of a large plan, which is read from the history', async () => {
      // Beside the panel, not over it.
      await workbench.tab('slow.sql').click();
      await workbench.openFile('branches.sql');
      await workbench.lens('Profile').first().click();
      panel = await workbench.webview(`[role=row][data-node]:has-text("${branches} × Result")`);
      await panel.locator('[role=row][data-node]', { hasText: `${branches} × Result` }).click();
      await panel.locator('.row.selected').press('ArrowRight');
      await panel.locator('.row.selected').press('End');
      await panel.locator(`.row.selected[data-node="${branches}"]`).waitFor();
      const [shown, scrolled] = [await selection(panel), await scrollTop(panel)];
      assert.ok(scrolled > 0);
      await workbench.reload(new RegExp(`scrollTopPx\\W+${scrolled}\\W`));
      panel = await workbench.webview(`.row.selected[data-node="${branches}"]`);
      const { findings, ...back } = await selection(panel);
      assert.deepEqual({ ...back, findings: findings.slice(0, -1) }, shown);
      assert.match(findings.at(-1) ?? '', /^Values are hidden/, 'the history keeps none');
      assert.equal(await scrollTop(panel), scrolled);
    });
  });
});

test('the walkthrough leads from nothing to a profiled query', { skip }, async (t) => {
  await inVscode({ name: 'walkthrough', files }, async (workbench) => {
    const step = workbench.steps(t);
    await step('the walkthrough opens by its command and has at most five steps', async () => {
      await workbench.runCommand('Query Profiler: Open Walkthrough');
      await workbench.page
        .locator('.gettingStartedContainer', { hasText: 'Profile your first query' })
        .waitFor();
      const count = await workbench.page.locator('.getting-started-step').count();
      assert.ok(count >= 1 && count <= 5, `the walkthrough has ${count} steps`);
      await workbench.screenshot('steps');
    });
    await step('the view container offers the sample database', () => offersSampleDatabase(workbench));
    await step('its first step opens the sample database', async () => {
      await clickInStep(workbench, 'Open the sample database', 'Open Sample Database');
      await workbench.notification('The sample database is ready').waitFor({ timeout: 120_000 });
    });
    await step('its second step opens a slow query, which is profiled by its lens', async () => {
      await clickInStep(workbench, 'Profile a slow query', 'Open a Slow Query');
      await workbench.lens('Profile').first().click();
      const panel = await workbench.webview('[aria-label=Findings] li');
      assert.match(
        (await textsOf(panel, '[aria-label=Findings] li')).join('\n'),
        /Sequential scan on deployments/,
      );
    });
    await step('its last step shows the slow queries', async () => {
      await workbench.runCommand('Query Profiler: Open Walkthrough');
      await clickInStep(workbench, 'Find the queries worth profiling', 'Show Slow Queries');
      await workbench.page.locator('.part.sidebar .monaco-list-row', { hasText: 'mean' }).first().waitFor();
    });
    await step('the sample data is removed by its command', async () => {
      await workbench.runCommand('Query Profiler: Remove Sample Data');
      await workbench.notification(/The sample data was removed: \d+.* are free again/).waitFor();
    });
  });
});

/** Opens a step of the walkthrough on screen and clicks its button. */
async function clickInStep({ page }: Workbench, title: string, button: string): Promise<void> {
  const step = page.locator('.getting-started-step', { hasText: title });
  if (!(await step.evaluate((element) => element.classList.contains('expanded')))) await step.click();
  await step.locator('.monaco-button', { hasText: button }).click();
}

const panelTitle = 'Query Profile';

async function offersSampleDatabase(workbench: Workbench): Promise<void> {
  await workbench.viewContainer().click();
  await workbench.page
    .locator('.part.sidebar .monaco-button', { hasText: 'sample database' })
    .first()
    .waitFor();
}

/** Down to a node, fold it, and its details follow: by keys alone. */
async function walkByKeyboard(panel: Frame): Promise<void> {
  const selected = panel.locator('.row.selected');
  await selected.focus();
  const first = await selected.getAttribute('data-node');
  await selected.press('Home');
  await selected.press('ArrowDown');
  const second = await selected.getAttribute('data-node');
  assert.notEqual(second, first, 'ArrowDown selects another node');
  assert.equal(await panel.evaluate(() => document.activeElement?.getAttribute('data-node')), second);
  await selected.press('ArrowLeft');
  await panel.locator('.row.selected[aria-expanded=false]').waitFor();
}

/** What the user would have to find again if it were lost. */
async function selection(panel: Frame) {
  return {
    selected: await panel.locator('.row.selected').getAttribute('data-node'),
    rows: await textsOf(panel, '[role=row][data-node] .cell.node'),
    findings: await textsOf(panel, '[aria-label=Findings] li'),
  };
}

function scrollTop(panel: Frame): Promise<number> {
  return panel.locator('#plan').evaluate((scroller) => scroller.scrollTop);
}

/** The texts of all elements, blanks of the layout made one space. */
async function textsOf(panel: Frame, selector: string): Promise<readonly string[]> {
  const texts = await panel.locator(selector).allInnerTexts();
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}
