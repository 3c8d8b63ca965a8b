/** `plan` on logs, through the built command line. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import type { LogRanking } from '../../src/core/log/rankEntries.ts';
import type { ProfileReport, ProfileReports } from '../../src/shared/report.ts';
import { checkHugeLog } from '../support/hugeLog.ts';
import { logDestinations, logText } from '../support/logs.ts';
import { assertRefused, root, runCli } from './runCli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'pgqp-log-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const logs = path.join(root, 'test/fixtures/logs/auto_explain18');
const fileOf = (destination: string) => path.join(logs, `server.${destination}`);

async function runPlan(...args: readonly string[]) {
  const result = await runCli(['plan', ...args]);
  assert.equal(result.code, 0, result.stderr);
  return result;
}

for (const destination of ['log', 'csv', 'json']) {
  describe(`server.${destination}`, () => {
    test('is a list, slowest first', async () => {
      const { stdout, stderr } = await runPlan(fileOf(destination));
      assert.equal(stderr, '');
      const lines = stdout.trimEnd().split('\n');
      assert.equal(lines[0], `server.${destination}: 8 plans that took 74.02 ms together, slowest first`);
      assert.match(lines[2] ?? '', /^1 +28\.10 ms +5 +2026-11-22 09:24:56\.575 UTC +postgres +select count/);
      assert.match(lines[9] ?? '', /^8 +0\.24 ms/);
      assert.equal(lines[10], 'See one of them with --select #.');
    });
    test('--select shows one, with its statement', async () => {
      const { stdout } = await runPlan(fileOf(destination), '--select', '2', '--format', 'json');
      const report = JSON.parse(stdout) as ProfileReport;
      assert.equal(report.plan.executionMs, 14.738);
      assert.equal(report.plan.format, 'xml');
      assert.equal(report.plan.nodes.length, 7);
      assert.equal(
        report.sql,
        'select count(*) from a where k = 5 and x > (select avg(x) from b where k<3);',
      );
      assert.equal(report.source?.name, `server.${destination}`);
      assert.equal(report.profiledAt, '2026-11-22T09:24:56.709Z');
    });
    test('in JSON, all of its reports, also from standard input', async () => {
      const text = readFileSync(fileOf(destination), 'utf8');
      const piped = await runCli(['plan', '-', '--format', 'json'], { stdin: text });
      assert.equal(piped.code, 0, piped.stderr);
      const named = await runPlan(fileOf(destination), '--format', 'json');
      for (const { stdout } of [piped, named]) {
        const { reports } = JSON.parse(stdout) as ProfileReports;
        assert.deepEqual(
          reports.map(({ plan }) => plan.executionMs),
          [28.098, 14.738, 14.333, 14.216, 1.785, 0.315, 0.296, 0.237],
        );
      }
    });
  });
}

test('a Markdown table, as long as --limit says', async () => {
  const { stdout } = await runPlan(fileOf('log'), '--format', 'markdown', '--limit', '3');
  assert.equal(stdout.match(/^\| \d/gm)?.length, 3);
  assert.match(stdout, /^5 more are not listed \(--limit\)\. See one of them with --select \\?#\.$/m);
});

test('one entry is a report', async () => {
  const file = path.join(folder, 'one.log');
  writeFileSync(file, logText('stderr').split('\n').slice(4, 49).join('\n'));
  const { stdout } = await runPlan(file);
  assert.match(stdout, /^28\.10 ms/);
  assert.match(stdout, /one\.log:1 · logged by auto_explain · 2026-11-22 09:24 UTC/);
});

test('a log that begins in the middle says so, and the rest is read', async () => {
  const file = path.join(folder, 'rotated.log');
  writeFileSync(file, logText('stderr').split('\n').slice(20).join('\n'));
  const { stdout, stderr } = await runPlan(file);
  assert.match(stdout, /^rotated\.log: 7 plans/);
  assert.equal(stderr, 'pg-query-profiler: The log begins in the middle of a message, which was left out.\n');
});

test('more plans than a document holds: their list', async () => {
  const file = path.join(folder, 'long.log');
  const copies = Math.ceil((17 * 1024 * 1024) / logText('stderr').length);
  writeFileSync(file, logText('stderr').repeat(copies));
  const { stdout, stderr } = await runPlan(file, '--format', 'json');
  const ranking = JSON.parse(stdout) as LogRanking;
  assert.equal(ranking.schemaVersion, 1);
  assert.equal(ranking.totalEntries, 8 * copies);
  assert.equal(ranking.entries[0]?.durationMs, 28.098);
  assert.match(stderr, /it holds their list\. --select N shows one\.\n$/);
  const last = String(ranking.entries.length);
  const selected = await runPlan(file, '--select', last, '--format', 'json');
  assert.equal((JSON.parse(selected.stdout) as ProfileReport).plan.executionMs, 0.237);
});

test('there is no such entry', async () =>
  assertRefused(
    await runCli(['plan', fileOf('log'), '--select', '9']),
    2,
    'There is no plan 9: the input holds 8. Choose another with --select.',
  ));

test('a page shows one', async () =>
  assertRefused(
    await runCli(['plan', fileOf('log'), '--format', 'html']),
    2,
    'The log holds 8 plans, and a page shows one. Choose it with --select N.',
  ));

test('statements of a log are inert on a terminal', async () => {
  const hostile =
    'LOG:  duration: 1.5 ms  plan:\n\tQuery Text: select \u001b[2J\u202E<img onerror=x>\n\tResult  (cost=0.00..0.01 rows=1 width=4)\n';
  const { stdout } = await runCli(['plan', '-', '--limit', '5'], { stdin: hostile.repeat(2) });
  assert.match(stdout, /select \\u\{1b\}\[2J\\u\{202e\}<img onerror=x>/);
});

// 1 GiB in huge.soak.ts. Most of what a process takes here is Node itself.
for (const destination of logDestinations)
  test(`20 MiB of ${destination} take little memory`, () => checkHugeLog(destination, 20, 200));
