/**
 * The engine's front door: one statement in, one report out. Hosts build a profiler once for each server and call it.
 */
import type { Problem, ProfileReport, ReportSource } from '../shared/report.ts';
import { advise } from './advisor/advise.ts';
import type { Cancel } from './cancel.ts';
import { userErrors } from './errors.ts';
import type { Log } from './log.ts';
import { readPlans } from './plan/readPlans.ts';
import type { Access, ExplainOptions, ExplainOutcome, ParameterValues, Preflight, Server } from './ports.ts';
import { mayRepeat, repeat } from './repeat.ts';
import { buildReport } from './report/buildReport.ts';
import { type GuardedStatement, guardStatement } from './sql/guard.ts';
import type { SqlParser } from './sql/parser.ts';

export interface ProfilerPorts {
  readonly server: Server;
  readonly parser: SqlParser;
  readonly log: Log;
  readonly now: () => Date;
}

export interface ProfileInput {
  /** Exactly one statement; EXPLAIN is unwrapped. */
  readonly sql: string;
  /** By the placeholder's name ("1" for $1); null is SQL NULL. */
  readonly parameters?: Readonly<Record<string, string | null>> | 'generic';
  readonly source?: ReportSource;
  readonly options: ExplainOptions;
  readonly timeoutMs: number;
  /** Executions longer than this are a finding. */
  readonly slaMs: number;
  readonly whatIf: 'auto' | 'none';
  /** How often to run it; 1 unless said. What writes, or does what no rollback undoes, runs once. */
  readonly runs?: number;
  /**
   * Runs it as often again, each time after shared buffers were emptied of the plan's tables: with `runs`, on dev only.
   * Refused before anything runs where that is not possible.
   */
  readonly cold?: boolean;
  /**
   * Asked before the statement runs where that needs a yes: it writes or locks, the server is production, or it
   * calls what no rollback undoes.
   * Absent: consent was given ahead. On false only the estimate is reported.
   */
  readonly confirm?: (preflight: Preflight) => Promise<boolean>;
  readonly onProgress: (message: string) => void;
  readonly cancel: Cancel;
}

export interface Profiler {
  /** @throws UserError */
  profile(input: ProfileInput): Promise<ProfileReport>;
}

export function createProfiler(ports: ProfilerPorts): Profiler {
  return { profile: (input) => profile(ports, input) };
}

async function profile(
  { server, parser, log, now }: ProfilerPorts,
  input: ProfileInput,
): Promise<ProfileReport> {
  // 1. What is it, and may it run here?
  const guarded = guardStatement(parser, input.sql);
  if (!guarded.ok) throw guarded.error;
  const statement = guarded.value;
  const parameters = parameterValues(statement, input.parameters);
  const { runs = 1, cold = false } = input;
  const options = {
    ...input.options,
    analyze: input.options.analyze && input.parameters !== 'generic',
    // VERBOSE names the schemas of the tables whose pages are to be thrown out.
    verbose: input.options.verbose || cold,
  };
  if (options.analyze) refuseForbiddenWrites(statement, server);
  if (options.analyze && cold) await server.assertMayEvict(input.cancel);

  // 2. Run it under EXPLAIN.
  const running = 'Running the statement under EXPLAIN ANALYZE';
  const { confirm } = input;
  input.onProgress(options.analyze ? running : 'Planning the statement');
  const startedAt = now();
  const request = {
    sql: statement.sql,
    access: statement.access,
    parameters,
    options,
    timeoutMs: input.timeoutMs,
    cancel: input.cancel,
  };
  const outcome = await server.explain({
    ...request,
    needsConsent,
    ...(confirm && {
      confirm: async (preflight: Preflight) => {
        input.onProgress('Planned; it runs only after your yes');
        const yes = await confirm(preflight);
        if (yes) input.onProgress(running);
        return yes;
      },
    }),
  });
  log('info', 'profiled', {
    kind: statement.kind,
    analyzed: outcome.analyzed,
    ms: now().getTime() - startedAt.getTime(),
  });

  const repeated = await repeat(server, request, outcome, { runs, cold, onProgress: input.onProgress });

  // 3. Read the plan.
  const planText = repeated?.planText ?? outcome.planText;
  const { plans, problems } = readPlans(planText);
  const plan = plans[0];
  if (plan === undefined) throw userErrors.notAPlan(problems[0]?.message ?? 'the server sent no plan');

  // 4. What would help, proven where that is allowed.
  const advice = await advise({
    server,
    parser,
    plan,
    statement: { sql: statement.sql, access: statement.access, parameters },
    options: { ...options, analyze: outcome.analyzed },
    notUndone: outcome.preflight.notUndone,
    timeoutMs: input.timeoutMs,
    whatIf: input.whatIf,
    onProgress: input.onProgress,
    cancel: input.cancel,
  });

  return buildReport({
    plan,
    rawPlan: planText,
    slaMs: input.slaMs,
    parser,
    sql: input.sql,
    profiledAt: startedAt.toISOString(),
    execution: executionText(outcome, statement.access),
    server: reportServer(server),
    suggestions: advice.suggestions,
    problems: [
      ...problems,
      ...advice.problems,
      ...(repeated?.problems ?? []),
      ...onceProblem(outcome, input),
    ],
    ...(repeated && { runs: repeated.times }),
    ...(input.source && { source: input.source }),
  });
}

function onceProblem(outcome: ExplainOutcome, { runs = 1 }: ProfileInput): readonly Problem[] {
  if (runs <= 1 || !outcome.analyzed || mayRepeat(outcome)) return [];
  return [
    {
      code: 'ran-once',
      message: 'The statement ran once: what writes, or does what no rollback undoes, is not repeated.',
    },
  ];
}

function parameterValues(statement: GuardedStatement, given: ProfileInput['parameters']): ParameterValues {
  if (statement.parameters.length === 0) return [];
  if (given === 'generic') return 'generic';
  const missing = statement.parameters.filter(({ name }) => given?.[name] === undefined);
  if (missing.length > 0)
    throw userErrors.missingParameters(missing.map(({ name }) => placeholderText(name)).join(', '));
  return statement.parameters
    .toSorted((a, b) => a.position - b.position)
    .map(({ name }) => given?.[name] ?? null);
}

function placeholderText(name: string): string {
  return /^\d+$/.test(name) ? `$${name}` : `:${name}`;
}

/** DESIGN, safety protocol 4: on production writes and trials never run, whatever anybody confirms. */
function refuseForbiddenWrites(statement: GuardedStatement, server: Server): void {
  if (statement.access === 'read') return;
  if (server.options.environment === 'production') {
    throw userErrors.writesNotAllowed(
      statement.label,
      'On production only its plan is taken: explain it without running it.',
    );
  }
  if (server.options.readOnly) {
    throw userErrors.writesNotAllowed(
      statement.label,
      'The connection is read-only: explain it without running it.',
    );
  }
}

function needsConsent({ access, environment, notUndone }: Preflight): boolean {
  return access !== 'read' || environment === 'production' || notUndone.length > 0;
}

function executionText(outcome: ExplainOutcome, access: Access): string {
  if (!outcome.analyzed) return 'planned, not run';
  return access === 'read' ? 'read-only, rolled back' : 'run, then rolled back';
}

/** What a report says of a server: nothing that would help to reach it. */
export function reportServer(server: Server): NonNullable<ProfileReport['server']> {
  const { version, database } = server.info;
  const { environment, name, isSample } = server.options;
  return {
    version,
    environment,
    database,
    ...(name !== undefined && { connection: name }),
    ...(isSample && { sample: true }),
  };
}
