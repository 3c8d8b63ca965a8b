/** The panel in a real browser, in a page that does what VS Code's webview host does: same CSP, same API, a theme's own colours. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { ToHost, ToWebview } from '../../src/shared/protocol.ts';
import { launchChromium } from './chromium.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const screenshotFolder = path.join(root, '.out/screenshots');

export const themes = ['dark-modern', 'light-modern', 'high-contrast', 'high-contrast-light'] as const;
export type Theme = (typeof themes)[number];

export interface PanelSettings {
  readonly theme?: Theme;
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/** The bundle and the style sheet that are shipped, built from the tree as it is. */
export interface PanelAssets {
  readonly script: string;
  readonly style: string;
}

export interface PanelHarness {
  readonly assets: PanelAssets;
  readonly browser: Browser;
  open(settings?: PanelSettings): Promise<OpenPanel>;
  close(): Promise<void>;
}

export interface OpenPanel {
  readonly page: Page;
  /** What the extension would post. */
  post(message: ToWebview): Promise<void>;
  /** What the panel posted since it was opened, over reloads. */
  posted(): Promise<readonly ToHost[]>;
  /** CSP violations, page errors and console errors so far; a test that leaves any has failed. */
  complaints(): readonly string[];
  /** Writes .out/screenshots/NAME.png. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

export async function startPanelHarness(): Promise<PanelHarness> {
  const assets = await buildAssets();
  const { server, origin } = await serve(assets);
  const browser = await launchChromium();
  return {
    assets,
    browser,
    open: (settings = {}) => openPanel(browser, origin, settings),
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function buildAssets(): Promise<PanelAssets> {
  const { bundles, styleSheet } = (await import(new URL('../../.esbuild.mjs', import.meta.url).href)) as {
    bundles: { readonly webview: BuildOptions };
    styleSheet: BuildOptions;
  };
  const [script, style] = await Promise.all([
    buildInMemory(bundles.webview, 'webview.js'),
    buildInMemory(styleSheet, 'webview.css'),
  ]);
  return { script, style };
}

async function buildInMemory(options: BuildOptions, file: string): Promise<string> {
  const built = await build({ ...options, write: false, outfile: path.join(root, 'dist', file) });
  const text = built.outputFiles?.[0]?.text;
  if (text === undefined) throw new Error(`esbuild made no ${file}.`);
  return text;
}

/** Collects what a page complains of; call before it navigates. */
export async function collectComplaints(page: Page): Promise<readonly string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.exposeFunction('reportViolation', (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { reportViolation } = globalThis as unknown as {
        readonly reportViolation: (text: string) => void;
      };
      reportViolation(
        `CSP: ${event.violatedDirective} blocked ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  return complaints;
}

async function openPanel(browser: Browser, origin: string, settings: PanelSettings): Promise<OpenPanel> {
  const { theme = 'dark-modern', widthPx = 1400, heightPx = 900 } = settings;
  const context = await browser.newContext({
    viewport: { width: widthPx, height: heightPx },
    colorScheme: theme.includes('light') ? 'light' : 'dark',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints = await collectComplaints(page);
  await page.goto(`${origin}/panel/${theme}`);
  await page.waitForSelector('main > *', { state: 'attached' });
  return {
    page,
    async post(message) {
      await page.evaluate((json) => window.postMessage(JSON.parse(json), '*'), JSON.stringify(message));
      // A message is a task of its own; the drawing that it causes, a microtask after it.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    },
    posted: () => page.evaluate(() => JSON.parse(sessionStorage.getItem('posted') ?? '[]') as ToHost[]),
    complaints: () => complaints,
    async screenshot(name) {
      await mkdir(screenshotFolder, { recursive: true });
      const file = path.join(screenshotFolder, `${name}.png`);
      await page.screenshot({ path: file });
      return file;
    },
    close: () => context.close(),
  };
}

async function serve(assets: PanelAssets): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const send = (type: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    if (pathname === '/webview.js') return send('text/javascript', assets.script);
    if (pathname === '/webview.css') return send('text/css', assets.style);
    if (pathname === '/host.css') return send('text/css', hostStyle);
    const theme = themes.find((name) => pathname === `/panel/${name}`);
    if (theme === undefined) return response.writeHead(404).end();
    const nonce = randomBytes(16).toString('base64');
    return panelPage(theme, nonce).then((body) =>
      send('text/html', body, { 'content-security-policy': policy(nonce) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, origin: `http://127.0.0.1:${port}` };
}

/** The policy that the extension sets; `'self'` stands for the webview's cspSource. */
function policy(nonce: string): string {
  return `default-src 'none'; style-src 'self'; script-src 'nonce-${nonce}'`;
}

/** What VS Code gives every webview (src/vs/workbench/contrib/webview/browser/pre/index.html), where it matters to the panel. */
const hostStyle = `@layer vscode-default {
  body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
    font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
  code { color: var(--vscode-textPreformat-foreground); background-color: var(--vscode-textPreformat-background);
    padding: 1px 3px; border-radius: 4px; }
  pre code { padding: 0; }
}`;

async function panelPage(theme: Theme, nonce: string): Promise<string> {
  const { kind, variables } = JSON.parse(
    await readFile(path.join(root, `test/support/themes/${theme}.json`), 'utf8'),
  ) as { kind: string; variables: Readonly<Record<string, string>> };
  const bodyClass = kind === 'vscode-high-contrast-light' ? `${kind} vscode-high-contrast` : kind;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Query profile</title>
<link rel="stylesheet" href="/host.css"><link rel="stylesheet" href="/webview.css">
<script nonce="${nonce}">
for (const [name, value] of Object.entries(${JSON.stringify(variables)})) document.documentElement.style.setProperty('--vscode-' + name, value);
window.acquireVsCodeApi = () => ({
  postMessage(message) {
    const posted = JSON.parse(sessionStorage.getItem('posted') ?? '[]');
    sessionStorage.setItem('posted', JSON.stringify([...posted, message]));
  },
  // In the window's name, which outlives a reload and has no quota.
  getState: () => JSON.parse(window.name || 'null') ?? undefined,
  setState: (state) => { window.name = JSON.stringify(state ?? null); },
});
// As VS Code's webviews do, before the panel hears of the key (isFindEvent of its pre/index.html).
addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && 'fpsz'.includes(event.key.toLowerCase())) event.preventDefault();
});
</script></head><body class="${bodyClass}" data-vscode-theme-kind="${kind}">
<script nonce="${nonce}" src="/webview.js"></script></body></html>`;
}
