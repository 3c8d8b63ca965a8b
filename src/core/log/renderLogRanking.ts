/** The list of a log's entries, for terminals and for Markdown. */
import { formatCount, formatMs } from '../../shared/format.ts';
import { markdownCode, markdownText } from '../report/markdown.ts';
import type { TextOptions } from '../report/renderText.ts';
import { cellWidth, createPaint, padStart, truncate, widest } from '../report/textLayout.ts';
import { visibleLine } from '../report/visibleText.ts';
import type { LogRanking, RankedEntry } from './rankEntries.ts';

interface EntryColumn {
  readonly head: string;
  readonly cell: (entry: RankedEntry) => string;
}

const columns: readonly EntryColumn[] = [
  { head: '#', cell: ({ place }) => formatCount(place) },
  { head: 'Time', cell: ({ durationMs }) => formatMs(durationMs) },
  { head: 'Line', cell: ({ line }) => String(line) },
];

/** Columns that are shown where the log knows them. */
const optionalColumns: readonly EntryColumn[] = [
  { head: 'When', cell: ({ timestamp }) => visibleLine(timestamp ?? '') },
  { head: 'Database', cell: ({ database }) => visibleLine(database ?? '') },
];

/** One line for each of the dearest entries; their statements are cut to the width. */
export function renderLogRankingText(
  ranking: LogRanking,
  limit: number,
  { color, width }: TextOptions,
): string {
  const paint = createPaint(color);
  const shown = ranking.entries.slice(0, limit);
  const sized = columnsOf(shown).map((column) => ({
    column,
    cells: widest([column.head, ...shown.map((entry) => column.cell(entry))]),
  }));
  const row = (cellOf: (column: EntryColumn) => string) =>
    sized.map(({ column, cells }) => padStart(cellOf(column), cells)).join('  ');
  const heads = `${row(({ head }) => head)}  Statement`;
  const textCells = Math.max(20, width - cellWidth(heads) + 'Statement'.length);
  const lines = shown.map(
    (entry) => `${row(({ cell }) => cell(entry))}  ${truncate(titleOf(entry), textCells)}`,
  );
  return `${[
    paint('strong', headingOf(ranking)),
    paint('dim', heads),
    ...lines,
    paint('dim', footOf(ranking, shown.length)),
  ].join('\n')}\n`;
}

/** A Markdown table with the same columns. */
export function renderLogRankingMarkdown(ranking: LogRanking, limit: number): string {
  const shown = ranking.entries.slice(0, limit);
  const all = columnsOf(shown);
  const rows = shown.map(
    (entry) =>
      `| ${all.map(({ cell }) => markdownText(cell(entry))).join(' | ')} | ${markdownCode(titleOf(entry))} |`,
  );
  return `${[
    `### ${markdownText(headingOf(ranking))}`,
    '',
    `| ${all.map(({ head }) => markdownText(head)).join(' | ')} | Statement |`,
    `|${'---:|'.repeat(all.length)}---|`,
    ...rows,
    '',
    markdownText(footOf(ranking, shown.length)),
  ].join('\n')}\n`;
}

function columnsOf(shown: readonly RankedEntry[]): readonly EntryColumn[] {
  return [...columns, ...optionalColumns.filter(({ cell }) => shown.some((entry) => cell(entry) !== ''))];
}

function headingOf({ source, totalEntries, totalMs }: LogRanking): string {
  const plans = `${formatCount(totalEntries)} plans that took ${formatMs(totalMs)} together, slowest first`;
  return visibleLine(source ? `${source.name}: ${plans}` : plans);
}

function footOf({ totalEntries }: LogRanking, shown: number): string {
  const rest =
    totalEntries > shown ? `${formatCount(totalEntries - shown)} more are not listed (--limit). ` : '';
  return `${rest}See one of them with --select #.`;
}

function titleOf({ title }: RankedEntry): string {
  return visibleLine(title ?? '(no statement)');
}
