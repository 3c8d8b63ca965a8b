/** The runs that are kept, as data: pure. */
import type { ProfileReport } from '../../shared/report.ts';
import { measuredMs } from '../../shared/verdict.ts';

/** A kept profile, as the list of runs shows it; its report is a file of that name. */
export interface Run {
  /** File name in the folder of the history. */
  readonly file: string;
  /** ISO 8601. */
  readonly at: string;
  /** One line of the statement. */
  readonly title: string;
  /** The same for all runs of one statement, whatever its values: PostgreSQL's fingerprint of it. */
  readonly statement: string;
  readonly ms?: number;
  /** Of so many runs right after one another `ms` is the median; absent when it ran once. */
  readonly medianOf?: number;
  readonly cost: number;
  readonly connection?: string;
  readonly bytes: number;
}

export interface StatementRuns {
  readonly statement: string;
  readonly title: string;
  /** The latest first. */
  readonly runs: readonly Run[];
}

/** By statement, that of the latest run first. */
export function groupRuns(runs: readonly Run[]): readonly StatementRuns[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs.toSorted((a, b) => b.at.localeCompare(a.at))) {
    const known = groups.get(run.statement);
    if (known) known.push(run);
    else groups.set(run.statement, [run]);
  }
  return [...groups].map(([statement, of]) => ({ statement, title: of[0]?.title ?? '', runs: of }));
}

/** Those that go so that the rest is at most so large: the oldest. The latest stays, however large. */
export function runsBeyond(runs: readonly Run[], mostBytes: number): readonly Run[] {
  let bytes = 0;
  return runs
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .filter((run, place) => {
      bytes += run.bytes;
      return place > 0 && bytes > mostBytes;
    });
}

/** The run that was made at that time. ISO 8601. */
export function runOf(runs: readonly Run[], profiledAt: string): Run | undefined {
  return runs.find(({ at }) => at === profiledAt);
}

/** The run before this one of the same statement. */
export function previousRun(runs: readonly Run[], run: Run): Run | undefined {
  return groupRuns(runs)
    .find(({ statement }) => statement === run.statement)
    ?.runs.find(({ at }) => at < run.at);
}

export function factsOfRun(report: ProfileReport): Pick<Run, 'ms' | 'medianOf' | 'cost' | 'connection'> {
  const ms = measuredMs(report.plan);
  const connection = report.server?.sample === true ? 'sample database' : report.server?.connection;
  return {
    cost: report.plan.nodes[0]?.cost ?? 0,
    ...(ms !== undefined && { ms }),
    ...(report.runs && report.runs.ms.length > 1 && { medianOf: report.runs.ms.length }),
    ...(connection !== undefined && { connection }),
  };
}
