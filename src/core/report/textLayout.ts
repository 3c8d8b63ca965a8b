/** Columns, wrapping and colour for terminals. Widths are counted in terminal cells, not in UTF-16 units. */

/** Full-width scripts and emoji, which take two cells: the East Asian Width classes W and F, by block. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const zeroWidth = /\p{M}/u;

/** Cells that a printable text takes; colour codes must not be in it yet. */
export function cellWidth(text: string): number {
  let cells = 0;
  for (const character of text) cells += characterWidth(character);
  return cells;
}

function characterWidth(character: string): number {
  if (character < '\u0300') return 1;
  if (zeroWidth.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Cells of the widest text; 0 for none. A loop, for plans have more nodes than a call may have arguments. */
export function widest(texts: readonly string[]): number {
  let cells = 0;
  for (const text of texts) cells = Math.max(cells, cellWidth(text));
  return cells;
}

export function padEnd(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - cellWidth(text)));
}

export function padStart(text: string, cells: number): string {
  return ' '.repeat(Math.max(0, cells - cellWidth(text))) + text;
}

/** Cut to `cells`, with "…" as the last one when something was cut. */
export function truncate(text: string, cells: number): string {
  if (cellWidth(text) <= cells) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > cells - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Greedy wrapping at spaces; a word longer than the line stands alone and overflows, so that it can be copied. */
export function wrap(text: string, cells: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && cellWidth(line) + 1 + cellWidth(word) > cells) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** Wrapped, each line but the first indented by `hanging` more cells. */
export function paragraph(text: string, width: number, indent: number, hanging = 0): readonly string[] {
  return wrap(text, Math.max(20, width - indent - hanging)).map(
    (line, number) => ' '.repeat(number === 0 ? indent : indent + hanging) + line,
  );
}

/** SGR codes of ECMA-48 that every colour terminal of the last decades knows. */
const sgr = { strong: 1, dim: 2, critical: 31, good: 32, warning: 33, info: 36 } as const;
export type Ink = keyof typeof sgr;

export interface Paint {
  (ink: Ink, text: string): string;
}

/** Colours text, or leaves it alone. Nothing is said by colour only. */
export function createPaint(color: boolean): Paint {
  if (!color) return (_ink, text) => text;
  return (ink, text) => (text === '' ? '' : `\u001b[${sgr[ink]}m${text}\u001b[0m`);
}
