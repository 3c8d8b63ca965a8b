/**
 * What stands before each line of a plan: signs of quoted mail and comments, line numbers, time stamps, names of
 * containers, log prefixes. No list of tools: the place where a line becomes a plan's shows what is before it, and a
 * prefix is what all lines share there, but for its numbers.
 */
import { splitHeadline } from '../text/measures.ts';
import { readNodeName } from '../text/nodeName.ts';
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { isBlank, mostOf, sampleOf, withText } from './sourceLines.ts';

export const dropPrefixes: UnwrapStep = (lines) => {
  const sample = sampleOf(lines);
  if (sample.length === 0 || mostOf(sample, (text) => prefixOf(text) === '')) return lines;
  for (const { text } of sample.slice(0, mostCandidates)) {
    const prefix = patternOf(text);
    if (!prefix || !mostOf(sample, (one) => prefix.test(one))) continue;
    const matches = lines.map((line) => prefix.exec(line.text)?.[0].length);
    if (isShared(lines, matches, sample)) return withoutPrefixes(lines, matches);
  }
  return dropHeading(lines, sample);
};

/** One of the first lines shows the prefix, unless the root's type is nobody's. */
const mostCandidates = 4;

/** At least half of all lines from the first of the sample to its last: details have the prefix too. */
function isShared(
  lines: readonly SourceLine[],
  matches: readonly (number | undefined)[],
  sample: readonly SourceLine[],
): boolean {
  const from = lines.indexOf(sample[0]!);
  const to = lines.indexOf(sample.at(-1)!, from) + 1;
  const matched = matches.slice(from, to).filter((match) => match !== undefined).length;
  return matched * 2 >= to - from;
}

/** A server that logs a text of several lines puts its prefix before the first one and a tab before the others. */
function dropHeading(lines: readonly SourceLine[], sample: readonly SourceLine[]): readonly SourceLine[] {
  const [first, ...others] = sample;
  const prefix = prefixOf(first!.text);
  if (prefix === '' || prefix === undefined || !/[^\p{L}\p{N}]$/u.test(prefix)) return lines;
  const margin = others.length > 0 && mostOf(others, (text) => text.startsWith('\t')) ? '\t' : '';
  const heading = first!.text.indexOf(prefix) + prefix.length;
  return lines.map((line) =>
    line === first ? withText(line, margin + line.text.slice(heading).trimStart()) : line,
  );
}

/** What stands before a plan's own text, without the spaces around it; undefined when there is no such text. */
function prefixOf(text: string): string | undefined {
  const content = contentAt(text);
  return content === undefined ? undefined : text.slice(0, content).trim();
}

/** Longer prefixes are prose. */
const longestPrefix = 300;

/** Where a line of a plan begins: at an arrow, a node's name, a quoted text or key, a tag. */
function contentAt(text: string): number | undefined {
  const indentation = text.length - text.trimStart().length;
  // Frames and psql's marks are taken off as such.
  if ('|│║:;'.includes(text[indentation] ?? ' ') || text.startsWith('QUERY PLAN', indentation))
    return indentation;
  const costAt = text.search(/ \((?:cost=|actual\b)/);
  const end = Math.min(text.length, indentation + longestPrefix);
  for (let at = indentation; at < end; at++) {
    const char = text[at]!;
    if (char === ' ') continue;
    if (char === '-' && text.startsWith('-> ', at)) return at;
    if (char === '"' || char === "'") {
      const quotedNumber = /^"\d{1,20}"(?=[,;\t])/.exec(text.slice(at, at + 24));
      if (!quotedNumber) return beforeBrackets(text, at);
      at += quotedNumber[0].length;
      continue;
    }
    if (char === '<' && /[A-Za-z/?]/.test(text[at + 1] ?? '')) return at;
    if (!/[A-Z]/.test(char) || /[\p{L}\p{N}_]/u.test(text[at - 1] ?? ' ')) continue;
    if (text.startsWith('Node Type: ', at)) return beforeDashes(text, at);
    // A name may hold what looks like measures.
    if (costAt > at && (isNode(text.slice(at, costAt)) || isNode(text.slice(at)))) return at;
  }
  return undefined;
}

function isNode(name: string): boolean {
  return readNodeName(splitHeadline(name.trimEnd()).name).isKnown;
}

/** JSON may open objects and lists on the line of a key. */
function beforeBrackets(text: string, from: number): number {
  let at = from;
  while (at > 0 && '[{( '.includes(text[at - 1]!)) at--;
  return at;
}

/** YAML's items. */
function beforeDashes(text: string, from: number): number {
  let at = from;
  while (text.startsWith('- ', at - 2) && (at === 2 || text[at - 3] === ' ')) at -= 2;
  return at;
}

/** The prefix of a line with other numbers and other spaces in it; undefined when it has none. */
function patternOf(text: string): RegExp | undefined {
  const prefix = prefixOf(text);
  if (prefix === undefined || prefix === '') return undefined;
  const tokens = prefix.match(/[ \t]+|[\p{L}\p{N}_]+|[^\p{L}\p{N}_]/gu) ?? [];
  const end = text.indexOf(prefix) + prefix.length;
  // "--" begins no "-----", "12" no "123".
  const isParted = /[ \t]/.test(text[end] ?? '');
  const behind = /[\p{L}\p{N}_]$/u.test(prefix)
    ? String.raw`(?![\p{L}\p{N}_])`
    : isParted
      ? String.raw`(?=$|-[ >]|[\s\p{L}\p{N}"'(<{[}\]])`
      : '';
  return new RegExp(`^[ \\t]*${tokens.map(tokenPattern).join('')}${behind}`, 'u');
}

/** Bounded, so that no line takes long. */
function tokenPattern(token: string): string {
  if (/^[ \t]/.test(token)) return '[ \\t]{0,100}';
  if (/^\d+$/.test(token)) return '\\d{1,20}';
  if (/^[\p{L}\p{N}_]*\p{N}/u.test(token)) return '[\\p{L}\\p{N}_]{1,80}';
  return token.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/**
 * Behind a prefix stand as many spaces as the least indented line has, or one tab. Where numbers become longer while
 * the text behind them stays in its column, the spaces become fewer.
 */
function withoutPrefixes(
  lines: readonly SourceLine[],
  matches: readonly (number | undefined)[],
): readonly SourceLine[] {
  const ends = lines.flatMap(({ text }, index) => {
    const end = matches[index];
    return end === undefined || isBlank(text.slice(end)) ? [] : [{ end, text }];
  });
  const isTabbed = ends.every(({ text, end }) => text[end] === '\t');
  const places = ends.map(({ text, end }) => ({ end, spaces: isTabbed ? 1 : spacesAt(text, end) }));
  const isColumn = !isTabbed && standInColumn(places);
  const column = least(places.map(({ end, spaces: count }) => end + count));
  const spaces = least(places.map(({ spaces: count }) => count));
  return lines.map((line, index) => {
    const end = matches[index];
    if (end === undefined) return isCommentSign(line.text) ? withText(line, '') : line;
    return withText(line, line.text.slice(isColumn ? Math.max(end, column) : end + spaces));
  });
}

interface Place {
  /** Where the prefix ends. */
  readonly end: number;
  /** Behind it. */
  readonly spaces: number;
}

/** Prefixes of different lengths, padded to one: seen where the length changes, else by the least indented lines. */
function standInColumn(places: readonly Place[]): boolean {
  let votes = 0;
  for (const [index, { end, spaces }] of places.entries()) {
    const before = places[index - 1] ?? places[0]!;
    if (end === before.end) continue;
    if (spaces === before.spaces) votes--;
    if (end + spaces === before.end + before.spaces) votes++;
  }
  if (votes !== 0) return votes > 0;
  const [shortest, longest] = [least, most].map((pick) => pick(places.map(({ end }) => end)));
  const leastSpaces = (length: number | undefined) =>
    least(places.filter(({ end }) => end === length).map(({ spaces }) => spaces));
  return leastSpaces(longest) < leastSpaces(shortest);
}

/** Above and below a block whose lines begin with an asterisk. */
function isCommentSign(text: string): boolean {
  return /^\s*(?:\/\*+|\*+\/)\s*$/.test(text);
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((fewest, number) => Math.min(fewest, number), Number.POSITIVE_INFINITY);
}

function most(numbers: readonly number[]): number {
  return numbers.reduce((largest, number) => Math.max(largest, number), 0);
}

function spacesAt(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return at - from;
}
