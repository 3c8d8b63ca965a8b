/**
 * Rows as drivers and shells of languages print them: [('Seq Scan on t …',), ('  Filter: …',)], a list of strings,
 * records with one field. Every string is a line of the plan; what stands between strings is the language's.
 */
import { readNodeName } from '../text/nodeName.ts';
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { holdsPlan, isBlank } from './sourceLines.ts';

export const readLiterals: UnwrapStep = (lines) => {
  const first = firstLine(lines);
  if (first === undefined) return lines;
  const strings = stringsOf(lines, first);
  if (!strings || !beginsPlan(strings)) return lines;
  return strings.flatMap(({ text, number }) => text.split('\n').map((line) => ({ text: line, number })));
};

/** Where the literal opens; undefined when the first line of a plan is in none. */
function firstLine(lines: readonly SourceLine[]): number | undefined {
  let at = lines.findIndex((line) => holdsPlan(line.text));
  if (at < 0 || !/["'`]/.test(lines[at]!.text)) return undefined;
  // Brackets, or rows without any mark.
  const opensBefore = () => at > 0 && /^\s*(?:["'`]|[[({][\s[({]*(?:$|["'`]))/.test(lines[at - 1]!.text);
  while (opensBefore()) at--;
  return /^\s*(?:[A-Za-z_]\w{0,40} ?)?[[({<]/.test(lines[at]!.text) ? at : undefined;
}

/** What a client's only column is called. */
const title = /^query[ _]?plan$/i;

/** The strings from line `first` on; undefined when there are keys or signs as no list of rows has them. */
function stringsOf(lines: readonly SourceLine[], first: number): readonly SourceLine[] | undefined {
  const strings: SourceLine[] = [];
  let depth = 0;
  for (const line of lines.slice(first)) {
    const { text } = line;
    // Behind the literal comes what the shell printed next.
    if (depth === 0 && strings.length > 0 && !/^\s*(?:[A-Za-z_]\w{0,40} ?)?[[({<]/.test(text)) break;
    for (let at = 0; at < text.length; at++) {
      const char = text[at]!;
      if ('[({'.includes(char)) depth++;
      else if ('])}'.includes(char)) depth--;
      else if (char === '"' || char === "'" || char === '`') {
        const end = closingQuote(text, at);
        const string = unescaped(text.slice(at + 1, end), char);
        const isKey = /^ ?(?::|=>)/.test(text.slice(end + 1, end + 4));
        if (!title.test(string)) {
          if (isKey) return undefined;
          strings.push({ text: string, number: line.number });
        }
        at = end;
      } else if (!/[\w\s<>:,;=%#.-]/.test(char)) return undefined;
    }
  }
  return strings;
}

/** The end of the line where the paste was cut. */
function closingQuote(text: string, open: number): number {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at;
      at++;
    }
  }
  return text.length;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '' };

function unescaped(text: string, quote: string): string {
  return text
    .replaceAll(quote + quote, quote)
    .replaceAll(/\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))/g, (_, u?: string, x?: string, char = '') => {
      const hex = u ?? x;
      return hex === undefined ? (escapes[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16));
    });
}

/** Brackets, a key or two, the first lines of a statement. */
const mostBeforeMark = 10;

function beginsPlan(strings: readonly SourceLine[]): boolean {
  const first = strings.find((string) => !isBlank(string.text))?.text.split('\n')[0];
  if (first === undefined) return false;
  return (
    readNodeName(first.trim()).isKnown || strings.slice(0, mostBeforeMark).some(({ text }) => holdsPlan(text))
  );
}
