/** Single values of YAML: quoted, plain, and lists on one line. */
import type { RawValue } from './raw.ts';
import { exactNumber } from './rawBuilder.ts';

export function isQuote(char: string | undefined): char is '"' | "'" {
  return char === '"' || char === "'";
}

/** Offset of the quote that closes the one at `open`; -1 when there is none. */
export function closingQuote(text: string, open: number): number {
  const quote = text[open] === '"' ? '"' : "'";
  for (let at = text.indexOf(quote, open + 1); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (quote === "'") {
      if (text[at + 1] !== "'") return at;
      at++;
    } else if (!isEscaped(text, at, open)) return at;
  }
  return -1;
}

function isEscaped(text: string, at: number, open: number): boolean {
  let before = at - 1;
  while (before > open && text[before] === '\\') before--;
  return (at - 1 - before) % 2 === 1;
}

/** What a quoted text with both of its quotes says. */
export function unquote(quoted: string): string {
  const inner = folded(quoted.slice(1, -1));
  if (quoted.startsWith("'")) return inner.replaceAll("''", "'");
  return inner.includes('\\') ? unescaped(inner) : inner;
}

/** A line break inside of quotes is a space, each further one a line break. */
function folded(inner: string): string {
  if (!inner.includes('\n')) return inner;
  const lines = inner.split('\n');
  const last = lines.length - 1;
  let result = '';
  let blanks = 0;
  for (const [index, line] of lines.entries()) {
    const text = index === 0 ? line.trimEnd() : index === last ? line.trimStart() : line.trim();
    if (index > 0 && text === '' && index < last) blanks++;
    else if (index === 0) result = text;
    else {
      result += (blanks > 0 ? '\n'.repeat(blanks) : ' ') + text;
      blanks = 0;
    }
  }
  return result;
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\u001B',
  N: '\u0085',
  _: '\u00A0',
  L: '\u2028',
  P: '\u2029',
};

/** PostgreSQL escapes as JSON does, which YAML extends. An escape that nobody knows stands for its own character. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|U(000[\da-fA-F]{5}|0010[\da-fA-F]{4})|(.))/gsu,
    (_, u?: string, x?: string, long?: string, char = '') => {
      const hex = u ?? x ?? long;
      return hex === undefined ? (escapes[char] ?? char) : String.fromCodePoint(Number.parseInt(hex, 16));
    },
  );
}

/** Text without quotes: a number, a truth value or nothing where it spells one. */
export function plainValue(text: string): RawValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null' || text === '~') return null;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? exactNumber(text) : text;
}

/** `[ "a", b ]`; undefined when it is not closed or holds more than values. */
export function flowList(text: string): readonly RawValue[] | undefined {
  const values: RawValue[] = [];
  for (let at = 1; ;) {
    while (text[at] === ' ') at++;
    if (text[at] === ']') return at === text.length - 1 ? values : undefined;
    const close = isQuote(text[at]) ? closingQuote(text, at) : plainEnd(text, at) - 1;
    if (close < at) return undefined;
    const item = text.slice(at, close + 1);
    values.push(isQuote(item[0]) ? unquote(item) : plainValue(item.trimEnd()));
    at = close + 1;
    while (text[at] === ' ') at++;
    if (text[at] === ',') at++;
    else if (text[at] !== ']') return undefined;
  }
}

function plainEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !',[]{}'.includes(text[at]!)) at++;
  return at;
}
