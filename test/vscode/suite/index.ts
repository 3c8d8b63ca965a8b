/** Runs inside the extension host of a real VS Code, the one of the rig or a downloaded one. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { SuiteResults } from './results.ts';

/** From the first line of the bundle to `activate()` resolved: what the extension may cost each start of VS Code. */
const activationLimitMs = 60;
const extensionId = 'pg-query-profiler.pg-query-profiler';

const extension = () => {
  const found = vscode.extensions.getExtension<{ readonly activationMs: number }>(extensionId);
  assert.ok(found, `${extensionId} is not installed`);
  return found;
};

/**
 * Between loading the bundle and calling activate(), VS Code asks the workbench for the extension's stored state. While
 * the workbench still draws its first window, that wait is the workbench's own start and none of the extension's cost.
 */
async function workbenchIsQuiet(): Promise<void> {
  const quickMs = 15;
  const giveUpAt = performance.now() + 30_000;
  for (let quick = 0; quick < 10 && performance.now() < giveUpAt;) {
    const askedAt = performance.now();
    await vscode.commands.executeCommand('setContext', 'pgQueryProfiler.test.quiet', askedAt);
    quick = performance.now() - askedAt < quickMs ? quick + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const checks: Readonly<Record<string, () => Promise<void>>> = {
  [`activates within ${activationLimitMs} ms`]: async () => {
    await workbenchIsQuiet();
    const { activationMs } = await extension().activate();
    assert.ok(
      activationMs > 0 && activationMs < activationLimitMs,
      `activation took ${activationMs.toFixed(1)} ms`,
    );
  },
  'registers every command that it contributes': async () => {
    await extension().activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed = extension().packageJSON.contributes.commands as readonly {
      readonly command: string;
    }[];
    assert.ok(contributed.length > 0);
    assert.deepEqual(
      contributed.map(({ command }) => command).filter((id) => !registered.has(id)),
      [],
    );
  },
  'offers a lens above each statement of a SQL file': async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'sql',
      content: "-- first\nselect 1;\n\nselect ';'\nfrom generate_series(1, 3);\n",
    });
    const lenses = await vscode.commands.executeCommand<readonly vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );
    const lines = lenses.map((lens) => lens.range.start.line);
    assert.deepEqual([...new Set(lines)], [1, 3]);
    assert.ok(lenses.some((lens) => lens.command?.title.includes('Profile')));
  },
};

export async function run(): Promise<void> {
  const results: SuiteResults['checks'][number][] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  const { activationMs } = await extension().activate();
  const written: SuiteResults = { vscodeVersion: vscode.version, activationMs, checks: results };
  writeFileSync(process.env['PGQP_SUITE_RESULTS']!, JSON.stringify(written));
}
