/** What stands around a plan or before each of its lines: fences, comment signs, line numbers. */
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { firstChar, holdsPlan, isBlank, mostOf, sampleOf, withText } from './sourceLines.ts';

/** Markdown's ``` and ~~~, Jira's {code}: only what is inside, when a plan is. */
export const takeFenced: UnwrapStep = (lines) => {
  const fences = new Set(lines.filter((line) => isFence(line.text)));
  if (fences.size === 0) return lines;
  const inside: SourceLine[] = [];
  let isInside = false;
  for (const line of lines) {
    if (fences.has(line)) {
      isInside = !isInside;
      // Two blocks are two texts.
      inside.push(withText(line, ''));
    } else if (isInside) inside.push(line);
  }
  return inside.some((line) => holdsPlan(line.text)) ? inside : lines.filter((line) => !fences.has(line));
};

function isFence(text: string): boolean {
  if (!'`~{'.includes(firstChar(text) || ' ')) return false;
  const trimmed = text.trim();
  return (
    trimmed.startsWith('```') ||
    trimmed.startsWith('~~~') ||
    /^\{(?:code|noformat)[^}"]{0,80}\}$/.test(trimmed)
  );
}

/** Signs of quoted mail and of comments. */
const prefixes: readonly string[] = ['>', '--', '#', '//', '*'];

/** Mail quoted twice has two; more than a few are no quoting. */
const mostPrefixes = 4;

export const dropPrefixes: UnwrapStep = (lines) => {
  let current = lines;
  for (let round = 0; round < mostPrefixes; round++) {
    const sample = sampleOf(current);
    const prefix = prefixes.find((one) => mostOf(sample, (text) => hasPrefix(text, one)));
    if (prefix === undefined) return current;
    current = current.map((line) => withText(line, withoutPrefix(line.text, prefix)));
  }
  return current;
};

function hasPrefix(text: string, prefix: string): boolean {
  const trimmed = text.trimStart();
  if (!trimmed.startsWith(prefix)) return false;
  // "-----" is psql's, "->" an arrow.
  const next = trimmed[prefix.length];
  return next === undefined || next === ' ' || next === '\t' || prefix === '>' || prefix === '//';
}

function withoutPrefix(text: string, prefix: string): string {
  return hasPrefix(text, prefix) ? text.slice(text.indexOf(prefix) + prefix.length) : text;
}

/** "1. ", "12 |", " 3: ", "4) ", "5\t": only numbers that count upwards by one are line numbers. */
export const dropLineNumbers: UnwrapStep = (lines) => {
  if (!mostOf(sampleOf(lines), (text) => lineNumberOf(text) !== undefined)) return lines;
  const numbered = lines.map((line) => lineNumberOf(line.text));
  let counted = 0;
  let texts = 0;
  let expected: number | undefined;
  for (const [index, found] of numbered.entries()) {
    if (isBlank(lines[index]!.text)) continue;
    if (found && (expected === undefined || found.number === expected)) {
      counted++;
      expected = found.number + 1;
    } else if (counted === 0) continue;
    texts++;
  }
  // Row counts and headers are not numbered.
  if (counted < 2 || counted < texts - unnumberedLines) return lines;
  return lines.map((line, index) => {
    const found = numbered[index];
    return found ? withText(line, line.text.slice(found.length)) : line;
  });
};

const unnumberedLines = 2;

const lineNumberPattern = /^[ \t]{0,12}(\d{1,7})(?:\t| ?[.:)|│](?= |\t|$))/;

function lineNumberOf(text: string): { readonly number: number; readonly length: number } | undefined {
  const match = lineNumberPattern.exec(text);
  return match ? { number: Number(match[1]), length: match[0].length } : undefined;
}
