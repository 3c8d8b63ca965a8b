import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Invocation, readArguments } from '../../src/cli/args.ts';
import { commands, options } from '../../src/cli/commandTable.ts';
import { helpText } from '../../src/cli/help.ts';

const profileDefaults = {
  command: 'profile',
  format: 'text',
  color: 'auto',
  verbose: false,
  sample: false,
  timeoutMs: 30_000,
  parameters: {},
  generic: false,
  planOnly: false,
  allowWrites: false,
  runs: 1,
  cold: false,
  timing: true,
  whatIf: 'auto',
  slaMs: 1000,
} as const;
const planDefaults = {
  command: 'plan',
  format: 'text',
  color: 'auto',
  verbose: false,
  slaMs: 1000,
  limit: 20,
} as const;
const compareDefaults = {
  command: 'compare',
  format: 'text',
  color: 'auto',
  verbose: false,
  before: 'a.json',
  after: 'b.json',
  slaMs: 1000,
} as const;
const topDefaults = {
  command: 'top',
  format: 'text',
  color: 'auto',
  verbose: false,
  sample: false,
  by: 'total',
  limit: 20,
} as const;

const meant: readonly (readonly [line: string, invocation: Invocation])[] = [
  ['', { command: 'help' }],
  ['--help', { command: 'help' }],
  ['-h', { command: 'help' }],
  ['help', { command: 'help' }],
  ['--version', { command: 'version' }],
  ['profile --help', { command: 'help', topic: 'profile' }],
  ['profile', profileDefaults],
  ['profile -', { ...profileDefaults, file: '-' }],
  [
    'profile a.sql --sample --env dev',
    { ...profileDefaults, file: 'a.sql', sample: true, environment: 'dev' },
  ],
  [
    'profile --connection postgresql://h/d a.sql:3',
    { ...profileDefaults, connection: 'postgresql://h/d', file: 'a.sql:3' },
  ],
  [
    'profile --param 1=a=b --param $2=-5 --param :name=',
    { ...profileDefaults, parameters: { 1: 'a=b', 2: '-5', name: '' } },
  ],
  ['profile --param=x=1', { ...profileDefaults, parameters: { x: '1' } }],
  [
    'profile --plan-only --generic --allow-writes --no-timing',
    { ...profileDefaults, planOnly: true, generic: true, allowWrites: true, timing: false },
  ],
  [
    'profile --timeout 500 --sla 20 --what-if none',
    { ...profileDefaults, timeoutMs: 500, slaMs: 20, whatIf: 'none' },
  ],
  ['profile --runs 5 --cold', { ...profileDefaults, runs: 5, cold: true }],
  ['profile --env staging --env dev', { ...profileDefaults, environment: 'dev' }],
  [
    'profile --format html --output=-o.html --color never --verbose',
    { ...profileDefaults, format: 'html', output: '-o.html', color: 'never', verbose: true },
  ],
  ['profile -- --odd.sql', { ...profileDefaults, file: '--odd.sql' }],
  ['plan', planDefaults],
  ['plan p.json --select 2 --format json', { ...planDefaults, file: 'p.json', select: 2, format: 'json' }],
  ['plan server.log --limit 5', { ...planDefaults, file: 'server.log', limit: 5 }],
  ['compare a.json b.json', compareDefaults],
  ['compare - b.json --format markdown', { ...compareDefaults, before: '-', format: 'markdown' }],
  ['compare a.json b.json --sla 20 --color always', { ...compareDefaults, slaMs: 20, color: 'always' }],
  ['top', topDefaults],
  ['top --by mean --limit 5 --format markdown', { ...topDefaults, by: 'mean', limit: 5, format: 'markdown' }],
];

for (const [line, invocation] of meant) {
  test(`Meant: pg-query-profiler ${line}`, () => {
    const read = readArguments(line.split(' ').filter((word) => word !== ''));
    assert.deepEqual(read.ok ? read.value : read.error.sentence, invocation);
  });
}

const wrong: readonly (readonly [line: string, sentence: string])[] = [
  ['profil', 'There is no command “profil”. The commands are profile, plan, compare and top.'],
  ['--sample', 'There is no command “--sample”. The commands are profile, plan, compare and top.'],
  ['profile --foo', 'There is no option --foo. See pg-query-profiler profile --help.'],
  ['profile --cold', '--cold needs --runs=N with N of at least 2. See pg-query-profiler profile --help.'],
  ['profile -x', 'There is no option -x. See pg-query-profiler profile --help.'],
  ['profile --by total', '--by means nothing to profile. See pg-query-profiler profile --help.'],
  ['plan --sample', '--sample means nothing to plan. See pg-query-profiler plan --help.'],
  ['profile a b', '“b” is one argument too many. See pg-query-profiler profile --help.'],
  ['compare', 'A comparison takes two files. See pg-query-profiler compare --help.'],
  ['compare a', 'A comparison takes two files. See pg-query-profiler compare --help.'],
  ['compare a b c', '“c” is one argument too many. See pg-query-profiler compare --help.'],
  ['compare - -', 'Standard input can be one of the two only. See pg-query-profiler compare --help.'],
  [
    'compare a b --format html',
    '--format is one of text, json, markdown, not “html”. See pg-query-profiler compare --help.',
  ],
  ['compare a b --sample', '--sample means nothing to compare. See pg-query-profiler compare --help.'],
  ['top a', '“a” is one argument too many. See pg-query-profiler top --help.'],
  ['profile --timeout', '--timeout needs a value: --timeout=MS. See pg-query-profiler profile --help.'],
  [
    'profile --output --verbose',
    '--output needs a value: --output=FILE. See pg-query-profiler profile --help.',
  ],
  ['profile --timeout=', '--timeout needs a value: --timeout=MS. See pg-query-profiler profile --help.'],
  [
    'profile --timeout 0',
    '--timeout is a whole number from 1 to 2147483647, not “0”. See pg-query-profiler profile --help.',
  ],
  [
    'profile --timeout=-5',
    '--timeout is a whole number from 1 to 2147483647, not “-5”. See pg-query-profiler profile --help.',
  ],
  [
    'profile --timeout 1e3',
    '--timeout is a whole number from 1 to 2147483647, not “1e3”. See pg-query-profiler profile --help.',
  ],
  [
    'profile --timeout 3000000000',
    '--timeout is a whole number from 1 to 2147483647, not “3000000000”. See pg-query-profiler profile --help.',
  ],
  ['profile --sample=1', '--sample takes no value. See pg-query-profiler profile --help.'],
  [
    'profile --sample --connection u',
    '--sample and --connection exclude each other. See pg-query-profiler profile --help.',
  ],
  [
    'profile --env prod',
    '--env is one of dev, staging, production, not “prod”. See pg-query-profiler profile --help.',
  ],
  [
    'profile --param x',
    '--param x names no value: write --param NAME=VALUE. See pg-query-profiler profile --help.',
  ],
  [
    'profile --format xml',
    '--format is one of text, json, html, markdown, not “xml”. See pg-query-profiler profile --help.',
  ],
  [
    'top --format html',
    '--format is one of text, json, markdown, not “html”. See pg-query-profiler top --help.',
  ],
  [
    'plan --select 0',
    '--select is a whole number from 1 to 2147483647, not “0”. See pg-query-profiler plan --help.',
  ],
];

for (const [line, sentence] of wrong) {
  test(`Wrong: pg-query-profiler ${line}`, () => {
    const read = readArguments(line.split(' '));
    assert.equal(read.ok ? JSON.stringify(read.value) : read.error.sentence, sentence);
    assert.equal(read.ok || read.error.fault, 'usage');
  });
}

test('The help names every command and every option', () => {
  for (const [name, { formats }] of Object.entries(commands)) {
    assert.match(helpText(), new RegExp(`pg-query-profiler ${name}\\b`));
    assert.ok(formats.includes('json'), `${name} has --format json`);
  }
  const everyHelp = (['profile', 'plan', 'compare', 'top'] as const)
    .map((topic) => helpText(topic))
    .join('\n');
  for (const [name, { summary }] of Object.entries(options)) {
    assert.match(everyHelp, new RegExp(`^ {2}--${name}\\b`, 'm'));
    assert.ok(everyHelp.includes(summary));
  }
});

test('No line of the help is wider than a terminal of 120', () => {
  for (const text of [
    helpText(),
    helpText('profile'),
    helpText('plan'),
    helpText('compare'),
    helpText('top'),
  ]) {
    for (const line of text.split('\n')) assert.ok(line.length <= 120, line);
  }
});
