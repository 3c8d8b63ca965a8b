/** Lines on their way from a paste to a parser; each keeps the number that it had in the paste. */

export interface SourceLine {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
}

/** One step of the unwrapping. Returns the very same lines when they are not wrapped in its way. */
export type UnwrapStep = (lines: readonly SourceLine[]) => readonly SourceLine[];

export function toSourceLines(text: string): readonly SourceLine[] {
  return text.split('\n').map((line, index) => ({ text: line, number: index + 1 }));
}

export function withText(line: SourceLine, text: string): SourceLine {
  return text === line.text ? line : { text, number: line.number };
}

export function isBlank(text: string): boolean {
  return firstChar(text) === '';
}

/** The first character that is no space; empty for a blank line. Most lines can be passed over by it. */
export function firstChar(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Space, tab, and the line ends that a carriage return alone may have left.
    if (code !== 32 && (code < 9 || code > 13)) return text[at]!;
  }
  return '';
}

/** Enough lines to see how a paste is wrapped: it is wrapped in one way. */
const sampleSize = 40;

/** What lines of plans hold and prose hardly does, in any format. */
const measures: readonly string[] = ['(cost=', '(actual '];
const keys: readonly string[] = ['": ', 'Node Type: ', '<Node-Type>'];
const arrow = '-> ';

export function holdsPlan(text: string): boolean {
  return holdsAny(text, measures) || text.includes(arrow) || holdsAny(text, keys);
}

function holdsAny(text: string, marks: readonly string[]): boolean {
  return marks.some((mark) => text.includes(mark));
}

/**
 * The first lines that surely belong to a plan. Prose has arrows too, so that they tell only where nothing better does:
 * a plan with measures has them on each node.
 */
export function sampleOf(lines: readonly SourceLine[]): readonly SourceLine[] {
  const sample: SourceLine[] = [];
  let hasMeasures = false;
  for (const line of lines) {
    const { text } = line;
    const isMeasured = holdsAny(text, measures);
    if (!isMeasured && !holdsPlan(text)) continue;
    hasMeasures ||= isMeasured;
    if (sample.push(line) === sampleSize) break;
  }
  return hasMeasures ? sample.filter(({ text }) => holdsAny(text, measures) || holdsAny(text, keys)) : sample;
}

/** True when `test` holds for (nearly) all of the sample: a line or two may come from the text around. */
export function mostOf(sample: readonly SourceLine[], test: (text: string) => boolean): boolean {
  const count = sample.filter((line) => test(line.text)).length;
  return count > 0 && count >= sample.length * nearlyAll;
}

const nearlyAll = 0.9;
