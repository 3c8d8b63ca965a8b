/** From what pg_stat_statements counted to the ranking that every host shows. */
import { type RankingReport, type ReportServer, reportSchemaVersion } from '../../shared/report.ts';
import type { StatementsReading } from '../ports.ts';

/** Shares are of everything that was counted, not only of the rows that were asked for. */
export function buildRanking(
  server: ReportServer,
  reading: Extract<StatementsReading, { readonly state: 'ok' }>,
): RankingReport {
  const { rows, since } = reading;
  // The server's total is read a moment before the rows: together they may not exceed it.
  const totalMs = Math.max(
    reading.totalMs,
    rows.reduce((sum, row) => sum + row.totalMs, 0),
  );
  return {
    schemaVersion: reportSchemaVersion,
    server,
    ...(since !== undefined && { since }),
    statements: rows.map((row) => ({ ...row, share: totalMs > 0 ? row.totalMs / totalMs : 0 })),
  };
}
