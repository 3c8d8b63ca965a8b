/**
 * The lock of a sample directory: `owner-N.lock`, where the highest N counts. A dead owner's file is never deleted to
 * take its place, for then two starters could each delete the other's; one makes file N + 1 instead, which only one
 * process can. An owner leaves its file behind: with its process gone, the file is stale.
 */
import { randomBytes } from 'node:crypto';
import { open, rm, unlink, utimes } from 'node:fs/promises';
import type { OwnerRecord } from './ownerRecord.ts';
import {
  heartbeatMs,
  leaseProtocol,
  lockFile,
  lockGenerations,
  readOwnership,
  startMark,
  thisMachine,
} from './ownerRecord.ts';

export interface OwnerLock {
  readonly record: OwnerRecord;
  /** Of the owner before, if any: it may have left a socket behind. */
  readonly predecessor?: OwnerRecord;
  /**
   * Keeps touching the lock file, and `also`, which a cleaner of temporary folders would take for forgotten.
   * Calls `lost` when one of them is gone: somebody deleted the directory, or nobody can find the socket any more.
   */
  beat(also: readonly string[], lost: () => void): void;
}

export const newToken = (): string => randomBytes(32).toString('hex');

/** Takes the lock for this process; undefined when a living process has it. */
export async function takeOwnerLock(
  directory: string,
  endpoint: Pick<OwnerRecord, 'host' | 'port' | 'token'>,
): Promise<OwnerLock | undefined> {
  const mark = await startMark(process.pid);
  const record: OwnerRecord = {
    protocol: leaseProtocol,
    pid: process.pid,
    ...(mark === undefined ? {} : { startMark: mark }),
    machine: thisMachine(),
    ...endpoint,
  };
  const before = await readOwnership(directory);
  if (before.state === 'held') return undefined;
  const generation = before.state === 'none' ? 1 : before.generation + 1;
  const file = lockFile(directory, generation);
  if (!(await createExclusively(file, JSON.stringify(record)))) return undefined;
  const [highest, ...older] = await lockGenerations(directory);
  // Others passed us while we read the directory: their file was there before ours was allowed to be.
  if (highest !== generation) {
    await unlink(file);
    return undefined;
  }
  await Promise.all(older.map((old) => rm(lockFile(directory, old), { force: true })));
  return {
    record,
    ...(before.state === 'stale' && before.record ? { predecessor: before.record } : {}),
    beat: (also, lost) => {
      setInterval(() => {
        const now = new Date();
        Promise.all([file, ...also].map((each) => utimes(each, now, now))).catch(lost);
      }, heartbeatMs).unref();
    },
  };
}

async function createExclusively(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(content).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
