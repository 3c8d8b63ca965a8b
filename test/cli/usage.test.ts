/** What the command line refuses before it reaches a server, and how it says so. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { startBrokenServer } from '../support/brokenServer.ts';
import { assertRefused, type CliOptions, root, runCli } from './runCli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'pgqp-cli-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
};

const twoStatements = file('two.sql', 'SELECT 1;\nDELETE FROM t;\n');
const plan =
  '[{"Plan": {"Node Type": "Result", "Startup Cost": 0, "Total Cost": 0.01, "Plan Rows": 1, "Plan Width": 4}}]';
const unused = 'postgresql://u:s3cret@127.0.0.1:1/d';

interface Refusal extends CliOptions {
  readonly args: readonly string[];
  readonly code: 2 | 3;
  readonly says: string | RegExp;
}

const refusals: Readonly<Record<string, Refusal>> = {
  'an unknown command': {
    args: ['explode'],
    code: 2,
    says: 'There is no command “explode”. The commands are profile, plan, compare and top.',
  },
  'an unknown option': {
    args: ['profile', '--fast'],
    code: 2,
    says: 'There is no option --fast. See pg-query-profiler profile --help.',
  },
  'no connection': {
    args: ['profile', '-'],
    stdin: 'SELECT 1',
    code: 2,
    says: 'There is no connection to profile on. Give --connection URL, set PGHOST and its kin, or use --sample.',
  },
  'no connection for top': { args: ['top'], code: 2, says: /^There is no connection/ },
  'a URL that is none': {
    args: ['profile', '-', '--connection', 'mysql://u:s3cret@h/d'],
    stdin: 'SELECT 1',
    code: 2,
    says: /postgresql:\/\/(?!.*s3cret)/,
  },
  'a server that is not there': {
    args: ['profile', '-', '--connection', unused],
    stdin: 'SELECT 1',
    code: 3,
    says: /^No server answers at 127\.0\.0\.1:1\.(?!.*s3cret)/,
  },
  'a file that is not there': {
    args: ['profile', 'missing.sql'],
    code: 2,
    says: 'missing.sql cannot be read: there is no such file or folder. Check its name and its permissions.',
  },
  'a folder for a file': { args: ['plan', folder], code: 2, says: /cannot be read: it is a folder\./ },
  'an empty file': {
    args: ['profile', file('empty.sql', '')],
    code: 2,
    says: 'There is no SQL here. Give a file or a text with one statement in it.',
  },
  'a binary file': {
    args: ['profile', file('binary.sql', 'SELECT 1;\0\u0001\u0002;')],
    code: 2,
    says: 'binary.sql cannot be read: it is not text. Check its name and its permissions.',
  },
  'nothing but comments': {
    args: ['profile', '-'],
    stdin: '-- later\n/* much later */',
    code: 2,
    says: /^There is no SQL here\./,
  },
  'what is not SQL': {
    args: ['profile', '-'],
    stdin: 'Dear server,\nplease hurry',
    code: 2,
    says: /^PostgreSQL cannot parse this: .*syntax error at or near "Dear"/,
  },
  'several statements': {
    args: ['profile', twoStatements],
    code: 2,
    says: /^There are 2 statements here\. Choose one by a line of it, as in FILE:LINE\.$/,
  },
  'several statements on standard input': {
    args: ['profile'],
    stdin: 'SELECT 1; DROP TABLE t',
    code: 2,
    says: /are 2 statements here/,
  },
  'a line that the file does not have': {
    args: ['profile', `${twoStatements}:9`],
    code: 2,
    says: 'The file has no line 9, only 3. Name a line of the statement.',
  },
  'a write at a line': {
    args: ['profile', `${twoStatements}:2`, '--connection', unused],
    code: 2,
    says: /^DELETE changes or locks rows, and was not run\. Add --allow-writes with --env dev or --env staging/,
  },
  'a write on production': {
    args: ['profile', '-', '--allow-writes', '--connection', unused],
    stdin: 'UPDATE t SET a = 1',
    code: 2,
    says: /^UPDATE changes or locks rows/,
  },
  'a write on dev without leave': {
    args: ['profile', '-', '--env', 'dev', '--connection', unused],
    stdin: 'UPDATE t SET a = 1',
    code: 2,
    says: /^UPDATE changes or locks rows/,
  },
  'a write inside EXPLAIN': {
    args: ['profile', '-', '--connection', unused],
    stdin: 'EXPLAIN ANALYZE DELETE FROM t',
    code: 2,
    says: /^DELETE changes or locks rows/,
  },
  'a lock': {
    args: ['profile', '-', '--connection', unused],
    stdin: 'SELECT * FROM t FOR UPDATE',
    code: 2,
    says: /locks rows, and was not run/,
  },
  'what cannot be explained': { args: ['profile', '-'], stdin: 'COPY t TO STDOUT', code: 2, says: /^COPY/ },
  'the end of a transaction': { args: ['profile', '-'], stdin: 'COMMIT', code: 2, says: /^COMMIT/ },
  'a parameter that is missing': {
    args: ['profile', '-', '--connection', unused],
    stdin: 'SELECT $1, :name',
    code: 2,
    says: /value: 1, name\. Give each with --param NAME=VALUE, or take the generic plan with --generic\.$/,
  },
  'a parameter that does not exist': {
    args: ['profile', '-', '--param', 'x=1'],
    stdin: 'SELECT :name',
    code: 2,
    says: 'The statement has no parameter “x”. It has “name”.',
  },
  'an output that cannot be': {
    args: ['plan', '-', '--output', path.join(folder, 'no/where.txt')],
    stdin: plan,
    code: 2,
    says: /where\.txt cannot be written: there is no such file or folder\./,
  },
  'an empty plan': {
    args: ['plan', '-'],
    code: 2,
    says: /^This is not a plan that can be read: it is empty\./,
  },
  'what is not a plan': {
    args: ['plan', '-'],
    stdin: 'Dear server',
    code: 2,
    says: /^This is not a plan that can be read: /,
  },
  'a plan that was cut off': {
    args: ['plan', '-'],
    stdin: '[{"Plan": {"Node Ty',
    code: 2,
    says: /^This is not a plan that can be read: /,
  },
  'a plan beyond the last': {
    args: ['plan', '-', '--select', '2'],
    stdin: plan,
    code: 2,
    says: 'There is no plan 2: the input holds 1. Choose another with --select.',
  },
  'a report of the future': {
    args: ['plan', '-'],
    stdin: '{"schemaVersion": 99}',
    code: 2,
    says: /^The report has version 99, and this program reads up to 1\./,
  },
  'a report that was damaged': {
    args: ['plan', '-'],
    stdin: '{"schemaVersion": 1, "plan": {"nodes": []}}',
    code: 2,
    says: /the report is damaged, the report\.plan\.nodes is empty/,
  },
  'a comparison that was saved': {
    args: ['plan', '-'],
    stdin: '{"schemaVersion": 1, "before": {}, "after": {}, "rows": []}',
    code: 2,
    says: 'This is a comparison of two plans, which cannot be opened as a plan. Give one of the two plans that it was made of.',
  },
  'a document without reports': {
    args: ['plan', '-'],
    stdin: '{"schemaVersion": 1, "reports": []}',
    code: 2,
    says: /holds no report/,
  },
};

for (const [what, { args, code, says, ...options }] of Object.entries(refusals)) {
  test(`Refused with ${code}: ${what}`, async () => {
    assertRefused(await runCli(args, options), code, says);
  });
}

test('Refused with 3: a server that is too old', async () => {
  const { port, stop } = await startBrokenServer('old');
  try {
    const url = `postgresql://u:s3cret@127.0.0.1:${port}/d?sslmode=disable`;
    const refused = await runCli(['profile', '-', '--connection', url], { stdin: 'SELECT 1' });
    assertRefused(refused, 3, 'PostgreSQL 9.6.24 is too old. Connect to PostgreSQL 13 or newer.');
  } finally {
    stop();
  }
});

test('Help and version go to standard output', async () => {
  const help = await runCli(['--help']);
  assert.deepEqual([help.code, help.stderr], [0, '']);
  assert.match(help.stdout, /pg-query-profiler profile \[FILE/);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  assert.deepEqual(await runCli(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--verbose gives the stack to the log, after the sentence nothing changes', async () => {
  const { code, stdout, stderr } = await runCli(['plan', 'missing.json', '--verbose']);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /error UserError: .* at /);
  assert.match(stderr, /\npg-query-profiler: missing\.json cannot be read/);
});
