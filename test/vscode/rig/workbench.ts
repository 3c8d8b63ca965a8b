/** The user's hands and eyes in a real VS Code: opens files, runs commands, clicks menus and lenses, reads the panel. */
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { launchChromium } from '../../support/chromium.ts';
import { waitFor } from '../../support/servers.ts';
import { packVsix } from '../../support/vsix.ts';
import { installRig, newestVersion } from './install.ts';
import { createProfile, installExtension, removeProfile, startServer, type Server } from './server.ts';

export interface WorkbenchOptions {
  /** Names the screenshots, logs and the package of this run. */
  readonly name: string;
  /** Files of the folder that is open, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Where screenshots and logs are left. */
export const artefactFolder = fileURLToPath(new URL('../../../.out/screenshots/', import.meta.url));

/** Generous, for a busy machine: a step that works takes a fraction of it. */
const stepTimeoutMs = 60_000;
/** VS Code shows three notifications in 800 ms, progress included, and keeps further ones to itself (notificationsToasts.ts). */
const toastIntervalMs = 1000;

/** The four kinds of theme, as VS Code's picker lists them, and the class that a webview's body then has. */
export const themes = {
  'Dark Modern': 'vscode-dark',
  'Light Modern': 'vscode-light',
  'Dark High Contrast': 'vscode-high-contrast',
  'Light High Contrast': 'vscode-high-contrast-light',
} as const;

/**
 * Installs the packed extension in a fresh VS Code, opens a folder with those files, and hands it to `body`.
 * When that fails, a screenshot of the moment is kept and named in the error.
 */
export async function inVscode(
  options: WorkbenchOptions,
  body: (workbench: Workbench) => Promise<void>,
): Promise<void> {
  const log = (message: string) => process.stdout.write(`${message}\n`);
  const rig = await installRig(process.env['PGQP_VSCODE'] ?? newestVersion, log);
  const profile = await createProfile(options.settings);
  const folder = await mkdtemp(path.join(tmpdir(), 'vscode-folder-'));
  await Promise.all(
    Object.entries(options.files).map(([name, text]) => writeFile(path.join(folder, name), text)),
  );
  mkdirSync(artefactFolder, { recursive: true });
  let server: Server | undefined;
  let browser: Browser | undefined;
  try {
    const vsix = path.join(profile.root, 'extension.vsix');
    await packVsix(vsix);
    await installExtension(rig, profile, vsix);
    server = await startServer(rig, profile, {
      log: path.join(artefactFolder, `${options.name}-server.log`),
    });
    browser = await launchChromium();
    const context = await browser.newContext({
      viewport: { width: 1400, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(stepTimeoutMs);
    const page = await context.newPage();
    const workbench = new Workbench(page, options.name, folder);
    try {
      await page.goto(server.urlFor({ folder }));
      await workbench.ready();
      await body(workbench);
    } catch (error) {
      const picture = await workbench.screenshot('failed');
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`Step "${workbench.step}": ${message}\nScreenshot: ${picture}`, { cause: error });
    }
  } finally {
    await browser?.close();
    await server?.stop();
    await removeProfile(profile);
    await rm(folder, { recursive: true, force: true });
  }
}

export class Workbench {
  readonly page: Page;
  /** What the test is about just now. */
  step = 'the window opens';
  /** The folder that is open. */
  readonly folder: string;
  readonly #name: string;

  constructor(page: Page, name: string, folder: string) {
    this.page = page;
    this.folder = folder;
    this.#name = name;
  }

  /** Runs named steps of a test: the name stands in the report when it passed, and in the error when it failed. */
  steps(t: TestContext): (name: string, body: () => Promise<void>) => Promise<void> {
    return async (name, body) => {
      this.step = name;
      const startedAt = Date.now();
      await body();
      t.diagnostic(`${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
    };
  }

  /** The workbench is drawn, and the extension's contributions are in it: commands, menus, its view container. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
    await this.viewContainer().waitFor();
  }

  /** The extension's icon in the activity bar. */
  viewContainer(): Locator {
    return this.page.locator('.activitybar .action-label[aria-label="Query Profiler"]');
  }

  async openFile(name: string): Promise<void> {
    await this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();
    await this.tab(name).waitFor();
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  tab(title: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: title }).first();
  }

  /** The lenses above statements that have this title, in the group of editors that has the focus. */
  lens(title: string | RegExp): Locator {
    return this.page.locator('.editor-group-container.active .codelens-decoration a', { hasText: title });
  }

  /** The line of the editor that holds this text. VS Code draws spaces as no-break spaces. */
  line(text: string): Locator {
    return this.page.locator('.editor-instance .view-line', { hasText: text }).first();
  }

  /** Right-clicks that line and chooses from the menu. */
  async chooseFromEditorMenu(lineText: string, item: string): Promise<void> {
    await this.line(lineText).click({ button: 'right', position: { x: 40, y: 8 } });
    await this.chooseFromMenu(item);
  }

  /** Chooses from the menu that was just opened. */
  async chooseFromMenu(item: string): Promise<void> {
    const entry = this.page.locator('.context-view .action-item', { hasText: item }).first();
    await entry.waitFor();
    // A menu takes no click in the first 100 ms, lest the click that opened it chooses (VS Code's menu.ts). The page's own
    // clock, so that its timer has run when ours has.
    await this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
    await entry.click();
  }

  /** Runs a command by its whole title ("Query Profiler: Open Sample Database") from the palette. */
  async runCommand(title: string): Promise<void> {
    // From the workbench itself: a webview that has the focus, but not its script yet, would swallow the key.
    // Losing the focus afterwards does not shut the palette, by the setting quickOpen.closeOnFocusLost.
    await this.page.locator('.part.statusbar').press('F1');
    await this.pick(title, `>${title}`);
  }

  /** Types into the quick pick that is open and takes the entry with this label. */
  async pick(label: string, typed = label): Promise<void> {
    await this.page.locator('.quick-input-widget .quick-input-box input').fill(typed);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
  }

  /** Answers the input box that asks `prompt`: the question before it may still be on screen. */
  async answer(prompt: string, text: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget', { hasText: prompt });
    const input = box.locator('.quick-input-box input');
    await input.fill(text);
    await input.press('Enter');
  }

  /** Saves under `name` of the open folder, in the dialog of this title, which offers `offered` there. */
  async saveAs(title: string, offered: string, name = offered): Promise<void> {
    const input = this.page
      .locator('.quick-input-widget', { hasText: title })
      .locator('.quick-input-box input');
    await waitFor(async () => (await input.inputValue()).endsWith(`/${offered}`));
    if (name !== offered) await input.fill(path.join(this.folder, name));
    await input.press('Enter');
  }

  /** The notification that holds this text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
  }

  /** So that those of the next step are shown. */
  async clearNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.page.waitForTimeout(toastIntervalMs);
  }

  async clickInNotification(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).locator('.monaco-button', { hasText: button }).click();
  }

  /** The document of the webview that shows this selector: workbench > iframe > iframe#active-frame. */
  async webview(selector: string): Promise<Frame> {
    const endsAt = Date.now() + stepTimeoutMs;
    while (Date.now() < endsAt) {
      for (const frame of this.page.frames()) {
        if (frame.url().includes('fake.html') && (await shows(frame, selector))) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    const urls = this.page.frames().map((frame) => frame.url());
    throw new Error(`No webview shows ${selector}. Frames:\n${urls.join('\n')}`);
  }

  /** Switches the theme and waits until the given webview has taken it over. */
  async useTheme(theme: keyof typeof themes, webview: Frame): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.pick(theme);
    await webview.locator(`body.${themes[theme]}`).waitFor();
  }

  /**
   * Reloads the window once VS Code has stored the state that `kept` describes. In a browser it cannot write while the
   * window closes, so it does so every five seconds (BrowserStorageService); the desktop writes at the end.
   */
  async reload(kept: RegExp): Promise<void> {
    const endsAt = Date.now() + stepTimeoutMs;
    const stored = () => this.page.context().storageState({ indexedDB: true });
    while (!kept.test(JSON.stringify(await stored()))) {
      if (Date.now() > endsAt) throw new Error(`VS Code has not stored ${kept}.`);
      await this.page.waitForTimeout(200);
    }
    await this.page.reload();
    await this.ready();
  }

  /** As the user closes it: the page says goodbye, and VS Code ends the window's extension host. */
  async closeWindow(): Promise<void> {
    await this.page.goto('about:blank');
  }

  /** Keeps a picture of the window; resolves to its path. */
  async screenshot(moment: string): Promise<string> {
    const file = path.join(artefactFolder, `${this.#name}-${moment}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }
}

/** False for a frame that is being replaced as well: it shows nothing any more. */
async function shows(frame: Frame, selector: string): Promise<boolean> {
  try {
    return await frame.locator(selector).first().isVisible();
  } catch {
    return false;
  }
}
