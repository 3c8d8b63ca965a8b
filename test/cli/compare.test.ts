/** `compare` through the built command line. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { PlanComparison } from '../../src/shared/comparison.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import { assertRefused, root, runCli } from './runCli.ts';

const plans = path.join(root, 'test/fixtures/plans');
const before = path.join(plans, 'pg15/seed_slow_deployments.analyze.txt');
const indexed = path.join(plans, 'pg15/seed_slow_deployments_indexed.analyze.yaml');

const folder = mkdtempSync(path.join(tmpdir(), 'pgqp-compare-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
};

test('Two files of any format: the verdict comes first', async () => {
  const { code, stdout, stderr } = await runCli(['compare', before, indexed]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^2\.\d× faster \(41\.19 ms → [\d.]+ ms\): deployments is now read by /);
  assert.match(stdout, /^Before: seed_slow_deployments\.analyze\.txt$/m);
});

test('JSON is one document with both reports, the changes and the verdict', async () => {
  const { code, stdout } = await runCli(['compare', before, indexed, '--format', 'json']);
  assert.equal(code, 0);
  const comparison = JSON.parse(stdout) as PlanComparison;
  assert.equal(comparison.schemaVersion, 1);
  assert.equal(comparison.before.schemaVersion, 1);
  assert.equal(comparison.after.plan.format, 'yaml');
  assert.ok(comparison.changes.some(({ kind }) => kind === 'index'));
  assert.match(comparison.verdict, /faster/);
});

test('One of the two may be a report, the other come from standard input', async () => {
  const saved = path.join(folder, 'saved.json');
  await runCli(['plan', before, '--format', 'json', '--output', saved]);
  const report = JSON.parse(readFileSync(saved, 'utf8')) as ProfileReport;
  const { stdout } = await runCli(['compare', '-', saved, '--format', 'json'], {
    stdin: readFileSync(before, 'utf8'),
  });
  const comparison = JSON.parse(stdout) as PlanComparison;
  assert.deepEqual(comparison.after, report);
  assert.deepEqual(comparison.changes, []);
  assert.match(comparison.verdict, /^The same plan with the same time/);
});

test('Markdown, a file, colour', async () => {
  const output = path.join(folder, 'comparison.md');
  const made = await runCli(['compare', before, indexed, '--format', 'markdown', '--output', output]);
  assert.deepEqual(made, { code: 0, stdout: '', stderr: '' });
  assert.match(readFileSync(output, 'utf8'), /^### 2\.\d× faster/);
  const colored = await runCli(['compare', before, indexed, '--color', 'always']);
  assert.ok(colored.stdout.includes('\u001b['));
});

test('--sla is for the findings of both', async () => {
  const { stdout } = await runCli(['compare', before, indexed, '--sla', '30', '--format', 'json']);
  const { changes } = JSON.parse(stdout) as PlanComparison;
  assert.ok(changes.some(({ kind, effect }) => kind === 'finding' && effect === 'better'));
});

const two = file('two.json', `[${[1, 2].map(() => '{"Plan": {"Node Type": "Result"}}').join()}]`);
const refusals: Readonly<Record<string, readonly [args: readonly string[], sentence: string | RegExp]>> = {
  'no file': [[], 'A comparison takes two files. See pg-query-profiler compare --help.'],
  'one file': [[before], 'A comparison takes two files. See pg-query-profiler compare --help.'],
  'a page': [
    [before, indexed, '--format', 'html'],
    '--format is one of text, json, markdown, not “html”. See pg-query-profiler compare --help.',
  ],
  'a file that is not there': [
    [before, 'missing.json'],
    'missing.json cannot be read: there is no such file or folder. Check its name and its permissions.',
  ],
  'what is no plan': [[file('letter.txt', 'Dear server'), before], /^This is not a plan that can be read/],
  'several plans': [
    [before, two],
    'two.json holds 2 plans, and a comparison takes one from each side. Save one by itself with plan --select N --format json --output FILE.',
  ],
};

for (const [what, [args, sentence]] of Object.entries(refusals)) {
  test(`Refused: ${what}`, async () => {
    assertRefused(await runCli(['compare', ...args]), 2, sentence);
  });
}
