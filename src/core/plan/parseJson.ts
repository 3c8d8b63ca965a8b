/**
 * JSON text → raw tree. Our own parser because numbers must survive exactly: a Query Identifier exceeds 2^53, and
 * `JSON.parse` of this Node has no access to the source of a number. Iterative, so that depth costs memory, not
 * stack; never throws, odd input becomes a problem with its line.
 */
import type { Problem } from '../../shared/report.ts';
import type { RawValue } from './raw.ts';
import { exactNumber, setMember } from './rawBuilder.ts';

export interface ParsedJson {
  /** The complete top-level values, in order. */
  readonly documents: readonly RawValue[];
  readonly problems: readonly Problem[];
}

/** Parses every JSON value of the text, also from psql's aligned output (header, dashes, `+`, row count). */
export function parseJson(text: string): ParsedJson {
  const source = unwrapPsql(text);
  const documents: RawValue[] = [];
  const problems: Problem[] = [];
  let position = 0;
  while ((position = nextDocument(source, position)) < source.length) {
    const outcome = new JsonReader(source, position).read();
    if ('error' in outcome) {
      problems.push({ code: 'json-syntax', message: outcome.error, line: lineAt(source, outcome.at) });
      break;
    }
    documents.push(outcome.value);
    position = outcome.end;
  }
  return { documents, problems };
}

/**
 * psql's aligned output continues a cell with "+" at the end of each line. Lines are kept one for one, so that the
 * line of a problem is the line of the input.
 */
function unwrapPsql(text: string): string {
  if (!/^\s*-+\s*$/m.test(text)) return text;
  return text.replace(/[ \t]*\+[ \t]*$/gm, '');
}

/** Documents begin on a line of their own: skips headers, dashes and "(1 row)". */
function nextDocument(source: string, from: number): number {
  const start = /[ \t\uFEFF]*[[{]/y;
  for (let position = from; position < source.length;) {
    start.lastIndex = position;
    if (start.test(source)) return start.lastIndex - 1;
    const newline = source.indexOf('\n', position);
    if (newline < 0) break;
    position = newline + 1;
  }
  return source.length;
}

function lineAt(source: string, offset: number): number {
  let line = 1;
  for (let at = source.indexOf('\n'); at >= 0 && at < offset; at = source.indexOf('\n', at + 1)) line++;
  return line;
}

type Outcome =
  { readonly value: RawValue; readonly end: number } | { readonly error: string; readonly at: number };

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
      if (this.#error) return this.#error;
      // 2. Put it where it belongs; a container that closes is itself a value.
      while (value !== undefined) {
        const frame = stack.at(-1);
        if (!frame) return { value, end: this.#at };
        if ('list' in frame) frame.list.push(value);
        else setMember(frame.object, frame.key, value);
        value = this.#continue(stack, frame);
        if (this.#error) return this.#error;
      }
    }
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
    const ends = this.#text.slice(this.#at).trim() === '';
    this.#error ??= {
      error: ends ? `The JSON ends in the middle: ${what}.` : `This is not valid JSON: ${what}.`,
      at: Math.min(this.#at, this.#text.length),
    };
    return undefined;
  }
}

/** Space, tab, line feed, carriage return: JSON's white space. */
function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13;
}
