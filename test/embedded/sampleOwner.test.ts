/** One owner per directory, whatever happens to it and its hosts; and no copy that is less than whole. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isUserError } from '../../src/core/errors.ts';
import { readOwnership, startMark, thisMachine } from '../../src/embedded/ownerRecord.ts';
import { newToken, takeOwnerLock } from '../../src/embedded/ownerLock.ts';
import { waitFor } from '../support/servers.ts';
import { removeSampleData } from '../../src/embedded/sampleDatabase.ts';
import {
  codeOf,
  connect,
  cancel,
  openSample,
  ownerGone,
  ownerPid,
  serverScript,
  smallScale,
  temporaryFolder,
  withClient,
} from './sampleHarness.ts';

/** Prepared once; tests that start with a copy of it need not wait for a preparation. */
let prepared: string;

before(async () => {
  prepared = path.join(await temporaryFolder(), 'sample');
  await (await openSample(prepared)).release();
  await ownerGone(prepared);
});

async function copyOfPrepared(): Promise<string> {
  const copy = path.join(await temporaryFolder(), 'sample');
  await cp(prepared, copy, { recursive: true, mode: 2 });
  return copy;
}

interface Host {
  readonly process: ChildProcess;
  readonly lines: readonly string[];
  readonly opened: Promise<string>;
}

/** A host in a process of its own, started now. */
async function startHost(directory: string): Promise<Host> {
  const script = fileURLToPath(new URL('sampleHost.ts', import.meta.url));
  const args = ['--import', 'tsx', script, directory, await serverScript(), String(smallScale)];
  const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const opened = new Promise<string>((resolve, reject) => {
    host.once('exit', () => reject(new Error(`the host ended: ${lines.join('; ')}`)));
    host.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      lines.push(...chunk.trim().split('\n'));
      const line = lines.find((each) => each.startsWith('open at '));
      if (line !== undefined) resolve(line);
    });
  });
  return { process: host, lines, opened };
}

/** A zombie runs no more: only its parent has not looked yet. */
async function runs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return (await startMark(pid)) !== 'gone';
  } catch {
    return false;
  }
}

const countDeployments = (sample: Awaited<ReturnType<typeof openSample>>) =>
  withClient(sample.options, async (client) =>
    Number((await client.query('select count(*) from deployments')).rows[0].count),
  );

test('hosts share one owner, and the last one out stops it', async () => {
  const directory = await copyOfPrepared();
  const first = await openSample(directory);
  const pid = await ownerPid(directory);
  const second = await openSample(directory);
  assert.equal(await ownerPid(directory), pid);
  assert.deepEqual(second.options, first.options);
  await first.release();
  await delay(3_000);
  assert.ok(second.isOpen);
  assert.equal(await countDeployments(second), 4_000);
  await second.release();
  assert.equal(second.isOpen, false);
  await ownerGone(directory);
  assert.equal(await stat(first.options.host).catch(() => 'gone'), 'gone', 'its socket folder is gone too');
});

test('processes that race on a fresh directory end with one owner, and all see its progress', async () => {
  const directory = path.join(await temporaryFolder(), 'sample');
  const hosts = await Promise.all([1, 2, 3].map(() => startHost(directory)));
  const places = await Promise.all(hosts.map((host) => host.opened));
  assert.equal(new Set(places).size, 1);
  assert.equal((await readdir(directory)).filter((name) => name.startsWith('owner-')).length, 1);
  for (const host of hosts) {
    assert.ok(
      host.lines.some((text) => text.startsWith('Preparing the sample database')),
      'progress was relayed',
    );
    host.process.kill('SIGKILL');
  }
  await ownerGone(directory);
});

test('nothing is left running when a host is killed, in use or in the middle of the preparation', async () => {
  for (const directory of [await copyOfPrepared(), path.join(await temporaryFolder(), 'sample')]) {
    const host = await startHost(directory);
    while (host.lines.length === 0) await delay(20);
    const pid = await ownerPid(directory);
    host.opened.catch(() => undefined);
    host.process.kill('SIGKILL');
    await ownerGone(directory);
    assert.equal(await runs(pid), false);
  }
});

test('after its owner was killed the database opens with its data', async () => {
  const directory = await copyOfPrepared();
  const first = await openSample(directory);
  await withClient(first.options, async (client) => {
    await client.query('create table committed as select 1 as a');
    await client.query('begin');
    await client.query('delete from deployments');
  });
  const pid = await ownerPid(directory);
  const writer = await connect(first.options);
  await writer.query('create index committed_index on deployments (status)');
  process.kill(pid, 'SIGKILL');
  await codeOf(writer.query('select 1'));
  await ownerGone(directory);
  const second = await openSample(directory);
  assert.equal(first.isOpen, false);
  assert.deepEqual(second.progress, []);
  assert.equal(await countDeployments(second), 4_000);
  await withClient(second.options, async (client) => {
    assert.equal((await client.query('select count(*)::int as n from committed')).rows[0].n, 1);
    assert.equal(
      (await client.query(`select to_regclass('committed_index') is not null as there`)).rows[0].there,
      true,
    );
  });
  assert.equal(
    await stat(first.options.host).catch(() => 'gone'),
    'gone',
    'the socket folder of the killed owner was cleared away',
  );
  await second.release();
});

/** What may happen to the files of a copy. Each must be found when it is opened. */
const damages: readonly { readonly name: string; readonly do: (directory: string) => Promise<void> }[] = [
  { name: 'half prepared', do: (directory) => rm(path.join(directory, 'prepared.json')) },
  {
    name: 'prepared by another version',
    do: (directory) => writeFile(path.join(directory, 'prepared.json'), '{"stamp":"other"}'),
  },
  { name: 'control file gone', do: (directory) => rm(path.join(directory, 'data/global/pg_control')) },
  { name: 'table cut short', do: async (directory) => truncate(await largestTable(directory), 8192) },
  {
    name: 'page overwritten',
    do: async (directory) => {
      const file = await largestTable(directory);
      const bytes = await readFile(file);
      bytes.fill(0x5a, 8192, 2 * 8192);
      await writeFile(file, bytes);
    },
  },
];

async function largestTable(directory: string): Promise<string> {
  const base = path.join(directory, 'data/base');
  const files = (await readdir(base, { recursive: true })).filter((name) => /\/\d{5,}$/.test(name));
  const sizes = await Promise.all(
    files.map(async (name) => ({ name, size: (await stat(path.join(base, name))).size })),
  );
  const largest = sizes.toSorted((a, b) => b.size - a.size)[0];
  return path.join(base, largest?.name ?? '');
}

for (const damage of damages) {
  test(`a damaged copy is prepared anew: ${damage.name}`, async () => {
    const directory = await copyOfPrepared();
    await damage.do(directory);
    const sample = await openSample(directory);
    assert.ok(
      sample.progress.some((text) => text.includes('deployments')),
      'the preparation is told',
    );
    assert.equal(await countDeployments(sample), 4_000);
    await sample.release();
    await ownerGone(directory);
  });
}

test('on a loopback port a connection must present the token', async () => {
  const directory = await copyOfPrepared();
  const sample = await openSample(directory, { endpoint: 'loopback' });
  assert.equal(sample.options.host, '127.0.0.1');
  assert.match(sample.options.password ?? '', /^[0-9a-f]{64}$/);
  assert.equal(await codeOf(connect(sample.options, { password: 'f'.repeat(64) })), '28P01');
  assert.equal(await codeOf(connect(sample.options, { password: '' })), '28P01');
  const client = await connect(sample.options);
  const sleeping = codeOf(client.query('select pg_sleep(60)'));
  await delay(200);
  await cancel(sample.options, client);
  assert.equal(await sleeping, '57014');
  await client.end();
  const lock = (await readdir(directory)).find((name) => name.startsWith('owner-')) ?? '';
  assert.equal((await stat(path.join(directory, lock))).mode & 0o077, 0, 'only its user reads the token');
  await sample.release();
  await ownerGone(directory);
});

test('its socket lies in a folder that only its user may enter', async () => {
  const directory = await copyOfPrepared();
  const sample = await openSample(directory);
  const folder = await stat(sample.options.host);
  assert.equal(folder.mode & 0o077, 0);
  assert.equal(folder.uid, process.getuid?.());
  assert.ok(Buffer.byteLength(path.join(sample.options.host, '.s.PGSQL.5432')) <= 103);
  await sample.release();
});

/** Lock files as crashes leave them, and whether the directory is free. */
const locks: readonly {
  readonly name: string;
  readonly content: () => Promise<string>;
  readonly ageMs: number;
  readonly free: boolean;
}[] = [
  {
    name: 'a living process',
    content: async () => record(process.pid, await startMark(process.pid)),
    ageMs: 60_000,
    free: false,
  },
  {
    name: 'a process that ended',
    content: async () => record(await endedPid(), 'any'),
    ageMs: 0,
    free: true,
  },
  {
    name: 'a pid given out again',
    content: async () => record(process.pid, 'another start'),
    ageMs: 0,
    free: true,
  },
  { name: 'half a file, just written', content: async () => '{"pid":', ageMs: 0, free: false },
  { name: 'half a file, left behind', content: async () => '{"pid":', ageMs: 60_000, free: true },
  {
    name: 'another machine, at work',
    content: async () => record(1, undefined, 'elsewhere'),
    ageMs: 0,
    free: false,
  },
  {
    name: 'another machine, silent',
    content: async () => record(1, undefined, 'elsewhere'),
    ageMs: 60_000,
    free: true,
  },
];

const record = (pid: number, mark: string | undefined, machine = thisMachine()) =>
  JSON.stringify({ protocol: 1, pid, startMark: mark, machine, host: '', port: 0, token: newToken() });

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => {
    child.once('exit', resolve);
  });
  return child.pid ?? 0;
}

for (const lock of locks) {
  test(`the lock of ${lock.name} ${lock.free ? 'is free' : 'holds'}`, async () => {
    const directory = await temporaryFolder();
    const file = path.join(directory, 'owner-3.lock');
    await writeFile(file, await lock.content());
    const touched = new Date(Date.now() - lock.ageMs);
    await utimes(file, touched, touched);
    assert.equal((await readOwnership(directory)).state, lock.free ? 'stale' : 'held');
    const taken = await takeOwnerLock(directory, { host: '', port: 0, token: newToken() });
    assert.equal(taken !== undefined, lock.free);
    assert.deepEqual(await readdir(directory), [lock.free ? 'owner-4.lock' : 'owner-3.lock']);
  });
}

test('of many who take a stale lock at once one gets it', async () => {
  const directory = await temporaryFolder();
  await writeFile(path.join(directory, 'owner-1.lock'), record(await endedPid(), 'any'));
  const taken = await Promise.all(
    Array.from({ length: 20 }, () => takeOwnerLock(directory, { host: '', port: 0, token: newToken() })),
  );
  assert.equal(taken.filter((lock) => lock !== undefined).length, 1);
});

test('removing stops the owner and frees the disk, and the next opening prepares anew', async () => {
  const directory = await copyOfPrepared();
  const sample = await openSample(directory);
  const pid = await ownerPid(directory);
  const { freedBytes } = await removeSampleData(directory);
  assert.ok(freedBytes > 20_000_000, `${freedBytes} bytes`);
  assert.equal(await runs(pid), false);
  assert.equal(sample.isOpen, false);
  assert.equal(await stat(directory).catch(() => 'gone'), 'gone');
  assert.deepEqual(await removeSampleData(directory), { freedBytes: 0 });
});

test('a folder that is no sample directory is neither used nor deleted', async () => {
  const directory = path.join(await temporaryFolder(), 'documents');
  await mkdir(directory);
  await writeFile(path.join(directory, 'letter.txt'), 'Dear');
  await assert.rejects(removeSampleData(directory), (error) => isUserError(error, 'notSampleData'));
  await assert.rejects(openSample(directory), (error) => isUserError(error, 'sampleFailed'));
  assert.deepEqual(await readdir(directory), ['letter.txt']);
});

test('an owner whose directory was deleted ends', async () => {
  const directory = await copyOfPrepared();
  const sample = await openSample(directory);
  const pid = await ownerPid(directory);
  await rm(directory, { recursive: true, force: true });
  for (let waitedMs = 0; (await runs(pid)) && waitedMs < 10_000; waitedMs += 100) await delay(100);
  assert.equal(await runs(pid), false);
  // The process is gone a moment before its clients hear of it.
  await waitFor(async () => !sample.isOpen);
});

test('a server that cannot start is reported in one sentence', async () => {
  const directory = path.join(await temporaryFolder(), 'sample');
  const failing = openSample(directory, { serverScript: path.join(directory, 'missing.js') });
  await assert.rejects(failing, (error) => isUserError(error, 'sampleFailed'));
});
