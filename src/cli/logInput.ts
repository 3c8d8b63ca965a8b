/** Logs, which may be larger than memory: read once for the ranking, and again for the entries that are wanted. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { userErrors } from '../core/errors.ts';
import type { LogEntry } from '../core/log/logEntry.ts';
import { type LogRanking, type RankedEntry, RankingBuilder } from '../core/log/rankEntries.ts';
import { createLogReader } from '../core/log/readLog.ts';
import type { Problem } from '../shared/report.ts';
import { decode, type InputText, readInput, refuseTerminal } from './input.ts';
import { systemReason } from './systemReason.ts';

export interface ScannedLog {
  readonly ranking: LogRanking;
  /** Reads the entry again, with its plan. @throws UserError */
  readEntry(entry: RankedEntry): Promise<LogEntry>;
}

/** A log, when there is a plan of auto_explain in it; the whole text otherwise. */
export type PlanInput = { readonly log: ScannedLog } | { readonly text: InputText };

/** Standard input cannot be read twice: as much as this of a log is held, which is most that people pipe. */
const mostHeldBytes = 64 * 1024 * 1024;

/** Larger pieces are no faster, and leave more garbage at a time: 1 MiB costs 60 MB. */
const chunkBytes = 128 * 1024;

/** @throws UserError */
export async function readPlanInput(argument: string | undefined): Promise<PlanInput> {
  if (argument === undefined || argument === '-') {
    refuseTerminal(argument);
    return readOnce(process.stdin);
  }
  if (!(await isPlainFile(argument))) return { text: await readInput(argument) };
  const scan = new Scan();
  try {
    for await (const chunk of createReadStream(argument, { highWaterMark: chunkBytes }))
      scan.push(chunk as Buffer);
  } catch (error) {
    throw userErrors.cannotRead(argument, systemReason(error), error);
  }
  const ranking = scan.end(path.basename(argument));
  if (!ranking) return { text: await readInput(argument) };
  return { log: { ranking, readEntry: (entry) => entryOf(readRange(argument, entry), entry) } };
}

/** Pipes and devices give their content once, and FILE:LINE is not the name of a file. */
async function isPlainFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

async function readOnce(stream: AsyncIterable<unknown>): Promise<PlanInput> {
  const scan = new Scan();
  let held: Buffer[] | undefined = [];
  let heldBytes = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array);
    scan.push(bytes);
    heldBytes += bytes.length;
    // Before its first entry it may still be a plan, which has to be there as a whole.
    if (heldBytes > mostHeldBytes && scan.hasEntries) held = undefined;
    held?.push(bytes);
  }
  const whole = held && Buffer.concat(held);
  const ranking = scan.end(undefined);
  if (!ranking) return { text: { text: decode(whole ?? Buffer.alloc(0)) } };
  return {
    log: {
      ranking,
      readEntry: (entry) => {
        if (!whole) {
          throw userErrors.badUsage(
            'The log is too long to be read again from standard input.',
            'Name its file instead.',
          );
        }
        return entryOf(Promise.resolve(whole.subarray(entry.start, entry.end)), entry);
      },
    },
  };
}

/** The first reading: what is kept of each entry is its place in the ranking. */
class Scan {
  // latin1 is a character for each byte, so that offsets are bytes; the texts of an entry are UTF-8 again.
  readonly #reader = createLogReader({ decode: (text) => Buffer.from(text, 'latin1').toString('utf8') });
  readonly #ranking = new RankingBuilder();

  push(chunk: Buffer): void {
    for (const entry of this.#reader.push(chunk.toString('latin1'))) this.#ranking.add(entry);
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

async function readRange(file: string, { start, end }: RankedEntry): Promise<Buffer> {
  const handle = await open(file).catch((error: unknown) => {
    throw userErrors.cannotRead(file, systemReason(error), error);
  });
  try {
    const bytes = Buffer.alloc(end - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Other messages may stand between its lines: it is the one that starts where the bytes start. */
async function entryOf(bytes: Promise<Buffer>, { line, start, end }: RankedEntry): Promise<LogEntry> {
  const reader = createLogReader({ decode: (text) => Buffer.from(text, 'latin1').toString('utf8') });
  const entries = [...reader.push((await bytes).toString('latin1')), ...reader.end()];
  const entry = entries.find((one) => one.start === 0);
  if (!entry) throw userErrors.badUsage('The log has changed while it was read.', 'Read it again.');
  return { ...entry, line, start, end };
}
