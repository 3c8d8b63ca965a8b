/**
 * YAML text → raw tree. Reads the YAML that EXPLAIN writes, and what dumpers commonly make of it: block maps and
 * lists, quoted texts, plain values of one line, flat flow lists. Our own because npm's `yaml` needs about 60 times
 * as long for it, and overflows the stack at a depth of 1,000; a test holds this reader to that package.
 * Iterative and linear; never throws, what is no such YAML becomes a problem with its line.
 */
import type { Problem } from '../../shared/report.ts';
import { emptyValue } from './groups.ts';
import { cutOff, missingOfYaml } from './missingEnd.ts';
import { isRawPlan } from './planTree.ts';
import { isRawList, isRawObject, type RawValue } from './raw.ts';
import { type RawDraft, setMember } from './rawBuilder.ts';
import { closingQuote, flowList, isQuote, plainValue, unquote } from './yamlScalars.ts';

export interface ParsedYaml {
  /** The top-level values, in order. */
  readonly documents: readonly RawValue[];
  readonly problems: readonly Problem[];
}

export function parseYaml(text: string): ParsedYaml {
  const reader = new YamlReader(text);
  reader.read();
  return reader;
}

/**
 * A container that is open, with the column of its keys or dashes. `slot`: the latest key or dash has no value yet;
 * one may follow further in.
 */
type Frame = { readonly column: number; slot: boolean } & (
  { readonly list: RawValue[] } | { readonly map: RawDraft; key: string }
);

class YamlReader implements ParsedYaml {
  readonly documents: RawValue[] = [];
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #stack: Frame[] = [];
  /** Start of the line that comes next. */
  #next = 0;
  #line = 0;
  /** Of those that are not blank. */
  #lastLine = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): void {
    while (this.#next < this.#text.length) this.#readLine();
    this.#endDocument();
    this.#readEnd();
  }

  /** A plan that lacks its end was cut between two lines. */
  #readEnd(): void {
    const last = this.documents.at(-1);
    const plan = isRawList(last) ? last.at(-1) : last;
    if (this.problems.length > 0 || !isRawObject(plan) || !isRawPlan(plan)) return;
    const what = missingOfYaml(plan, this.#text);
    if (what !== undefined) this.problems.push(cutOff(this.#lastLine, what));
  }

  #readLine(): void {
    const start = this.#next;
    const end = this.#lineEnd(start);
    this.#next = end + 1;
    this.#line++;

    // A log's continuation lines begin with a tab, which YAML itself never has there.
    let margin = start;
    while (this.#text[margin] === '\t' || this.#text[margin] === '\uFEFF') margin++;
    let at = margin;
    while (this.#text[at] === ' ') at++;
    const content = this.#text.slice(at, end).trimEnd();
    if (content === '' || content.startsWith('#')) return;
    this.#lastLine = this.#line;
    if (at === margin && (content === '---' || content === '...')) this.#endDocument();
    else this.#readContent(content, at, at - margin);
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end < 0 ? this.#text.length : end;
  }

  /** Dashes, a key and a value may stand on one line, each further in than the one before it. */
  #readContent(content: string, offset: number, firstColumn: number): void {
    this.#closeBeyond(firstColumn, isDash(content, 0));
    let at = 0;
    while (isDash(content, at)) {
      this.#openItem(firstColumn + at);
      at = skipSpaces(content, at + 1);
    }
    const key = keyAt(content, at);
    if (key) {
      this.#openKey(firstColumn + at, key.name);
      at = skipSpaces(content, key.valueAt);
    }
    if (at >= content.length) return;
    if (!this.#stack.at(-1)?.slot) {
      // Before and behind the plan stands what psql prints.
      if (this.#stack.length > 0) this.#reportStray();
    } else if (isQuote(content[at])) this.#putQuoted(offset + at);
    else this.#put(this.#valueOf(content.slice(at)));
  }

  /** A line ends every container that stands further in, and a list as far in that the line does not continue. */
  #closeBeyond(column: number, isItem: boolean): void {
    for (let top = this.#stack.at(-1); top; top = this.#stack.at(-1)) {
      if (top.column < column || (top.column === column && (isItem || 'map' in top))) return;
      this.#closeTop();
    }
  }

  #closeTop(): void {
    const top = this.#stack.pop();
    if (top) fillSlot(top);
  }

  #endDocument(): void {
    while (this.#stack.length > 0) this.#closeTop();
  }

  #openItem(column: number): void {
    const top = this.#stack.at(-1);
    if (top?.column === column && 'list' in top) {
      fillSlot(top);
      top.slot = true;
    } else this.#open({ column, list: [], slot: true });
  }

  #openKey(column: number, key: string): void {
    // Plans that stand one below the other, as they come from a log, repeat their first key.
    const [root] = this.#stack;
    const isRepeated = root?.column === column && 'map' in root && Object.hasOwn(root.map, key);
    if (isRepeated) this.#endDocument();
    const top = this.#stack.at(-1);
    if (top?.column === column && 'map' in top) {
      fillSlot(top);
      top.key = key;
      top.slot = true;
    } else this.#open({ column, map: {}, key, slot: true });
  }

  #open(frame: Frame): void {
    const value = 'list' in frame ? frame.list : frame.map;
    if (this.#stack.length === 0) this.documents.push(value);
    else this.#put(value);
    this.#stack.push(frame);
  }

  #put(value: RawValue): void {
    const top = this.#stack.at(-1);
    if (!top?.slot) return this.#report('this is indented further than it may be');
    if ('list' in top) top.list.push(value);
    else setMember(top.map, top.key, value);
    top.slot = false;
  }

  #valueOf(text: string): RawValue {
    const comment = text.indexOf(' #');
    const value = comment < 0 ? text : text.slice(0, comment).trimEnd();
    if (value === '{}') return {};
    if (!value.startsWith('[')) return plainValue(value);
    const list = flowList(value);
    if (!list) this.#report('a list in brackets is not closed on its line');
    return list ?? value;
  }

  /** Quotes may close on a later line. */
  #putQuoted(open: number): void {
    const close = closingQuote(this.#text, open);
    if (close < 0) {
      this.#report('a text is not closed', 'The YAML ends in the middle');
      const top = this.#stack.at(-1);
      if (top) top.slot = false;
      this.#next = this.#text.length;
      return;
    }
    const quoted = this.#text.slice(open, close + 1);
    this.#put(unquote(quoted));
    const end = this.#lineEnd(close);
    if (end >= this.#next) this.#line += quoted.split('\n').length - 1;
    this.#next = end + 1;
    if (!/^\s*(?:#|$)/.test(this.#text.slice(close + 1, end)))
      this.#report('a text goes on behind its closing quote');
  }

  /** A line without a key: the rest of one that was cut, when it is the last. */
  #reportStray(): void {
    if (this.problems.length > 0) return;
    if (this.#text.slice(this.#next).trim() !== '') return this.#report('there is neither a key nor an item');
    this.problems.push(cutOff(this.#line, 'that line is not complete'));
  }

  /** The first is the cause, the rest would be its consequences. */
  #report(what: string, problem = 'This is not YAML as EXPLAIN writes it'): void {
    if (this.problems.length > 0) return;
    this.problems.push({ code: 'yaml-syntax', message: `${problem}: ${what}.`, line: this.#line });
  }
}

/** Nothing followed the key or dash: an empty group. */
function fillSlot(frame: Frame): void {
  if (!frame.slot) return;
  if ('list' in frame) frame.list.push(null);
  else setMember(frame.map, frame.key, emptyValue(frame.key) ?? null);
  frame.slot = false;
}

function isDash(content: string, at: number): boolean {
  return content[at] === '-' && (at + 1 === content.length || content[at + 1] === ' ');
}

function skipSpaces(content: string, from: number): number {
  let at = from;
  while (content[at] === ' ') at++;
  return at;
}

/** The key that starts at `at`, with the offset behind its colon. */
function keyAt(content: string, at: number): { readonly name: string; readonly valueAt: number } | undefined {
  if (isQuote(content[at])) {
    const close = closingQuote(content, at);
    if (close < 0 || content[close + 1] !== ':') return undefined;
    return { name: unquote(content.slice(at, close + 1)), valueAt: close + 2 };
  }
  if (content[at] === '[') return undefined;
  for (let colon = content.indexOf(':', at); colon >= 0; colon = content.indexOf(':', colon + 1)) {
    if (colon + 1 === content.length || content[colon + 1] === ' ')
      return { name: content.slice(at, colon).trimEnd(), valueAt: colon + 1 };
  }
  return undefined;
}
