/** The commands and options of the command line, as one typed table: reading and help are made from it. */

export type CommandName = 'profile' | 'plan' | 'compare' | 'top';
export type Format = 'text' | 'json' | 'html' | 'markdown';
export type ColorChoice = 'auto' | 'always' | 'never';

interface CommandSpec {
  /** How the arguments that are no options are called; those in brackets may be left out. */
  readonly positionals: readonly string[];
  readonly summary: string;
  readonly formats: readonly Format[];
}

export const commands: Readonly<Record<CommandName, CommandSpec>> = {
  profile: {
    positionals: ['[FILE|FILE:LINE|-]'],
    summary: 'Run one statement under EXPLAIN ANALYZE, roll back, and report.',
    formats: ['text', 'json', 'html', 'markdown'],
  },
  plan: {
    positionals: ['[FILE|-]'],
    summary: 'Report on a saved plan or report, or on the plans in a server log.',
    formats: ['text', 'json', 'html', 'markdown'],
  },
  compare: {
    positionals: ['BEFORE', 'AFTER'],
    summary: 'Compare two saved plans or reports; one of the two may be -.',
    formats: ['text', 'json', 'markdown'],
  },
  top: {
    positionals: [],
    summary: 'Rank the statements that pg_stat_statements has counted.',
    formats: ['text', 'json', 'markdown'],
  },
};

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
  /** Name of the value in the help. */
  readonly value?: string;
  readonly commands: readonly CommandName[];
  readonly summary: string;
}

const onServer: readonly CommandName[] = ['profile', 'top'];
const everywhere: readonly CommandName[] = ['profile', 'plan', 'compare', 'top'];

/** 30 s: long enough for most slow queries, short enough not to be forgotten on a server. */
export const defaultTimeoutMs = 30_000;
/** The guide's SLA; the extension's setting has the same default. */
export const defaultSlaMs = 1_000;
export const defaultLimit = 20;

export const options = {
  connection: {
    type: 'string',
    value: 'URL',
    commands: onServer,
    summary: 'postgresql://user@host:port/database; without it, the PG* variables.',
  },
  sample: {
    type: 'boolean',
    commands: onServer,
    summary: 'Use the sample database, which is made on first use.',
  },
  env: {
    type: 'string',
    value: 'ENV',
    commands: onServer,
    summary: 'What the server is: dev, staging or production (default; the sample is dev).',
  },
  timeout: {
    type: 'string',
    value: 'MS',
    commands: ['profile'],
    summary: `Stop the statement after this many milliseconds (default ${defaultTimeoutMs}).`,
  },
  param: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    commands: ['profile'],
    summary: 'Value of a placeholder, by number or name; repeat for more.',
  },
  generic: {
    type: 'boolean',
    commands: ['profile'],
    summary: 'Take the generic plan, without values and without running it.',
  },
  'plan-only': {
    type: 'boolean',
    commands: ['profile'],
    summary: 'Take the plan without running the statement.',
  },
  'allow-writes': {
    type: 'boolean',
    commands: ['profile'],
    summary: 'Run a statement that writes or locks, and roll it back; needs --env dev or staging.',
  },
  runs: {
    type: 'string',
    value: 'N',
    commands: ['profile'],
    summary: 'Run it N times; the report is on the run with the median time. What writes runs once.',
  },
  cold: {
    type: 'boolean',
    commands: ['profile'],
    summary: 'With --runs: N cold runs as well, shared buffers emptied of its tables; needs --env dev.',
  },
  'no-timing': {
    type: 'boolean',
    commands: ['profile'],
    summary: 'Do not time each node: less overhead, fewer figures.',
  },
  'what-if': {
    type: 'string',
    value: 'HOW',
    commands: ['profile'],
    summary: 'Verify suggestions: auto (default; a trial on dev) or none.',
  },
  sla: {
    type: 'string',
    value: 'MS',
    commands: ['profile', 'plan', 'compare'],
    summary: `Executions longer than this are a finding (default ${defaultSlaMs}).`,
  },
  select: {
    type: 'string',
    value: 'N',
    commands: ['plan'],
    summary: 'Of several plans in the input, or of the list of a log, the N-th.',
  },
  by: {
    type: 'string',
    value: 'ORDER',
    commands: ['top'],
    summary: 'Rank by total (default), mean, max, calls or rows.',
  },
  limit: {
    type: 'string',
    value: 'N',
    commands: ['top', 'plan'],
    summary: `How many statements, or plans of a log, to list (default ${defaultLimit}).`,
  },
  format: {
    type: 'string',
    value: 'FORMAT',
    commands: everywhere,
    summary: 'text (default), json, html (for profile and plan) or markdown.',
  },
  output: {
    type: 'string',
    value: 'FILE',
    commands: everywhere,
    summary: 'Write there instead of standard output.',
  },
  color: {
    type: 'string',
    value: 'WHEN',
    commands: everywhere,
    summary: 'auto (default: on a terminal, unless NO_COLOR is set), always or never.',
  },
  verbose: { type: 'boolean', commands: everywhere, summary: 'Log what is done to standard error.' },
  help: { type: 'boolean', commands: everywhere, summary: 'Show this help.' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export type OptionName = keyof typeof options;
