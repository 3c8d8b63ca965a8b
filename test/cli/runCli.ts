/** Runs dist/cli.js as its users do: a process of its own. `npm test` builds it first. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TestServer } from '../support/postgres.ts';

export const root = path.join(import.meta.dirname, '../..');
const cli = path.join(root, 'dist/cli.js');

export interface CliResult {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called as soon as the process runs, to send it signals. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Nothing of the developer's own settings may reach a test. */
const inherited = ['PATH', 'HOME', 'USERPROFILE', 'SYSTEMROOT', 'TMPDIR', 'TEMP', 'LOCALAPPDATA'];

export function runCli(
  args: readonly string[],
  { stdin = '', env = {}, cwd = root, onStart }: CliOptions = {},
) {
  assert.ok(existsSync(cli), 'dist/cli.js is missing: run `npm run build` first (`npm test` does)');
  const own = Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
  return new Promise<CliResult>((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd, env: { ...own, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    // A refusal may end the process before it has read anything.
    child.stdin.on('error', () => undefined).end(stdin);
    onStart?.(child);
  });
}

/** The PG* variables of a test server. */
export function environmentOf({ host, port, password }: TestServer): Readonly<Record<string, string>> {
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: 'postgres',
    PGPASSWORD: password,
    PGDATABASE: 'postgres',
    PGSSLMODE: 'disable',
  };
}

/** A refusal: nothing on standard output, one sentence after progress and warnings on standard error, no stack trace. */
export function assertRefused(result: CliResult, code: number, sentence: string | RegExp): void {
  assert.equal(result.code, code, result.stderr);
  assert.equal(result.stdout, '');
  assert.match(result.stderr, /^(pg-query-profiler: [^\n]+( …|stays done\.)\n)*pg-query-profiler: [^\n]+\n$/);
  const said = result.stderr.trimEnd().split('\n').at(-1)?.slice('pg-query-profiler: '.length) ?? '';
  if (typeof sentence === 'string') assert.equal(said, sentence);
  else assert.match(said, sentence);
}
