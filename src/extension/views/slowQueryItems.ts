/** The tree "Slow Queries", as data: pure. */
import type { StatementRow, StatementsReading } from '../../core/ports.ts';
import { formatCount, formatMs, formatPercent } from '../../shared/format.ts';

export interface SlowQueryItem {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Plain text. */
  readonly facts: string;
  readonly query: string;
  readonly connectionId: string;
  readonly accessibleLabel: string;
}

/** In the context key, for package.json's welcome texts: why nothing is listed. */
export type SlowQueriesState =
  'unread' | 'reading' | 'listed' | 'empty' | 'failed' | Exclude<StatementsReading['state'], 'ok'>;

export function slowQueryItems(
  reading: Extract<StatementsReading, { state: 'ok' }>,
  connectionId: string,
  titleOf: (sql: string) => string,
): readonly SlowQueryItem[] {
  return reading.rows.map((row, index) => {
    const label = titleOf(row.query);
    const description = `${formatMs(row.meanMs)} mean · ${formatCount(row.calls)} ${row.calls === 1 ? 'call' : 'calls'}`;
    return {
      // The same query id may come from several databases and roles.
      id: `${index}/${row.queryId}`,
      label,
      description,
      facts: factsOf(row, reading),
      query: row.query,
      connectionId,
      accessibleLabel: `${label}, ${description}`,
    };
  });
}

function factsOf(row: StatementRow, { totalMs, since }: Extract<StatementsReading, { state: 'ok' }>): string {
  const share = totalMs > 0 ? `, ${formatPercent(row.totalMs / totalMs)} of all` : '';
  return [
    `Total ${formatMs(row.totalMs)}${share}`,
    `Mean ${formatMs(row.meanMs)}, from ${formatMs(row.minMs)} to ${formatMs(row.maxMs)}`,
    `${formatCount(row.calls)} calls, ${formatCount(row.rows)} rows`,
    ...(since === undefined ? [] : [`Counted since ${since}`]),
  ].join('\n');
}

/** What stands above the list: what it does not show. */
export function readingMessage(reading: StatementsReading): string | undefined {
  if (reading.state !== 'ok') {
    const button = reading.remedySql === undefined ? '' : 'The button above copies the statement.';
    return [reading.message, reading.remedy, button].join(' ').trim();
  }
  if (reading.hiddenTexts === 0) return undefined;
  const statements =
    reading.hiddenTexts === 1 ? '1 statement is' : `${formatCount(reading.hiddenTexts)} statements are`;
  return `${statements} hidden from this role. GRANT pg_read_all_stats shows them.`;
}

/** Commands get their argument from menus, and from whoever else calls them. */
export function isSlowQueryItem(value: unknown): value is SlowQueryItem {
  return typeof value === 'object' && value !== null && 'query' in value && 'connectionId' in value;
}
