/** The ranking of pg_stat_statements, for terminals and for Markdown. */
import { formatCount, formatMs, formatPercent, formatRows } from '../../shared/format.ts';
import type { RankedStatement, RankingReport } from '../../shared/report.ts';
import { markdownCode, markdownText } from './markdown.ts';
import type { TextOptions } from './renderText.ts';
import { cellWidth, createPaint, padStart, truncate, widest } from './textLayout.ts';
import { visibleLine } from './visibleText.ts';

interface RankingColumn {
  readonly head: string;
  readonly cell: (statement: RankedStatement) => string;
}

const columns: readonly RankingColumn[] = [
  { head: 'Total', cell: ({ totalMs }) => formatMs(totalMs) },
  { head: 'Share', cell: ({ share }) => formatPercent(share) },
  { head: 'Mean', cell: ({ meanMs }) => formatMs(meanMs) },
  { head: 'Max', cell: ({ maxMs }) => formatMs(maxMs) },
  { head: 'Calls', cell: ({ calls }) => formatCount(calls) },
  { head: 'Rows', cell: ({ rows }) => formatRows(rows) },
];

/** One line per statement; its text is cut to the width (JSON holds it whole). */
export function renderRankingText(ranking: RankingReport, { color, width }: TextOptions): string {
  const paint = createPaint(color);
  const { statements } = ranking;
  if (statements.length === 0)
    return `${paint('strong', originOf(ranking))}\nNo statement has been counted yet.\n`;
  const sized = columns.map((column) => ({
    column,
    cells: widest([column.head, ...statements.map((statement) => column.cell(statement))]),
  }));
  const numbersOf = (cellOf: (column: RankingColumn) => string) =>
    sized.map(({ column, cells }) => padStart(cellOf(column), cells)).join('  ');
  const heads = `${numbersOf(({ head }) => head)}  Statement`;
  const textCells = Math.max(20, width - cellWidth(heads) + 'Statement'.length);
  const lines = statements.map(
    (statement) => `${numbersOf(({ cell }) => cell(statement))}  ${truncate(oneLine(statement), textCells)}`,
  );
  return `${[paint('strong', originOf(ranking)), paint('dim', heads), ...lines].join('\n')}\n`;
}

/** A Markdown table with the same columns. */
export function renderRankingMarkdown(ranking: RankingReport): string {
  const { statements } = ranking;
  const title = `### ${markdownText(originOf(ranking))}`;
  if (statements.length === 0) return `${title}\n\nNo statement has been counted yet.\n`;
  const rows = statements.map(
    (statement) =>
      `| ${columns.map(({ cell }) => cell(statement)).join(' | ')} | ${markdownCode(truncate(oneLine(statement), 300))} |`,
  );
  return `${title}\n\n${[
    `| ${columns.map(({ head }) => head).join(' | ')} | Statement |`,
    `|${'---:|'.repeat(columns.length)}---|`,
    ...rows,
  ].join('\n')}\n`;
}

function originOf({ server, since }: RankingReport): string {
  const name = server.sample ? 'sample database' : (server.connection ?? server.database ?? 'the server');
  const counted = since === undefined ? '' : `, counted since ${since}`;
  return visibleLine(`Slow queries of ${name}, PostgreSQL ${server.version}${counted}`);
}

function oneLine({ query }: RankedStatement): string {
  return visibleLine(query.replace(/\s+/g, ' '));
}
