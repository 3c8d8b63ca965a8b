/**
 * The tables that a statement names in FROM, JOIN, UPDATE and their like, by a walk over its words. Only for marking them:
 * what it cannot tell for certain it leaves out. Pure.
 */
import type { TextRange } from '../src/shared/report.ts';
import { sqlTokens } from './sqlTokens.ts';

export interface TableReference {
  readonly schema?: string;
  readonly table: string;
  /** The table's own name where none is given. */
  readonly alias: string;
  /** Where the reference stands, its alias included. */
  readonly range: TextRange;
  /** Where its alias qualifies a column: the d of d.status. Empty where something else has that name, too. */
  readonly uses: readonly TextRange[];
}

interface Word extends TextRange {
  readonly kind: 'name' | 'keyword' | 'sign' | 'other';
  /** As PostgreSQL compares names: lower case unless quoted. */
  readonly value: string;
}

const listWords: ReadonlySet<string> = new Set(['from', 'using']);
const tableWords: ReadonlySet<string> = new Set([...listWords, 'join', 'update', 'into']);
/** Before FROM and UPDATE they make something else of it: IS DISTINCT FROM, FOR UPDATE OF, FOR NO KEY UPDATE OF. */
const otherwise: ReadonlySet<string> = new Set(['distinct', 'for', 'key']);
/** Words that may follow a table without being its alias, and are no keywords to sqlTokens. */
const noAliases: ReadonlySet<string> = new Set([
  'tablesample',
  'repeatable',
  'nothing',
  'overriding',
  'tables',
]);

export function tableReferences(sql: string): readonly TableReference[] {
  const words = wordsOf(sql);
  const found: Omit<TableReference, 'uses'>[] = [];
  for (const [index, word] of words.entries()) {
    if (word.kind !== 'keyword' || !tableWords.has(word.value)) continue;
    if (otherwise.has(words[index - 1]?.value ?? '')) continue;
    let at = index + 1;
    for (;;) {
      const item = tableAt(words, at, word.value === 'into');
      if (item === undefined) break;
      found.push(item.reference);
      at = item.next;
      if (!listWords.has(word.value) || words[at]?.value !== ',') break;
      at++;
    }
  }
  const taken = otherNames(words);
  return found.map((reference) => ({
    ...reference,
    uses:
      taken.has(reference.alias) || found.filter(({ alias }) => alias === reference.alias).length > 1
        ? []
        : usesOf(words, reference),
  }));
}

function tableAt(
  words: readonly Word[],
  from: number,
  isTarget: boolean,
): { readonly reference: Omit<TableReference, 'uses'>; readonly next: number } | undefined {
  let at = from;
  while (words[at]?.value === 'only' || words[at]?.value === 'lateral') at++;
  const names: Word[] = [];
  for (;;) {
    const word = words[at];
    if (word?.kind !== 'name') return undefined;
    names.push(word);
    at++;
    if (words[at]?.value !== '.') break;
    at++;
  }
  // A function, unless it is the target of an INSERT with its columns.
  if (words[at]?.value === '(' && !isTarget) return undefined;
  const [table, schema] = names.toReversed();
  const first = names[0];
  if (table === undefined || first === undefined) return undefined;
  if (words[at]?.value === 'as') at++;
  const next = words[at];
  const alias = next?.kind === 'name' && !noAliases.has(next.value) ? next : undefined;
  return {
    reference: {
      ...(schema === undefined ? {} : { schema: schema.value }),
      table: table.value,
      alias: (alias ?? table).value,
      range: { start: first.start, end: (alias ?? table).end },
    },
    next: alias === undefined ? at : at + 1,
  };
}

/** Names that stand for a subquery, a function or a CTE: those of `) x`, `) AS x` and `x AS (`. */
function otherNames(words: readonly Word[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [index, word] of words.entries()) {
    if (word.value === ')') {
      const next = words[index + 1]?.value === 'as' ? words[index + 2] : words[index + 1];
      if (next?.kind === 'name') names.add(next.value);
    } else if (word.kind === 'name' && words[index + 1]?.value === 'as' && words[index + 2]?.value === '(') {
      names.add(word.value);
    }
  }
  return names;
}

function usesOf(
  words: readonly Word[],
  { alias, range }: Omit<TableReference, 'uses'>,
): readonly TextRange[] {
  return words
    .filter(
      (word, index) =>
        word.kind === 'name' &&
        word.value === alias &&
        words[index + 1]?.value === '.' &&
        words[index - 1]?.value !== '.' &&
        (word.start < range.start || word.start >= range.end),
    )
    .map(({ start, end }) => ({ start, end }));
}

const pieces = /"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|\S/gu;

function wordsOf(sql: string): readonly Word[] {
  const words: Word[] = [];
  let start = 0;
  for (const { kind, text } of sqlTokens(sql)) {
    if (kind === 'keyword') words.push({ kind, value: text.toLowerCase(), start, end: start + text.length });
    else if (kind === 'plain')
      for (const match of text.matchAll(pieces)) words.push(wordOf(match[0], start + match.index));
    else if (kind !== 'comment') words.push({ kind: 'other', value: '', start, end: start + text.length });
    start += text.length;
  }
  return words;
}

function wordOf(text: string, start: number): Word {
  const end = start + text.length;
  if (text.startsWith('"'))
    return { kind: 'name', value: text.slice(1, -1).replaceAll('""', '"'), start, end };
  return /^[\p{L}_]/u.test(text)
    ? { kind: 'name', value: text.toLowerCase(), start, end }
    : { kind: 'sign', value: text, start, end };
}
