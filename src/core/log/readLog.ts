/** auto_explain's entries out of a server's log, piece by piece: what is held is one entry, not the file. */
import { CsvLog, isCsvRecord } from './csvLog.ts';
import { isJsonRecord, JsonLog } from './jsonLog.ts';
import { LineFeed, type LogLine } from './lineFeed.ts';
import { headingMark, type LogEntry, type LogMessage, toEntry } from './logEntry.ts';
import { StderrLog } from './stderrLog.ts';

export interface LogReader {
  /** Takes the next piece of the log; the entries that ended in it. */
  push(chunk: string): readonly LogEntry[];
  /** The log ends; the entries that ended with it. */
  end(): readonly LogEntry[];
  /** The log begins in the middle of a message, as a rotated or cut one does; that message was left out. */
  readonly startsInside: boolean;
}

export interface LogReaderOptions {
  /**
   * What to make of the texts of an entry. A host that pushes latin1, so that offsets are bytes, decodes UTF-8 here.
   * Must copy: a slice would keep the whole piece in memory.
   */
  readonly decode?: (text: string) => string;
}

/** Takes logs of every destination (stderr, csvlog, jsonlog) and tells them apart by their lines. */
export function createLogReader({ decode = (text) => text }: LogReaderOptions = {}): LogReader {
  let entries: LogEntry[] = [];
  const emit = (message: LogMessage) => entries.push(toEntry(decoded(message, decode)));
  const destinations = new Destinations(emit);
  const feed = new LineFeed((line) => destinations.read(line));
  const take = () => {
    const taken = entries;
    entries = [];
    return taken;
  };
  return {
    push(chunk) {
      feed.push(chunk);
      return take();
    },
    end() {
      feed.end();
      destinations.end();
      return take();
    },
    get startsInside() {
      return destinations.startsInside;
    },
  };
}

/** The entries of a log that is all there; none when the text is no log. */
export function readLog(text: string): readonly LogEntry[] {
  // Most texts are none, and may be long.
  if (!text.includes(headingMark)) return [];
  const reader = createLogReader();
  return [...reader.push(text), ...reader.end()];
}

function decoded(message: LogMessage, decode: (text: string) => string): LogMessage {
  const { timestamp, user, database, ...origin } = message.origin;
  return {
    ...message,
    body: decode(message.body),
    origin: {
      ...origin,
      ...(timestamp !== undefined && { timestamp: decode(timestamp) }),
      ...(user !== undefined && { user: decode(user) }),
      ...(database !== undefined && { database: decode(database) }),
    },
  };
}

/** A file is of one destination; which, the first line tells that could not stand in a log of another. */
class Destinations {
  readonly #stderr: StderrLog;
  readonly #csv: CsvLog;
  readonly #json: JsonLog;
  #chosen: 'stderr' | 'csv' | 'json' | undefined;
  #last: LogLine | undefined;
  startsInside = false;

  constructor(emit: (message: LogMessage) => void) {
    this.#stderr = new StderrLog(emit);
    this.#csv = new CsvLog(emit);
    this.#json = new JsonLog(emit);
  }

  read(line: LogLine): void {
    this.#last = line;
    if (this.#chosen === undefined) {
      if (isCsvRecord(line.text)) this.#chosen = 'csv';
      else if (isJsonRecord(line.text)) this.#chosen = 'json';
      if (line.number === 1) this.startsInside = line.text.startsWith('\t');
      else if (this.#chosen !== undefined) this.startsInside = true;
    }
    if (this.#chosen === 'csv') this.#csv.read(line);
    else if (this.#chosen === 'json') this.#json.read(line);
    else if (this.#stderr.read(line)) this.#chosen = 'stderr';
  }

  end(): void {
    this.#stderr.end();
    this.#csv.end(this.#last);
  }
}
