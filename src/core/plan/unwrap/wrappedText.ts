/** TEXT whose lines a terminal, a mail program or a person cut, or moved words of. */
import { keyOf, labelOf, workerOf } from '../text/lines.ts';
import { splitHeadline } from '../text/measures.ts';
import { readNodeName } from '../text/nodeName.ts';
import type { QuoteState } from '../text/quoting.ts';
import { isHeaderKey } from '../text/topLines.ts';
import type { Glue } from './joinLines.ts';
import { areFull, joined, usualWidths } from './joinLines.ts';
import type { SourceLine } from './sourceLines.ts';
import { isBlank } from './sourceLines.ts';

/** Nobody wraps narrower, and a plan with shorter lines needs none. */
const narrowestWidth = 40;

/**
 * A line goes on in the next where it cannot end, or where the next one is no beginning of any and would not have
 * fitted: the width is that of the longest line.
 */
export function joinText(lines: readonly SourceLine[]): readonly SourceLine[] {
  const width = lines.reduce((widest, line) => Math.max(widest, line.text.length), 0);
  if (width < narrowestWidth) return lines;
  const strict = findCuts(lines, width, false);
  // Among many lines that were moved, one that leaves a literal open was moved too.
  const { cuts, sure } = strict.sure >= provenWrapping ? findCuts(lines, width, true) : strict;
  // A literal may hold one line end; a second one, a width that programs cut at, or a line that cannot end is proof.
  if (cuts.length === 0 || (cuts.length === 1 && !usualWidths.has(width) && sure === 0)) return lines;
  const glues = gluesOf(lines, cuts, width);
  return joined(lines, (index) => glues.get(index));
}

/** Lines that cannot end where they do. */
const provenWrapping = 3;

interface Cuts {
  /** Indexes of lines that go on in the next. */
  readonly cuts: readonly number[];
  /** How many of them cannot end there. */
  readonly sure: number;
}

function findCuts(lines: readonly SourceLine[], width: number, joinsLiterals: boolean): Cuts {
  const cuts: number[] = [];
  let sure = 0;
  let so = newLine;
  for (const [index, { text }] of lines.entries()) {
    const next = lines[index + 1]?.text;
    if (next === undefined) break;
    const fits = text.length + 1 + next.length <= width || text.length + 1 + firstWordLength(next) <= width;
    const begins = beginsLine(next, text, width);
    // Most lines: nothing needs to be known of them.
    if (fits && begins && so === newLine && !text.includes('Query ')) continue;
    so = readPiece(text, so);
    const isUnfinished = so.depth > 0 || so.quote !== '';
    const isSure = !isBlank(next) && !begins && !so.isStatement && cannotEnd(text, next, so, joinsLiterals);
    const isCut = isSure || (!fits && !isBlank(next) && (!begins || isUnfinished));
    if (isCut) {
      cuts.push(index);
      if (isSure || (so.depth > 0 && so.quote === '')) sure++;
    } else so = so.isStatement && !holdsMeasures(next) ? statementLine : newLine;
  }
  return { cuts, sure };
}

/** What is known of a line after some of its pieces. */
interface Pieces {
  /** Parentheses that are open. */
  readonly depth: number;
  readonly quote: QuoteState;
  /** A node, by its arrow. */
  readonly isNode: boolean;
  readonly hasMeasures: boolean;
  /** A key with a value. */
  readonly isDetail: boolean;
  /** Of a statement above a plan, which has lines of its own. */
  readonly isStatement: boolean;
}

const newLine: Pieces = {
  depth: 0,
  quote: '',
  isNode: false,
  hasMeasures: false,
  isDetail: false,
  isStatement: false,
};

const statementLine: Pieces = { ...newLine, isStatement: true };

function readPiece(text: string, before: Pieces): Pieces {
  let { depth, quote } = before;
  for (const char of text) {
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
  }
  const body = text.trim();
  const key = keyOf(body);
  return {
    depth,
    quote,
    isNode: before.isNode || body.startsWith('->'),
    hasMeasures: before.hasMeasures || holdsMeasures(text),
    isDetail: before.isDetail || key !== undefined,
    isStatement: before.isStatement || (key !== undefined && isHeaderKey(key)),
  };
}

function holdsMeasures(text: string): boolean {
  return text.includes('(cost=') || text.includes('(actual');
}

/** No server ends a line in parentheses, behind a comma, or between a node's name and its measures. */
function cannotEnd(text: string, next: string, pieces: Pieces, joinsLiterals: boolean): boolean {
  const { depth, quote, isNode, hasMeasures, isDetail } = pieces;
  if (!isNode && !isDetail && !hasMeasures) return false;
  if (depth > 0) return quote === '' || joinsLiterals;
  if (isDetail && (/^\s*[a-z]+=[\d.]/.test(next) || isSplitKey(text, next))) return true;
  if (/^\s*\((?:cost=|actual |never executed\))/.test(next)) return true;
  return isNode && !hasMeasures
    ? holdsMeasures(next) && !isRoot(text, next)
    : isDetail && text.trimEnd().endsWith(',');
}

/** A node whose name is complete without the line above, and makes no sense with it: that line is prose. */
function isRoot(before: string, text: string): boolean {
  const { name } = splitHeadline(text.trim());
  const begun = before.trim().slice('->'.length).trim();
  return readNodeName(name).isKnown && !readNodeName(`${begun} ${name}`).isKnown;
}

const splitKey = 'Memory Usage: ';

/** The one key in the middle of lines that has two words. */
function isSplitKey(text: string, next: string): boolean {
  const behind = next.slice(0, splitKey.length - 1);
  if (!behind.includes(':')) return false;
  const before = text.slice(1 - splitKey.length);
  return (
    (before + behind).includes(splitKey) || `${before.trimEnd()} ${behind.trimStart()}`.includes(splitKey)
  );
}

/** A full line may be cut or moved: the measures of a node make sense in one way only, and tell of the others. */
function gluesOf(
  lines: readonly SourceLine[],
  cuts: readonly number[],
  width: number,
): ReadonlyMap<number, Glue> {
  const known = new Map<number, Glue>();
  for (const index of cuts) {
    const glue = measuresGlue(lines[index]!.text, lines[index + 1]!.text);
    if (glue) known.set(index, glue);
  }
  const cutOnes = [...known.values()].filter((glue) => glue.isCut).length;
  const lengths = cuts.map((index) => lines[index]!.text.length);
  const areCut = known.size > 0 ? cutOnes > 0 : areFull(lengths, width);
  for (const index of cuts) {
    if (known.has(index)) continue;
    // Spaces at the place of a cut may have been trimmed.
    const lost = ' '.repeat(width - lines[index]!.text.length);
    known.set(index, areCut ? { text: lost, isCut: true } : { text: ' ', isCut: false });
  }
  return known;
}

const measure =
  /^\(?(?:actual|cost=\d+\.\d\d\.\.\d+\.\d\d|rows=\d+(?:\.\d\d)?|width=\d+|time=\d+\.\d{3}\.\.\d+\.\d{3}|loops=\d+)$/;

/** Undefined outside of measures. */
function measuresGlue(text: string, next: string): Glue | undefined {
  const before = /[^\s(]{0,80}$/.exec(text)![0];
  const behind = /^[^\s)]{0,80}/.exec(next)![0];
  if (before === '' || behind === '') return undefined;
  if (measure.test(before + behind)) return { text: '', isCut: true };
  return measure.test(before) && measure.test(behind) ? { text: ' ', isCut: false } : undefined;
}

function firstWordLength(text: string): number {
  const trimmed = text.trimStart();
  const end = trimmed.search(/\s/);
  return end < 0 ? trimmed.length : end;
}

/** Whether a line stands by itself, going by how it begins. `before` is the line above. */
export function beginsLine(text: string, before: string, width: number): boolean {
  const body = text.trim();
  if (isSplitKey(before, text)) return false;
  // An item of YAML's, a tag of XML's; but a text's closing tag stands in its line.
  if (body.startsWith('- ')) return true;
  if (body.startsWith('<')) return !body.startsWith('</') || before.trimEnd().endsWith('>');
  if (body.startsWith('->') || body.startsWith('Trigger ')) return true;
  // Behind a full line, what stands as far out as a root and begins small is the rest of a word.
  if (before.length === width && /^[a-z]\w*: /.test(text) && /\w$/.test(before)) return false;
  return keyOf(body) !== undefined || labelOf(body) !== undefined || workerOf(body) !== undefined;
}
