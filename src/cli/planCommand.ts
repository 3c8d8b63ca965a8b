/** `plan`: a report on a plan, or on a report, that somebody saved. */
import { userErrors } from '../core/errors.ts';
import { readReports } from '../core/report/readReports.ts';
import type { ProfileReport } from '../shared/report.ts';
import type { PlanInvocation } from './args.ts';
import { note } from './diagnostics.ts';
import { readInput } from './input.ts';
import { checkOutput } from './output.ts';
import { writeReports } from './writeReports.ts';

/** @throws UserError */
export async function runPlan(invocation: PlanInvocation): Promise<void> {
  await checkOutput(invocation.output);
  const { text, name } = await readInput(invocation.file);
  const read = readReports(text, {
    slaMs: invocation.slaMs,
    ...(name !== undefined && { source: { name } }),
  });
  if (!read.ok) throw read.error;
  const { reports, problems } = read.value;
  // What belongs to a report is in it; the rest would be lost.
  if (reports.length > 1) for (const { message } of problems) note(message);
  await writeReports(selected(reports, invocation.select), invocation);
}

function selected(reports: readonly ProfileReport[], select: number | undefined): readonly ProfileReport[] {
  if (select === undefined) return reports;
  const report = reports[select - 1];
  if (report !== undefined) return [report];
  throw userErrors.badUsage(
    `There is no plan ${select}: the input holds ${reports.length}.`,
    'Choose another with --select.',
  );
}
