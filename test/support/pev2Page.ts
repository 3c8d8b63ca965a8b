/** A page with nothing but pev2 in it, as its README mounts it: https://www.npmjs.com/package/pev2. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';

const require = createRequire(import.meta.url);
const entry = require.resolve('pev2');
/** Vue and Bootstrap are those that pev2 brings. */
const requireOfPev2 = createRequire(entry);

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>pev2</title>
<link rel="stylesheet" href="/bootstrap.css"><link rel="stylesheet" href="/pev2.css">
<script src="/vue.js"></script><script src="/pev2.js"></script>
</head><body><div id="app" class="d-flex flex-column vh-100"></div></body></html>`;

const files: Readonly<Record<string, string>> = {
  '/bootstrap.css': requireOfPev2.resolve('bootstrap/dist/css/bootstrap.min.css'),
  '/pev2.css': path.join(path.dirname(entry), 'pev2.css'),
  '/vue.js': requireOfPev2.resolve('vue/dist/vue.global.prod.js'),
  '/pev2.js': entry,
};

/** Loaded, and empty: `Vue.createApp(pev2.Plan, …).mount('#app')` opens a plan. The caller closes its context. */
export async function openPev2(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    reducedMotion: 'reduce',
  });
  const opened = await context.newPage();
  await opened.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    const file = files[pathname];
    if (file !== undefined)
      return route.fulfill({
        contentType: pathname.endsWith('.css') ? 'text/css' : 'text/javascript',
        body: await readFile(file),
      });
    return pathname === '/'
      ? route.fulfill({ contentType: 'text/html', body: page })
      : route.fulfill({ status: 404 });
  });
  await opened.goto('http://127.0.0.1/');
  return opened;
}
