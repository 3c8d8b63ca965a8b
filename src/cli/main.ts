/** The command line's entry: words in, exit code out. */
import { version } from '../../package.json';
import { type Fault, isUserError, type UserError, type UserErrorCode, userErrors } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { type Invocation, readArguments } from './args.ts';
import { runCompare } from './compareCommand.ts';
import { createLog, note } from './diagnostics.ts';
import { helpText } from './help.ts';
import { cancelOnInterrupt } from './interrupt.ts';
import { tolerateClosedOutput, writeOutput } from './output.ts';
import { runPlan } from './planCommand.ts';
import { runProfile } from './profileCommand.ts';
import { runTop } from './topCommand.ts';

/** 0 is done, and 1 is kept for checks that fail; see DESIGN.md, "Command line". */
const exitCodes: Readonly<Record<Fault, number>> = { usage: 2, server: 3 };

/** What to do, where the command line has its own words for it. */
const remedies: Readonly<Partial<Record<UserErrorCode, string>>> = {
  emptyInput: 'Give a file or a text with one statement in it.',
  severalStatements: 'Choose one by a line of it, as in FILE:LINE.',
  missingParameters: 'Give each with --param NAME=VALUE, or take the generic plan with --generic.',
  noConnection: 'Give --connection URL, set PGHOST and its kin, or use --sample.',
  wrongPassword: 'Set PGPASSWORD.',
  passwordMissing: 'Set PGPASSWORD.',
  unexpected: 'Please report it, with what --verbose says.',
  timeout: 'Raise --timeout, or use --plan-only.',
};

async function main(argv: readonly string[]): Promise<number> {
  const invocation = readArguments(argv);
  if (!invocation.ok) return complain(invocation.error, createLog(false));
  const log = createLog('verbose' in invocation.value && invocation.value.verbose);
  try {
    await run(invocation.value, log);
    return 0;
  } catch (error) {
    return complain(error, log);
  }
}

async function run(invocation: Invocation, log: Log): Promise<void> {
  switch (invocation.command) {
    case 'help':
      return writeOutput(helpText(invocation.topic), undefined);
    case 'version':
      return writeOutput(`${version}\n`, undefined);
    case 'profile':
      return runProfile(invocation, log, cancelOnInterrupt());
    case 'plan':
      return runPlan(invocation);
    case 'compare':
      return runCompare(invocation);
    case 'top':
      return runTop(invocation, log, cancelOnInterrupt());
  }
}

/** One sentence for the user; the stack is for the log. */
function complain(error: unknown, log: Log): number {
  log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  const known = isUserError(error) ? error : userErrors.unexpected(error);
  note(sentence(known));
  return exitCodes[known.fault];
}

function sentence(error: UserError): string {
  const remedy = remedies[error.code as UserErrorCode];
  return remedy === undefined ? error.sentence : `${error.message} ${remedy}`;
}

tolerateClosedOutput();
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
