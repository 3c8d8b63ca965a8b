/**
 * Text of servers and files, made safe to print. Names are hostile: an escape sequence in a column's name could
 * rewrite the terminal, a direction mark could turn a condition around.
 */

/** Controls, format characters (direction, zero width, tags), lone surrogates, Unicode's own line breaks. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Longest single-line text that is printed whole: a title or a condition beyond this is an accident or an attack. */
const longestLine = 2_000;

/** One line: line breaks and tabs become spaces, what cannot be seen becomes its code: "\u{1b}". */
export function visibleLine(text: string): string {
  const flat = text.replace(/[\r\n\t]+/g, ' ').trim();
  const omitted = flat.length - longestLine;
  const kept = omitted > 0 ? `${flat.slice(0, longestLine)}… (${omitted} more characters)` : flat;
  return kept.replace(unprintable, codeOf);
}

/** Several lines: line breaks stay, tabs become two spaces. Never shortened, for DDL is copied from here. */
export function visibleBlock(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, '  ')
    .replace(unprintable, (character) => (character === '\n' ? '\n' : codeOf(character)));
}

/** A document of JSON: the same values, with what cannot be seen escaped, for it is read on terminals, too. */
export function visibleJson(value: unknown): string {
  const document = JSON.stringify(value, undefined, 2);
  return `${document.replace(unprintable, (character) => (character === '\n' ? '\n' : escaped(character)))}\n`;
}

/** As JSON spells it: a character beyond the first 65,536 takes two units. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

function codeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
