/** Lines that a terminal or a mail program cut at its width. */
import { areFull, joined } from './joinLines.ts';
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { sampleOf } from './sourceLines.ts';
import { joinText } from './wrappedText.ts';

export const joinHardWraps: UnwrapStep = (lines) => {
  const sample = sampleOf(lines);
  if (sample.length === 0) return lines;
  const isJson = sample.some((line) => line.text.includes('": ') && !line.text.includes('(cost='));
  return isJson ? joinJson(lines) : joinText(lines);
};

/**
 * Between JSON's tokens a line end means nothing, inside a text it cannot be: one there is proof. A cut at a width
 * may go through a number too, so then every line of that width is joined with the next.
 */
function joinJson(lines: readonly SourceLine[]): readonly SourceLine[] {
  const opens = openTexts(lines);
  const cut = lines.filter((_, index) => opens[index]);
  if (cut.length === 0) return lines;
  const width = Math.max(...cut.slice(0, 1000).map((line) => line.text.length));
  const isHardCut = areFull(
    cut.map((line) => line.text.length),
    width,
  );
  return joined(lines, (index) => {
    const { length } = lines[index]!.text;
    if (!isHardCut) return opens[index] ? { text: ' ', isCut: false } : undefined;
    const isCut = opens[index] || length === width;
    return isCut ? { text: ' '.repeat(Math.max(0, width - length)), isCut } : undefined;
  });
}

/** By line: true when it ends inside a text. */
function openTexts(lines: readonly SourceLine[]): readonly boolean[] {
  let isOpen = false;
  return lines.map(({ text }) => {
    for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
      let slashes = 0;
      while (text[at - 1 - slashes] === '\\') slashes++;
      if (slashes % 2 === 0) isOpen = !isOpen;
    }
    return isOpen;
  });
}
