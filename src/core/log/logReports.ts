/** Reports on the plans of a log. */
import type { ProfileReport } from '../../shared/report.ts';
import { readPlans } from '../plan/readPlans.ts';
import { buildReport } from '../report/buildReport.ts';
import type { SqlParser } from '../sql/parser.ts';
import type { LogEntry } from './logEntry.ts';

export interface LogReportOptions {
  readonly slaMs: number;
  /** File name, never an absolute path. */
  readonly name?: string;
  readonly parser?: SqlParser;
}

/** The report on an entry; undefined when what the log holds of it is no plan. */
export function reportOfEntry(
  entry: LogEntry,
  { slaMs, name, parser }: LogReportOptions,
): ProfileReport | undefined {
  const { plans, problems } = readPlans(entry.planText);
  const [plan] = plans;
  if (!plan) return undefined;
  const profiledAt = isoTime(entry.timestamp);
  return buildReport({
    // auto_explain's duration is that of the executor, which EXPLAIN prints as Execution Time.
    plan: { executionMs: entry.durationMs, ...plan },
    slaMs,
    ...(parser && { parser }),
    rawPlan: entry.planText,
    execution: 'logged by auto_explain',
    // Their lines are those of the plan, as above.
    problems,
    ...(entry.queryText !== undefined && { sql: entry.queryText }),
    ...(name !== undefined && { source: { name, line: entry.line } }),
    ...(profiledAt !== undefined && { profiledAt }),
  });
}

/** Reports on all of them, slowest first. */
export function reportsOfEntries(
  entries: readonly LogEntry[],
  options: LogReportOptions,
): readonly ProfileReport[] {
  return entries
    .toSorted((a, b) => b.durationMs - a.durationMs || a.line - b.line)
    .flatMap((entry) => reportOfEntry(entry, options) ?? []);
}

/** Where the zone is an offset or UTC: other abbreviations mean different things in different places. */
function isoTime(timestamp: string | undefined): string | undefined {
  const [, day, time, zone = ''] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?) ?(UTC|GMT|Z|[+-]\d\d(?::?\d\d)?)$/.exec(
      timestamp ?? '',
    ) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}` : 'Z';
  return `${day}T${time}${offset}`;
}
