/** Findings and notes in the panel: their places, pages, and the steps that they and the strip lead to. */
import assert from 'node:assert/strict';
import { reportsOfPlanText } from '../../src/core/report/buildReport.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import { panelChecks, selected, texts } from '../support/panelChecks.ts';
import { recordingText } from '../support/sameTree.ts';
import { slowDeployments } from './panelReports.ts';

const check = panelChecks();

const manyFindings = {
  ...slowDeployments(),
  findings: Array.from({ length: 120 }, (_, index) => ({
    ...slowDeployments().findings[0]!,
    title: `Finding ${index + 1}`,
  })),
};

function withNotes(count: number): ProfileReport {
  const report = slowDeployments();
  const note = { ...report.findings[0]!, severity: 'info' as const };
  const notes = Array.from({ length: count }, (_, index) => ({ ...note, title: `Note ${index + 1}` }));
  return { ...report, findings: [...report.findings, ...notes] };
}

/** A paste of 60 % of the guide's plan. */
function cutReport(): ProfileReport {
  const text = recordingText('pg18/seed_slow_deployments.analyze', 'txt');
  const { reports } = reportsOfPlanText(text.split('\n').slice(0, 61).join('\n'), { slaMs: 1000 });
  return reports[0]!;
}

check('a few notes stand below the remedy', withNotes(3), async (panel) => {
  const parts = await panel.page
    .locator('.right > section')
    .evaluateAll((sections) => sections.map((section) => section.getAttribute('aria-label')));
  assert.deepEqual(parts.slice(-3), ['Findings', 'Suggestions', 'Notes']);
  assert.deepEqual(await texts(panel, '[aria-label=Notes] button.strong'), ['Note 1', 'Note 2', 'Note 3']);
});

check('many notes are folded', withNotes(6), async (panel) => {
  assert.deepEqual(await texts(panel, '[aria-label=Notes] button.strong'), []);
  await panel.page.getByRole('button', { name: 'Notes (6)' }).click();
  assert.equal((await texts(panel, '[aria-label=Notes] button.strong')).length, 6);
});

check(
  'the three dearest steps are in the strip, and lead to themselves',
  slowDeployments(),
  async (panel) => {
    await panel.page
      .locator('.strip .step', { hasText: 'Seq Scan model_versions' })
      .getByRole('button')
      .click();
    assert.match((await selected(panel)) ?? '', /Seq Scan model_versions/);
  },
);

check('that a plan is cut off stands over it, once', cutReport(), async (panel) => {
  assert.deepEqual(await texts(panel, '.left > .banner'), [
    'warning: The plan is cut off after line 61: what is below Hash in line 55 is missing.',
  ]);
  assert.deepEqual(await texts(panel, '[aria-label=Problems]'), []);
  const hash = panel.page.locator('.row', { hasText: 'Hash 2.6 MiB' });
  assert.equal((await hash.locator('.self .number').textContent())?.trim(), 'cut off');
  assert.match(
    (await hash.locator('.cell.self').getAttribute('title')) ?? '',
    /what is below this step is missing/,
  );
  assert.ok(!(await texts(panel, '.strip .step')).some((step) => step.startsWith('Hash')));
});

check('many findings come page by page', manyFindings, async (panel) => {
  const titles = () => texts(panel, '.finding button.strong');
  assert.equal((await titles()).length, 50);
  await panel.page.getByRole('button', { name: 'More (70)' }).click();
  assert.equal((await titles()).length, 100);
  await panel.page.getByRole('button', { name: 'More (20)' }).click();
  assert.deepEqual((await titles()).slice(-2), ['Finding 119', 'Finding 120']);
  await panel.page.getByRole('button', { name: 'More (70)' }).click();
  assert.equal((await titles()).length, 50);
});
