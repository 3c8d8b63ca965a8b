/** Reports in the format that was asked for. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { userErrors } from '../core/errors.ts';
import { renderHtml } from '../core/report/renderHtml.ts';
import { renderMarkdown } from '../core/report/renderMarkdown.ts';
import { renderText } from '../core/report/renderText.ts';
import { visibleJson } from '../core/report/visibleText.ts';
import { type ProfileReport, type ProfileReports, reportSchemaVersion } from '../shared/report.ts';
import type { PlanInvocation, ProfileInvocation } from './args.ts';
import { textOptions, writeOutput } from './output.ts';

/** Writes at least one report. @throws UserError */
export async function writeReports(
  reports: readonly ProfileReport[],
  invocation: ProfileInvocation | PlanInvocation,
): Promise<void> {
  await writeOutput(await render(reports, invocation), invocation.output);
}

async function render(
  reports: readonly ProfileReport[],
  { format, color, output }: ProfileInvocation | PlanInvocation,
): Promise<string> {
  switch (format) {
    case 'json':
      return visibleJson(jsonDocument(reports));
    case 'markdown':
      return reports.map(renderMarkdown).join('\n---\n\n');
    case 'html':
      return renderPage(reports);
    case 'text': {
      const options = textOptions(color, output !== undefined);
      return reports
        .map((report, place) => {
          const text = renderText(report, options);
          return reports.length === 1 ? text : `Plan ${place + 1} of ${reports.length}\n${text}`;
        })
        .join('\n');
    }
  }
}

/** One report as itself, several as one document. */
function jsonDocument(reports: readonly ProfileReport[]): ProfileReport | ProfileReports {
  const [only] = reports;
  return reports.length === 1 && only ? only : { schemaVersion: reportSchemaVersion, reports };
}

async function renderPage(reports: readonly ProfileReport[]): Promise<string> {
  const [report] = reports;
  if (report === undefined || reports.length > 1) {
    throw userErrors.badUsage(
      `The input holds ${reports.length} plans, and a page shows one.`,
      'Choose it with --select N.',
    );
  }
  const [script, style] = await Promise.all([
    readFile(built('webview.js'), 'utf8'),
    readFile(built('webview.css'), 'utf8'),
  ]);
  return renderHtml(report, { script, style });
}

/** The build puts the panel beside the command line. */
function built(name: string): string {
  return path.join(__dirname, name);
}
