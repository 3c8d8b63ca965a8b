/**
 * XML text → raw tree. XML says less than the other formats: every value is text, lists and objects look alike, and
 * ExplainXMLTag writes "-" for each character of a key that a tag may not hold. This file puts that back.
 */
import sax from 'sax';
import type { Problem } from '../../shared/report.ts';
import { emptyValue, listGroups } from './groups.ts';
import { isRawList, type RawValue } from './raw.ts';
import { exactNumber, type RawDraft, setMember } from './rawBuilder.ts';

export interface ParsedXml {
  /** One for each root element, in order. */
  readonly documents: readonly RawValue[];
  readonly problems: readonly Problem[];
}

/** Parses every `<explain>` of the text, also a fragment that begins with `<Query>` or `<Plan>`. Never throws. */
export function parseXml(text: string): ParsedXml {
  const reader = new XmlReader();
  const start = text.search(/<(?:\?xml|explain|Query|Plan)[\s>]/);
  if (start >= 0) reader.read(text, start);
  return reader;
}

/** An element that is open. */
interface Frame {
  readonly tag: string;
  readonly key: string;
  text: string;
  /** The elements inside that are closed: their keys, and their values at the same place. */
  readonly keys: string[];
  readonly values: RawValue[];
}

class XmlReader implements ParsedXml {
  readonly documents: RawValue[] = [];
  readonly problems: Problem[] = [];
  readonly #stack: Frame[] = [];
  readonly #keys = new Map<string, string>();

  /** Line of the text, from 1. */
  #line = 1;

  read(text: string, from: number): void {
    // Strict: tags as they are spelled, and no entities but XML's own five. A document type is never expanded.
    // Its count of positions takes as long as the rest of it: it is fed by the line instead.
    const parser = sax.parser(true, { position: false });
    // There may be several documents, and a parser takes one: an element of ours holds them all.
    parser.write('<documents>');
    Object.assign(parser, {
      onopentagstart: ({ name }: { readonly name: string }) => this.#open(name),
      onclosetag: () => this.#close(),
      ontext: (part: string) => this.#add(part),
      oncdata: (part: string) => this.#add(part),
      onerror: (error: Error) => {
        // Outside of the documents stands what psql or a log prints.
        if (this.#stack.length > 0) this.#report(`This is not valid XML: ${reasonOf(error)}`);
        parser.resume();
      },
    });
    for (let at = 0; at < text.length; this.#line++) {
      const newline = text.indexOf('\n', at);
      const next = newline < 0 ? text.length : newline + 1;
      if (next > from) parser.write(text.slice(Math.max(at, from), next));
      at = next;
    }
    this.#line--;
    this.#endEarly();
  }

  #open(tag: string): void {
    const parent = this.#stack.at(-1);
    // The names of settings are the server's, not EXPLAIN's: there is nothing to put back.
    const key = parent?.key === 'Settings' ? tag : this.#keyOf(tag);
    this.#stack.push({ tag, key, text: '', keys: [], values: [] });
  }

  /** A plan of thousands of nodes has some hundred tags. */
  #keyOf(tag: string): string {
    const known = this.#keys.get(tag);
    if (known !== undefined) return known;
    const key = keyOf(tag);
    this.#keys.set(tag, key);
    return key;
  }

  #add(part: string): void {
    const frame = this.#stack.at(-1);
    if (frame) frame.text += part;
  }

  #close(): void {
    const frame = this.#stack.pop();
    if (!frame) return;
    const parent = this.#stack.at(-1);
    const value = valueOf(frame, parent);
    if (!parent) {
      this.documents.push(frame.key === 'Plan' ? { Plan: value } : value);
      return;
    }
    parent.keys.push(labelOf(frame.key, parent));
    parent.values.push(value);
  }

  /** Keeps what is there, but for the value in the middle of which the text stops. */
  #endEarly(): void {
    const open = this.#stack.at(-1);
    if (!open) return;
    this.#report(`The XML ends in the middle: <${open.tag}> is not closed`);
    if (open.keys.length === 0) this.#stack.pop();
    while (this.#stack.length > 0) this.#close();
  }

  /** The first is the cause, the rest would be its consequences. */
  #report(problem: string): void {
    if (this.problems.length === 0)
      this.problems.push({ code: 'xml-syntax', message: `${problem}.`, line: this.#line });
  }
}

/** The parser's reason, without its own count of lines. */
function reasonOf(error: Error): string {
  return (error.message.split('\n')[0] ?? '').replace(/\.$/, '').toLowerCase();
}

function valueOf(frame: Frame, parent: Frame | undefined): RawValue {
  const { key, keys, values } = frame;
  if (keys.length === 0) return emptyValue(key) ?? scalar(frame, parent);
  return isList(frame) ? values : toObject(keys, values);
}

/** `<Output><Item>`, `<Plans><Plan>`: members without names carry the name of their kind. */
function isList({ key, keys }: Frame): boolean {
  const [kind] = keys;
  if (keys.some((other) => other !== kind)) return false;
  return kind === 'Item' || kind === 'Query' || keys.length > 1 || listGroups.has(key) || key === `${kind}s`;
}

/** A key that comes twice keeps both of its values, as a list. */
function toObject(keys: readonly string[], values: readonly RawValue[]): RawValue {
  const object: RawDraft = {};
  const repeated = new Map<string, RawValue[]>();
  for (const [at, key] of keys.entries()) {
    const value = values[at] ?? null;
    if (!Object.hasOwn(object, key)) {
      setMember(object, key, value);
      continue;
    }
    const list = repeated.get(key) ?? [object[key] ?? null];
    list.push(value);
    repeated.set(key, list);
    setMember(object, key, list);
  }
  return object;
}

/**
 * The groups of an incremental sort are tagged by their kind, where the other formats have a name for each: full-sort
 * groups come first (show_incremental_sort_info), memory before disk (show_incremental_sort_group_info).
 */
function labelOf(key: string, { keys, values }: Frame): string {
  if (key === 'Incremental Sort Groups')
    return keys.includes('Full-sort Groups') ? 'Pre-sorted Groups' : 'Full-sort Groups';
  if (key !== 'Sort Space') return key;
  const methods = values[keys.indexOf('Sort Methods Used')];
  const isExternal =
    isRawList(methods) &&
    methods.every((method) => typeof method === 'string' && method.startsWith('external'));
  return isExternal || keys.includes('Sort Space Memory') ? 'Sort Space Disk' : 'Sort Space Memory';
}

/** JSON's number or truth value, where JSON would print one. */
function scalar({ key, text }: Frame, parent: Frame | undefined): RawValue {
  if (textKeys.has(key) || parent?.key === 'Settings') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return exactNumber(text);
  // An empty group of a name that is not known here: only the line break and indentation inside it.
  return text.includes('\n') && text.trim() === '' ? '' : text;
}

/** Texts that a user's names and expressions may make look like numbers: a table "1", One-Time Filter: false. */
const textKeys: ReadonlySet<string> = new Set(
  [
    ['Item', 'Relation Name', 'Schema', 'Alias', 'Index Name', 'CTE Name', 'Subplan Name', 'Tuplestore Name'],
    ['Function Name', 'Table Function Name', 'Trigger Name', 'Constraint Name', 'Relation', 'Relations'],
    ['Filter', 'Index Cond', 'Recheck Cond', 'Order By', 'Join Filter', 'TID Cond', 'One-Time Filter'],
    ['Hash Cond', 'Merge Cond', 'Run Condition', 'Conflict Filter', 'Cache Key', 'Window'],
    ['Function Call', 'Table Function Call', 'Repeatable Seed', 'Query Text', 'Query Parameters'],
    // Foreign data wrappers, Citus
    ['Remote SQL', 'Foreign File', 'Foreign Program', 'Query', 'Node'],
    // TimescaleDB, YugabyteDB
    ['Hypertable', 'Vectorized Filter', 'Remote Filter', 'Storage Filter', 'Storage Index Filter'],
    // pg_overexplain: sets of numbers, which look like a number when they have one member
    ['extParam', 'allParam', 'Subplans Needing Rewind', 'Relation OIDs', 'Append RTIs'],
  ].flat(),
);

/** Of the keys that EXPLAIN has, these hold more than letters, digits and spaces. */
function keyOf(tag: string): string {
  if (tag === 'One-Time-Filter') return 'One-Time Filter';
  return tag.replaceAll('-', ' ').replace(/\bI O\b/, 'I/O');
}
