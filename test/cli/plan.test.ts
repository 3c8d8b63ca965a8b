/** `plan` through the built command line: every recorded plan, every format, and reports that were saved. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Plan, ProfileReport, ProfileReports } from '../../src/shared/report.ts';
import { checkGolden } from '../support/golden.ts';
import { assertRefused, root, runCli } from './runCli.ts';

const plans = path.join(root, 'test/fixtures/plans');
const recorded = readdirSync(plans, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /[\\/].*\.json(\.gz)?$/.test(name),
);

function planText(name: string): string {
  const bytes = readFileSync(path.join(plans, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

const guidePlan = () =>
  planText(
    recorded.find((name) => name.includes('pg18') && name.includes('seed_slow_deployments.analyze')) ?? '',
  );

/** The server prints times to 0.001 ms and the parts of a whole are rounded one by one. */
const roundingMs = 0.0005;

function assertSound({ nodes, executionMs }: Plan): void {
  const [top] = nodes;
  assert.ok(top !== undefined);
  const local = nodes.filter(({ distributed }) => distributed === undefined);
  const seen = new Set<string>();
  for (const node of nodes) {
    assert.ok(!seen.has(node.id), `${node.id} is there once`);
    assert.ok(
      node.parentId === null ? node === top : seen.has(node.parentId),
      `${node.id} follows its parent`,
    );
    seen.add(node.id);
    assert.ok((node.selfMs ?? 0) >= 0, `${node.id} takes no negative time`);
    assert.ok(node.selfCost >= 0, `${node.id} has no negative cost`);
    for (const [pool, blocks] of Object.entries(node.selfBuffers ?? {})) {
      assert.ok(blocks >= 0, `${node.id} has no negative ${pool}`);
    }
  }
  if (top.totalMs === undefined) return;
  const loops = local.reduce((sum, node) => sum + (node.loops ?? 0), 0);
  const selfMs = local.reduce((sum, node) => sum + (node.selfMs ?? 0), 0);
  const tolerance = 2 * roundingMs * (loops + nodes.length) + top.totalMs * 1e-9;
  assert.ok(
    selfMs >= top.totalMs - tolerance,
    `self times add up to ${selfMs}, the root takes ${top.totalMs}`,
  );
  // What a writing CTE has left to do, ExecutorFinish does after the root: inside the execution, outside the root.
  const finishes = local.some(
    ({ type, subplanName = '' }) => type === 'ModifyTable' && subplanName.startsWith('CTE'),
  );
  const most = finishes ? (executionMs ?? Infinity) : top.totalMs;
  assert.ok(selfMs <= most + tolerance, `self times add up to ${selfMs}, the whole takes ${most}`);
}

describe('plan --format json', { concurrency: 2 }, () => {
  assert.ok(recorded.length >= 100, 'the recorded plans are there');
  for (const name of recorded) {
    test(name, async () => {
      const { code, stdout, stderr } = await runCli(['plan', '--format', 'json'], { stdin: planText(name) });
      assert.deepEqual([code, stderr], [0, '']);
      const document = JSON.parse(stdout) as ProfileReport | ProfileReports;
      const reports = 'reports' in document ? document.reports : [document];
      assert.ok(reports.length > 0);
      for (const report of reports) {
        assert.equal(report.schemaVersion, 1);
        assertSound(report.plan);
      }
    });
  }
});

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
