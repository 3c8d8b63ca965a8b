/** Text → plans: the entry of this folder. JSON today; parsers of other formats join beside parseJson.ts. */
import type { Plan, Problem } from '../../shared/report.ts';
import { buildPlan } from './buildPlan.ts';
import { parseJson } from './parseJson.ts';
import { isRawPlan } from './planTree.ts';
import type { RawPlan, RawValue } from './raw.ts';
import { isRawList, isRawObject } from './raw.ts';

export interface ReadPlans {
  readonly plans: readonly Plan[];
  /** Why there are no plans, or what is amiss with them. */
  readonly problems: readonly Problem[];
}

/** Never throws: whatever the text is, it comes back as plans, problems, or both. */
export function readPlans(text: string): ReadPlans {
  const { documents, problems: syntax } = parseJson(text);
  const raws = documents.flatMap(rawPlansOf);
  const built = raws.map((raw) => buildPlan(raw, 'json'));
  const problems = [...syntax, ...built.flatMap((one) => one.problems)];
  if (raws.length === 0 && problems.length === 0) problems.push(whyNoPlan(text, documents));
  return { plans: built.map((one) => one.plan), problems };
}

/**
 * EXPLAIN prints a list with one object; rules make it several, auto_explain prints the object alone, and a client
 * may hand over its rows ({ "QUERY PLAN": [...] }).
 */
function rawPlansOf(document: RawValue): readonly RawPlan[] {
  const items = isRawList(document) ? document : [document];
  return items.flatMap((item) => {
    if (isRawPlan(item)) return [item];
    if (!isRawObject(item)) return [];
    if (typeof item['Node Type'] === 'string') return [{ Plan: item }];
    const cell = item['QUERY PLAN'];
    return isRawList(cell) ? cell.filter(isRawPlan) : [];
  });
}

function whyNoPlan(text: string, documents: readonly RawValue[]): Problem {
  if (text.trim() === '') return { code: 'empty', message: 'The input is empty.' };
  if (documents.length === 0) return { code: 'not-json', message: 'The input is not JSON.' };
  return { code: 'no-plan', message: 'The JSON holds no "Plan".' };
}
