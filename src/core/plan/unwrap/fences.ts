/** What stands around a plan: fences. */
import type { SourceLine, UnwrapStep } from './sourceLines.ts';
import { firstChar, holdsPlan, withText } from './sourceLines.ts';

/** Markdown's ``` and ~~~, Jira's {code}: only what is inside, when a plan is. */
export const takeFenced: UnwrapStep = (lines) => {
  const fences = new Set(lines.filter((line) => isFence(line.text)));
  if (fences.size === 0) return lines;
  const inside: SourceLine[] = [];
  let isInside = false;
  for (const line of lines) {
    if (fences.has(line)) {
      isInside = !isInside;
      // Two blocks are two texts.
      inside.push(withText(line, ''));
    } else if (isInside) inside.push(line);
  }
  return inside.some((line) => holdsPlan(line.text)) ? inside : lines.filter((line) => !fences.has(line));
};

function isFence(text: string): boolean {
  if (!'`~{'.includes(firstChar(text) || ' ')) return false;
  const trimmed = text.trim();
  return (
    trimmed.startsWith('```') ||
    trimmed.startsWith('~~~') ||
    /^\{(?:code|noformat)[^}"]{0,80}\}$/.test(trimmed)
  );
}
