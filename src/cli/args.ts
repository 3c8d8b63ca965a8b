/** From the words of a command line to what is meant, or to the sentence that says what is wrong with them. */
import { parseArgs } from 'node:util';
import { userErrors } from '../core/errors.ts';
import type { StatementsOrder } from '../core/ports.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { Environment } from '../shared/report.ts';
import {
  type ColorChoice,
  type CommandName,
  commands,
  defaultLimit,
  defaultSlaMs,
  defaultTimeoutMs,
  type Format,
  type OptionName,
  type OptionSpec,
  options,
} from './commandTable.ts';

/** statement_timeout and LIMIT are 32-bit integers on the server. */
const largestInteger = 2_147_483_647;

interface CommonInvocation {
  readonly format: Format;
  readonly output?: string;
  readonly color: ColorChoice;
  readonly verbose: boolean;
}

export interface ServerChoice {
  readonly connection?: string;
  readonly sample: boolean;
  /** Absent: dev for the sample database, production for any other. */
  readonly environment?: Environment;
}

export interface ProfileInvocation extends CommonInvocation, ServerChoice {
  readonly command: 'profile';
  readonly file?: string;
  readonly timeoutMs: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly generic: boolean;
  readonly planOnly: boolean;
  readonly allowWrites: boolean;
  readonly timing: boolean;
  /** How often the statement runs. */
  readonly runs: number;
  /** Cold runs as well, as many as there are warm ones. */
  readonly cold: boolean;
  readonly whatIf: 'auto' | 'none';
  readonly slaMs: number;
}

export interface PlanInvocation extends CommonInvocation {
  readonly command: 'plan';
  readonly file?: string;
  readonly slaMs: number;
  /** 1-based; in a log, of the list. */
  readonly select?: number;
  /** How many entries of a log to list. */
  readonly limit: number;
}

export interface CompareInvocation extends CommonInvocation {
  readonly command: 'compare';
  readonly before: string;
  readonly after: string;
  readonly slaMs: number;
}

export interface TopInvocation extends CommonInvocation, ServerChoice {
  readonly command: 'top';
  readonly by: StatementsOrder;
  readonly limit: number;
}

export type Invocation =
  | ProfileInvocation
  | PlanInvocation
  | CompareInvocation
  | TopInvocation
  | { readonly command: 'help'; readonly topic?: CommandName }
  | { readonly command: 'version' };

/** @param argv without the program's own name. */
export function readArguments(argv: readonly string[]): Result<Invocation> {
  const [first, ...rest] = argv;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    return succeed({ command: 'help' });
  }
  if (first === '--version') return succeed({ command: 'version' });
  if (!isCommand(first))
    return wrong(`There is no command “${first}”.`, 'The commands are profile, plan, compare and top.');
  try {
    return succeed(readCommand(first, rest));
  } catch (error) {
    if (error instanceof Misuse) return wrong(error.message, `See pg-query-profiler ${first} --help.`);
    throw error;
  }
}

function wrong(message: string, remedy: string): Result<never> {
  return fail(userErrors.badUsage(message, remedy));
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** A command line that cannot be meant; turned into the user's error at the edge of this file. */
class Misuse extends Error {}

function readCommand(command: CommandName, argv: readonly string[]): Invocation {
  const { positionals, given } = readTokens(command, argv);
  if (given.has('help')) return { command: 'help', topic: command };
  const [file] = positionals;
  const common: CommonInvocation = {
    format: readChoice(given, 'format', commands[command].formats, 'text'),
    color: readChoice(given, 'color', ['auto', 'always', 'never'], 'auto'),
    verbose: given.has('verbose'),
    ...optional('output', given.last('output')),
  };
  switch (command) {
    case 'profile':
      return {
        command,
        ...common,
        ...readServerChoice(given),
        ...optional('file', file),
        timeoutMs: readCount(given, 'timeout', defaultTimeoutMs),
        parameters: readParameters(given.all('param')),
        generic: given.has('generic'),
        planOnly: given.has('plan-only'),
        allowWrites: given.has('allow-writes'),
        ...readRuns(given),
        timing: !given.has('no-timing'),
        whatIf: readChoice(given, 'what-if', ['auto', 'none'], 'auto'),
        slaMs: readCount(given, 'sla', defaultSlaMs),
      };
    case 'plan':
      return {
        command,
        ...common,
        ...optional('file', file),
        slaMs: readCount(given, 'sla', defaultSlaMs),
        ...(given.has('select') && { select: readCount(given, 'select', 1) }),
        limit: readCount(given, 'limit', defaultLimit),
      };
    case 'compare':
      return {
        command,
        ...common,
        ...readSides(positionals),
        slaMs: readCount(given, 'sla', defaultSlaMs),
      };
    case 'top':
      return {
        command,
        ...common,
        ...readServerChoice(given),
        by: readChoice(given, 'by', ['total', 'mean', 'max', 'calls', 'rows'], 'total'),
        limit: readCount(given, 'limit', defaultLimit),
      };
  }
}

interface Given {
  has(name: OptionName): boolean;
  last(name: OptionName): string | undefined;
  all(name: OptionName): readonly string[];
}

/** Splits the words by node's own rules, and checks each option against the table. */
function readTokens(
  command: CommandName,
  argv: readonly string[],
): { positionals: readonly string[]; given: Given } {
  // Not strict: node's messages are paragraphs about escaping, ours are sentences.
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const values = new Map<OptionName, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isOption(name)) throw new Misuse(`There is no option ${rawName}.`);
    const spec: OptionSpec = options[name];
    if (!spec.commands.includes(command)) throw new Misuse(`${rawName} means nothing to ${command}.`);
    if (spec.type === 'boolean' && value !== undefined) throw new Misuse(`${rawName} takes no value.`);
    const swallowed = token.inlineValue === false && /^-./.test(token.value);
    if (spec.type === 'string' && (value === undefined || value === '' || swallowed)) {
      throw new Misuse(`${rawName} needs a value: ${rawName}=${spec.value ?? ''}.`);
    }
    values.set(name, [...(values.get(name) ?? []), value ?? '']);
  }
  const all = (name: OptionName) => values.get(name) ?? [];
  const extra = positionals[commands[command].positionals.length];
  if (extra !== undefined) throw new Misuse(`“${extra}” is one argument too many.`);
  return { positionals, given: { has: (name) => values.has(name), last: (name) => all(name).at(-1), all } };
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

function readSides([before, after]: readonly string[]): { readonly before: string; readonly after: string } {
  if (before === undefined || after === undefined) throw new Misuse('A comparison takes two files.');
  if (before === '-' && after === '-') throw new Misuse('Standard input can be one of the two only.');
  return { before, after };
}

function readServerChoice(given: Given): ServerChoice {
  const sample = given.has('sample');
  const connection = given.last('connection');
  if (sample && connection !== undefined) throw new Misuse('--sample and --connection exclude each other.');
  const environments: readonly Environment[] = ['dev', 'staging', 'production'];
  return {
    sample,
    ...optional('connection', connection),
    ...(given.has('env') && { environment: readChoice(given, 'env', environments, 'production') }),
  };
}

function readRuns(given: Given): Pick<ProfileInvocation, 'runs' | 'cold'> {
  const runs = readCount(given, 'runs', 1);
  const cold = given.has('cold');
  if (cold && runs < 2) throw new Misuse('--cold needs --runs=N with N of at least 2.');
  return { runs, cold };
}

function readParameters(pairs: readonly string[]): Readonly<Record<string, string>> {
  const parameters = pairs.map((pair) => {
    const [, name, value] = /^[$:]?([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new Misuse(`--param ${pair} names no value: write --param NAME=VALUE.`);
    }
    return [name, value] as const;
  });
  return Object.fromEntries(parameters);
}

function readChoice<T extends string>(
  given: Given,
  name: OptionName,
  choices: readonly T[],
  byDefault: T,
): T {
  const value = given.last(name);
  if (value === undefined) return byDefault;
  const choice = choices.find((one) => one === value);
  if (choice === undefined) throw new Misuse(`--${name} is one of ${choices.join(', ')}, not “${value}”.`);
  return choice;
}

function readCount(given: Given, name: OptionName, byDefault: number): number {
  const value = given.last(name);
  if (value === undefined) return byDefault;
  const count = Number(value);
  if (!/^\d+$/.test(value) || count < 1 || count > largestInteger) {
    throw new Misuse(`--${name} is a whole number from 1 to ${largestInteger}, not “${value}”.`);
  }
  return count;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}
