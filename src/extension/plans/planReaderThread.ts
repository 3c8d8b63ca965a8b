/** Reads plans and logs in a thread of its own: a large one takes seconds, and the editor must not feel it. */
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { comparePlans } from '../../core/compare/comparePlans.ts';
import { UserError, userErrors } from '../../core/errors.ts';
import { reportOfEntry } from '../../core/log/logReports.ts';
import type { RankedEntry } from '../../core/log/rankEntries.ts';
import { entryAt, LogScan } from '../../core/log/scanLog.ts';
import { maskReport } from '../../core/report/maskReport.ts';
import { renderHtml } from '../../core/report/renderHtml.ts';
import { renderMarkdown } from '../../core/report/renderMarkdown.ts';
import { renderPsql } from '../../core/report/renderPsql.ts';
import { readReports } from '../../core/report/readReports.ts';
import { statementKey } from '../../core/sql/fingerprint.ts';
import { loadParser } from '../../core/sql/parser.ts';
import { statementTitle } from '../../core/sql/title.ts';
import { systemReason } from '../../core/systemReason.ts';
import type { PlanAnswer, PlanJob } from './planJob.ts';

/** As the command line reads: larger pieces are no faster. */
const chunkBytes = 128 * 1024;
/** How often the progress is told. */
const progressBytes = 16 * 1024 * 1024;
/** A file without a plan of auto_explain is read as a whole: more is no plan that anybody has, and would not fit. */
const mostTextBytes = 256 * 1024 * 1024;

async function run(job: PlanJob): Promise<PlanAnswer> {
  switch (job.kind) {
    case 'text':
      return reportsOf(job.text, job);
    case 'file':
      return readFileJob(job);
    case 'entry':
      return readEntry(job);
    case 'keep':
      return keep(job);
    case 'export':
      return { kind: 'exported', text: await exported(job) };
    case 'compare':
      return { kind: 'comparison', comparison: comparePlans(job.before, job.after) };
  }
}

async function readFileJob(job: Extract<PlanJob, { kind: 'file' }>): Promise<PlanAnswer> {
  const { size } = await stat(job.file);
  const scan = new LogScan(decodeLatin1);
  let readBytes = 0;
  let toldBytes = 0;
  for await (const chunk of createReadStream(job.file, { highWaterMark: chunkBytes })) {
    const bytes = chunk as Buffer;
    scan.push(bytes.toString('latin1'));
    readBytes += bytes.length;
    if (readBytes - toldBytes < progressBytes) continue;
    toldBytes = readBytes;
    send({ kind: 'progress', bytes: readBytes, totalBytes: size });
  }
  const ranking = scan.end(job.name);
  if (ranking && ranking.entries.length > 1) return { kind: 'ranking', ranking };
  if (size > mostTextBytes) throw userErrors.notAPlan('it is too long for one, and no log of auto_explain');
  return reportsOf(await readFile(job.file, 'utf8'), job);
}

async function readEntry({
  file,
  entry,
  name,
  slaMs,
}: Extract<PlanJob, { kind: 'entry' }>): Promise<PlanAnswer> {
  const latin1 = await readRange(file, entry);
  const report = reportOfEntry(entryAt(latin1, entry, decodeLatin1), {
    slaMs,
    name,
    parser: await loadParser(),
  });
  if (!report) throw userErrors.notAPlan(`what the log holds at line ${entry.line} cannot be read`);
  return { kind: 'reports', reports: [report], problems: [] };
}

/** Long enough to tell statements apart; trees cut it to their width. */
const titleLength = 120;

async function keep({ report, literals }: Extract<PlanJob, { kind: 'keep' }>): Promise<PlanAnswer> {
  const parser = await loadParser();
  const kept = literals ? report : maskReport(parser, report);
  return {
    kind: 'kept',
    text: JSON.stringify(kept),
    title: statementTitle(parser, kept.sql ?? '(a statement that cannot be read)', titleLength),
    statement: statementKey(parser, report.sql ?? ''),
  };
}

async function exported({ report, format, masked }: Extract<PlanJob, { kind: 'export' }>): Promise<string> {
  const shown = masked ? maskReport(await loadParser(), report) : report;
  switch (format) {
    case 'json':
      return `${JSON.stringify(shown, undefined, 2)}\n`;
    case 'markdown':
      return renderMarkdown(shown);
    case 'html': {
      const [script, style] = await Promise.all([
        readFile(path.join(__dirname, 'webview.js'), 'utf8'),
        readFile(path.join(__dirname, 'webview.css'), 'utf8'),
      ]);
      return renderHtml(shown, { script, style });
    }
    case 'psql': {
      const text = shown.rawPlan === undefined ? undefined : renderPsql(shown.rawPlan);
      if (text !== undefined) return text;
      throw userErrors.badUsage(
        'This plan cannot be told as text: it is distributed, or its original is not at hand.',
        'Export the report instead.',
      );
    }
  }
}

async function reportsOf(
  text: string,
  { slaMs, name }: { readonly slaMs: number; readonly name: string },
): Promise<PlanAnswer> {
  const read = readReports(text, { slaMs, parser: await loadParser(), source: { name } });
  if (!read.ok) throw read.error;
  return { kind: 'reports', ...read.value };
}

async function readRange(file: string, { start, end }: RankedEntry): Promise<string> {
  const handle = await open(file);
  try {
    const bytes = Buffer.alloc(end - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead).toString('latin1');
  } finally {
    await handle.close();
  }
}

function decodeLatin1(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

function send(answer: PlanAnswer): void {
  parentPort?.postMessage(answer);
}

run(workerData as PlanJob).then(send, (error: unknown) => {
  if (error instanceof UserError) {
    send({ kind: 'failed', code: error.code, message: error.message, remedy: error.remedy });
  } else {
    send({ kind: 'failed', message: systemReason(error), remedy: '' });
  }
});
