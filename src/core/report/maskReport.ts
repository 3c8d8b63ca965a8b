/** A report without the values that the statement and its plan hold: to be kept, or shown to others. */
import { type Json, type Problem, type ProfileReport, valuesHiddenCode } from '../../shared/report.ts';
import { isExpressionKey } from '../plan/text/lines.ts';
import { type MaskedSql, maskLiterals } from '../sql/maskLiterals.ts';
import type { SqlParser } from '../sql/parser.ts';

/**
 * Hides every literal of the statement, of the plan's expressions and of the texts that quote them. The server's own
 * plan text and query parameters are left out, for they hold the values in forms of their own. What is no SQL (names,
 * figures, settings) stays.
 */
export function maskReport(parser: SqlParser, report: ProfileReport): ProfileReport {
  const masks = new Map<string, MaskedSql | undefined>();
  const maskOf = (text: string): MaskedSql | undefined => {
    if (!masks.has(text)) masks.set(text, maskLiterals(parser, text));
    return masks.get(text);
  };
  const sql = report.sql === undefined ? undefined : maskOf(report.sql);
  collectExpressions(report as unknown as Json, (expression) => void maskOf(expression));
  const replacements = replacementsOf(masks);
  const masked = mapTexts(report as unknown as Json, (text, key, inPlan) => {
    if (key === 'sql' && !inPlan) return sql?.text ?? hidden;
    if (key !== undefined && isExpressionKey(key)) return masks.get(text)?.text ?? hidden;
    // Of a plan's other texts none quotes an expression, and there may be many.
    return inPlan ? text : replaced(text, replacements);
  }) as unknown as ProfileReport;
  const findings = masked.findings.map((finding) =>
    finding.sqlRange === undefined || sql === undefined
      ? finding
      : {
          ...finding,
          sqlRange: { start: sql.offsetOf(finding.sqlRange.start), end: sql.offsetOf(finding.sqlRange.end) },
        },
  );
  const isHidden =
    [...masks].some(([text, mask]) => mask?.text !== text) ||
    report.plan.details['Query Parameters'] !== undefined;
  return isHidden ? { ...masked, findings, problems: withNote(masked.problems) } : { ...masked, findings };
}

const valuesHidden: Problem = {
  code: valuesHiddenCode,
  message:
    'Values are hidden: … stands for each number and text of the statement and of the plan’s expressions.',
};

/** First, for it changes how the rest is read; once, also where what is masked had been masked before. */
function withNote(problems: readonly Problem[]): readonly Problem[] {
  return [valuesHidden, ...problems.filter(({ code }) => code !== valuesHiddenCode)];
}

/** In place of an expression that the scanner refuses. */
const hidden = '(hidden)';

/**
 * What stands in other texts: whole expressions first, then the literals by themselves; longer ones before shorter. Not an
 * expression that is a bare number, like a constant of an Output: times, versions and figures are full of the same digits.
 */
function replacementsOf(
  masks: ReadonlyMap<string, MaskedSql | undefined>,
): readonly (readonly [text: string, by: string])[] {
  const pairs = new Map<string, string>();
  for (const [text, mask] of masks) {
    if (mask === undefined || mask.text === text || !Number.isNaN(Number(text))) continue;
    pairs.set(text, mask.text);
    // With their quotes: without, a table that is called like a value would lose its name.
    for (const literal of mask.literals) pairs.set(literal, "'…'");
  }
  return [...pairs].toSorted(([a], [b]) => b.length - a.length);
}

function replaced(text: string, pairs: readonly (readonly [text: string, by: string])[]): string {
  let result = text;
  for (const [one, by] of pairs) if (result.includes(one)) result = result.replaceAll(one, by);
  return result;
}

function collectExpressions(value: Json, found: (expression: string) => void): void {
  mapTexts(value, (text, key) => {
    if (key !== undefined && isExpressionKey(key)) found(text);
    return text;
  });
}

/** They hold values in forms of their own. */
const leftOut: ReadonlySet<string> = new Set(['rawPlan', 'Query Parameters', 'Query Text']);

type MapText = (text: string, key: string | undefined, inPlan: boolean) => string;

/** Every text in a JSON value, with the key that it stands under; lists hand their key on. */
function mapTexts(value: Json, map: MapText, key?: string, inPlan = false): Json {
  if (typeof value === 'string') return map(value, key, inPlan);
  if (Array.isArray(value)) return value.map((item: Json) => mapTexts(item, map, key, inPlan));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, Json>>)
      .filter(([name]) => !leftOut.has(name))
      .map(([name, member]) => [name, mapTexts(member, map, name, inPlan || name === 'nodes')]),
  );
}
