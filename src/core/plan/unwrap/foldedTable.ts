/**
 * psql's table on a terminal that is narrower than it, or through `fold`: its frame is cut as its rows are, which
 * shows both widths.
 */
import { isFrame } from './psql.ts';
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { withText } from './sourceLines.ts';
import { beginsLine } from './wrappedText.ts';

/** Nobody has a narrower terminal. */
const narrowestTerminal = 40;

export const unfoldTable: UnwrapStep = (lines) => {
  const frame = lines.findIndex((line, index) => isFolded(line.text, lines[index + 1]?.text ?? ''));
  if (frame < 0) return lines;
  const width = lines[frame]!.text.length;
  let end = frame;
  let full = width;
  while (end < lines.length - 1 && lines[end]!.text.length === width && isRestOfFrame(lines[end + 1]!.text)) {
    end++;
    full += lines[end]!.text.length;
  }
  const header = Math.max(0, frame - (end - frame + 1));
  return [...lines.slice(0, header), ...unfold(lines.slice(header), width, full)];
};

/** Two frames one below the other are one. */
function isFolded(text: string, next: string): boolean {
  return text.length >= narrowestTerminal && next.length <= text.length && isFrame(text) && isFrame(next);
}

/** May be a corner alone. */
function isRestOfFrame(text: string): boolean {
  return isFrame(text) || /^[-+|─┼┐┤┘═╗╣╝]{1,3}$/.test(text);
}

function unfold(lines: readonly SourceLine[], width: number, full: number): readonly SourceLine[] {
  const whole: SourceLine[] = [];
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index]!;
    const pieces = [first.text];
    for (let length = width; length < full && goesOn(lines, index, width); length += width) {
      index++;
      pieces.push(lines[index]!.text);
    }
    whole.push(pieces.length === 1 ? first : withText(first, pieces.join('')));
  }
  return whole;
}

function goesOn(lines: readonly SourceLine[], index: number, width: number): boolean {
  const { text } = lines[index]!;
  const next = lines[index + 1]?.text;
  if (next === undefined || text.length !== width) return false;
  if (isFrame(text)) return isRestOfFrame(next);
  if (isFrame(next)) return false;
  return !/^\(\d+ \p{L}+\)\s*$/u.test(next) && !(next.startsWith(' ') && beginsLine(next, text, width));
}
