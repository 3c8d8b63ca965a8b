/** psql's expanded display: "-[ RECORD 1 ]---" above "QUERY PLAN | …", for each row of the plan. */
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { firstChar, withText } from './sourceLines.ts';

export const readPsqlRecords: UnwrapStep = (lines) => {
  if (!lines.some((line) => isRecordHeader(line.text))) return lines;
  const content: SourceLine[] = [];
  let isRecord = false;
  for (const line of lines) {
    if (isRecordHeader(line.text)) {
      isRecord = true;
      continue;
    }
    const row = isRecord ? readRow(line.text) : undefined;
    const before = content.at(-1);
    if (!row || row.goesOn === 'no' || !before) {
      content.push(row ? withText(line, row.text) : line);
      continue;
    }
    content[content.length - 1] = withText(before, withoutMark(before.text, row.goesOn));
    if (row.goesOn === 'line') content.push(withText(line, row.text));
    else content[content.length - 1] = withText(before, withoutMark(before.text, row.goesOn) + row.text);
  }
  // Not before: spaces may stand where a line was cut.
  return content.map((line) => withText(line, line.text.trimEnd()));
};

/** "RECORD" is translated; "* Record 1" is border 0. */
function isRecordHeader(text: string): boolean {
  if (!'-+─━═┌├╔╠*'.includes(firstChar(text) || ' ') || text.includes('->')) return false;
  const trimmed = text.trim();
  return (
    (/^[-+─━═┌├╔╠]/.test(trimmed) && /\[ [^\]]{1,40} \d+ \]/.test(trimmed)) ||
    /^\* \p{L}{1,40} \d+$/u.test(trimmed)
  );
}

interface Row {
  readonly text: string;
  /** Whether it is another line of the cell above, or the rest of a line that was cut (with or without a mark). */
  readonly goesOn: 'no' | 'line' | 'marked rest' | 'rest';
}

/** The title or its place, then a separator and the place of a mark; at border 0 only the place of a mark. */
const rowStart =
  /^[|│║]? ?(?<title>QUERY PLAN| {10})(?: (?<separator>[|│║:;])(?<mark>[ .…]|$)|(?<bareMark>[ .…]))/;

function readRow(text: string): Row | undefined {
  const start = rowStart.exec(text);
  if (!start) return undefined;
  const { title, separator, mark, bareMark } = start.groups!;
  const framed = text.trimEnd();
  const isFramed = framed.length > start[0].length && /^[|│║]/.test(text) && /[|│║]$/.test(framed);
  // The last place inside the frame is a mark's.
  const inside = isFramed ? framed.slice(0, -1).replace(/ $/, '') : text;
  const content = inside.slice(start[0].length);
  const goesOn = () => {
    if (title === 'QUERY PLAN') return 'no';
    if (separator === ';') return 'rest';
    return (mark ?? bareMark) === ' ' || mark === '' ? 'line' : 'marked rest';
  };
  return { text: content, goesOn: goesOn() };
}

/** The line above without the sign that it goes on; spaces before that sign belong to a line that was cut. */
function withoutMark(text: string, goesOn: Row['goesOn']): string {
  if (goesOn === 'rest') return text;
  const trimmed = text.trimEnd();
  if (goesOn === 'marked rest') return trimmed.slice(0, -1);
  return goesOn === 'line' && /[+↵]$/.test(trimmed) ? trimmed.slice(0, -1).trimEnd() : trimmed;
}
