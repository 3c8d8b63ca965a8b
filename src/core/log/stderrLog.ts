/**
 * log_destination = stderr: a prefix and the first line of a message, then its other lines behind a tab each. Pasted
 * entries have often lost both. Processes that write at once interleave: JSON and XML say where they end, so their
 * lines find home; an entry in TEXT or YAML ends where another message starts.
 */
import type { LogLine } from './lineFeed.ts';
import { longestMessage } from './lineFeed.ts';
import { durationOf, type LogMessage } from './logEntry.ts';
import { readPrefix } from './logPrefix.ts';

/** An entry whose lines are still coming. */
interface OpenEntry {
  readonly message: Omit<LogMessage, 'body' | 'end'>;
  readonly lines: string[];
  length: number;
  end: number;
  /** Known from its first line on: whether the log's tabs are still there, and what ends it. */
  tabbed: boolean;
  closing: '}' | '</explain>' | undefined;
  /** A message of another process came between. */
  interrupted: boolean;
}

/** Levels as they are printed, two spaces behind the colon, in the languages that have messages of their own too. */
const level = /(?:^|[\s\]:])[\p{Lu}\p{Lo}][\p{Lu}\p{Lo}\d]{1,20}: {2}\S/u;
/** A prefix and a level stand at the start of a line; a plan's lines may be long. */
const longestStart = 600;

/** Processes that were interrupted in the middle of a message and may still go on. More are not waited for. */
const mostOpen = 32;

export class StderrLog {
  readonly #emit: (message: LogMessage) => void;
  #open: OpenEntry[] = [];

  constructor(emit: (message: LogMessage) => void) {
    this.#emit = emit;
  }

  /** True when the line shows that this is such a log. */
  read(line: LogLine): boolean {
    const entry = this.#open.at(-1);
    const isTabbed = line.text.startsWith('\t');
    if (!isTabbed) {
      const durationMs = durationOf(line.text);
      if (durationMs !== undefined) return this.#start(line, durationMs);
      const levelAt = line.text.slice(0, longestStart).search(level);
      if (levelAt >= 0) {
        this.#interrupt(readPrefix(line.text.slice(0, levelAt)).pid);
        return true;
      }
    }
    if (entry) this.#continue(entry, line, isTabbed);
    return false;
  }

  end(): void {
    for (const entry of this.#open) this.#finish(entry);
    this.#open = [];
  }

  #start(line: LogLine, durationMs: number): true {
    const origin = readPrefix(line.text);
    this.#interrupt(origin.pid);
    if (this.#open.length === mostOpen) this.#finish(this.#open.shift());
    this.#open.push({
      message: { line: line.number, start: line.start, durationMs, origin },
      lines: [],
      length: 0,
      end: line.end,
      tabbed: true,
      closing: undefined,
      interrupted: false,
    });
    return true;
  }

  /** Another message begins. What does not say where it ends, ends here; so does one of the same process. */
  #interrupt(pid: number | undefined): void {
    if (this.#open.length === 0) return;
    const goesOn = (entry: OpenEntry) =>
      entry.closing !== undefined && pid !== undefined && pid !== entry.message.origin.pid;
    for (const entry of this.#open) {
      if (goesOn(entry)) entry.interrupted = true;
      else this.#finish(entry);
    }
    this.#open = this.#open.filter(goesOn);
  }

  #continue(entry: OpenEntry, line: LogLine, isTabbed: boolean): void {
    if (entry.lines.length === 0) {
      entry.tabbed = isTabbed;
      const body = isTabbed ? line.text.slice(1) : line.text;
      entry.closing = body.startsWith('{') ? '}' : body.startsWith('<') ? '</explain>' : undefined;
    }
    // Without its tab it is no line of this message, but of one whose level is not known here.
    if (entry.tabbed && !isTabbed && line.text !== '') return this.#interrupt(undefined);
    const text = entry.tabbed ? line.text.slice(1) : line.text;
    if (entry.interrupted && !fits(entry, text)) return;
    if (entry.length <= longestMessage) entry.lines.push(text);
    entry.length += text.length;
    entry.end = line.end;
    if (text !== entry.closing) return;
    this.#finish(entry);
    this.#open.pop();
  }

  #finish(entry: OpenEntry | undefined): void {
    if (entry && entry.lines.length > 0)
      this.#emit({ ...entry.message, end: entry.end, body: entry.lines.join('\n') });
  }
}

/** After an interruption: a line of JSON or XML, not of the statement that another process complains about. */
function fits({ closing }: OpenEntry, text: string): boolean {
  const start = text.trimStart()[0] ?? '';
  return closing === '}' ? '"{}[]'.includes(start) : start === '<';
}
