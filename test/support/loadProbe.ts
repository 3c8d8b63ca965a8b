/** Puts pageProbe.ts into a page, as the global `probe`. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type * as PageProbe from './pageProbe.ts';

declare global {
  var probe: typeof PageProbe;
}

const built = build({
  entryPoints: [fileURLToPath(new URL('pageProbe.ts', import.meta.url))],
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'probe',
});

export async function loadProbe(page: Page): Promise<void> {
  // Through the debugger, for which the page's policy does not hold.
  await page.evaluate(`${(await built).outputFiles[0]!.text}; globalThis.probe = probe;`);
}
