/** What is said of a plan that was cut off. Pure. */
import type { PlanNode, Problem, ProfileReport } from '../src/shared/report.ts';

/** These, too, end a plan early; where that took no step away, they are problems like others. */
const endings: readonly string[] = ['json-syntax', 'yaml-syntax', 'xml-syntax', 'no-execution-time'];

/** The problems that took a part of the plan away; they stand over it. */
export function cutProblems({ plan, problems }: ProfileReport): readonly Problem[] {
  const said = problems.filter(({ code }) => code === 'cut-off');
  if (said.length > 0 || !plan.nodes.some(({ missing }) => missing !== undefined)) return said;
  return problems.filter(({ code }) => endings.includes(code));
}

/** Whether steps below this one were cut away: what it took itself is not known then. */
export function lacksInputs({ missing }: PlanNode): boolean {
  return missing?.includes('inputs') === true;
}

/** Why such a step has no figures of its own. */
export const inputsMissing = 'Not known: the plan is cut off, and what is below this step is missing';
