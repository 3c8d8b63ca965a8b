/** `plan` through the built command line: recorded plans, every format, and reports that were saved. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { ProfileReport } from '../../src/shared/report.ts';
import { checkGolden } from '../support/golden.ts';
import { checkPlans, planText, recorded } from './recordedPlans.ts';
import { assertRefused, runCli } from './runCli.ts';

const guidePlan = () =>
  planText(
    recorded.find((name) => name.includes('pg18') && name.includes('seed_slow_deployments.analyze')) ?? '',
  );

// Each is a process of its own: all of them take two minutes, which `npm run soak` has.
checkPlans(recorded.filter((_, index) => index % 8 === 0));

const folder = mkdtempSync(path.join(tmpdir(), 'pgqp-plan-'));
after(() => rmSync(folder, { recursive: true }));

test('The guide’s plan, as a terminal shows it', async () => {
  const { code, stdout } = await runCli(['plan', '-'], { stdin: guidePlan() });
  assert.equal(code, 0);
  checkGolden('cli/guide-plan.txt', stdout);
});

test('COLUMNS sets the width, --color the colour; NO_COLOR and pipes have none', async () => {
  const lines = async (args: readonly string[], env: Readonly<Record<string, string>>) =>
    (await runCli(['plan', '-', ...args], { stdin: guidePlan(), env })).stdout.split('\n');
  const wide = await lines([], { COLUMNS: '160' });
  assert.ok(wide.some((line) => line.length > 100) && wide.every((line) => line.length <= 160));
  assert.ok((await lines(['--color', 'always'], { NO_COLOR: '1' })).some((line) => line.includes('\u001b[')));
  assert.ok((await lines([], {})).every((line) => !line.includes('\u001b')));
});

test('A saved report reads back as itself, in every format', async () => {
  const saved = path.join(folder, 'saved.json');
  const made = await runCli(['plan', '-', '--format', 'json', '--output', saved], { stdin: guidePlan() });
  assert.deepEqual(made, { code: 0, stdout: '', stderr: '' });
  const again = await runCli(['plan', saved, '--format', 'json']);
  assert.equal(again.stdout, readFileSync(saved, 'utf8'));
  assert.match((await runCli(['plan', saved, '--format', 'markdown'])).stdout, /^### 140\.4 ms, and/);
});

test('A page holds everything in one file', async () => {
  const { code, stdout } = await runCli(['plan', '-', '--format', 'html'], { stdin: guidePlan() });
  assert.equal(code, 0);
  assert.match(stdout, /^<!doctype html>/i);
  assert.doesNotMatch(stdout, /(src|href)="(?!data:|#)/);
});

test('Several plans: all as text, one by --select, none as one page', async () => {
  const two = path.join(folder, 'two.json');
  const one = JSON.parse(
    (await runCli(['plan', '-', '--format', 'json'], { stdin: guidePlan() })).stdout,
  ) as ProfileReport;
  writeFileSync(two, JSON.stringify({ schemaVersion: 1, reports: [one, { ...one, sql: 'SELECT 2' }] }));
  assert.match((await runCli(['plan', two])).stdout, /^Plan 1 of 2\n[^]*\nPlan 2 of 2\n/);
  const second = await runCli(['plan', two, '--select', '2', '--format', 'json']);
  assert.equal((JSON.parse(second.stdout) as ProfileReport).sql, 'SELECT 2');
  assertRefused(
    await runCli(['plan', two, '--format', 'html']),
    2,
    'The input holds 2 plans, and a page shows one. Choose it with --select N.',
  );
});

test('A reader that stops early is no error', async () => {
  const big = guidePlan();
  const result = await runCli(['plan', '-', '--format', 'json'], {
    stdin: big,
    onStart: (child) => child.stdout?.destroy(),
  });
  assert.deepEqual([result.code, result.stderr], [0, '']);
});

test('UTF-16 with its mark, as Windows PowerShell writes it, is read', async () => {
  const file = path.join(folder, 'utf16.json');
  writeFileSync(file, Buffer.from(`\ufeff${guidePlan()}`, 'utf16le'));
  assert.equal((await runCli(['plan', file])).code, 0);
});
