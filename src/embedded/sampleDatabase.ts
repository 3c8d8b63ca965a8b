/** The sample database for hosts: starts its owner process or joins the one that runs, and lets it go again. */
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { userErrors } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ConnectOptions } from '../core/ports.ts';
import { type EndpointKind, removeSocketFolder, usualEndpoint } from './endpoint.ts';
import { type Lease, openLease, type ToHost } from './lease.ts';
import { newToken, takeOwnerLock } from './ownerLock.ts';
import { leaseProtocol, lockFile, lockGenerations, type OwnerRecord, readOwnership } from './ownerRecord.ts';
import { directoryBytes, discardData, discardDirectory, isSampleDirectory } from './sampleFiles.ts';
import { sampleDatabaseName, sampleUser } from './sampleNames.ts';
import type { StartResult } from './sampleServer.ts';

export interface SampleOptions {
  /** Made when it is not there; a folder with other content is refused. */
  readonly directory: string;
  /** dist/sampleServer.js. */
  readonly serverScript: string;
  readonly log: Log;
  /** One line per long step, as it begins. */
  readonly onProgress: (message: string) => void;
  /** For tests: how clients reach it, where not as usual on this system. */
  readonly endpoint?: EndpointKind;
  /** For tests: the share of the rows that is made. */
  readonly scale?: number;
}

export interface SampleDatabase {
  readonly options: ConnectOptions;
  /** False once its process is gone: open it anew. */
  readonly isOpen: boolean;
  /** The last host to release it stops it. */
  release(): Promise<void>;
}

/** An owner that closes has at most a checkpoint to write; one that starts, a few files to read. */
const ownerMovesWithinMs = 30_000;
const askAgainMs = 100;
/** An owner that dies while it prepares is started again, but not for ever. */
const mostStarts = 3;

/** Opens the sample database, prepared first where it is not there yet. @throws UserError */
export async function openSampleDatabase(options: SampleOptions): Promise<SampleDatabase> {
  const directory = path.resolve(options.directory);
  let waitedUntilMs = performance.now() + ownerMovesWithinMs;
  let starts = 0;
  for (;;) {
    const ownership = await readOwnership(directory);
    if (ownership.state === 'held') {
      const joined = ownership.record ? await join(ownership.record, options) : 'silent';
      if (typeof joined === 'object') return joined;
      if (joined === 'ended') waitedUntilMs = performance.now() + ownerMovesWithinMs;
      if (performance.now() > waitedUntilMs)
        throw userErrors.sampleFailed(
          `process ${ownership.record?.pid ?? 'unknown'} holds ${directory} and does not answer`,
        );
      await delay(askAgainMs);
      continue;
    }
    if (starts === mostStarts) throw userErrors.sampleFailed('its process ended again and again');
    const result = await startOwner(directory, options);
    if (result.kind === 'failed') throw userErrors.sampleFailed(result.reason);
    if (result.kind === 'listening') starts += 1;
    waitedUntilMs = performance.now() + ownerMovesWithinMs;
  }
}

/** `silent`: the owner does not answer; `ended`: it did, and was gone before its database was open. */
async function join(
  record: OwnerRecord,
  { log, onProgress }: SampleOptions,
): Promise<SampleDatabase | 'silent' | 'ended'> {
  if (record.protocol !== leaseProtocol) {
    throw userErrors.sampleFailed('another version of this product is using it; close its windows first');
  }
  let settle: (outcome: ToHost | undefined) => void = () => undefined;
  const opened = new Promise<ToHost | undefined>((resolve) => {
    settle = resolve;
  });
  const lease = await openLease(record, (message) => {
    if (message.kind === 'progress') onProgress(message.text);
    else if (message.kind === 'log') log(message.level, message.text, message.data);
    else settle(message);
  });
  if (!lease) return 'silent';
  void lease.closed.then(() => settle(undefined));
  const outcome = await opened;
  if (outcome?.kind === 'failed') throw userErrors.sampleFailed(outcome.reason);
  if (outcome === undefined) return 'ended';
  return sampleDatabase(record, lease);
}

function sampleDatabase(record: OwnerRecord, lease: Lease): SampleDatabase {
  lease.unref();
  return {
    options: {
      name: 'Sample database',
      host: record.host,
      port: record.port,
      database: sampleDatabaseName,
      user: sampleUser,
      // The folder of a socket opens for this user only; an address asks for the token.
      ...(path.isAbsolute(record.host) ? {} : { password: record.token }),
      ssl: 'disable',
      environment: 'dev',
      readOnly: false,
      isSample: true,
    },
    get isOpen() {
      return lease.isOpen;
    },
    release: () => lease.release(),
  };
}

/** Starts an owner that outlives this process if others need it. Inside VS Code `execPath` is Electron, told to be Node. */
function startOwner(directory: string, options: SampleOptions): Promise<StartResult> {
  const owner = {
    directory,
    endpoint: options.endpoint ?? usualEndpoint(process.platform),
    scale: options.scale ?? 1,
  };
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [options.serverScript, JSON.stringify(owner)], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    // Not the host's folder, which could then not be removed.
    cwd: homedir(),
    windowsHide: true,
  });
  return new Promise<StartResult>((resolve) => {
    child.once('message', (result) => resolve(result as StartResult));
    child.once('error', (error) => resolve({ kind: 'failed', reason: error.message }));
    child.once('exit', (code) =>
      resolve({ kind: 'failed', reason: `its process ended with code ${code ?? 'none'}` }),
    );
  }).finally(() => {
    child.removeAllListeners();
    child.on('error', () => undefined);
    if (child.connected) child.disconnect();
    child.unref();
  });
}

/** Stops the owner, whoever uses it, and deletes the data. Never touches a folder that is not a sample directory. @throws UserError */
export async function removeSampleData(directory: string): Promise<{ readonly freedBytes: number }> {
  const folder = path.resolve(directory);
  const untilMs = performance.now() + ownerMovesWithinMs;
  if ((await directoryBytes(folder)) === 0) return { freedBytes: 0 };
  if (!(await isSampleDirectory(folder))) throw userErrors.notSampleData(folder);
  for (;;) {
    const ownership = await readOwnership(folder);
    if (ownership.state === 'held') await stopOwner(ownership.record);
    // Held by us from here on, so that nobody starts in the middle.
    else {
      const lock = await takeOwnerLock(folder, { host: '', port: 0, token: newToken() });
      if (lock?.predecessor) await removeSocketFolder(lock.predecessor.host);
      if (lock) break;
    }
    if (performance.now() > untilMs)
      throw userErrors.sampleFailed(
        `process ${ownership.state === 'held' ? (ownership.record?.pid ?? 'unknown') : 'unknown'} does not let go of ${folder}`,
      );
    await delay(askAgainMs);
  }
  const freedBytes = await directoryBytes(folder);
  await discardData(folder);
  await discardDirectory(
    folder,
    (await lockGenerations(folder)).map((generation) => lockFile(folder, generation)),
  );
  return { freedBytes };
}

async function stopOwner(record: OwnerRecord | undefined): Promise<void> {
  const lease = record && (await openLease(record, () => undefined));
  if (!lease) return;
  lease.send({ kind: 'stop' });
  await lease.closed;
}
