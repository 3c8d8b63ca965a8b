/** Lines that were cut, put together again. */
import type { SourceLine } from './sourceLines.ts';
import { withText } from './sourceLines.ts';

/** Widths that programs wrap at; any other must be seen twice. */
export const usualWidths: ReadonlySet<number> = new Set([
  72, 74, 75, 76, 77, 78, 79, 80, 100, 120, 128, 132, 160,
]);

/** Several lines of exactly that length, or one of a usual length, and none much shorter (spaces may be trimmed). */
export function areFull(lengths: readonly number[], width: number): boolean {
  const full = lengths.filter((length) => length === width).length;
  return full >= lengths.length / 2 && (full > 1 || (full === 1 && usualWidths.has(width)));
}

/** What joins a line with the next one. */
export interface Glue {
  readonly text: string;
  /** The next line's spaces are its own: it was cut, not moved. */
  readonly isCut: boolean;
}

/** `glueAfter`: undefined when nothing joins a line with the next. */
export function joined(
  lines: readonly SourceLine[],
  glueAfter: (index: number) => Glue | undefined,
): readonly SourceLine[] {
  const whole: SourceLine[] = [];
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index]!;
    const pieces = [first.text];
    for (
      let glue = glueAfter(index);
      glue !== undefined && index + 1 < lines.length;
      glue = glueAfter(index)
    ) {
      index++;
      const next = lines[index]!.text;
      pieces.push(glue.text, glue.isCut ? next : next.trimStart());
    }
    whole.push(pieces.length === 1 ? first : withText(first, pieces.join('')));
  }
  return whole;
}
