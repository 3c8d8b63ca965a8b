/** The plans of one file, as a list to choose from: the entries of a log by their time, or a document's in its order. */
import { formatCount, formatMs } from '../../shared/format.ts';
import type { LogRanking, RankedEntry } from '../../core/log/rankEntries.ts';
import type { ProfileReport } from '../../shared/report.ts';
import { verdict } from '../../shared/verdict.ts';
import { visibleLine } from '../../core/report/visibleText.ts';

export interface PlanListItem {
  readonly label: string;
  readonly description: string;
  /** 0-based: in the ranking or the document. */
  readonly index: number;
}

/** Beyond these a list is searched, not read; VS Code draws it in one piece. */
export const mostListed = 10_000;

export function itemsOfRanking({ entries }: LogRanking): readonly PlanListItem[] {
  return entries.slice(0, mostListed).map((entry, index) => ({
    label: `${formatMs(entry.durationMs)}  ${plainLabel(entry.title ?? '(no statement)')}`,
    description: whereOf(entry),
    index,
  }));
}

function whereOf({ timestamp, database, line }: RankedEntry): string {
  return plainLabel([timestamp, database, `line ${line}`].filter((word) => word !== undefined).join(' · '));
}

export function itemsOfReports(reports: readonly ProfileReport[]): readonly PlanListItem[] {
  return reports.slice(0, mostListed).map((report, index) => ({
    label: `${index + 1}. ${plainLabel(report.sql?.replaceAll(/\s+/g, ' ').slice(0, 200) ?? verdict(report))}`,
    description: report.plan.executionMs === undefined ? '' : formatMs(report.plan.executionMs),
    index,
  }));
}

/** "1,204 plans that took 3.21 s together, slowest first" */
export function rankingTitle({ totalEntries, totalMs, entries }: LogRanking): string {
  const listed = Math.min(entries.length, mostListed);
  const rest = listed < totalEntries ? ` (${formatCount(listed)} of them listed)` : '';
  return `${formatCount(totalEntries)} plans that took ${formatMs(totalMs)} together, slowest first${rest}`;
}

/** "$(name)" in a label is drawn as an icon. */
function plainLabel(text: string): string {
  return visibleLine(text).replaceAll('$(', '$ (');
}
