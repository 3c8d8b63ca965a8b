/**
 * Loaded in the extension host in place of the suite: runs the suite as VS Code would, sends what it prints straight to
 * a file, and writes down how it ended. VS Code for the web reports exit 0 when the extension host dies in mid-suite.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';

/** Set by runSuite.ts. */
const { RIG_SUITE: suite = '', RIG_RESULT: resultFile = '', RIG_PRINTED: printedFile = '' } = process.env;

const print = (...values: readonly unknown[]) => appendFileSync(printedFile, `${format(...values)}\n`);

export async function run(): Promise<void> {
  // The extension host has these as accessors with an empty setter, so assigning to them would do nothing.
  for (const method of ['log', 'info', 'warn', 'error', 'debug'])
    Object.defineProperty(console, method, {
      configurable: true,
      writable: true,
      enumerable: true,
      value: print,
    });
  try {
    const loaded = (await import(suite)) as { readonly run: () => Promise<void> };
    await loaded.run();
  } catch (error) {
    print(error instanceof Error ? error.stack : error);
    writeFileSync(resultFile, 'failed');
    throw error;
  }
  writeFileSync(resultFile, 'passed');
}
