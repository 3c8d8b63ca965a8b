/** Logs of any size, and what reading one costs the command line. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ProfileReport } from '../../src/shared/report.ts';
import { type LogDestination, logText } from './logs.ts';

const root = resolve(import.meta.dirname, '../..');

/** Slower than all recorded ones, in the middle of the log. */
const needleMs = 98_765.432;
const needle: Readonly<Record<LogDestination, (message: string) => string>> = {
  stderr: (message) => `2026-11-22 10:00:00.000 UTC [7] ann@shop LOG:  ${message.replaceAll('\n', '\n\t')}\n`,
  csvlog: (message) =>
    `2026-11-22 10:00:00.000 UTC,"ann","shop",7,"[local]",6b02b4e8.7,1,"SELECT",2026-11-22 09:24:56 UTC,0/12,0,LOG,00000,"${message.replaceAll('"', '""')}",,,,,,,,,"","client backend",,0\n`,
  jsonlog: (message) =>
    `${JSON.stringify({ timestamp: '2026-11-22 10:00:00.000 UTC', user: 'ann', dbname: 'shop', pid: 7, message })}\n`,
};
const needleMessage = `duration: ${needleMs} ms  plan:\nQuery Text: select 'the "größte"'\nResult  (cost=0.00..0.01 rows=1 width=4) (actual time=0.001..98765.4 rows=1 loops=1)`;

/** Writes a log of about this size, and checks that its list and its slowest plan come out within the memory. */
export async function checkHugeLog(
  destination: LogDestination,
  mebibytes: number,
  mostPeakMb: number,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pgqp-huge-'));
  try {
    const file = join(folder, 'server.log');
    const entries = writeLog(file, destination, mebibytes * 1024 * 1024);
    const list = await runPlan(file, '--limit', '3');
    const lines = list.stdout.split('\n');
    assert.match(lines[0] ?? '', new RegExp(`^server\\.log: ${entries.toLocaleString('en')} plans`));
    assert.match(lines[2] ?? '', /^1 +1 min 39 s .* select 'the "größte"'$/);
    const chosen = await runPlan(file, '--select', '1', '--format', 'json');
    const report = JSON.parse(chosen.stdout) as ProfileReport;
    assert.equal(report.plan.executionMs, needleMs);
    assert.equal(report.sql, `select 'the "größte"'`);
    for (const { peakMb } of [list, chosen])
      assert.ok(peakMb <= mostPeakMb, `the process took ${peakMb} MB, allowed are ${mostPeakMb}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The number of its plans. */
function writeLog(file: string, destination: LogDestination, bytes: number): number {
  const piece = Buffer.from(logText(destination).repeat(16), 'utf8');
  const pieces = Math.ceil(bytes / piece.length);
  const handle = openSync(file, 'w');
  for (let written = 0; written < pieces; written++) {
    if (written === Math.floor(pieces / 2)) writeSync(handle, needle[destination](needleMessage));
    writeSync(handle, piece);
  }
  closeSync(handle);
  return pieces * 16 * 8 + 1;
}

/** Prints the most memory that the process ever had, in KiB. */
const tellsPeak = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS))`;

async function runPlan(
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly peakMb: number }> {
  const words = [
    '--import',
    `data:text/javascript,${encodeURIComponent(tellsPeak)}`,
    join(root, 'dist/cli.js'),
    'plan',
  ];
  const child = spawn(process.execPath, [...words, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const peak = /peak (\d+)$/.exec(stderr)?.[1];
  assert.ok(peak !== undefined, stderr);
  return { stdout, peakMb: Math.round(Number(peak) / 1024) };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const part of stream) text += String(part);
  return text;
}
