/** Logs of any length: read once, piece by piece, for the ranking; an entry that is wanted is read again from its place. */
import { userErrors } from '../errors.ts';
import type { Problem } from '../../shared/report.ts';
import type { LogEntry } from './logEntry.ts';
import { type LogRanking, type RankedEntry, RankingBuilder } from './rankEntries.ts';
import { createLogReader } from './readLog.ts';

/** Turns latin1, a character for each byte, back into bytes and these into the text that they stand for (UTF-8). */
export type DecodeLatin1 = (latin1: string) => string;

/** The first reading. What is pushed is latin1, so that offsets are bytes; of each entry its place in the ranking is kept. */
export class LogScan {
  readonly #reader;
  readonly #ranking = new RankingBuilder();

  constructor(decode: DecodeLatin1) {
    this.#reader = createLogReader({ decode });
  }

  push(latin1: string): void {
    for (const entry of this.#reader.push(latin1)) this.#ranking.add(entry);
  }

  get hasEntries(): boolean {
    return this.#ranking.count > 0;
  }

  /** Undefined when there was no entry. */
  end(name: string | undefined): LogRanking | undefined {
    for (const entry of this.#reader.end()) this.#ranking.add(entry);
    if (!this.hasEntries) return undefined;
    const problems: Problem[] = [];
    if (this.#reader.startsInside) {
      problems.push({
        code: 'log-starts-inside',
        message: 'The log begins in the middle of a message, which was left out.',
        line: 1,
      });
    }
    return this.#ranking.build(name, problems);
  }
}

/** The second reading, of the bytes from `start` to `end`. @throws UserError when they hold another entry by now */
export function entryAt(latin1: string, { line, start, end }: RankedEntry, decode: DecodeLatin1): LogEntry {
  const reader = createLogReader({ decode });
  // Other messages may stand between its lines: it is the one that starts where the bytes start.
  const entry = [...reader.push(latin1), ...reader.end()].find((one) => one.start === 0);
  if (!entry) throw userErrors.badUsage('The log has changed while it was read.', 'Read it again.');
  return { ...entry, line, start, end };
}
