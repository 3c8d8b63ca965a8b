/** Tests of the panel in a real browser: one check for all of them, and how they read the page. */
import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { ProfileReport } from '../../src/shared/report.ts';
import type { ViewId } from '../../webview/viewIds.ts';
import { allAbilities } from '../webview/panelReports.ts';
import { startPanelHarness, type OpenPanel, type PanelHarness, type PanelSettings } from './panelHarness.ts';

export interface PanelCheck extends PanelSettings {
  /** Shown before the steps, by its tab. */
  readonly view?: ViewId;
}

export type CheckPanel = (
  title: string,
  report: ProfileReport | undefined,
  steps: (panel: OpenPanel, context: TestContext) => Promise<void>,
  options?: PanelCheck,
) => void;

/** One browser for the tests of a file. Each opens a panel, is handed the report, and fails on any CSP violation or console error. */
export function panelChecks(): CheckPanel {
  let harness: PanelHarness;
  before(async () => {
    harness = await startPanelHarness();
  });
  after(() => harness.close());
  return (title, report, steps, { view, ...settings } = {}) => {
    test(title, async (context) => {
      const panel = await harness.open(settings);
      try {
        if (report !== undefined) await panel.post({ type: 'report/show', report, abilities: allAbilities });
        if (view !== undefined) await showView(panel, view);
        await steps(panel, context);
        assert.deepEqual(panel.complaints(), []);
      } finally {
        await panel.close();
      }
    });
  };
}

export const showView = (panel: OpenPanel, view: ViewId): Promise<void> =>
  panel.page.locator(`[data-view=${view}]`).click();

/** The words of each element, spaces made one. */
export const texts = (panel: OpenPanel, selector: string): Promise<readonly string[]> =>
  panel.page
    .locator(selector)
    .evaluateAll((found) => found.map((each) => each.textContent.replaceAll(/\s+/g, ' ').trim()));

/** The words of the selected row. */
export const selected = async (panel: OpenPanel): Promise<string | undefined> =>
  (await texts(panel, '.row.selected .cell.node'))[0];
