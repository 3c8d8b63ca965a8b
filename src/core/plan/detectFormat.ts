/** Which of EXPLAIN's formats a text is in: the first line that only one of them has tells. */
import type { Plan } from '../../shared/report.ts';

export function detectFormat(text: string): Plan['format'] {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const format = formatOf(text.slice(start, end).trim());
    if (format) return format;
    start = end + 1;
  }
  return 'text';
}

function formatOf(line: string): Plan['format'] | undefined {
  if (line.startsWith('<explain') || line.startsWith('<?xml')) return 'xml';
  if (isJsonStart(line)) return 'json';
  if (/^(?:- )?"?(?:Plan"?:$|Query Text"?: |Node Type"?: )/.test(line) && !line.startsWith('Query Text'))
    return 'yaml';
  return line.includes('(cost=') || line.includes('(actual ') || line.startsWith('->') ? 'text' : undefined;
}

/** An opening bracket, and behind it another, a key, or nothing: "[note] …" is prose. */
function isJsonStart(line: string): boolean {
  if (line[0] !== '[' && line[0] !== '{') return false;
  const next = line.slice(1).trimStart()[0];
  return next === undefined || '{["]}'.includes(next);
}
