/**
 * Characters that look like others: line ends of other systems, spaces of web pages, arrows and quotes of word
 * processors; and a terminal's colours.
 */
import { withoutHtml } from './html.ts';

/** The text with plain line ends, spaces and arrows. */
export function plainCharacters(text: string): string {
  let plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (plain.includes('\r')) plain = plain.replace(/\r\n?/g, '\n');
  if (plain.includes(`${escape}[`)) plain = plain.replaceAll(colours, '');
  plain = withoutHtml(plain);
  if (/[\u200B\u2060]/.test(plain)) plain = plain.replace(/[\u200B\u2060]/g, '');
  if (plain.includes('\u00A0') && spacesStructure(plain)) plain = plain.replaceAll('\u00A0', ' ');
  return visibleLineEnds(plainTypography(plain));
}

const escape = '\u001B';

/** "Select Graphic Rendition", and the end of a coloured line. */
const colours = new RegExp(`${escape}\\[[\\d;:]{0,40}[mK]`, 'g');

/** What word processors, chats and pages make of "->", ".." and straight quotes. */
function plainTypography(text: string): string {
  let plain = text;
  if (looseArrows.some((arrow) => plain.includes(arrow)) && !/^[^\p{L}\n]*->/mu.test(plain)) {
    const leading = plain.replaceAll(leadingArrow, '$1->');
    // Operators were changed with the arrows.
    plain = leading === plain || plain.includes('->') ? leading : leading.replaceAll('\u2192', '->');
  }
  if (plain.includes('\u2026') && /=[\d.]{1,20}\u2026\d/.test(plain))
    plain = plain.replaceAll(/(?<=\d)\u2026(?=\d)/g, '..');
  if (!plain.includes('"') && /[\u201C-\u201F]Node Type[\u201C-\u201F]: ?[\u201C-\u201F]/.test(plain))
    plain = plain.replaceAll(/[\u201C-\u201F]/g, '"');
  return plain;
}

/** Dashes of all lengths, equals signs, and arrows of one character. */
const looseArrows = [
  '\u2012>',
  '\u2013>',
  '\u2014>',
  '\u2015>',
  '\u2212>',
  '=>',
  '\u2192',
  '\u21D2',
  '\u27F6',
  '\u279C',
];
const leadingArrow =
  /^([^\p{L}\n]*?)(?:[\u2012-\u2015\u2212=]>|[\u2192\u21D2\u27F6\u279C])(?=[ \u00A0]{1,4}\p{Lu})/gmu;

/** A no-break space is legal inside a literal; where it indents or parts a line, all of them came with the paste. */
function spacesStructure(text: string): boolean {
  return ['\n\u00A0', '->\u00A0', '\u00A0->', '\u00A0(cost=', '\u00A0(actual '].some((mark) =>
    text.includes(mark),
  );
}

/** Line ends that a grid shows in place of making them: "↵", or "\n" in a text that has no other. */
function visibleLineEnds(text: string): string {
  if (text.includes('\u21B5')) {
    const ends = text.includes('\u21B5\n') || /\u21B5[ \t|│]*\n/.test(text);
    return ends ? text : text.replaceAll('\u21B5', '\n');
  }
  const trimmed = text.trim();
  if (trimmed.includes('\n') || !trimmed.includes(String.raw`\n`)) return text;
  if (trimmed.startsWith('"')) return stringConstant(trimmed) ?? text;
  const isLiteral = /^[[({]/.test(trimmed);
  return trimmed.includes('(cost=') && !isLiteral ? trimmed.replaceAll(String.raw`\n`, '\n') : text;
}

/** A text as JSON and most languages write one. */
function stringConstant(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
