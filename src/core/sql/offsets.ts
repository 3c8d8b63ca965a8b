/**
 * libpg-query counts in UTF-8 bytes (tokens, statements) and in code points (error positions);
 * editors and JavaScript strings count UTF-16 units. Core has no TextEncoder, so the arithmetic is here.
 */

/**
 * Turns UTF-8 byte offsets of `text` into UTF-16 offsets.
 * Linear over a whole file as long as the offsets that are asked for do not go back.
 */
export function utf8Offsets(text: string): (byteOffset: number) => number {
  let bytes = 0;
  let units = 0;
  return (byteOffset) => {
    if (byteOffset < bytes) {
      bytes = 0;
      units = 0;
    }
    while (bytes < byteOffset && units < text.length) {
      const code = text.codePointAt(units) ?? 0;
      bytes += utf8Length(code);
      units += code > 0xffff ? 2 : 1;
    }
    return units;
  };
}

/** Bytes of one code point; a lone surrogate takes three, as the encoder of libpg-query writes it. */
function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/** The UTF-16 offset of the code point number `codePoints` (0-based). */
export function codePointOffset(text: string, codePoints: number): number {
  let units = 0;
  for (let seen = 0; seen < codePoints && units < text.length; seen++) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}

export interface LineColumn {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units, as VS Code's status bar counts. */
  readonly column: number;
}

/** Where an offset stands in the text, as an editor shows it. */
export function lineColumn(text: string, offset: number): LineColumn {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
