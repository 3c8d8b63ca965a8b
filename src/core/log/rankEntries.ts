/** Entries of a log, dearest first: small enough to be held for a log of any length. */
import { type Problem, reportSchemaVersion } from '../../shared/report.ts';
import type { LogEntry, LogOrigin } from './logEntry.ts';

/** An entry without its plan, which is read again from `start` to `end` when it is wanted. */
export interface RankedEntry extends LogOrigin {
  /** 1-based: what `--select` takes. */
  readonly place: number;
  readonly durationMs: number;
  readonly line: number;
  /** Bytes of the log. */
  readonly start: number;
  readonly end: number;
  readonly format: LogEntry['format'];
  /** A string: exceeds 2^53. */
  readonly queryId?: string;
  /** The beginning of the statement, on one line. */
  readonly title?: string;
}

export interface LogRanking {
  readonly schemaVersion: number;
  /** File name, never an absolute path. */
  readonly source?: { readonly name: string };
  /** At most `mostRanked`. */
  readonly entries: readonly RankedEntry[];
  readonly totalEntries: number;
  readonly totalMs: number;
  /** Bytes of all entries. */
  readonly totalBytes: number;
  readonly problems: readonly Problem[];
}

/** Nobody reads further down than that, and it is a few MB. */
export const mostRanked = 10_000;

/** Long enough to tell statements apart in a list. */
const longestTitle = 300;

export class RankingBuilder {
  #entries: Omit<RankedEntry, 'place'>[] = [];
  #count = 0;
  #totalMs = 0;
  #totalBytes = 0;

  add(entry: LogEntry): void {
    this.#count++;
    this.#totalMs += entry.durationMs;
    this.#totalBytes += entry.end - entry.start;
    this.#entries.push(summaryOf(entry));
    if (this.#entries.length >= 2 * mostRanked) this.#sort();
  }

  get count(): number {
    return this.#count;
  }

  build(name: string | undefined, problems: readonly Problem[]): LogRanking {
    this.#sort();
    return {
      schemaVersion: reportSchemaVersion,
      ...(name !== undefined && { source: { name } }),
      entries: this.#entries.map((entry, index) => ({ place: index + 1, ...entry })),
      totalEntries: this.#count,
      totalMs: this.#totalMs,
      totalBytes: this.#totalBytes,
      problems,
    };
  }

  #sort(): void {
    this.#entries = this.#entries
      .toSorted((a, b) => b.durationMs - a.durationMs || a.line - b.line)
      .slice(0, mostRanked);
  }
}

function summaryOf(entry: LogEntry): Omit<RankedEntry, 'place'> {
  const { durationMs, line, start, end, format, timestamp, pid, user, database, queryText, planText } = entry;
  const queryId = /Query[ -]Identifier(?:"?: |>)(-?\d{1,20})/.exec(planText.slice(-longestFoot))?.[1];
  return {
    durationMs,
    line,
    start,
    end,
    format,
    ...(timestamp !== undefined && { timestamp }),
    ...(pid !== undefined && { pid }),
    ...(user !== undefined && { user }),
    ...(database !== undefined && { database }),
    ...(queryId !== undefined && { queryId: copyOf(queryId) }),
    ...(queryText !== undefined && { title: titleOf(queryText) }),
  };
}

/** The identifier stands behind the nodes, among settings and planning. */
const longestFoot = 5_000;

function titleOf(queryText: string): string {
  const line = queryText
    .slice(0, 2 * longestTitle)
    .replace(/\s+/g, ' ')
    .trim();
  return copyOf(line.length > longestTitle ? `${line.slice(0, longestTitle - 1)}…` : line);
}

/** A slice of a string keeps all of that string in memory; what was joined anew does not. */
function copyOf(text: string): string {
  return ` ${text}`.slice(1);
}
