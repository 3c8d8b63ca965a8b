/**
 * psql's table of one column: header, frame, rows. Beside each row is a place for a mark, on both sides from border 1
 * on, on the right at border 0: "+" or "↵" says that the cell has another line, "." or "…" that its line was cut.
 */
import { isFrame } from './psql.ts';
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { withText } from './sourceLines.ts';

export const readPsqlRows: UnwrapStep = (lines) => {
  const headers = lines.flatMap((_, index) => (isHeader(lines, index) ? [index] : []));
  if (headers.length === 0) return lines;
  const content: SourceLine[] = lines.slice(0, headers[0]);
  for (const [at, header] of headers.entries()) {
    const end = headers[at + 1] ?? lines.length;
    content.push(...readTable(lines.slice(header + 1, end)));
  }
  return content;
};

const title = 'QUERY PLAN';

function isHeader(lines: readonly SourceLine[], index: number): boolean {
  const { text } = lines[index]!;
  if (!text.includes(title)) return false;
  return withoutBorders(text).trim() === title && isFrame(lines[index + 1]?.text ?? '');
}

function withoutBorders(text: string): string {
  const trimmed = text.trimEnd();
  const first = trimmed[0];
  if (first !== '|' && first !== '│' && first !== '║') return text;
  return trimmed.endsWith(first) && trimmed.length > 1 ? trimmed.slice(1, -1) : trimmed.slice(1);
}

/** `lines[0]` is the frame below the header. */
function readTable(lines: readonly SourceLine[]): readonly SourceLine[] {
  const frame = lines[0]!.text.trim();
  const first = lines[1]?.text ?? '';
  const hasBorders = withoutBorders(first) !== first;
  // Grids of other tools have borders without it.
  const hasPadding = withoutBorders(first).startsWith(' ');
  // At border 0 the mark stands behind the column, otherwise in its last place.
  const markAt = hasBorders ? frame.length - 3 : hasPadding ? frame.length - 1 : frame.length;
  const content: SourceLine[] = [];
  let wasCut = false;
  for (const line of lines.slice(1)) {
    if (isFrame(line.text)) continue;
    const row = readRow(withoutBorders(line.text), markAt, hasPadding);
    const before = content.at(-1);
    if ((wasCut || row.isRest) && before)
      content[content.length - 1] = withText(before, before.text + row.text);
    else content.push(withText(line, row.text));
    wasCut = row.isCut;
  }
  return content;
}

interface Row {
  readonly text: string;
  /** Goes on in the next row. */
  readonly isCut: boolean;
  /** Goes on from the row before. */
  readonly isRest: boolean;
}

function readRow(text: string, markAt: number, hasPadding: boolean): Row {
  const leftMark = hasPadding ? text[0] : undefined;
  const isPadded = leftMark !== undefined && ' .…:;'.includes(leftMark);
  const from = isPadded ? 1 : 0;
  const isRest = leftMark === ';';
  const rightMark = markOf(text, markAt);
  if (rightMark === undefined) return { text: text.slice(from).trimEnd(), isCut: false, isRest };
  const isCut = rightMark === '.' || rightMark === '…';
  const content = text.trimEnd().slice(from, -1);
  return { text: isCut ? content : content.trimEnd(), isCut, isRest };
}

/** The last character, where marks stand. Characters that are two columns wide bring them nearer. */
function markOf(text: string, markAt: number): string | undefined {
  const trimmed = text.trimEnd();
  const last = trimmed.at(-1);
  if (last === undefined || !'+↵.…'.includes(last)) return undefined;
  return /[\u3000-\uffff]/.test(trimmed) || trimmed.length === markAt + 1 ? last : undefined;
}
