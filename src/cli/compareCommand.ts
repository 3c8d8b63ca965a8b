/** `compare`: two plans or reports side by side. */
import { comparePlans } from '../core/compare/comparePlans.ts';
import { renderComparisonMarkdown } from '../core/compare/renderComparisonMarkdown.ts';
import { renderComparisonText } from '../core/compare/renderComparisonText.ts';
import { userErrors } from '../core/errors.ts';
import { readReports } from '../core/report/readReports.ts';
import { loadParser } from '../core/sql/parser.ts';
import { visibleJson } from '../core/report/visibleText.ts';
import type { PlanComparison } from '../shared/comparison.ts';
import type { ProfileReport } from '../shared/report.ts';
import type { CompareInvocation } from './args.ts';
import { readInput } from './input.ts';
import { checkOutput, textOptions, writeOutput } from './output.ts';

/** @throws UserError */
export async function runCompare(invocation: CompareInvocation): Promise<void> {
  await checkOutput(invocation.output);
  const before = await readOnly(invocation.before, invocation.slaMs);
  const after = await readOnly(invocation.after, invocation.slaMs);
  await writeOutput(render(comparePlans(before, after), invocation), invocation.output);
}

/** The only plan of a file, or of standard input. @throws UserError */
async function readOnly(argument: string, slaMs: number): Promise<ProfileReport> {
  const { text, name } = await readInput(argument);
  const read = readReports(text, {
    slaMs,
    parser: await loadParser(),
    ...(name !== undefined && { source: { name } }),
  });
  if (!read.ok) throw read.error;
  const [report, ...others] = read.value.reports;
  if (report !== undefined && others.length === 0) return report;
  throw userErrors.badUsage(
    `${name ?? 'Standard input'} holds ${read.value.reports.length} plans, and a comparison takes one from each side.`,
    'Save one by itself with plan --select N --format json --output FILE.',
  );
}

function render(comparison: PlanComparison, { format, color, output }: CompareInvocation): string {
  if (format === 'json') return visibleJson(comparison);
  if (format === 'markdown') return renderComparisonMarkdown(comparison);
  return renderComparisonText(comparison, textOptions(color, output !== undefined));
}
