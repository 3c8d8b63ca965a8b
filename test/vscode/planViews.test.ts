/** Every view of every kind of plan, in a real VS Code: each opened as a file. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { planKinds } from '../webview/planKinds.ts';
import { rigIsPossible } from './rig/install.ts';
import { inVscode } from './rig/workbench.ts';

const skip = rigIsPossible ? false : 'the VS Code that a test can drive runs on Linux x64';

const fileOf = (kind: string) => `${kind.replaceAll(' ', '-')}.pgplan`;
const files = Object.fromEntries(
  Object.entries(planKinds).map(([kind, report]) => [fileOf(kind), JSON.stringify(report())]),
);

test('each view shows each kind of plan', { skip }, async (t) => {
  await inVscode({ name: 'plan-views', files }, async (workbench) => {
    const step = workbench.steps(t);
    for (const [kind, report] of Object.entries(planKinds)) {
      await step(kind, async () => {
        await workbench.page
          .locator('.explorer-folders-view .monaco-list-row', { hasText: fileOf(kind) })
          .dblclick();
        await workbench.tab(fileOf(kind)).waitFor();
        const panel = await workbench.webview(`[role=row][data-node="${report().plan.nodes[0]!.id}"]`);
        const tabs = await panel.locator('.view-tabs [role=tab]').all();
        assert.ok(tabs.length >= 4, `${tabs.length} views`);
        const [table] = tabs;
        for (const tab of tabs) {
          await tab.click();
          await panel
            .locator('.view-tabs [role=tab][aria-selected=true]', { hasText: await tab.innerText() })
            .waitFor();
          assert.ok((await panel.locator('#plan').innerText()).trim().length > 10, await tab.innerText());
        }
        await table!.click();
        await workbench.runCommand('View: Close Editor');
      });
    }
  });
});
