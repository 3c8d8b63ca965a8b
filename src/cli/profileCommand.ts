/** `profile`: one statement, run safely and reported. */
import type { Cancel } from '../core/cancel.ts';
import { userErrors } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { defaultExplainOptions, type Preflight } from '../core/ports.ts';
import { createProfiler, type ProfileInput } from '../core/profiler.ts';
import { type GuardedStatement, guardStatement } from '../core/sql/guard.ts';
import { loadParser, type SqlParser } from '../core/sql/parser.ts';
import { pickStatement } from '../core/sql/pick.ts';
import { splitStatements } from '../core/sql/split.ts';
import type { ReportSource } from '../shared/report.ts';
import type { ProfileInvocation } from './args.ts';
import { createProgress, note } from './diagnostics.ts';
import { type InputText, readInput } from './input.ts';
import { withChosenServer } from './openChosenServer.ts';
import { checkOutput } from './output.ts';
import { writeReports } from './writeReports.ts';

/** @throws UserError */
export async function runProfile(invocation: ProfileInvocation, log: Log, cancel: Cancel): Promise<void> {
  // 1. Everything that can be refused without a server.
  await checkOutput(invocation.output);
  const input = await readInput(invocation.file);
  if (input.text.includes('\0'))
    throw userErrors.cannotRead(input.name ?? 'Standard input', 'it is not text');
  const parser = await loadParser();
  const { sql, source } = chosenStatement(parser, input);
  const statement = guardStatement(parser, sql);
  if (!statement.ok) throw statement.error;
  checkConsent(statement.value, invocation);
  const parameters = chosenParameters(statement.value, invocation);

  // 2. Run it.
  const progress = createProgress();
  try {
    const report = await withChosenServer(
      invocation,
      { log, cancel, onProgress: progress.report },
      (server) =>
        createProfiler({ server, parser, log, now: () => new Date() }).profile({
          sql,
          parameters,
          ...(source && { source }),
          options: { ...defaultExplainOptions, analyze: runs(invocation), timing: invocation.timing },
          timeoutMs: invocation.timeoutMs,
          slaMs: invocation.slaMs,
          whatIf: invocation.whatIf,
          runs: invocation.runs,
          cold: invocation.cold,
          confirm: announce,
          onProgress: progress.report,
          cancel,
        }),
    );
    await writeReports([report], invocation);
  } finally {
    progress.end();
  }
}

/** The statement at FILE:LINE, else the only one of the input. */
function chosenStatement(
  parser: SqlParser,
  { text, name, line }: InputText,
): { readonly sql: string; readonly source?: ReportSource } {
  const at = line === undefined ? onlyStatement(parser, text) : lineOffset(text, line);
  const picked = pickStatement(parser, text, { start: at, end: at });
  if (!picked.ok) throw picked.error;
  const { text: sql, start } = picked.value;
  if (name === undefined) return { sql };
  return { sql, source: { name, line: text.slice(0, start).split('\n').length } };
}

/** Offset of the only statement. */
function onlyStatement(parser: SqlParser, text: string): number {
  const statements = splitStatements(parser, text);
  const [only] = statements;
  if (only === undefined) throw userErrors.emptyInput();
  if (statements.length > 1) throw userErrors.severalStatements(statements.length);
  return only.start;
}

/** Offset of the first word on a line, where a cursor would stand. */
function lineOffset(text: string, line: number): number {
  const lines = text.split('\n');
  const words = lines[line - 1];
  if (words === undefined) {
    throw userErrors.badUsage(
      `The file has no line ${line}, only ${lines.length}.`,
      'Name a line of the statement.',
    );
  }
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return before + Math.max(0, words.search(/\S/));
}

function runs({ planOnly, generic }: ProfileInvocation): boolean {
  return !planOnly && !generic;
}

/** `profile` is itself the consent to reading. Anything more has to be said. */
function checkConsent(statement: GuardedStatement, invocation: ProfileInvocation): void {
  const { allowWrites, sample, environment = sample ? 'dev' : 'production' } = invocation;
  if (statement.access === 'read' || !runs(invocation)) return;
  if (allowWrites && environment !== 'production') return;
  throw userErrors.writesNotAllowed(
    statement.label,
    'Add --allow-writes with --env dev or --env staging to run it and roll it back, or --plan-only to only plan it.',
  );
}

/** The command line was the yes; what a rollback leaves behind is said before the statement runs. */
async function announce({ triggers, notUndone }: Preflight): Promise<boolean> {
  if (triggers.length > 0) note(`Triggers that fire: ${triggers.join(', ')}.`);
  for (const sentence of notUndone) note(sentence);
  return true;
}

function chosenParameters(
  { parameters }: GuardedStatement,
  invocation: ProfileInvocation,
): NonNullable<ProfileInput['parameters']> {
  if (invocation.generic) return 'generic';
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = Object.keys(invocation.parameters).find((name) => !known.has(name));
  if (unknown !== undefined) {
    const names = [...known].map((name) => `“${name}”`).join(', ');
    throw userErrors.badUsage(
      `The statement has no parameter “${unknown}”.`,
      known.size === 0 ? 'It has none at all.' : `It has ${names}.`,
    );
  }
  const missing = [...known].filter((name) => invocation.parameters[name] === undefined);
  if (missing.length > 0) throw userErrors.missingParameters(missing.join(', '));
  return invocation.parameters;
}
