/** The help, made from the table of commands and options. */
import { type CommandName, commands, type OptionSpec, options } from './commandTable.ts';

const program = 'pg-query-profiler';

/** All commands, or one with its options. */
export function helpText(topic?: CommandName): string {
  return topic === undefined ? overview() : commandHelp(topic);
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, { positionals, summary }]) => ({
    left: `${program} ${[name, ...positionals].join(' ')}`,
    right: summary,
  }));
  return `Profiles PostgreSQL queries safely: where the time went, why, what to do, and proof that it works.

${twoColumns(lines)}

${program} COMMAND --help shows the options of a command; ${program} --version the version.
A password is taken from PGPASSWORD or from the URL.
Exit codes: 0 done, 1 a check failed, 2 wrong usage or a refused statement, 3 the server refused or was lost.
`;
}

function commandHelp(topic: CommandName): string {
  const { positionals, summary } = commands[topic];
  const specs: readonly (readonly [string, OptionSpec])[] = Object.entries(options);
  const lines = specs
    .filter(([, spec]) => spec.commands.includes(topic))
    .map(([name, spec]) => ({
      left: `--${name}${spec.value === undefined ? '' : ` ${spec.value}`}`,
      right: spec.summary,
    }));
  return `Usage: ${program} ${[topic, ...positionals].join(' ')} [options]

${summary}

${twoColumns(lines)}
`;
}

function twoColumns(lines: readonly { readonly left: string; readonly right: string }[]): string {
  const width = Math.max(...lines.map(({ left }) => left.length));
  return lines.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
