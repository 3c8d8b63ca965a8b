/** What psql and other terminals print around a plan: borders, headers, row counts, continuation signs, records. */
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { firstChar, mostOf, sampleOf, withText } from './sourceLines.ts';

const borders: readonly string[] = ['|', '│', '║'];

/** "| Seq Scan … |", "│ … │", also DataGrip's and Markdown's tables. Lines of the frame go. */
export const dropBorders: UnwrapStep = (lines) => {
  const sample = sampleOf(lines);
  const border = borders.find((one) => mostOf(sample, (text) => text.trimStart().startsWith(one)));
  const framed = lines.some((line) => isFrame(line.text));
  if (border === undefined && !framed) return lines;
  const content: SourceLine[] = [];
  for (const line of lines) {
    if (isFrame(line.text)) continue;
    content.push(border === undefined ? line : withText(line, withoutBorder(line.text, border)));
  }
  return content;
};

/** DBeaver's text grid has a border on the right alone: "Seq Scan …   |". */
export const dropRightBorders: UnwrapStep = (lines) => {
  const sample = sampleOf(lines);
  const border = borders.find((one) =>
    mostOf(sample, (text) => text.trimEnd().endsWith(one) && !text.trimStart().startsWith(one)),
  );
  if (border === undefined) return lines;
  return lines.map((line) => {
    const text = line.text.trimEnd();
    return text.endsWith(border) ? withText(line, text.slice(0, -1).trimEnd()) : line;
  });
};

function withoutBorder(text: string, border: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith(border)) return text;
  return trimmed.endsWith(border) && trimmed.length > 1 ? trimmed.slice(1, -1) : trimmed.slice(1);
}

/** Three dashes are YAML's. */
const shortestFrame = 4;

export function isFrame(text: string): boolean {
  const first = firstChar(text);
  if (first === '' || /[\p{L}\p{N}"'([{<>]/u.test(first)) return false;
  const trimmed = text.trim();
  return (
    trimmed.length >= shortestFrame &&
    /^[-+|=:─━═│║┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╟╢╤╧╪ ]+$/.test(trimmed) &&
    /[-=─━═]/.test(trimmed)
  );
}

/** Lines that only psql prints, and their aligned continuation signs: "+", "↵", ":" (old-ascii). */
export const joinCells: UnwrapStep = (lines) => {
  const continued = lines.filter((line) => continuationSign(line.text) !== undefined).length;
  const isOldAscii = mostOf(sampleOf(lines), (text) => text.startsWith(':'));
  if (!isOldAscii && continued < lines.length * continuedShare) return lines;
  return lines.map((line) => {
    const text = isOldAscii && line.text.startsWith(':') ? ` ${line.text.slice(1)}` : line.text;
    const sign = continuationSign(text);
    return sign === undefined ? withText(line, text) : withText(line, text.trimEnd().slice(0, -1).trimEnd());
  });
};

/** In a cell of several lines all but the last are continued; headers and prose around it are not. */
const continuedShare = 0.3;

function continuationSign(text: string): string | undefined {
  const end = text.at(-1);
  const last = end === ' ' ? text.trimEnd().at(-1) : end;
  return last === '+' || last === '↵' ? last : undefined;
}

/** "QUERY PLAN", "(12 rows)" in any language, and psql's timing below it. */
export const dropHeaders: UnwrapStep = (lines) => {
  let isAfterCount = false;
  const content = lines.filter((line) => {
    const first = firstChar(line.text);
    if (!isAfterCount && first !== '(' && first !== 'Q' && first !== '"') return true;
    const text = line.text.length > longestHeader ? '' : line.text.trim();
    const isCount = /^\(\d+ \p{L}+\)$/u.test(text);
    const isTiming = isAfterCount && /^[\p{L} ]+: \d/u.test(text);
    if (text !== '') isAfterCount = isCount;
    return !(isCount || isTiming || text === 'QUERY PLAN' || text === '"QUERY PLAN"');
  });
  return content.length === lines.length ? lines : content;
};

/** psql pads a header to the width of its column. */
const longestHeader = 10_000;
