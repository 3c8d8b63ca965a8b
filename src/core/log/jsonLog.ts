/** log_destination = jsonlog: an object on each line. */
import type { LogLine } from './lineFeed.ts';
import { headingMark, type LogMessage, splitMessage } from './logEntry.ts';

export function isJsonRecord(line: string): boolean {
  return (
    line.startsWith('{"timestamp":') ||
    (line.startsWith('{') && /"message"\s*:\s*"/.test(line.slice(0, 2_000)))
  );
}

export class JsonLog {
  readonly #emit: (message: LogMessage) => void;

  constructor(emit: (message: LogMessage) => void) {
    this.#emit = emit;
  }

  read(line: LogLine): void {
    // Most records are no plans, and need not be parsed.
    if (!line.text.includes(headingMark)) return;
    const record = parseRecord(line.text);
    const split = splitMessage(textOf(record, 'message') ?? '');
    if (!split) return;
    const timestamp = textOf(record, 'timestamp');
    const user = textOf(record, 'user');
    const database = textOf(record, 'dbname');
    const pid = record['pid'];
    this.#emit({
      ...split,
      line: line.number,
      start: line.start,
      end: line.end,
      origin: {
        ...(timestamp !== undefined && { timestamp }),
        ...(typeof pid === 'number' && { pid }),
        ...(user !== undefined && { user }),
        ...(database !== undefined && { database }),
      },
    });
  }
}

type LogRecord = Readonly<Record<string, unknown>>;

function textOf(record: LogRecord, key: string): string | undefined {
  const value = record[key];
  return typeof value === 'string' ? value : undefined;
}

/** The record, or of one that is cut off what its message holds so far. */
function parseRecord(text: string): LogRecord {
  try {
    const record: unknown = JSON.parse(text);
    return typeof record === 'object' && record !== null ? (record as LogRecord) : {};
  } catch {
    return cutRecord(text);
  }
}

/** The message of a record that ends in the middle of it. */
function cutRecord(text: string): LogRecord {
  const start = text.indexOf('"message":"');
  if (start < 0) return {};
  // Without an escape that is cut in two.
  const message = text.slice(start + '"message":"'.length).replace(/\\(?:u[\da-fA-F]{0,3})?$/, '');
  try {
    return { message: JSON.parse(`"${message}"`) as unknown };
  } catch {
    return {};
  }
}
