/** Text → plans: the entry of this folder. */
import { isGuessed } from '../../shared/guessedTree.ts';
import type { Plan, Problem } from '../../shared/report.ts';
import { buildPlan } from './buildPlan.ts';
import { detectFormat } from './detectFormat.ts';
import { withoutShares } from './guessedTree.ts';
import { withoutLostParts } from './lostParts.ts';
import { missingExecutionTime } from './missingEnd.ts';
import { parseJson, parseWholeJson } from './parseJson.ts';
import { parseText } from './parseText.ts';
import { parseXml } from './parseXml.ts';
import { parseYaml } from './parseYaml.ts';
import { isRawPlan } from './planTree.ts';
import type { RawObject, RawPlan, RawValue } from './raw.ts';
import { isRawList, isRawObject } from './raw.ts';
import { unwrap } from './unwrap.ts';

export interface ReadPlans {
  readonly plans: readonly Plan[];
  /** Why there are no plans, or what is amiss with them. */
  readonly problems: readonly Problem[];
}

/** What every format's parser gives: raw plans, or what holds them, and what it could not read. */
interface Parsed {
  readonly documents: readonly RawValue[];
  readonly problems: readonly Problem[];
  /** Documents that lack their end; the last one, where a format's parser stops at the first problem. */
  readonly cut?: readonly RawValue[];
}

type Format = Plan['format'];

const parsers: Readonly<Record<Format, (text: string) => Parsed>> = {
  json: parseJson,
  text: parseText,
  yaml: parseYaml,
  xml: parseXml,
};

/** Never throws: whatever the text is, it comes back as plans, problems, or both. */
export function readPlans(text: string): ReadPlans {
  if (text.trim() === '') return { plans: [], problems: [{ code: 'empty', message: 'The input is empty.' }] };
  const { format, documents, problems: syntax, cut } = parse(text);
  const rows = rowsOf(documents);
  if (rows !== undefined) return readPlans(rows);
  const raws = documents.flatMap(rawPlansOf);
  const cutRaws = new Set((cut ?? []).flatMap((document) => rawPlansOf(document).slice(-1)));
  const built = raws.map((raw) => buildPlan(raw, format));
  const problems = [...syntax];
  const isGuess = isGuessed(syntax);
  // The arithmetic of a guessed tree says nothing.
  if (!isGuess) problems.push(...built.flatMap((one) => one.problems));
  // Where nothing else tells that the paste was cut.
  if ((format === 'text' || format === 'yaml') && cutRaws.size === 0) {
    for (const [index, raw] of raws.entries()) {
      const missing = missingExecutionTime(raw, built[index]!.plan);
      problems.push(...missing);
      if (missing.length > 0) cutRaws.add(raw);
    }
  }
  if (raws.length === 0 && problems.length === 0) problems.push(whyNoPlan(format));
  const plans = built.map(({ plan }, index) => {
    if (isGuess) return withoutShares(plan);
    const raw = raws[index]!;
    return cutRaws.has(raw) ? withoutLostParts(plan, raw) : plan;
  });
  return { plans, problems };
}

function parse(text: string): Parsed & { readonly format: Format } {
  // Most plans come as the server printed them.
  const whole = parseWholeJson(text);
  if (whole !== undefined) return { format: 'json', documents: [whole], problems: [] };
  const unwrapped = unwrap(text);
  const format = detectFormat(unwrapped.text);
  const { documents, problems, cut } = parsers[format](unwrapped.text);
  return {
    format,
    documents,
    cut: cut ?? (problems.length > 0 ? documents.slice(-1) : []),
    problems: problems.map((problem) =>
      problem.line === undefined ? problem : { ...problem, line: unwrapped.lineOf(problem.line) },
    ),
  };
}

/** Clients hand over rows, one line of the plan in each: [{ "QUERY PLAN": "Seq Scan on t …" }, …], or lists of texts. */
function rowsOf(documents: readonly RawValue[]): string | undefined {
  const rows = documents.flatMap((document) => (isRawList(document) ? document : [document]));
  const lines = rows.map(lineOfRow);
  return lines.length > 0 && lines.every((line) => line !== undefined) ? lines.join('\n') : undefined;
}

function lineOfRow(row: RawValue): string | undefined {
  const cell = isRawList(row) && row.length === 1 ? row[0] : isRawObject(row) ? row['QUERY PLAN'] : row;
  return typeof cell === 'string' ? cell : undefined;
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
    const cell: RawObject[string] | undefined = item['QUERY PLAN'];
    return isRawList(cell) ? cell.filter(isRawPlan) : [];
  });
}

function whyNoPlan(format: Format): Problem {
  if (format === 'json') return { code: 'no-plan', message: 'The JSON holds no "Plan".' };
  return {
    code: 'no-plan',
    message: 'There is no plan in this text. Paste what EXPLAIN printed, in any of its formats.',
  };
}
