/** TEXT as logical lines: literals and names may hold line ends, which the server prints as they are. */
import { type QuoteState, quoteStateAfter } from './quoting.ts';

export interface TextLine {
  /** 1-based, where it begins in the input. */
  readonly number: number;
  /** Columns before the first character. */
  readonly column: number;
  /** Without the spaces around it, and without the arrow. Empty: a blank line. */
  readonly body: string;
  /** Column of a node's name when the line begins with "->". */
  readonly nameColumn: number | undefined;
}

/** A tab moves to the next of these columns, as terminals and editors show it. */
const tabWidth = 8;

export function toLogicalLines(text: string): readonly TextLine[] {
  const physical = text.split('\n');
  const quotes = new OpenQuotes(physical);
  const lines: TextLine[] = [];
  for (let index = 0; index < physical.length; index++) {
    const line = toLine(physical[index]!, index + 1);
    const last = quotes.endOfQuoteFrom(index, line);
    if (last === index) {
      lines.push(line);
    } else {
      const body = [line.body, ...physical.slice(index + 1, last + 1)].join('\n').trimEnd();
      lines.push({ ...line, body });
      index = last;
    }
  }
  return lines;
}

function toLine(text: string, number: number): TextLine {
  let at = 0;
  let column = 0;
  for (; at < text.length; at++) {
    const char = text[at];
    if (char === ' ') column++;
    else if (char === '\t') column += tabWidth - (column % tabWidth);
    else break;
  }
  const body = text.slice(at).trimEnd();
  if (!body.startsWith('->')) return { number, column, body, nameColumn: undefined };
  const name = body.slice(2).trimStart();
  return { number, column, body: name, nameColumn: column + body.length - name.length };
}

/**
 * Finds where a literal that a line leaves open ends. A quote that never closes is an apostrophe, not a literal, so
 * it must be known in advance: computed once, from the last line to the first.
 */
class OpenQuotes {
  readonly #lines: readonly string[];
  #closings: { readonly single: Int32Array; readonly double: Int32Array } | undefined;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  endOfQuoteFrom(index: number, line: TextLine): number {
    const { body } = line;
    if (!body.includes("'") && !body.includes('"')) return index;
    if (line.nameColumn === undefined && !mayHoldLineEnds(body)) return index;
    const state = quoteStateAfter(body, '');
    if (state === '') return index;
    const closing = this.#closingOf(state, index + 1);
    return closing < 0 ? index : closing;
  }

  /** The line in which a quote that is open at the beginning of line `from` has closed; -1: never. */
  #closingOf(state: QuoteState, from: number): number {
    this.#closings ??= closingsOf(this.#lines);
    return this.#closings[state === "'" ? 'single' : 'double'][from] ?? -1;
  }
}

function closingsOf(lines: readonly string[]): { single: Int32Array; double: Int32Array } {
  const single = new Int32Array(lines.length + 1).fill(-1);
  const double = new Int32Array(lines.length + 1).fill(-1);
  const closing = (index: number, state: QuoteState): number => {
    if (state === '') return index;
    return (state === "'" ? single : double)[index + 1]!;
  };
  for (let index = lines.length - 1; index >= 0; index--) {
    single[index] = closing(index, quoteStateAfter(lines[index]!, "'"));
    double[index] = closing(index, quoteStateAfter(lines[index]!, '"'));
  }
  return { single, double };
}

function mayHoldLineEnds(body: string): boolean {
  const key = keyOf(body);
  return key === undefined ? body.includes(' on "') : isExpressionKey(key);
}

/** The key of "Key: value" or "Key:"; undefined for anything else. Keys are words, of extensions too. */
export function keyOf(body: string): string | undefined {
  const colon = body.indexOf(':');
  if (colon <= 0 || colon > longestKey) return undefined;
  if (colon + 1 < body.length && body[colon + 1] !== ' ') return undefined;
  const key = body.slice(0, colon);
  return /^[A-Z][\w ./(),%-]*$/.test(key) || /^[a-z]\w*$/.test(key) ? key : undefined;
}

/** Far above any known key ("Full-sort Groups", TimescaleDB's "Bulk Decompression", overexplain's "RTI 1 (…)"). */
const longestKey = 120;

/** Keys whose values are SQL: text, never numbers, and they may hold line ends inside quotes. */
export function isExpressionKey(key: string): boolean {
  // "Rows Removed by Filter" is a number.
  if (key.includes(' Removed ')) return false;
  return expressionKeys.has(key) || expressionEndings.some((ending) => key.endsWith(ending));
}

const expressionKeys: ReadonlySet<string> = new Set([
  'Output',
  'Query',
  'Window',
  'Sampling',
  'Order By',
  'Remote SQL',
]);
const expressionEndings = ['Filter', 'Cond', 'Key', 'Call', 'Condition', 'Parameters'] as const;

/** "Worker 0:  actual time=…" → the number, and what follows; undefined for anything else. */
export function workerOf(body: string): { readonly number: number; readonly rest: string } | undefined {
  const match = /^Worker (\d{1,4}): */.exec(body);
  return match ? { number: Number(match[1]), rest: body.slice(match[0].length) } : undefined;
}

/** "InitPlan 1 (returns $0)", "SubPlan 2", "CTE name": stands above the node that it names. */
export function labelOf(
  body: string,
): { readonly relationship: 'InitPlan' | 'SubPlan'; readonly name: string } | undefined {
  if (keyOf(body) !== undefined) return undefined;
  if (body.startsWith('InitPlan ') || body.startsWith('CTE '))
    return { relationship: 'InitPlan', name: body };
  return body.startsWith('SubPlan ') ? { relationship: 'SubPlan', name: body } : undefined;
}
