/** The panel in a real browser, under VS Code's rules. */
import assert from 'node:assert/strict';
import type { PanelReply } from '../../src/shared/protocol.ts';
import { panelChecks, selected, texts } from '../support/panelChecks.ts';
import { allAbilities, bigPlan, hostileReport, reportOfRecorded, slowDeployments } from './panelReports.ts';

const check = panelChecks();
const nodeCells = '.tree-body .cell.node';

check(
  'cold runs stand below the figures, with what they do not show',
  {
    ...slowDeployments(),
    runs: {
      ms: [161, 140.4, 139],
      medianMs: 140.4,
      minMs: 139,
      maxMs: 161,
      cold: { ms: [402, 395, 410], medianMs: 402, minMs: 395, maxMs: 410, readBlocks: 6231 },
    },
  },
  async (panel) => {
    const [words = ''] = await texts(panel, '.cold-runs');
    assert.match(
      words,
      /^Cold runs: 402\.0 ms, 2\.9 times as long as warm .*6,231 blocks \(48\.7 MiB\) read/,
    );
    assert.match(words, /the operating system may still have held them\.$/);
    await panel.screenshot('panel-cold-runs');
  },
);

check(
  'reads as the plan does: verdict, figures, every node, findings, suggestion',
  slowDeployments(),
  async (panel) => {
    assert.deepEqual(await texts(panel, 'h1'), [
      '140.4 ms, and 38 % of it reads 400,000 deployments to keep 6,232',
    ]);
    assert.deepEqual((await texts(panel, '.strip dd')).slice(0, 5), [
      '140.4 ms',
      '1.31 ms',
      '50',
      '48.7 MiB',
      '2 of 2',
    ]);
    const nodes = await texts(panel, nodeCells);
    assert.equal(nodes.length, 13);
    assert.equal(nodes[6], 'critical: Parallel Seq Scan deployments d');
    assert.equal(nodes[8], 'warning: Seq Scan model_versions mv');
    assert.match(
      (await texts(panel, '.right'))[0] ?? '',
      /Sequential scan on deployments throws 98 % of its rows away/,
    );
    assert.match((await texts(panel, '.suggestion .code'))[0] ?? '', /^CREATE INDEX CONCURRENTLY/);
    const roles = await panel.page
      .locator('[role=treegrid] [role=row][aria-level]')
      .evaluateAll((rows) =>
        rows
          .slice(0, 2)
          .map((row) =>
            ['level', 'expanded', 'selected', 'posinset', 'setsize'].map((name) =>
              row.getAttribute(`aria-${name}`),
            ),
          ),
      );
    assert.deepEqual(roles, [
      ['1', 'true', 'false', '1', '1'],
      ['2', 'true', 'false', '1', '1'],
    ]);
  },
);

check('says that it is ready, once', undefined, async (panel) => {
  assert.deepEqual(await panel.posted(), [{ type: 'ready' }]);
});

check('the keyboard alone reaches everything', slowDeployments(), async (panel) => {
  const { page } = panel;
  const focus = () =>
    page.evaluate(() => document.activeElement?.textContent.replaceAll(/\s+/g, ' ').trim().slice(0, 24));
  const stops: (string | undefined)[] = [];
  const last = 'Considered and rejected (1)';
  while (stops.at(-1) !== last.slice(0, 24) && stops.length < 60) {
    await page.keyboard.press('Tab');
    stops.push(await focus());
  }
  const wanted = [
    'Profile again',
    'Before',
    'Parallel Seq S',
    'Statement',
    'Sequential scan',
    'Apply…',
    'Copy',
  ];
  for (const stop of wanted) {
    assert.ok(
      stops.some((text) => text?.includes(stop)),
      `${stop} is not among the tab stops ${stops.join(' | ')}`,
    );
  }
  await page.locator('.row.selected').focus();
  await page.keyboard.press('Home');
  assert.match((await focus()) ?? '', /^Limit/);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.locator(nodeCells).count(), 1, 'the root is folded');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('End');
  assert.match((await selected(panel)) ?? '', /Seq Scan environments/);
  await page.keyboard.type('g');
  assert.match((await focus()) ?? '', /^Gather Merge/);
  assert.equal(await page.locator('.tree [tabindex="0"]').count(), 1, 'the tree is one tab stop');
  assert.match((await texts(panel, '.right h2'))[0] ?? '', /^Gather Merge/, 'details follow');
  await page.locator('.sash').focus();
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.locator('.sash').getAttribute('aria-valuenow'), '400');
  await page.locator('.tabs [role=tab][aria-selected=true]').focus();
  await page.keyboard.press('ArrowRight');
  assert.deepEqual(await texts(panel, '.tabs [role=tab][aria-selected=true]'), ['With the index 102.7 ms']);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-selected')), 'true');
});

check('a click on a finding selects its node, also from the other plan', slowDeployments(), async (panel) => {
  await panel.page.getByRole('tab', { name: 'With the index' }).click();
  assert.equal(await panel.page.locator('.tree .icon.critical').count(), 0);
  await panel.page.getByRole('button', { name: 'Each process hashes all of model_versions' }).click();
  assert.match((await selected(panel)) ?? '', /Seq Scan model_versions/);
  assert.deepEqual(await texts(panel, '.tabs [role=tab][aria-selected=true]'), ['Before 140.4 ms']);
});

check('a reload loses nothing, even before the host answers', slowDeployments(), async (panel) => {
  const { page } = panel;
  await page.locator('.row', { hasText: 'Sort' }).first().click();
  await page
    .locator('.row', { hasText: 'models m' })
    .first()
    .locator('xpath=preceding-sibling::*[1]//*[contains(@class,"twisty")]')
    .click();
  await page.getByRole('button', { name: 'Statement' }).click();
  await page.locator('.sash').focus();
  await page.keyboard.press('ArrowLeft');
  const look = async () => [
    await selected(panel),
    await texts(panel, nodeCells),
    await texts(panel, '.papers .code'),
    await page.locator('.sash').getAttribute('aria-valuenow'),
  ];
  const seen = await look();
  await page.reload();
  await page.waitForSelector('.tree');
  assert.deepEqual(await look(), seen);
  await panel.post({ type: 'report/show', report: slowDeployments(), abilities: allAbilities });
  assert.deepEqual(await look(), seen, 'and the report that comes again changes nothing');
});

check('buttons ask the host, and show what it answers', slowDeployments(), async (panel) => {
  const { page } = panel;
  const lastRequest = async () => {
    const message = (await panel.posted()).at(-1);
    assert.ok(message?.type === 'request');
    return message;
  };
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  const copy = await lastRequest();
  assert.deepEqual(copy.request, { type: 'text/copy', text: slowDeployments().suggestions[0]?.ddl });
  await panel.post({ type: 'reply', id: copy.id, ok: true, value: {} });
  assert.deepEqual(await texts(panel, '.suggestion .notice'), ['Copied.']);
  await page.getByRole('button', { name: 'Apply…' }).click();
  const apply = await lastRequest();
  assert.deepEqual(apply.request, { type: 'suggestion/apply', suggestionId: 's1' });
  assert.equal(await page.locator('.suggestion vscode-button[disabled]').count(), 3, 'one thing at a time');
  await panel.post({ type: 'reply', id: apply.id, ok: false, message: 'The index exists already.' });
  assert.deepEqual(await texts(panel, '.notice.failed'), ['The index exists already.']);
  const answer = async (value: PanelReply) => {
    await page.getByRole('button', { name: 'Apply…' }).click();
    await panel.post({ type: 'reply', id: (await lastRequest()).id, ok: true, value });
  };
  await answer({ message: 'Nothing was applied.' });
  await answer({ message: 'Applied to registry.', applied: true });
  assert.deepEqual(await texts(panel, '.suggestion vscode-button[disabled]'), ['Applied']);
  await panel.post({ type: 'report/show', report: slowDeployments(), abilities: allAbilities });
  assert.deepEqual(await texts(panel, '.suggestion vscode-button[disabled]'), ['Applied'], 'shown again');
  const again = { ...slowDeployments(), profiledAt: '2026-09-30T11:00:00.000Z' };
  await panel.post({ type: 'report/show', report: again, abilities: allAbilities });
  assert.equal((await texts(panel, '.suggestion vscode-button'))[0], 'Apply…', 'of another run');
  await page.getByRole('button', { name: 'Profile again' }).click();
  await page.getByRole('button', { name: 'reports.sql:12' }).click();
  assert.deepEqual((await panel.posted()).slice(-2), [{ type: 'profile/again' }, { type: 'source/reveal' }]);
});

check('what the host cannot do is not offered, and why is said', undefined, async (panel) => {
  const abilities = {
    ...allAbilities,
    apply: false,
    insert: false,
    applyRefusal: 'The connection is marked as production.',
  };
  await panel.post({ type: 'report/show', report: slowDeployments(), abilities });
  assert.deepEqual(await texts(panel, '.suggestion vscode-button'), ['Copy']);
  assert.match((await texts(panel, '.suggestion'))[0] ?? '', /The connection is marked as production\./);
});

check('hostile names stay text', hostileReport(), async (panel) => {
  const { page } = panel;
  for (const button of await page.locator('.group button').all()) await button.click();
  assert.equal(await page.evaluate(() => (globalThis as { hacked?: number }).hacked), undefined);
  assert.equal(await page.locator('img, script:not([nonce])').count(), 0);
  assert.match((await texts(panel, nodeCells))[0] ?? '', /<img src=x onerror=/);
});

check(
  'a plan of 10,000 nodes has few elements, and any of them is reached',
  bigPlan(10_000),
  async (panel) => {
    const { page } = panel;
    assert.ok((await page.locator('*').count()) < 2500);
    await page.locator('.row.selected').focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.activeElement?.textContent.includes('_09999_'));
    assert.ok(await page.locator('.row.selected').isVisible());
    await page.locator('#plan').evaluate((plan) => plan.scrollTo({ top: 0 }));
    await page.waitForFunction(
      () => document.querySelector('.tree-body .row')?.textContent.includes('Append') === true,
    );
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction(() => document.activeElement?.textContent.includes('_09998_'));
  },
);

check('scrolling leaves nothing behind in the document', bigPlan(1000), async (panel) => {
  const { page } = panel;
  const scrollTo = (topPx: number) =>
    page.locator('#plan').evaluate((plan, top) => {
      plan.scrollTop = top;
      return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }, topPx);
  // Comments count, too: markers that were left behind made each removal slower than the one before.
  const count = () => page.evaluate(() => document.evaluate('count(//node())', document).numberValue);
  await scrollTo(1000);
  await scrollTo(0);
  const atFirst = await count();
  for (let topPx = 1000; topPx < 9000; topPx += 1000) await scrollTo(topPx);
  await scrollTo(0);
  assert.equal(await count(), atFirst);
});

check('a large report is not kept by the page, what was open in it is', bigPlan(3000), async (panel) => {
  const { page } = panel;
  await page.locator('.row.selected').focus();
  await page.keyboard.press('End');
  const topPx = await page.locator('#plan').evaluate((plan) => (plan.scrollTop -= 1000));
  // It is kept in a pause.
  await page.waitForFunction((wanted) => window.name.includes(`"scrollTopPx":${wanted}`), topPx);
  const look = async () => [
    await page.locator('#plan').evaluate((plan) => plan.scrollTop),
    await texts(panel, nodeCells),
    await selected(panel),
  ];
  const seen = await look();
  assert.ok((await page.evaluate(() => window.name.length)) < 2000);
  await page.reload();
  await panel.post({ type: 'report/show', report: bigPlan(3000), abilities: allAbilities });
  assert.deepEqual(await look(), seen);
});

check(
  'a new plan starts at its beginning, wherever the last was scrolled to',
  bigPlan(3000),
  async (panel) => {
    const { page } = panel;
    await page.locator('#plan').evaluate((plan) => plan.scrollTo({ top: 40_000 }));
    await panel.post({ type: 'report/show', report: bigPlan(2500), abilities: allAbilities });
    assert.ok(await page.locator('.row.selected').isVisible());
    const drawn = await page.locator('.row.selected').evaluate((row) => {
      const plan = document.querySelector('#plan')!.getBoundingClientRect();
      const { top, bottom } = row.getBoundingClientRect();
      return top >= plan.top && bottom <= plan.bottom;
    });
    assert.ok(drawn, 'its selected row is in view');
  },
);

check(
  'of a very long plan text the beginning is shown, and how much that is',
  { ...slowDeployments(), rawPlan: 'Seq Scan on a_table  (rows=1)\n'.repeat(10_000) },
  async (panel) => {
    await panel.page.getByRole('button', { name: 'Plan as the server gave it' }).click();
    const [shown] = await texts(panel, '.papers .code');
    assert.ok((shown?.length ?? 0) <= 100_000 && shown?.endsWith('(rows=1)') === true, 'whole lines');
    assert.match(
      (await texts(panel, '.papers .cut'))[0] ?? '',
      /^This is the beginning: 99,990 of 300,000 characters\. Copy it to have all\.$/,
    );
    await panel.page.locator('.papers vscode-button', { hasText: 'Copy' }).click();
    const request = (await panel.posted()).at(-1);
    assert.ok(request?.type === 'request' && request.request.type === 'text/copy');
    assert.equal(request.request.text.length, 300_000, 'the copy is whole');
  },
);

check('without a report it says what to do', undefined, async (panel) => {
  assert.match((await texts(panel, 'main'))[0] ?? '', /No profile yet.*Profile Query/);
});

check('progress can be cancelled; the report stays on screen', slowDeployments(), async (panel) => {
  await panel.post({ type: 'progress/show', message: 'Running the statement…', canCancel: true });
  assert.equal(await panel.page.locator('.tree').count(), 1);
  await panel.page.getByRole('button', { name: 'Cancel' }).click();
  assert.deepEqual((await panel.posted()).at(-1), { type: 'profile/cancel' });
  await panel.post({ type: 'error/show', message: 'The statement was cancelled.', remedy: '' });
  assert.deepEqual(await texts(panel, '.banner'), ['The statement was cancelled.']);
});

check(
  'costs are never shown as times',
  reportOfRecorded('seed_slow_deployments.cost.json'),
  async (panel) => {
    assert.match((await texts(panel, 'h1'))[0] ?? '', /^Not executed: an estimated cost of/);
    assert.deepEqual(await texts(panel, '[role=columnheader]'), [
      'Node',
      'Self cost',
      'Total cost',
      'Rows planned',
    ]);
    assert.doesNotMatch((await texts(panel, '.columns'))[0] ?? '', /\d ms/);
  },
);

check('a step that never ran says so', reportOfRecorded('never_executed.analyze.json'), async (panel) => {
  const never = await texts(panel, '.row.never .cell.self');
  assert.ok(never.length > 0);
  assert.ok(never.every((text) => text === 'never executed'));
});

/** What can be chosen in each view: "per loop", "metric". */
const choices: Readonly<Record<string, readonly string[]>> = {
  table: ['per loop', 'metric'],
  icicle: ['metric'],
  diagram: ['per loop', 'metric'],
  statistics: ['metric'],
  buffers: [],
  source: [],
};
check(
  'what is measured can be chosen where it changes something',
  reportOfRecorded('lateral_top_n.analyze.json'),
  async (panel) => {
    const { page } = panel;
    await page.getByRole('button', { name: 'Per loop' }).click();
    for (const [view, expected] of Object.entries(choices)) {
      await page.locator(`[data-view=${view}]`).click();
      const shown = [
        ...((await page.getByRole('button', { name: 'Per loop' }).count()) > 0 ? ['per loop'] : []),
        ...((await page.locator('.measures select').count()) > 0 ? ['metric'] : []),
      ];
      assert.deepEqual(shown, expected, view);
    }
    await page.locator('[data-view=icicle]').click();
    assert.match((await texts(panel, '.mark title')).join(), /398\.\d+ ms/, 'of the whole run');
    await page.locator('[data-view=diagram]').click();
    assert.match((await texts(panel, '.canvas svg')).join(), /3\.98 ms per loop/);
    assert.match((await texts(panel, '.canvas')).join(), /\b20\b/, 'rows of a loop on the line');
  },
);

const columnHeads: Readonly<Record<string, readonly string[]>> = {
  time: ['Node', 'Self ms', 'Total ms', 'Rows/ planned', 'Loops', 'Self buffers'],
  rows: ['Node', 'Rows out', '/ planned', 'Loops', 'Self buffers'],
  cost: ['Node', 'Self cost', 'Total cost', 'Rows/ planned', 'Loops', 'Self buffers'],
  buffers: ['Node', 'Self buffers', 'Total buffers', 'Rows/ planned', 'Loops'],
  estimate: ['Node', 'Off by', 'Rows/ planned', 'Loops', 'Self buffers'],
};
check('no column is empty, and no number stands twice', slowDeployments(), async (panel) => {
  for (const [metric, heads] of Object.entries(columnHeads)) {
    await panel.page.locator('.measures select').selectOption(metric);
    assert.deepEqual(await texts(panel, '[role=columnheader]'), heads, metric);
  }
});

check(
  'heads say that figures are those of a loop',
  reportOfRecorded('lateral_top_n.analyze.json'),
  async (panel) => {
    await panel.page.getByRole('button', { name: 'Per loop' }).click();
    const heads = ['Self ms per loop', 'Total ms per loop', 'Rows per loop/ planned', 'Loops'];
    assert.deepEqual(await texts(panel, '[role=columnheader]'), ['Node', ...heads, 'Self buffers per loop']);
  },
);

check('the day of a run is told unless it is today', slowDeployments(), async (panel) => {
  assert.match((await texts(panel, '.meta time'))[0] ?? '', /^2026-09-30 \d\d:\d\d:07$/);
  const now = { ...slowDeployments(), profiledAt: new Date().toISOString() };
  await panel.post({ type: 'report/show', report: now, abilities: allAbilities });
  assert.match((await texts(panel, '.meta time'))[0] ?? '', /^\d\d:\d\d:\d\d$/);
});
