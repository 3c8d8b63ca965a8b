/** The thread that PGlite runs in: it takes messages of the wire protocol and gives back what the backend answers. */
import type { PGlite } from '@electric-sql/pglite';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openSample } from './prepareSample.ts';
import { dataDirectory } from './sampleFiles.ts';
import type { Scale } from './sampleData.ts';
import { namedStatement, startupMessage, sync } from './wire.ts';

export interface ThreadData {
  readonly directory: string;
  readonly assets: string;
  readonly postgres: WebAssembly.Module;
  readonly scale: Scale;
}

export type ToThread = { readonly kind: 'run'; readonly bytes: Uint8Array } | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'log'; readonly text: string; readonly data: Readonly<Record<string, unknown>> }
  /** What the backend says to a client that connects: its parameters. */
  | { readonly kind: 'opened'; readonly greeting: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'done' };

/** Answers are handed over in pieces of this size: one message per row would cost more than the row. */
const pieceBytes = 64 * 1024;
/** Segments of 16 MB; beyond these the log is cut by a checkpoint. */
const mostLogSegments = 4;

const readyAndIdle = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

export async function runDatabaseThread(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('not in a thread');
  const data = workerData as ThreadData;
  const send = (message: FromThread) => port.postMessage(message);
  try {
    const pg = await openSample({
      ...data,
      onProgress: (text) => send({ kind: 'progress', text }),
      onLog: (text, details) => send({ kind: 'log', text, data: details }),
    });
    const greeting = await pg.execProtocolRaw(startupMessage({ user: 'postgres', database: 'postgres' }));
    port.on('message', (message: ToThread) => void serve(pg, data.directory, message, send));
    send({ kind: 'opened', greeting });
  } catch (error) {
    send({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

async function serve(
  pg: PGlite,
  directory: string,
  message: ToThread,
  send: (message: FromThread) => void,
): Promise<void> {
  if (message.kind === 'close') {
    await pg.exec('checkpoint');
    await pg.close();
    process.exit(0);
  }
  const idle = await run(pg, message.bytes, send);
  if (idle && (await logSegments(directory)) > mostLogSegments) await checkpoint(pg);
  send({ kind: 'done' });
}

/** @returns whether the session is outside of any transaction now. */
async function run(pg: PGlite, bytes: Uint8Array, send: (message: FromThread) => void): Promise<boolean> {
  let piece: Uint8Array[] = [];
  let size = 0;
  let tail: Uint8Array = new Uint8Array();
  const flush = () => {
    if (size > 0) send({ kind: 'data', bytes: Buffer.concat(piece) });
    piece = [];
    size = 0;
  };
  await pg.execProtocolRawStream(bytes, {
    onRawData: (chunk) => {
      // The chunk is a view into the backend's memory, which the next write changes.
      tail = chunk.slice();
      piece.push(tail);
      size += tail.length;
      if (size >= pieceBytes) flush();
    },
  });
  flush();
  return readyAndIdle.equals(tail.subarray(-readyAndIdle.length));
}

async function logSegments(directory: string): Promise<number> {
  const names = await readdir(path.join(dataDirectory(directory), 'pg_wal'));
  return names.filter((name) => /^[0-9A-F]{24}$/.test(name)).length;
}

/** Under a name, because the client's unnamed statement outlives its Sync. */
async function checkpoint(pg: PGlite): Promise<void> {
  await pg.execProtocolRawStream(Buffer.concat([namedStatement('pgqp_checkpoint', 'checkpoint'), sync()]), {
    onRawData: () => undefined,
  });
}
