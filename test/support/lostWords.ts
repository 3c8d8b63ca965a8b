/** Compares a plan in TEXT with what was read from it: every word and as many of each number must be there again. */
import type { Json } from '../../src/shared/report.ts';

/** Words that TEXT has its own spelling for: labels of measures, units, names that stand for several keys. */
const spelling: ReadonlySet<string> = new Set(
  `cost rows width actual time loops never executed hit read dirtied written write shared local temp timings kb ms
  wal records bytes using on used allocated groupaggregate hashaggregate mixedaggregate hashsetop backward constraint
  trigger exact lossy repeatable calls output inserted updated deleted skipped buffers full originally with
  insert update delete merge for key method`.split(/\s+/),
);

/** What of the text is not in the raw plans. */
export function findLostWords(text: string, raws: readonly Json[]): readonly string[] {
  const found = new Map<string, number>();
  for (const word of wordsOf(raws.flatMap(textsOf).join('\n'))) found.set(word, (found.get(word) ?? 0) + 1);
  const lost: string[] = [];
  for (const word of wordsOf(text)) {
    const count = found.get(word) ?? 0;
    const isNumber = /^\d/.test(word);
    if (isNumber) found.set(word, count - 1);
    if (count <= 0 && !spelling.has(word)) lost.push(word);
  }
  return lost;
}

/** Keys and values, however deep. */
function textsOf(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.entries(value).flatMap(([key, inner]) =>
    Array.isArray(value) ? textsOf(inner) : [key, ...textsOf(inner)],
  );
}

function wordsOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(/\d+(?:\.\d+)?|[\p{L}_]+/gu) ?? [];
  return words.map((word) => (/^\d{1,15}(?:\.\d+)?$/.test(word) ? String(Number(word)) : word));
}
