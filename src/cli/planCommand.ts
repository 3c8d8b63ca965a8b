/** `plan`: a report on a plan, or on a report, that somebody saved, or on what auto_explain logged. */
import { userErrors } from '../core/errors.ts';
import { reportOfEntry } from '../core/log/logReports.ts';
import type { LogRanking, RankedEntry } from '../core/log/rankEntries.ts';
import { renderLogRankingMarkdown, renderLogRankingText } from '../core/log/renderLogRanking.ts';
import { readReports } from '../core/report/readReports.ts';
import { loadParser } from '../core/sql/parser.ts';
import { visibleJson } from '../core/report/visibleText.ts';
import type { ProfileReport } from '../shared/report.ts';
import type { PlanInvocation } from './args.ts';
import { note } from './diagnostics.ts';
import type { InputText } from './input.ts';
import { readPlanInput, type ScannedLog } from './logInput.ts';
import { checkOutput, textOptions, writeOutput } from './output.ts';
import { writeReports } from './writeReports.ts';

/**
 * A report is some ten times the plan that it is on. Beyond this, JSON holds the list instead of all reports: they
 * would not fit into one text.
 */
const mostReportedBytes = 16 * 1024 * 1024;

/** @throws UserError */
export async function runPlan(invocation: PlanInvocation): Promise<void> {
  await checkOutput(invocation.output);
  const input = await readPlanInput(invocation.file);
  if ('text' in input) await runOnText(input.text, invocation);
  else await runOnLog(input.log, invocation);
}

async function runOnText({ text, name }: InputText, invocation: PlanInvocation): Promise<void> {
  // The rules read conditions with it.
  const parser = await loadParser();
  const read = readReports(text, {
    slaMs: invocation.slaMs,
    parser,
    ...(name !== undefined && { source: { name } }),
  });
  if (!read.ok) throw read.error;
  const { reports, problems } = read.value;
  // What belongs to a report is in it; the rest would be lost.
  if (reports.length > 1) for (const { message } of problems) note(message);
  const { select } = invocation;
  await writeReports(select === undefined ? reports : [chosen(reports, select)], invocation);
}

/** One entry is a report; several are a list, and in JSON the reports of a log that is not too long. */
async function runOnLog(log: ScannedLog, invocation: PlanInvocation): Promise<void> {
  const { ranking } = log;
  const { select, format, slaMs } = invocation;
  for (const { message } of ranking.problems) note(message);
  const reportOf = async (entry: RankedEntry): Promise<ProfileReport> => {
    const parser = await loadParser();
    const report = reportOfEntry(await log.readEntry(entry), { slaMs, parser, ...ranking.source });
    if (report) return report;
    throw userErrors.notAPlan(`what the log holds at line ${entry.line} cannot be read`);
  };
  const wanted = select ?? (ranking.entries.length === 1 ? 1 : undefined);
  if (wanted !== undefined) {
    await writeReports([await reportOf(chosen(ranking.entries, wanted))], invocation);
  } else if (format === 'json' && ranking.totalBytes <= mostReportedBytes) {
    const reports: ProfileReport[] = [];
    for (const entry of ranking.entries) reports.push(await reportOf(entry));
    await writeReports(reports, invocation);
  } else {
    await writeOutput(renderRanking(ranking, invocation), invocation.output);
  }
}

function renderRanking(ranking: LogRanking, { format, color, output, limit }: PlanInvocation): string {
  switch (format) {
    case 'text':
      return renderLogRankingText(ranking, limit, textOptions(color, output !== undefined));
    case 'markdown':
      return renderLogRankingMarkdown(ranking, limit);
    case 'json':
      note(`The plans of the log are too much for one document: it holds their list. --select N shows one.`);
      return visibleJson(ranking);
    case 'html':
      throw userErrors.badUsage(
        `The log holds ${ranking.totalEntries} plans, and a page shows one.`,
        'Choose it with --select N.',
      );
  }
}

function chosen<T>(all: readonly T[], select: number): T {
  const one = all[select - 1];
  if (one !== undefined) return one;
  throw userErrors.badUsage(
    `There is no plan ${select}: the input holds ${all.length}.`,
    'Choose another with --select.',
  );
}
