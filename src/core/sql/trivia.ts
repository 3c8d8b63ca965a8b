/** Stands at the head of a pg_hint_plan hint, which is a comment that changes the plan. */
const hintStart = '/*+';

/** Some editors write it at the head of a file; to PostgreSQL it would be part of a name. */
const byteOrderMark = '\uFEFF';

/** PostgreSQL's own white space: `space` in scan.l. JavaScript's trim() takes more. */
export function isSpace(character: string | undefined): boolean {
  return character !== undefined && character !== '' && ' \t\n\r\f\v'.includes(character);
}

/**
 * From a place between statements to the next one: over white space, comments, lone ";"
 * and psql's meta-commands, which run to the end of their line. A hint belongs to the statement behind it.
 */
export function skipBetween(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    if (isSpace(text[at]) || text[at] === ';' || text[at] === byteOrderMark) at++;
    else if (text[at] === '\\' || text.startsWith('--', at)) at = lineEnd(text, at);
    else if (text.startsWith('/*', at) && !text.startsWith(hintStart, at))
      at = commentEnd(text, at) ?? text.length;
    else break;
  }
  return at;
}

/** The offset of the line's end, its line break left out. */
export function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}

/** Behind the block comment that starts at `from`; they nest. Undefined when it never closes. */
export function commentEnd(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('/*', at)) depth++;
    else if (text.startsWith('*/', at)) depth--;
    else continue;
    at++;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** Where the hint starts that directly precedes the statement at `start`, or `start` itself. */
export function withHint(text: string, from: number, start: number): number {
  const at = skipBetween(text, from);
  if (at >= start || !text.startsWith(hintStart, at)) return start;
  return skipBetween(text, commentEnd(text, at) ?? start) === start ? at : start;
}
