/** Cells of spreadsheets and grids: a line, or a whole plan, in quotes that are doubled inside. */
import { readNodeName } from '../text/nodeName.ts';
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { firstChar, isBlank } from './sourceLines.ts';

export const unquoteCells: UnwrapStep = (lines) => {
  const first = lines.findIndex((line) => quoteOf(line.text) !== undefined);
  if (first < 0 || !opensPlan(lines[first]!.text)) return lines;
  // Quotes inside are doubled, or escaped as in code; a doubled one anywhere tells.
  const isDoubled = lines.some((line) => line.text.includes('""'));
  const plain: SourceLine[] = lines.slice(0, first);
  for (let index = first; index < lines.length;) {
    const cell = readCell(lines, index, isDoubled);
    if (!cell) {
      plain.push(lines[index]!);
      index++;
      continue;
    }
    for (const [offset, text] of cell.lines.entries())
      plain.push({ text, number: lines[index + offset]!.number });
    index += cell.lines.length;
  }
  return plain;
};

function quoteOf(text: string): '"' | "'" | undefined {
  const char = firstChar(text);
  return char === '"' || char === "'" ? char : undefined;
}

/** What the first quoted line of a wrapped plan begins with. In JSON a quoted line begins with a key. */
function opensPlan(text: string): boolean {
  const content = text.trimStart().slice(1);
  const start = content.trimStart();
  if (/^["', ]*QUERY PLAN/.test(content)) return true;
  if (
    start.startsWith('[') ||
    start.startsWith('{') ||
    start.startsWith('<explain') ||
    start.startsWith('- ')
  )
    return true;
  if (start.startsWith('Plan:')) return true;
  if (content.includes('(cost=') || content.includes('(actual ')) return true;
  if (readNodeName(content.replace(/(?:\\n)?["']?[ ,;+]*$/, '')).isKnown) return true;
  return start.startsWith('->') || /^[A-Z][\w /-]{1,40}: /.test(start);
}

interface Cell {
  readonly lines: readonly string[];
}

/** The cell that begins in line `index`; undefined when no quote opens there, or what closes it is no cell's end. */
function readCell(lines: readonly SourceLine[], index: number, isDoubled: boolean): Cell | undefined {
  const quote = quoteOf(lines[index]!.text);
  if (quote === undefined) return undefined;
  const content: string[] = [];
  for (let at = index; at < lines.length; at++) {
    const text = lines[at]!.text;
    const from = at === index ? text.indexOf(quote) + 1 : 0;
    const end = closingQuote(text, from, quote, isDoubled);
    if (end < 0) {
      content.push(unescaped(text.slice(from), quote, isDoubled));
      continue;
    }
    if (!endsCell(text, end + 1)) return undefined;
    content.push(unescaped(text.slice(from, end), quote, isDoubled));
    return { lines: content };
  }
  // The paste was cut inside the cell.
  return content.some((text) => !isBlank(text)) ? { lines: content } : undefined;
}

function closingQuote(text: string, from: number, quote: string, isDoubled: boolean): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (!isDoubled && at > from && text[at - 1] === '\\') continue;
    if (text[at + 1] !== quote) return at;
    at++;
  }
  return -1;
}

/** Behind a cell come the next one, the sign that joins string constants in code, or nothing. */
function endsCell(text: string, from: number): boolean {
  const rest = text.slice(from).trim();
  return rest === '' || /^[,;+|\t]/.test(rest);
}

function unescaped(text: string, quote: string, isDoubled: boolean): string {
  if (isDoubled) return text.replaceAll(quote + quote, quote);
  const plain = text.replaceAll(`\\${quote}`, quote);
  return plain.endsWith(String.raw`\n`) ? plain.slice(0, -2) : plain;
}
