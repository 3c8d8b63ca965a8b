/** Who owns a sample directory: read by every host, written by the owner only. */
import { execFile } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** Raised when hosts and owners of two versions of the product could not talk any more. */
export const leaseProtocol = 1;

export interface OwnerRecord {
  readonly protocol: number;
  readonly pid: number;
  /** When the process of that pid started, in the system's own words: a pid that was given out again has another. */
  readonly startMark?: string;
  /** Pids mean something on the same machine and in the same pid namespace only. */
  readonly machine: string;
  /** Folder of the unix socket, or an address. */
  readonly host: string;
  readonly port: number;
  /** Presented by leases always, and as the password where the endpoint is an address that others could reach. */
  readonly token: string;
}

/** `held`: a process has it. `stale`: its process is gone, whoever comes next may take it. */
export type Ownership =
  | { readonly state: 'none' }
  | { readonly state: 'held'; readonly generation: number; readonly record?: OwnerRecord }
  | { readonly state: 'stale'; readonly generation: number; readonly record?: OwnerRecord };

/** The owner touches its lock file this often. */
export const heartbeatMs = 2_000;
/** Where the process table cannot tell (another machine, a half-written file), a file untouched for so long is nobody's. */
const silentAfterMs = 15_000;

const lockName = /^owner-(\d+)\.lock$/;

export const lockFile = (directory: string, generation: number): string =>
  path.join(directory, `owner-${generation}.lock`);

/** Generations of lock files there are, highest first. */
export async function lockGenerations(directory: string): Promise<readonly number[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .map((name) => Number(lockName.exec(name)?.[1] ?? Number.NaN))
    .filter((generation) => !Number.isNaN(generation))
    .toSorted((a, b) => b - a);
}

export async function readOwnership(directory: string): Promise<Ownership> {
  const generation = (await lockGenerations(directory))[0];
  if (generation === undefined) return { state: 'none' };
  const file = lockFile(directory, generation);
  const [content, touchedMs] = await Promise.all([
    readFile(file, 'utf8').catch(() => ''),
    stat(file).then(
      (found) => found.mtimeMs,
      () => 0,
    ),
  ]);
  const record = parseRecord(content);
  const beats = Date.now() - touchedMs < silentAfterMs;
  if (record === undefined) return { state: beats ? 'held' : 'stale', generation };
  return { state: (await isAlive(record, beats)) ? 'held' : 'stale', generation, record };
}

async function isAlive(record: OwnerRecord, beats: boolean): Promise<boolean> {
  if (record.machine !== thisMachine()) return beats;
  if (!processExists(record.pid)) return false;
  const mark = await startMark(record.pid);
  return mark === undefined || record.startMark === undefined ? beats : mark === record.startMark;
}

function parseRecord(content: string): OwnerRecord | undefined {
  try {
    const record = JSON.parse(content) as Partial<OwnerRecord>;
    const whole =
      typeof record.pid === 'number' &&
      typeof record.machine === 'string' &&
      typeof record.host === 'string' &&
      typeof record.port === 'number' &&
      typeof record.token === 'string';
    return whole ? (record as OwnerRecord) : undefined;
  } catch {
    return undefined;
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** undefined where the system does not tell cheaply (Windows: half a second of PowerShell); the heartbeat decides there. */
export async function startMark(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  if (process.platform === 'linux') {
    try {
      // Field 22, start time in clock ticks since boot; the name in field 2 may hold spaces and brackets (proc(5)).
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      // A zombie has let go of everything: only its parent has not looked yet.
      return fields[0] === 'Z' ? 'gone' : `${bootId()} ${fields[19] ?? ''}`;
    } catch {
      return undefined;
    }
  }
  const ps = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => undefined);
  return ps?.stdout.trim() || undefined;
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

export function thisMachine(): string {
  return process.platform === 'linux' ? `${hostname()} ${pidNamespace()}` : hostname();
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
