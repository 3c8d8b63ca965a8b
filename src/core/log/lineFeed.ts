/** Pieces of text in, lines out: wherever the pieces were cut, and without ever holding more than one line. */

export interface LogLine {
  /** Without its line end. */
  readonly text: string;
  /** 1-based. */
  readonly number: number;
  /** Offset in all that was pushed, in UTF-16 units; `end` is behind the line end. */
  readonly start: number;
  readonly end: number;
}

/**
 * No message is kept beyond this, so that a damaged or hostile log cannot fill the memory: a plan of 100,000 nodes
 * has about as much.
 */
export const longestMessage = 64 * 1024 * 1024;

export class LineFeed {
  readonly #onLine: (line: LogLine) => void;
  /** Of the line that has not ended yet. */
  #parts: string[] = [];
  #length = 0;
  #start = 0;
  #number = 1;

  constructor(onLine: (line: LogLine) => void) {
    this.#onLine = onLine;
  }

  push(chunk: string): void {
    let at = 0;
    for (let newline = chunk.indexOf('\n'); newline >= 0; newline = chunk.indexOf('\n', at)) {
      this.#add(chunk.slice(at, newline));
      this.#endLine(1);
      at = newline + 1;
    }
    if (at < chunk.length) this.#add(chunk.slice(at));
  }

  end(): void {
    if (this.#length > 0) this.#endLine(0);
  }

  #add(part: string): void {
    // What is beyond the limit counts, but is not kept.
    if (this.#length <= longestMessage) this.#parts.push(part);
    this.#length += part.length;
  }

  #endLine(lineEnd: number): void {
    const whole = this.#parts.length === 1 ? this.#parts[0]! : this.#parts.join('');
    const text = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    const start = this.#start;
    const end = start + this.#length + lineEnd;
    this.#onLine({ text, number: this.#number, start, end });
    this.#number++;
    this.#start = end;
    this.#length = 0;
    this.#parts = [];
  }
}
