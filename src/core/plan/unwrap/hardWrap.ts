/** Lines that a terminal or a mail program cut at its width. */
import { keyOf, labelOf, workerOf } from '../text/lines.ts';
import { splitHeadline } from '../text/measures.ts';
import type { QuoteState } from '../text/quoting.ts';
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { isBlank, sampleOf, withText } from './sourceLines.ts';

/** Nobody wraps narrower, and a plan with shorter lines needs none. */
const narrowestWidth = 40;

/** Widths that programs wrap at; any other must be seen twice. */
const usualWidths: ReadonlySet<number> = new Set([72, 74, 75, 76, 77, 78, 79, 80, 100, 120, 128, 132, 160]);

export const joinHardWraps: UnwrapStep = (lines) => {
  const sample = sampleOf(lines);
  if (sample.length === 0) return lines;
  const isJson = sample.some((line) => line.text.includes('": ') && !line.text.includes('(cost='));
  return isJson ? joinJson(lines) : joinText(lines);
};

/**
 * Between JSON's tokens a line end means nothing, inside a text it cannot be: one there is proof. A cut at a width
 * may go through a number too, so then every line of that width is joined with the next.
 */
function joinJson(lines: readonly SourceLine[]): readonly SourceLine[] {
  const opens = openTexts(lines);
  const cut = lines.filter((_, index) => opens[index]);
  if (cut.length === 0) return lines;
  const width = Math.max(...cut.slice(0, 1000).map((line) => line.text.length));
  const isHardCut = areFull(
    cut.map((line) => line.text.length),
    width,
  );
  return joined(
    lines,
    (index) => {
      const { length } = lines[index]!.text;
      if (isHardCut)
        return opens[index] || length === width ? ' '.repeat(Math.max(0, width - length)) : undefined;
      return opens[index] ? ' ' : undefined;
    },
    isHardCut,
  );
}

/** By line: true when it ends inside a text. */
function openTexts(lines: readonly SourceLine[]): readonly boolean[] {
  let isOpen = false;
  return lines.map(({ text }) => {
    for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
      let slashes = 0;
      while (text[at - 1 - slashes] === '\\') slashes++;
      if (slashes % 2 === 0) isOpen = !isOpen;
    }
    return isOpen;
  });
}

/**
 * A line of TEXT goes on where the next one is no beginning of any, and would not have fitted: the width is that of
 * the longest line. Words moved as a whole are joined with a space, cut ones without.
 */
function joinText(lines: readonly SourceLine[]): readonly SourceLine[] {
  const width = lines.reduce((widest, line) => Math.max(widest, line.text.length), 0);
  if (width < narrowestWidth) return lines;
  const { cuts, areUnfinished } = findCuts(lines, width);
  // A literal may hold one line end; a second one, a width that programs cut at, or an open parenthesis is proof.
  if (cuts.length === 0 || (cuts.length === 1 && !usualWidths.has(width) && !areUnfinished)) return lines;
  const isCut = new Set(cuts);
  const isHardCut = cutsWords(lines, cuts, width);
  // Spaces at the place of a cut may have been trimmed.
  const glueAt = (index: number) => (isHardCut ? ' '.repeat(width - lines[index]!.text.length) : ' ');
  return joined(lines, (index) => (isCut.has(index) ? glueAt(index) : undefined), isHardCut);
}

interface Cuts {
  /** Indexes of lines that go on in the next. */
  readonly cuts: readonly number[];
  /** Some of them leave a parenthesis open. */
  readonly areUnfinished: boolean;
}

function findCuts(lines: readonly SourceLine[], width: number): Cuts {
  const cuts: number[] = [];
  let areUnfinished = false;
  let left = nothingOpen;
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    if (next === undefined) break;
    const { length } = line.text;
    // Most lines fit with all of the next one.
    if (length + 1 + next.text.length <= width || length + 1 + firstWordLength(next.text) <= width) {
      left = nothingOpen;
      continue;
    }
    left = leftOpen(line.text, left);
    const isUnfinished = left.depth > 0 || left.quote !== '';
    if (isBlank(next.text) || (beginsLine(next.text, line.text) && !isUnfinished)) left = nothingOpen;
    else {
      cuts.push(index);
      areUnfinished ||= left.depth > 0 && left.quote === '';
    }
  }
  return { cuts, areUnfinished };
}

/**
 * True when lines were cut at a width, through words; false when words moved as a whole. A full line may be either,
 * but the measures of a node make sense in one way only.
 */
function cutsWords(lines: readonly SourceLine[], cuts: readonly number[], width: number): boolean {
  for (const index of cuts) {
    const first = lines[index]!.text.trimStart();
    const second = lines[index + 1]!.text.trimEnd();
    if (!first.includes('(cost=') || !second.endsWith(')')) continue;
    const isWholeInside = splitHeadline(first + second).measures !== undefined;
    if (isWholeInside !== (splitHeadline(`${first} ${second}`).measures !== undefined)) return isWholeInside;
  }
  return areFull(
    cuts.map((index) => lines[index]!.text.length),
    width,
  );
}

/** Several lines of exactly that length, or one of a usual length, and none much shorter (spaces may be trimmed). */
function areFull(lengths: readonly number[], width: number): boolean {
  const full = lengths.filter((length) => length === width).length;
  return full >= lengths.length / 2 && (full > 1 || (full === 1 && usualWidths.has(width)));
}

function firstWordLength(text: string): number {
  const trimmed = text.trimStart();
  const end = trimmed.search(/\s/);
  return end < 0 ? trimmed.length : end;
}

function beginsLine(text: string, before: string): boolean {
  const body = text.trim();
  // An item of YAML's, a tag of XML's; but a text's closing tag stands in its line.
  if (body.startsWith('- ')) return true;
  if (body.startsWith('<')) return !body.startsWith('</') || before.trimEnd().endsWith('>');
  if (body.startsWith('->') || body.startsWith('Trigger ')) return true;
  return keyOf(body) !== undefined || labelOf(body) !== undefined || workerOf(body) !== undefined;
}

/** What is open at the end of a line: a node lacks the end of its measures, an expression is unfinished. */
interface LeftOpen {
  readonly depth: number;
  readonly quote: QuoteState;
}

const nothingOpen: LeftOpen = { depth: 0, quote: '' };

function leftOpen(text: string, before: LeftOpen): LeftOpen {
  let { depth, quote } = before;
  for (const char of text) {
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
  }
  return { depth, quote };
}

/** `glueAfter`: what joins a line with the next; undefined when nothing does. */
function joined(
  lines: readonly SourceLine[],
  glueAfter: (index: number) => string | undefined,
  isHardCut: boolean,
): readonly SourceLine[] {
  const whole: SourceLine[] = [];
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index]!;
    const pieces = [first.text];
    for (
      let glue = glueAfter(index);
      glue !== undefined && index + 1 < lines.length;
      glue = glueAfter(index)
    ) {
      index++;
      const next = lines[index]!.text;
      pieces.push(glue, isHardCut ? next : next.trimStart());
    }
    whole.push(pieces.length === 1 ? first : withText(first, pieces.join('')));
  }
  return whole;
}
