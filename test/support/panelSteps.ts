/** What people do with a panel, as a script: real keys, wheel and clicks; of views and controls, whatever there is. */
import type { Page } from 'playwright-core';

export interface PanelStep {
  readonly name: string;
  readonly act: (page: Page) => Promise<void>;
}

/** Presses of a key, or turns of the wheel, in a row. */
const repeats = 12;

/** The steps for the panel as it stands open: those of each view, then those of all. */
export async function panelSteps(page: Page): Promise<readonly PanelStep[]> {
  const views = await page
    .locator('[data-view]')
    .evaluateAll((tabs) => tabs.map((tab) => (tab as HTMLElement).dataset['view'] ?? ''));
  const metrics = await page
    .locator('.measures select option')
    .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  const ofViews = views.flatMap((view) => [
    { name: `switching to ${view}`, act: (at: Page) => at.click(`[data-view="${view}"]`) },
    { name: `${view}: scrolling`, act: scroll },
    { name: `${view}: zooming`, act: zoom },
    ...metrics.map((metric) => measureBy(metric, `${view}: measuring by ${metric}`)),
  ]);
  const toTable = views.includes('table')
    ? [{ name: 'switching back to table', act: (at: Page) => at.click('[data-view="table"]') }]
    : [];
  return [
    ...ofViews,
    ...toTable,
    { name: 'scrolling', act: scroll },
    ...metrics.map((metric) => measureBy(metric, `measuring by ${metric}`)),
    ...(metrics[0] === undefined ? [] : [measureBy(metrics[0], 'measuring by the first again')]),
    { name: 'moving by keys', act: move },
    { name: 'typing a name', act: typeName },
    { name: 'folding and unfolding all', act: fold },
    ...(await offered(page, 'searching', '[role=search] input', search)),
    ...(await offered(page, 'per loop and back', '.measures [aria-pressed]', pressTwice)),
    { name: 'opening and closing every group', act: openGroups },
    { name: 'dragging the sash', act: dragSash },
  ];
}

/** The step, if the panel has what it acts on. */
async function offered(
  page: Page,
  name: string,
  selector: string,
  act: (page: Page, selector: string) => Promise<void>,
): Promise<readonly PanelStep[]> {
  return (await page.locator(selector).count()) > 0 ? [{ name, act: (at) => act(at, selector) }] : [];
}

function measureBy(metric: string, name: string): PanelStep {
  return {
    name,
    async act(page) {
      await page.selectOption('.measures select', metric);
    },
  };
}

/** Slowly by wheel, then to the end and back in strides, one at each frame. */
async function scroll(page: Page): Promise<void> {
  await hoverPlan(page);
  for (let turn = 0; turn < repeats; turn++) await page.mouse.wheel(0, 120);
  await page.locator('#plan').evaluate(async (plan) => {
    const strides = 40;
    for (let at = 0; at <= 2 * strides; at++) {
      plan.scrollTop = (plan.scrollHeight * Math.min(at, 2 * strides - at)) / strides;
      await probe.frameEnd();
    }
  });
}

async function zoom(page: Page): Promise<void> {
  await hoverPlan(page);
  await page.keyboard.down('Control');
  for (const turn of [-120, 120]) {
    for (let time = 0; time < repeats; time++) await page.mouse.wheel(0, turn);
  }
  await page.keyboard.up('Control');
  const buttons = await page.locator('button[title*="oom" i]').all();
  for (const button of buttons) if (await button.isEnabled()) await button.click();
}

async function hoverPlan(page: Page): Promise<void> {
  const box = await page.locator('#plan').boundingBox();
  if (box === null) throw new Error('There is no plan on screen.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
}

async function move(page: Page): Promise<void> {
  await focusRow(page);
  for (const key of ['End', 'Home', 'PageDown', 'ArrowDown', 'ArrowUp', 'PageUp']) {
    for (let time = 0; time < repeats; time++) await page.keyboard.press(key);
  }
}

async function typeName(page: Page): Promise<void> {
  await focusRow(page);
  await page.keyboard.type('orders_p49');
}

async function fold(page: Page): Promise<void> {
  await focusRow(page);
  await page.keyboard.press('Home');
  for (let time = 0; time < 4; time++) await page.keyboard.press(time % 2 === 0 ? 'ArrowLeft' : 'ArrowRight');
  for (const name of ['Collapse all', 'Expand all', 'Hide cheap parts', 'Expand all']) {
    const button = page.getByRole('button', { name, exact: true });
    if (await button.isVisible()) await button.click();
  }
}

function focusRow(page: Page): Promise<void> {
  return page.locator('.tree [tabindex="0"]').first().focus();
}

async function search(page: Page, box: string): Promise<void> {
  await page.focus(box);
  await page.keyboard.type('orders_p4');
  for (let time = 0; time < repeats; time++) await page.keyboard.press('Enter');
  await page.fill(box, '');
}

async function pressTwice(page: Page, button: string): Promise<void> {
  await page.click(button);
  await page.click(button);
}

/** From the top, with those that come to light inside others; then from the bottom. */
async function openGroups(page: Page): Promise<void> {
  const heads = page.locator('[aria-expanded]:not([role=row])');
  for (let at = 0; at < Math.min(repeats, await heads.count()); at++) await heads.nth(at).click();
  const open = page.locator('[aria-expanded=true]:not([role=row])');
  while ((await open.count()) > 0) await open.last().click();
}

async function dragSash(page: Page): Promise<void> {
  await page.focus('.sash');
  for (const key of ['ArrowLeft', 'ArrowRight']) {
    for (let time = 0; time < repeats; time++) await page.keyboard.press(key);
  }
}
