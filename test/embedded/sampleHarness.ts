/** The sample database as its hosts run it: the real bundle, real processes, reached through `pg`. */
import { build } from 'esbuild';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Client as PgClient, type ClientConfig } from 'pg';
import { assets, bundles } from '../../.esbuild.mjs';
import type { ConnectOptions } from '../../src/core/ports.ts';
import { connectTarget } from '../../src/embedded/endpoint.ts';
import { readOwnership } from '../../src/embedded/ownerRecord.ts';
import {
  openSampleDatabase,
  type SampleDatabase,
  type SampleOptions,
} from '../../src/embedded/sampleDatabase.ts';
import { cancelRequestCode, int32 } from '../../src/embedded/wire.ts';

/** Small enough to prepare in seconds, for what does not depend on the number of rows. */
export const smallScale = 0.01;

let script: Promise<string> | undefined;

/** dist/sampleServer.js of this source tree, built beside its assets. */
export function serverScript(): Promise<string> {
  script ??= (async () => {
    const folder = await temporaryFolder();
    const outfile = path.join(folder, 'sampleServer.js');
    await build({ ...bundles.sampleServer, outfile });
    await Promise.all(
      assets
        .filter(([from]: readonly [string, string]) => from.includes('electric-sql'))
        .map(([from, name]: readonly [string, string]) => symlink(from, path.join(folder, name))),
    );
    return outfile;
  })();
  return script;
}

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Gone when the test file ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pgqp-test-'));
  folders.push(folder);
  return folder;
}

export interface OpenedSample extends SampleDatabase {
  readonly progress: readonly string[];
  readonly logged: readonly string[];
  readonly openMs: number;
}

export async function openSample(
  directory: string,
  options: Partial<SampleOptions> = {},
): Promise<OpenedSample> {
  const progress: string[] = [];
  const logged: string[] = [];
  const serverPath = await serverScript();
  const startedMs = performance.now();
  const sample = await openSampleDatabase({
    directory,
    serverScript: serverPath,
    log: (_level, text) => logged.push(text),
    onProgress: (message) => progress.push(message),
    scale: smallScale,
    ...options,
  });
  const openMs = performance.now() - startedMs;
  return {
    options: sample.options,
    get isOpen() {
      return sample.isOpen;
    },
    release: () => sample.release(),
    progress,
    logged,
    openMs,
  };
}

/** `pg` with the two numbers that a cancel request names. */
export type Client = PgClient & { readonly processID: number; readonly secretKey: number };

export async function connect(options: ConnectOptions, more: ClientConfig = {}): Promise<Client> {
  const { host, port, database, user, password } = options;
  const client = new PgClient({
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    ...more,
  });
  // A server that ends the connection is what some tests are about: the query that fails tells them.
  client.on('error', () => undefined);
  await client.connect();
  return client as Client;
}

export async function withClient<T>(
  options: ConnectOptions,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await connect(options);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

export async function cancel(
  options: ConnectOptions,
  { processID, secretKey }: { readonly processID: number; readonly secretKey: number },
): Promise<void> {
  const socket = connectSocket(connectTarget(options));
  socket.write(Buffer.concat([int32(16), int32(cancelRequestCode), int32(processID), int32(secretKey)]));
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.resume();
  });
}

/** The SQLSTATE that a query fails with. */
export function codeOf(query: Promise<unknown>): Promise<string> {
  return query.then(
    () => 'no error',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

export async function ownerPid(directory: string): Promise<number> {
  const ownership = await readOwnership(directory);
  if (ownership.state === 'none' || !ownership.record) throw new Error('nobody owns it');
  return ownership.record.pid;
}

/** Resolves when nobody owns the directory any more. */
export async function ownerGone(directory: string, withinMs = 15_000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while ((await readOwnership(directory)).state === 'held') {
    if (performance.now() > untilMs) throw new Error(`the owner of ${directory} still runs`);
    await delay(50);
  }
}
