/** From plan text to the report; every host's reports are made here. */
import { isGuessed } from '../../shared/guessedTree.ts';
import {
  type Plan,
  type Problem,
  type ProfileReport,
  type ReportServer,
  type ReportSource,
  reportSchemaVersion,
  type RunTimes,
  type Suggestion,
} from '../../shared/report.ts';
import { readPlans } from '../plan/readPlans.ts';
import { findAll } from '../rules/index.ts';
import type { SqlParser } from '../sql/parser.ts';

export interface ReportInput {
  readonly plan: Plan;
  readonly rawPlan?: string;
  readonly slaMs: number;
  /** Lets findings speak of conditions and of the clauses of `sql`. */
  readonly parser?: SqlParser;
  readonly sql?: string;
  readonly source?: ReportSource;
  readonly server?: ReportServer;
  readonly profiledAt?: string;
  readonly execution?: string;
  readonly suggestions?: readonly Suggestion[];
  readonly problems?: readonly Problem[];
  readonly runs?: RunTimes;
}

/** The report on one plan: findings are computed here, suggestions are given. */
export function buildReport({
  plan,
  slaMs,
  parser,
  suggestions = [],
  problems = [],
  ...rest
}: ReportInput): ProfileReport {
  return {
    schemaVersion: reportSchemaVersion,
    ...rest,
    plan,
    // What a rule says of a guessed tree may be wrong: the problem says that it is one.
    findings: isGuessed(problems)
      ? []
      : findAll(plan, {
          slaMs,
          ...(parser && { parser }),
          ...(rest.sql !== undefined && { sql: rest.sql }),
        }),
    suggestions,
    problems,
  };
}

/**
 * Reports on the plans in a text that somebody saved or pasted, one each; none when there is no plan in it.
 * Problems of the reading that belong to no plan come beside them.
 */
export function reportsOfPlanText(
  text: string,
  options: { slaMs: number; source?: ReportSource; parser?: SqlParser },
): { reports: readonly ProfileReport[]; problems: readonly Problem[] } {
  const { plans, problems } = readPlans(text);
  // Of several plans it is not known which one has a problem; a paste that lost its spaces lost those of all.
  const own = plans.length === 1 ? problems : problems.filter((problem) => isGuessed([problem])).slice(0, 1);
  const reports = plans.map((plan) =>
    buildReport({
      plan,
      slaMs: options.slaMs,
      ...(options.source && { source: options.source }),
      ...(options.parser && { parser: options.parser }),
      ...(plans.length === 1 && { rawPlan: text }),
      problems: own,
    }),
  );
  return { reports, problems };
}
