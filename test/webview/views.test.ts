/** The drawn views in a real browser: one selection for all, keyboard, zoom, saved pictures, and plans of any size. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ProfileReport } from '../../src/shared/report.ts';
import { channelsOf } from '../../webview/svgText.ts';
import {
  startPanelHarness,
  themes,
  type OpenPanel,
  type PanelHarness,
  type PanelSettings,
} from '../support/panelHarness.ts';
import { nodeOf, planOfNodes, reportOf } from '../support/reports.ts';
import { allAbilities, hostileReport, reportOfRecorded, slowDeployments } from './panelReports.ts';

let harness: PanelHarness;
before(async () => {
  harness = await startPanelHarness();
});
after(() => harness.close());

type View = 'icicle' | 'diagram' | 'workers';

/** Shows a report in a view, and fails on any CSP violation or console error. */
function check(
  title: string,
  report: ProfileReport,
  view: View,
  steps: (panel: OpenPanel) => Promise<void>,
  settings: PanelSettings = {},
): void {
  test(title, async () => {
    const panel = await harness.open(settings);
    try {
      await panel.post({ type: 'report/show', report, abilities: allAbilities });
      await show(panel, view);
      await steps(panel);
      assert.deepEqual(panel.complaints(), []);
    } finally {
      await panel.close();
    }
  });
}

const show = (panel: OpenPanel, view: View | 'table') => panel.page.locator(`[data-view=${view}]`).click();
const heading = async ({ page }: OpenPanel) =>
  (await page.locator('.right h2').first().textContent())?.trim();
const mark = ({ page }: OpenPanel, name: string) => page.locator(`.mark[aria-label*="${name}"]`).first();
const focused = ({ page }: OpenPanel) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.split('\n')[0]);
const press = async (panel: OpenPanel, ...keys: readonly string[]) => {
  for (const key of keys) await panel.page.keyboard.press(key);
};

for (const view of ['icicle', 'diagram'] as const) {
  describe(view, () => {
    check('shares its selection with the table and the details', slowDeployments(), view, async (panel) => {
      await mark(panel, 'Gather Merge').click();
      assert.equal(await heading(panel), 'Gather Merge');
      await show(panel, 'table');
      assert.match((await panel.page.locator('.row.selected').textContent()) ?? '', /Gather Merge/);
      await panel.page.getByRole('button', { name: 'Each process hashes' }).click();
      await show(panel, view);
      const selected = panel.page.locator('.mark[aria-selected=true]');
      assert.match((await selected.getAttribute('aria-label')) ?? '', /^warning: Seq Scan · model_versions/);
      assert.ok(await selected.isVisible());
    });

    check('is one tab stop, whose arrows follow the tree', slowDeployments(), view, async (panel) => {
      const { page } = panel;
      assert.equal(await page.locator('.drawing [tabindex="0"]').count(), 1);
      await page.locator('.mark[tabindex="0"]').focus();
      await press(panel, 'Home');
      assert.equal(await focused(panel), 'Limit');
      await press(panel, 'ArrowDown', 'ArrowDown');
      assert.match((await focused(panel)) ?? '', /^Sort/);
      await press(panel, 'ArrowUp');
      assert.match((await focused(panel)) ?? '', /^Gather Merge/);
      assert.equal(await heading(panel), 'Gather Merge');
      await mark(panel, 'Parallel Seq Scan').click();
      await press(panel, 'ArrowRight');
      assert.match((await focused(panel)) ?? '', /^Hash/);
      await press(panel, 'ArrowLeft');
      assert.match((await focused(panel)) ?? '', /^critical: Parallel Seq Scan/);
    });

    check(
      'says everything exactly, to pointers and screen readers',
      slowDeployments(),
      view,
      async (panel) => {
        const name = await mark(panel, 'Parallel Seq Scan').getAttribute('aria-label');
        assert.match(
          name ?? '',
          /^critical: Parallel Seq Scan · deployments · d\nSelf ms: 53\.\d{3} ms, 38\.\d % of the whole\n/,
        );
        assert.match(name ?? '', /6,232 rows over 3 loops/);
        assert.equal(await mark(panel, 'Parallel Seq Scan').locator('title').textContent(), name);
      },
    );

    check(
      'is saved whole, as text that stands alone and as an image',
      slowDeployments(),
      view,
      async (panel) => {
        const { page } = panel;
        const lastRequest = async () => {
          const message = (await panel.posted()).at(-1);
          assert.ok(message?.type === 'request' && message.request.type === 'image/save');
          return { id: message.id, ...message.request };
        };
        await page.getByRole('button', { name: 'Save as SVG' }).click();
        const saved = await lastRequest();
        assert.equal(saved.kind, 'svg');
        await checkWellFormed(panel, saved.data);
        assert.doesNotMatch(saved.data, /var\(|color-mix|color\(|class=/);
        assert.match(saved.data, /fill="#1f1f1f"/, 'the theme’s own background');
        assert.match(saved.data, /140\.4 ms, and 38 % of it reads/);
        await panel.post({ type: 'reply', id: saved.id, ok: true, value: { message: 'Saved as plan.svg.' } });
        assert.equal(
          (await page.locator('.drawing-bar .notice').textContent())?.trim(),
          'Saved as plan.svg.',
        );
        await page.getByRole('button', { name: 'Save as PNG' }).click();
        await page.waitForFunction(() => (sessionStorage.getItem('posted') ?? '').includes('"png"'));
        const image = Buffer.from((await lastRequest()).data, 'base64');
        assert.deepEqual([...image.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
        const [widthPx, heightPx] = [image.readUInt32BE(16), image.readUInt32BE(20)];
        assert.ok(widthPx > 1500 && heightPx > 300, `${widthPx} × ${heightPx}`);
      },
    );

    check('a picture of the suggestion’s plan says so', slowDeployments(), view, async (panel) => {
      await panel.page.getByRole('tab', { name: 'With the index' }).click();
      await panel.page.getByRole('button', { name: 'Save as SVG' }).click();
      const message = (await panel.posted()).at(-1);
      assert.ok(message?.type === 'request' && message.request.type === 'image/save');
      assert.match(message.request.data, />With the suggestion in place: 102\.7 ms/);
    });

    check('hostile names stay text, here and in the file', hostileReport(), view, async (panel) => {
      const { page } = panel;
      assert.equal(await page.locator('img, script:not([nonce])').count(), 0);
      await page.getByRole('button', { name: 'Save as SVG' }).click();
      const message = (await panel.posted()).at(-1);
      assert.ok(message?.type === 'request' && message.request.type === 'image/save');
      await checkWellFormed(panel, message.request.data);
      assert.doesNotMatch(message.request.data, /<(img|script)/);
      assert.equal(await page.evaluate(() => (globalThis as { hacked?: number }).hacked), undefined);
    });
  });
}

check('the icicle zooms in and out, by pointer and keyboard', slowDeployments(), 'icicle', async (panel) => {
  const { page } = panel;
  const widthOf = async (name: string) => (await mark(panel, name).boundingBox())?.width ?? 0;
  const whole = await widthOf('Limit');
  const joined = mark(panel, 'Parallel Seq Scan');
  await joined.dblclick();
  assert.ok(Math.abs((await widthOf('Parallel Seq Scan')) - whole) < 3);
  assert.equal(await page.locator('.mark').count(), 1);
  await page.getByRole('button', { name: 'Hash Join' }).last().click();
  assert.ok((await page.locator('.mark').count()) > 2, 'a crumb zooms out to it');
  await page.locator('.mark[tabindex="0"]').focus();
  await press(panel, 'Escape');
  assert.equal(await page.locator('.crumbs').count(), 0);
  assert.ok(Math.abs((await widthOf('Limit')) - whole) < 3);
  await press(panel, 'Enter');
  assert.match((await page.locator('.crumbs').textContent()) ?? '', /Whole plan.*Parallel Seq Scan/s);
  await page.getByRole('button', { name: 'Sequential scan on deployments' }).click();
  await page.getByRole('button', { name: 'Each process hashes' }).click();
  assert.equal(await page.locator('.crumbs').count(), 0, 'what is selected outside shows the whole again');
});

check(
  'what the icicle cannot draw has the focus above it',
  reportOfRecorded('never_executed.analyze.json'),
  'icicle',
  async (panel) => {
    const { page } = panel;
    await show(panel, 'table');
    await page.locator('.row.never').first().click();
    await show(panel, 'icicle');
    assert.equal(await page.locator('.drawing [tabindex="0"]').count(), 1);
    assert.equal(await page.locator('.mark[aria-selected=true]').count(), 0);
    assert.match((await page.locator('.notes').textContent()) ?? '', /have no width: the table has them/);
  },
);

check(
  'a metric that is nowhere is said to be',
  reportOf(planOfNodes([nodeOf({ type: 'Result' })])),
  'icicle',
  async ({ page }) => {
    assert.match((await page.locator('.sentence').textContent()) ?? '', /No step has any cost/);
  },
);

check(
  'the diagram zooms by wheel, buttons and keys, and follows a drag',
  slowDeployments(),
  'diagram',
  async (panel) => {
    const { page } = panel;
    const box = mark(panel, 'Gather Merge');
    const widthOf = async () => (await box.boundingBox())?.width ?? 0;
    const start = await widthOf();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    assert.ok((await widthOf()) > start * 1.2);
    await page.getByTitle('Full size').click();
    await page.locator('.mark[tabindex="0"]').focus();
    await press(panel, '-', '-');
    assert.ok((await widthOf()) < start);
    await press(panel, '0');
    const scroller = page.locator('#plan');
    const fits = await scroller.evaluate((plan) => plan.scrollHeight <= plan.clientHeight + 1);
    assert.ok(fits, 'fitted, nothing is left to scroll to');
    await box.hover();
    const place = await box.boundingBox();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -400);
    await page.keyboard.up('Control');
    await page.waitForFunction((width) => {
      const zoomed = document.querySelector('.mark[aria-label^="Gather Merge"]');
      return zoomed !== null && zoomed.getBoundingClientRect().width > width * 1.5;
    }, place?.width ?? 0);
    const under = await page.evaluate(
      ({ x, y }) => document.elementFromPoint(x, y)?.closest('.mark')?.getAttribute('aria-label') ?? '',
      { x: place!.x + place!.width / 2, y: place!.y + place!.height / 2 },
    );
    assert.match(under, /^Gather Merge/, 'what is under the pointer stays there');
    const selected = await heading(panel);
    const from = await scroller.evaluate((plan) => [plan.scrollLeft, plan.scrollTop]);
    await page.mouse.down();
    await page.mouse.move(place!.x - 60, place!.y - 50, { steps: 4 });
    await page.mouse.up();
    const to = await scroller.evaluate((plan) => [plan.scrollLeft, plan.scrollTop]);
    assert.notDeepEqual(to, from);
    assert.equal(await heading(panel), selected, 'a drag selects nothing');
  },
);

check('the diagram folds as the table does', slowDeployments(), 'diagram', async (panel) => {
  const { page } = panel;
  await mark(panel, 'Gather Merge').dblclick();
  assert.equal(await page.locator('.mark').count(), 2);
  assert.match(
    (await mark(panel, 'Gather Merge').getAttribute('aria-label')) ?? '',
    /11 steps folded into it/,
  );
  await show(panel, 'table');
  assert.equal(await page.locator('.tree-body .row').count(), 2);
  await show(panel, 'diagram');
  await page.getByRole('button', { name: 'Sequential scan on deployments' }).click();
  assert.ok((await page.locator('.mark').count()) > 2);
});

check('the legend comes on demand', slowDeployments(), 'diagram', async ({ page }) => {
  assert.equal(await page.locator('.legend').count(), 0);
  await page.getByRole('button', { name: 'Legend' }).click();
  assert.match((await page.locator('.legend').textContent()) ?? '', /rows that flow up, over all loops/);
});

check('workers have a lane each, and lead to their step', slowDeployments(), 'workers', async (panel) => {
  const { page } = panel;
  assert.deepEqual(
    await page
      .locator('.lanes tbody th')
      .evaluateAll((cells) => cells.map((cell) => cell.textContent.trim())),
    ['leader', 'worker 0', 'worker 1'],
  );
  await page.getByRole('button', { name: 'Gather Merge over Sort' }).click();
  assert.equal(await heading(panel), 'Sort');
});

check(
  'a parallel plan that was not executed says what is missing',
  reportOfRecorded('seed_slow_deployments.cost.json'),
  'workers',
  async ({ page }) => {
    assert.match((await page.locator('.gathering').textContent()) ?? '', /was not executed/);
  },
);

check('view, zoom and place survive a reload', slowDeployments(), 'icicle', async (panel) => {
  await mark(panel, 'Hash Join').first().click();
  await press(panel, 'Enter');
  await panel.page.reload();
  await panel.page.waitForSelector('.crumbs');
  await show(panel, 'diagram');
  await panel.page.getByTitle('Full size').click();
  await panel.page.reload();
  await panel.page.waitForSelector('.canvas');
  assert.equal((await panel.page.getByTitle('Full size').textContent())?.trim(), '100 %');
});

describe('what is written can be read: at least 4.5 to 1', () => {
  const tints = ['blue', 'red', 'yellow'].flatMap((hue) =>
    [0, 1, 2, 3, 4].map((strength) => `${hue}-${strength}`),
  );
  const pairs = [
    ...tints.map((tint) => ['strong', tint] as const),
    ...['strong', 'dim', 'far-off'].map((paint) => [paint, 'box'] as const),
    ['dim', 'ground'] as const,
  ];
  for (const theme of themes) {
    test(theme, async () => {
      const panel = await harness.open({ theme });
      const colours = new Map<string, readonly number[]>();
      for (const paint of new Set(pairs.flat())) {
        const computed = await panel.page.evaluate((name) => {
          const probe = document.createElement('span');
          probe.className = `paint-${name}`;
          document.body.append(probe);
          return getComputedStyle(probe).color;
        }, paint);
        colours.set(paint, channelsOf(computed, [0, 0, 0]));
      }
      const weak = pairs
        .map(([text, on]) => [`${text} on ${on}`, contrast(colours.get(text)!, colours.get(on)!)] as const)
        .filter(([, ratio]) => ratio < 4.5);
      assert.deepEqual(weak, []);
      await panel.close();
    });
  }
});

/** WCAG 2: relative luminances, the lighter over the darker. */
function contrast(one: readonly number[], other: readonly number[]): number {
  const luminance = (channels: readonly number[]) => {
    const [red = 0, green = 0, blue = 0] = channels
      .map((channel) => channel / 255)
      .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test('without a host that saves, nothing is offered to save', async () => {
  const panel = await harness.open();
  await panel.post({
    type: 'report/show',
    report: slowDeployments(),
    abilities: { ...allAbilities, saveImage: false },
  });
  await show(panel, 'icicle');
  assert.equal(await panel.page.getByRole('button', { name: 'Save as' }).count(), 0);
  await panel.close();
});

/** By the browser's own reader of XML, in a page that lets nothing in. */
async function checkWellFormed({ page }: OpenPanel, xml: string): Promise<void> {
  const root = await page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, 'image/svg+xml');
    return read.querySelector('parsererror')?.textContent ?? read.documentElement.nodeName;
  }, xml);
  assert.equal(root, 'svg');
}
