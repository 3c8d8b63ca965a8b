/** log_destination = csvlog: records of quoted fields, over as many lines as their messages have. */
import type { LogLine } from './lineFeed.ts';
import { longestMessage } from './lineFeed.ts';
import { headingMark, type LogMessage, splitMessage } from './logEntry.ts';

/** log_time, user_name, database_name, process_id: no line inside a message begins like that. */
const recordStart =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [^,"]{1,40},(?:"(?:[^"]|"")*")?,(?:"(?:[^"]|"")*")?,\d*,/;

export function isCsvRecord(line: string): boolean {
  return recordStart.test(line);
}

/** Positions of the columns; the order is that of every server since 9.0, newer ones append. */
const columns = { timestamp: 0, user: 1, database: 2, pid: 3, message: 13 } as const;

export class CsvLog {
  readonly #emit: (message: LogMessage) => void;
  #lines: string[] = [];
  #length = 0;
  #first: LogLine | undefined;
  /** An odd number of quotes so far: the record goes on in the next line. */
  #isOpen = false;

  constructor(emit: (message: LogMessage) => void) {
    this.#emit = emit;
  }

  read(line: LogLine): void {
    // A file that was rotated or cut in the middle of a record gets into step again here.
    if (!this.#isOpen || isCsvRecord(line.text)) this.#begin(line);
    if (this.#length <= longestMessage) this.#lines.push(line.text);
    this.#length += line.text.length;
    if (hasOddQuotes(line.text)) this.#isOpen = !this.#isOpen;
    if (!this.#isOpen) this.#finish(line);
  }

  /** A record that is cut off at the end holds the beginning of a plan. */
  end(line: LogLine | undefined): void {
    if (this.#isOpen && line) this.#finish(line);
  }

  #begin(line: LogLine): void {
    this.#first = line;
    this.#lines = [];
    this.#length = 0;
    this.#isOpen = false;
  }

  #finish(last: LogLine): void {
    const first = this.#first;
    // Most records are no plans, and need not be taken apart.
    if (!first?.text.includes(headingMark)) return;
    const fields = splitRecord(this.#lines.join('\n'));
    const split = splitMessage(fields[columns.message] ?? '');
    if (!split) return;
    const pid = Number(fields[columns.pid]);
    const { [columns.timestamp]: timestamp, [columns.user]: user, [columns.database]: database } = fields;
    this.#emit({
      ...split,
      line: first.number,
      start: first.start,
      end: last.end,
      origin: {
        ...(timestamp && { timestamp }),
        ...(pid > 0 && { pid }),
        ...(user && { user }),
        ...(database && { database }),
      },
    });
  }
}

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

/** The fields up to the message; one that is cut off goes to the end. */
function splitRecord(record: string): readonly string[] {
  const fields: string[] = [];
  for (let at = 0; at < record.length && fields.length <= columns.message;) {
    if (record[at] !== '"') {
      const comma = record.indexOf(',', at);
      const end = comma < 0 ? record.length : comma;
      fields.push(record.slice(at, end));
      at = end + 1;
      continue;
    }
    let close = record.indexOf('"', at + 1);
    while (close >= 0 && record[close + 1] === '"') close = record.indexOf('"', close + 2);
    const end = close < 0 ? record.length : close;
    fields.push(record.slice(at + 1, end).replaceAll('""', '"'));
    at = end + 2;
  }
  return fields;
}
