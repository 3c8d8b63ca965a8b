import { commentEnd, isSpace, lineEnd } from './trivia.ts';

/**
 * Where to look for the end of a statement: behind the next ";" at the end of a line that no literal or comment holds.
 * Only PostgreSQL's parser and scanner say whether a statement ends there. Undefined when a literal or comment
 * is opened and never closed; the end of the text when there is no such ";".
 */
export function nextEnd(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length) {
    if (text[at] === ';') {
      at++;
      if (endsLine(text, at)) return at;
      continue;
    }
    const behind = literalEnd(text, at);
    if (behind === undefined) return undefined;
    at = behind;
  }
  return text.length;
}

/** Behind the next ";" at the end of a line, wherever it stands: where a statement ends whose quote was never closed. */
export function nextPlainEnd(text: string, from: number): number {
  for (let at = text.indexOf(';', from); at !== -1; at = text.indexOf(';', at + 1)) {
    if (endsLine(text, at + 1)) return at + 1;
  }
  return text.length;
}

/** Behind the line "\." that ends the data of COPY … FROM STDIN; without one there are no data here. */
export function copyDataEnd(text: string, from: number): number {
  for (let at = lineEnd(text, from); at < text.length;) {
    const end = lineEnd(text, at + 1);
    const line = text.slice(at + 1, end);
    if (line === '\\.' || line === '\\.\r') return end;
    at = end;
  }
  return from;
}

/** Only blanks, or a line comment, up to the end of the line. */
function endsLine(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r') at++;
  return at >= text.length || text[at] === '\n' || text.startsWith('--', at);
}

/** Behind the literal, comment or psql command that starts at `at`, else behind the character; undefined when it stays open. */
function literalEnd(text: string, at: number): number | undefined {
  const character = text[at];
  if (character === "'") return quoteEnd(text, at, "'", hasEscapes(text, at));
  if (character === '"') return quoteEnd(text, at, '"', false);
  if (character === '$') return dollarEnd(text, at);
  if (text.startsWith('--', at) || (character === '\\' && isSpace(text[at - 1]))) return lineEnd(text, at);
  return text.startsWith('/*', at) ? commentEnd(text, at) : at + 1;
}

/** A doubled quote reads as the end and a new beginning, which comes to the same. */
function quoteEnd(text: string, start: number, quote: string, escapes: boolean): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === quote) {
      // In E'…' the second half of a doubled quote must not begin a literal without escapes.
      if (!escapes || text[at + 1] !== quote) return at + 1;
      at++;
    } else if (escapes && text[at] === '\\') at++;
  }
  return undefined;
}

/** E'…', where a backslash escapes. */
function hasEscapes(text: string, quote: number): boolean {
  return (text[quote - 1] === 'e' || text[quote - 1] === 'E') && !continuesName(text, quote - 1);
}

/** $$…$$ and $tag$…$tag$; a lone $ and $1 are single characters here. */
function dollarEnd(text: string, start: number): number | undefined {
  if (continuesName(text, start)) return start + 1;
  let at = start + 1;
  while (isNameCharacter(text, at) && text[at] !== '$') at++;
  const first = text.charCodeAt(start + 1);
  const isDigit = first >= 0x30 && first <= 0x39;
  if (text[at] !== '$' || isDigit) return start + 1;
  const tag = text.slice(start, at + 1);
  const close = text.indexOf(tag, at + 1);
  return close === -1 ? undefined : close + tag.length;
}

/** The character before `at` belongs to a name or number that goes on. */
function continuesName(text: string, at: number): boolean {
  return at > 0 && isNameCharacter(text, at - 1);
}

/** ident_cont of scan.l: letters, digits, "_", "$" and whatever is not ASCII. */
function isNameCharacter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (
    code >= 0x80 ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x24
  );
}
