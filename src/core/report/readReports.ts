/**
 * What `plan` and `*.pgplan` files hold: plans in any format, what auto_explain logged, or reports that were saved as
 * JSON.
 */
import {
  type Problem,
  type ProfileReport,
  type ReportSource,
  reportSchemaVersion,
} from '../../shared/report.ts';
import { userErrors } from '../errors.ts';
import { reportsOfEntries } from '../log/logReports.ts';
import { readLog } from '../log/readLog.ts';
import { fail, type Result, succeed } from '../result.ts';
import type { SqlParser } from '../sql/parser.ts';
import { reportsOfPlanText } from './buildReport.ts';
import { reportFault } from './reportShape.ts';

export interface ReadReports {
  /** At least one. */
  readonly reports: readonly ProfileReport[];
  /** Of the reading as a whole. */
  readonly problems: readonly Problem[];
}

/** Reads reports as they are; plans are measured by the rules first. */
export function readReports(
  text: string,
  options: { readonly slaMs: number; readonly source?: ReportSource; readonly parser?: SqlParser },
): Result<ReadReports> {
  const saved = savedDocument(text);
  if (saved !== undefined) return readSaved(saved);
  const logged = reportsOfEntries(readLog(text), {
    slaMs: options.slaMs,
    ...(options.source && { name: options.source.name }),
    ...(options.parser && { parser: options.parser }),
  });
  if (logged.length > 0) return succeed({ reports: logged, problems: [] });
  const { reports, problems } = reportsOfPlanText(text, options);
  if (reports.length > 0) return succeed({ reports, problems });
  const why = text.trim() === '' ? 'it is empty' : (problems[0]?.message ?? 'no plan was found in it');
  return fail(userErrors.notAPlan(why.replace(/\.$/, '')));
}

interface SavedDocument {
  readonly schemaVersion: unknown;
  readonly reports?: unknown;
}

/** The JSON object in the text, if it claims to be ours. */
function savedDocument(text: string): SavedDocument | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null && 'schemaVersion' in document
      ? document
      : undefined;
  } catch {
    // Not JSON as a whole: the readers of plans know what to do with the rest.
    return undefined;
  }
}

function readSaved(document: SavedDocument): Result<ReadReports> {
  if ('before' in document && 'after' in document) {
    return fail(
      userErrors.badUsage(
        'This is a comparison of two plans, which cannot be opened as a plan.',
        'Give one of the two plans that it was made of.',
      ),
    );
  }
  const { schemaVersion } = document;
  if (typeof schemaVersion !== 'number' || schemaVersion > reportSchemaVersion) {
    return fail(
      userErrors.badUsage(
        `The report has version ${JSON.stringify(schemaVersion)}, and this program reads up to ${reportSchemaVersion}.`,
        'Use a newer PostgreSQL Query Profiler.',
      ),
    );
  }
  const reports: readonly unknown[] = Array.isArray(document.reports) ? document.reports : [document];
  if (reports.length === 0) return fail(userErrors.notAPlan('the document holds no report'));
  for (const report of reports) {
    const fault = reportFault(report);
    if (fault !== undefined) return fail(userErrors.notAPlan(`the report is damaged, ${fault}`));
  }
  return succeed({ reports: reports as readonly ProfileReport[], problems: [] });
}
