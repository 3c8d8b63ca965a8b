/**
 * JSON text → raw tree. Our own parser because numbers must survive exactly: a Query Identifier exceeds 2^53, and
 * `JSON.parse` of this Node has no access to the source of a number. Iterative, so that depth costs memory, not
 * stack; never throws, odd input becomes a problem with its line.
 */
import type { Problem } from '../../shared/report.ts';
import type { RawValue } from './raw.ts';
import { exactNumber, setMember } from './rawBuilder.ts';

export interface ParsedJson {
  /** The top-level values, in order; the last one as far as it goes when the text is cut or broken. */
  readonly documents: readonly RawValue[];
  readonly problems: readonly Problem[];
}

/** Parses every JSON value of the text; what stands between them (prose, "(1 row)") is passed over. */
export function parseJson(text: string): ParsedJson {
  const exact = parseWholeJson(text);
  if (exact !== undefined) return { documents: [exact], problems: [] };
  const documents: RawValue[] = [];
  const problems: Problem[] = [];
  let firstFailure: Failure | undefined;
  let position = 0;
  while ((position = nextDocument(text, position)) < text.length) {
    const outcome = new JsonReader(text, position).read();
    if (!('error' in outcome)) {
      documents.push(outcome.value);
      position = outcome.end;
      continue;
    }
    // A bracket that opens nothing is prose; what follows a broken value is its own inside.
    if (outcome.partial === undefined && outcome.at < text.trimEnd().length) {
      firstFailure ??= outcome;
      position = endOfLine(text, position);
      continue;
    }
    if (outcome.partial !== undefined) documents.push(outcome.partial);
    problems.push(problemOf(text, outcome));
    break;
  }
  if (documents.length === 0 && problems.length === 0 && firstFailure)
    problems.push(problemOf(text, firstFailure));
  return { documents, problems };
}

function problemOf(text: string, { error, at }: Failure): Problem {
  const line = lineAt(text, at);
  if (text.slice(at).trim() !== '')
    return { code: 'json-syntax', message: `This is not valid JSON: ${error}.`, line };
  const last = lineAt(text, text.trimEnd().length);
  const message = `The plan is cut off after line ${last}: the JSON ends in the middle, ${error}.`;
  return { code: 'cut-off', message, line: last };
}

/**
 * The engine's own parser, ten times as fast as ours, where it changes no number: undefined when it might, or when
 * the text is not exactly one list or object.
 */
export function parseWholeJson(text: string): RawValue | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const exact = withQuotedIdentifiers(text);
  if (exact === undefined) return undefined;
  try {
    return JSON.parse(exact) as RawValue;
  } catch {
    return undefined;
  }
}

/**
 * Puts Query Identifiers in quotes, which a double would round; undefined when there is another number that it would
 * change. The key cannot be inside a text, where its quotes would be escaped.
 */
function withQuotedIdentifiers(text: string): string | undefined {
  // Only an exponent of three digits makes a number infinite.
  if (/\d[eE]\+?\d{3}/.test(text)) return undefined;
  const pieces: string[] = [];
  let from = 0;
  for (const long of text.matchAll(/\d{16,}/g)) {
    const start = text[long.index - 1] === '-' ? long.index - 1 : long.index;
    if (!/(?:^|[^\\])"Query Identifier": ?$/.test(text.slice(Math.max(0, start - longestKeyPart), start)))
      return undefined;
    const end = long.index + long[0].length;
    pieces.push(text.slice(from, start), '"', text.slice(start, end), '"');
    from = end;
  }
  return from === 0 ? text : [...pieces, text.slice(from)].join('');
}

/** `"Query Identifier": ` and the character before it. */
const longestKeyPart = 22;

/** Documents begin on a line of their own. */
function nextDocument(source: string, from: number): number {
  const start = /[ \t\uFEFF]*[[{]/y;
  for (let position = from; position < source.length; position = endOfLine(source, position)) {
    start.lastIndex = position;
    if (start.test(source)) return start.lastIndex - 1;
  }
  return source.length;
}

function endOfLine(source: string, from: number): number {
  const newline = source.indexOf('\n', from);
  return newline < 0 ? source.length : newline + 1;
}

function lineAt(source: string, offset: number): number {
  let line = 1;
  for (let at = source.indexOf('\n'); at >= 0 && at < offset; at = source.indexOf('\n', at + 1)) line++;
  return line;
}

type Outcome = { readonly value: RawValue; readonly end: number } | Failure;

interface Failure {
  readonly error: string;
  readonly at: number;
  /** What was read until then; undefined when that is nothing. */
  readonly partial?: RawValue | undefined;
}

/** A container under construction; `key` is the member that waits for its value. */
type Frame = { readonly list: RawValue[] } | { readonly object: Record<string, RawValue>; key: string };

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonReader {
  readonly #text: string;
  #at: number;
  #error: { readonly error: string; readonly at: number } | undefined;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  read(): Outcome {
    const stack: Frame[] = [];
    for (;;) {
      // 1. A value, or the opening of a container.
      let value = this.#open(stack);
      let failure = this.#failure(stack);
      if (failure) return failure;
      // 2. Put it where it belongs; a container that closes is itself a value.
      while (value !== undefined) {
        const frame = stack.at(-1);
        if (!frame) return { value, end: this.#at };
        if ('list' in frame) frame.list.push(value);
        else setMember(frame.object, frame.key, value);
        value = this.#continue(stack, frame);
        failure = this.#failure(stack);
        if (failure) return failure;
      }
    }
  }

  #failure(stack: Frame[]): Failure | undefined {
    return this.#error && { ...this.#error, partial: closeAll(stack) };
  }

  /** Reads a scalar or an empty container; undefined when a container was opened and its first value comes next. */
  #open(stack: Frame[]): RawValue | undefined {
    this.#skipSpace();
    const char = this.#text[this.#at];
    if (char === '[') {
      this.#at++;
      if (this.#take(']')) return [];
      stack.push({ list: [] });
      return undefined;
    }
    if (char === '{') {
      this.#at++;
      if (this.#take('}')) return {};
      stack.push({ object: {}, key: this.#key() });
      return undefined;
    }
    return this.#scalar();
  }

  /** After a value in `frame`: undefined when another follows, the finished container otherwise. */
  #continue(stack: Frame[], frame: Frame): RawValue | undefined {
    const isList = 'list' in frame;
    if (this.#take(',')) {
      if (!isList) frame.key = this.#key();
      return undefined;
    }
    if (this.#take(isList ? ']' : '}')) {
      stack.pop();
      return isList ? frame.list : frame.object;
    }
    this.#fail(`"," or "${isList ? ']' : '}'}" is missing`);
    return undefined;
  }

  #key(): string {
    this.#skipSpace();
    const key = this.#text[this.#at] === '"' ? this.#string() : this.#fail('the name of a key is missing');
    if (this.#error === undefined && !this.#take(':')) this.#fail('":" is missing after a key');
    return key ?? '';
  }

  #scalar(): RawValue | undefined {
    if (this.#text[this.#at] === '"') return this.#string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = this.#at;
    const lexeme = number.exec(this.#text)?.[0];
    if (lexeme === undefined) return this.#fail('a value is missing');
    this.#at += lexeme.length;
    return exactNumber(lexeme);
  }

  #string(): string | undefined {
    const start = this.#at + 1;
    let plainFrom = start;
    let result = '';
    for (let at = start; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === '"') {
        this.#at = at + 1;
        return result + this.#text.slice(plainFrom, at);
      }
      if (char !== '\\') continue;
      result += this.#text.slice(plainFrom, at);
      const escape = this.#text[++at] ?? '';
      const hex = this.#text.slice(at + 1, at + 5);
      if (escape === 'u' && /^[\da-fA-F]{4}$/.test(hex)) {
        result += String.fromCharCode(Number.parseInt(hex, 16));
        at += 4;
      } else if (escape in escapes) {
        result += escapes[escape];
      } else {
        this.#at = at;
        return this.#fail('a text holds an escape that JSON does not know');
      }
      plainFrom = at + 1;
    }
    this.#at = this.#text.length;
    return this.#fail('a text is not closed');
  }

  #take(char: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #fail(what: string): undefined {
    this.#error ??= { error: what, at: Math.min(this.#at, this.#text.length) };
    return undefined;
  }
}

/** Puts what is open into what holds it, innermost first; what is empty is left out. */
function closeAll(stack: Frame[]): RawValue | undefined {
  let value: RawValue | undefined;
  for (let frame = stack.pop(); frame; frame = stack.pop()) {
    const holder = 'list' in frame ? frame.list : frame.object;
    if (value !== undefined) {
      if ('list' in frame) frame.list.push(value);
      else setMember(frame.object, frame.key, value);
    }
    value = Object.keys(holder).length === 0 ? undefined : holder;
  }
  return value;
}

/** Space, tab, line feed, carriage return: JSON's white space. */
function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13;
}
