/** Logs, which may be larger than memory: read once for the ranking, and again for the entries that are wanted. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { userErrors } from '../core/errors.ts';
import type { LogEntry } from '../core/log/logEntry.ts';
import type { LogRanking, RankedEntry } from '../core/log/rankEntries.ts';
import { entryAt, LogScan } from '../core/log/scanLog.ts';
import { decode, type InputText, readInput, refuseTerminal } from './input.ts';
import { systemReason } from '../core/systemReason.ts';

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
  const scan = new LogScan(decodeLatin1);
  try {
    for await (const chunk of createReadStream(argument, { highWaterMark: chunkBytes }))
      scan.push((chunk as Buffer).toString('latin1'));
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
  const scan = new LogScan(decodeLatin1);
  let held: Buffer[] | undefined = [];
  let heldBytes = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array);
    scan.push(bytes.toString('latin1'));
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

async function entryOf(bytes: Promise<Buffer>, entry: RankedEntry): Promise<LogEntry> {
  return entryAt((await bytes).toString('latin1'), entry, decodeLatin1);
}

function decodeLatin1(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
