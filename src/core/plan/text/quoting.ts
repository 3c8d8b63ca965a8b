/** Quotes and brackets as PostgreSQL's deparser prints them: inside quotes the quote itself is doubled. */

/** `"` inside a quoted name, `'` inside a literal, or empty: outside of both. */
export type QuoteState = '' | "'" | '"';

/** The state at the end of `text` when it begins in `state`. */
export function quoteStateAfter(text: string, state: QuoteState): QuoteState {
  let now = state;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (now === '') {
      if (char === "'" || char === '"') now = char;
    } else if (char === now) {
      // A doubled quote leaves and enters again.
      now = '';
    }
  }
  return now;
}

/** Splits at the separator's places outside quotes and brackets: a column list, a sort key. */
export function splitList(text: string): string[] {
  const items: string[] = [];
  let start = 0;
  let depth = 0;
  let quote: QuoteState = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === "'" || char === '"') quote = char;
    else if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (char === ',' && depth <= 0) {
      items.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  items.push(text.slice(start).trim());
  return items;
}

/** Names as quote_identifier() prints them, one after the other, each at most once qualified. */
export class NameReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  get rest(): string {
    return this.#text.slice(this.#at);
  }

  /** The next name without its quotes; undefined when there is none here. */
  name(): string | undefined {
    return this.#text[this.#at] === '"' ? this.#quotedName() : this.#plainName();
  }

  take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #quotedName(): string | undefined {
    let name = '';
    for (let from = this.#at + 1; ;) {
      const end = this.#text.indexOf('"', from);
      if (end < 0) return undefined;
      name += this.#text.slice(from, end);
      if (this.#text[end + 1] !== '"') {
        this.#at = end + 1;
        return name;
      }
      name += '"';
      from = end + 2;
    }
  }

  #plainName(): string | undefined {
    let end = this.#at;
    while (end < this.#text.length && !nameEnds.has(this.#text[end]!)) end++;
    if (end === this.#at) return undefined;
    const name = this.#text.slice(this.#at, end);
    this.#at = end;
    return name;
  }
}

const nameEnds: ReadonlySet<string> = new Set([' ', '.', '"', '(', ')', ',', ':']);
