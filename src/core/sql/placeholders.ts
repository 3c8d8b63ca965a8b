import type { SqlParser } from './parser.ts';
import { isWord, type Token, scanTokens, withoutComments } from './tokens.ts';

/** A parameter of the statement. */
export interface Placeholder {
  /** 1 for $1. */
  readonly position: number;
  /** As the user wrote it: "name" for :name, "1" for $1; the position for a nameless %s. */
  readonly name: string;
}

export interface BoundSql {
  /** Every placeholder as $n. */
  readonly sql: string;
  /** By position; each once. */
  readonly parameters: readonly Placeholder[];
  /** Variables that stand for a name (psql's :"table"): no parameter can carry them. */
  readonly nameVariables: readonly string[];
  /** The offset in the text as it was given, for one in `sql`. */
  originalOffset(offset: number): number;
}

/** Bind carries the number of parameters as 16 bits. */
const maxPosition = 65_535;

/**
 * Rewrites $1, :name, :'name', :1, %(name)s and %s to $n. The same name is the same position; $n keeps its number.
 * Text that the scanner refuses comes back unchanged: the parser says what is wrong with it.
 */
export function bindPlaceholders(parser: SqlParser, sql: string): BoundSql {
  return bindTokens(sql, withoutComments(scanTokens(parser, sql) ?? []));
}

/** The same over tokens that are at hand; `base` is what their offsets exceed those of `sql` by. */
export function bindTokens(sql: string, tokens: readonly Token[], base = 0): BoundSql {
  const found = findPlaceholders(tokens);
  const positions = new Map<string, number>();
  for (const one of found) {
    const position = one.form === 'named' ? asPosition(one.name) : undefined;
    if (position !== undefined) positions.set(one.name, position);
  }
  let highest = Math.max(0, ...positions.values());
  let bound = '';
  let copied = 0;
  const edits: Edit[] = [];
  for (const one of found) {
    let replacement: string;
    if (one.form === 'nameVariable' || one.form === 'escape') replacement = one.name;
    else {
      const name = one.form === 'nameless' ? String(highest + 1) : one.name;
      const position = positions.get(name) ?? ++highest;
      positions.set(name, position);
      replacement = `$${position}`;
    }
    bound += sql.slice(copied, one.start - base) + replacement;
    copied = one.end - base;
    edits.push({
      boundEnd: bound.length,
      originalEnd: copied,
      inserted: replacement.length,
      removed: one.end - one.start,
    });
  }
  return {
    sql: bound + sql.slice(copied),
    parameters: [...positions]
      .map(([name, position]) => ({ position, name }))
      .toSorted((a, b) => a.position - b.position),
    nameVariables: found.flatMap((one) => (one.form === 'nameVariable' ? [one.name] : [])),
    originalOffset: (offset) => originalOffset(edits, offset),
  };
}

interface Edit {
  readonly boundEnd: number;
  readonly originalEnd: number;
  readonly inserted: number;
  readonly removed: number;
}

function originalOffset(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const edit of edits) {
    if (offset < edit.boundEnd - edit.inserted) break;
    // Within a replacement the placeholder's own start is the place to show.
    if (offset < edit.boundEnd) return edit.originalEnd - edit.removed;
    shift = edit.originalEnd - edit.boundEnd;
  }
  return offset + shift;
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly form: 'named' | 'nameless' | 'nameVariable' | 'escape';
  readonly name: string;
}

function asPosition(name: string): number | undefined {
  const position = Number(name);
  return Number.isInteger(position) && position >= 1 && position <= maxPosition && String(position) === name
    ? position
    : undefined;
}

function findPlaceholders(tokens: readonly Token[]): readonly Found[] {
  const found: Found[] = [];
  const escapes: Found[] = [];
  const brackets: Bracket[] = [];
  let python = false;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    trackBrackets(brackets, tokens, at);
    if (token.kind === 'parameter') {
      found.push({ start: token.start, end: token.end, form: 'named', name: token.text.slice(1) });
    } else if (token.text === ':') {
      const one = colonForm(tokens, at, brackets.at(-1));
      if (one !== undefined) found.push(one);
    } else if (token.text === '%%') {
      escapes.push({ start: token.start, end: token.end, form: 'escape', name: '%' });
    } else if (token.kind === 'symbol' && token.text.endsWith('%')) {
      const one = percentForm(tokens, at);
      if (one === undefined) continue;
      found.push(one);
      python = true;
    }
  }
  // Python's drivers want a modulo as %%, but only in statements with placeholders of theirs.
  return python ? [...found, ...escapes].toSorted((a, b) => a.start - b.start) : found;
}

/** What a colon may mean depends on the innermost bracket around it. */
interface Bracket {
  readonly kind: 'paren' | 'json' | 'array' | 'subscript';
  /** The one colon of a slice, a[1:2], has been passed. */
  sliced: boolean;
}

function trackBrackets(brackets: Bracket[], tokens: readonly Token[], at: number): void {
  const text = tokens[at]?.text;
  const previous = tokens[at - 1];
  if (text === '(') {
    const json = isWord(previous, 'json_object') || isWord(previous, 'json_objectagg');
    brackets.push({ kind: json ? 'json' : 'paren', sliced: false });
  } else if (text === '[') {
    const nested = brackets.at(-1)?.kind === 'array' && (previous?.text === '[' || previous?.text === ',');
    brackets.push({ kind: nested || isWord(previous, 'array') ? 'array' : 'subscript', sliced: false });
  } else if (text === ')' || text === ']') brackets.pop();
}

function colonForm(tokens: readonly Token[], at: number, bracket: Bracket | undefined): Found | undefined {
  const colon = tokens[at];
  const next = tokens[at + 1];
  if (colon === undefined) return undefined;
  if (bracket?.kind === 'subscript' && !bracket.sliced) {
    bracket.sliced = true;
    return undefined;
  }
  // JSON_OBJECT('key':value), PostgreSQL 16: behind a key the colon is the language's own.
  if (bracket?.kind === 'json' && endsOperand(tokens[at - 1])) return undefined;
  if (next === undefined || next.start !== colon.end) return undefined;
  const place = { start: colon.start, end: next.end };
  if (next.kind === 'word') return { ...place, form: 'named', name: next.text };
  if (next.kind === 'number' && asPosition(next.text) !== undefined) {
    return { ...place, form: 'named', name: next.text };
  }
  if (next.kind === 'string' && next.text.startsWith("'")) {
    return { ...place, form: 'named', name: next.text.slice(1, -1) };
  }
  // Without its colon it is a name again, so that the rest of the statement can be read.
  if (next.kind === 'quotedName' && next.text.startsWith('"')) {
    return { ...place, form: 'nameVariable', name: next.text };
  }
  return undefined;
}

/** %s and %(name)s, also where the scanner took the % for the end of an operator: "=%s". */
function percentForm(tokens: readonly Token[], at: number): Found | undefined {
  const operator = tokens[at];
  if (operator === undefined || operator.text.endsWith('%%')) return undefined;
  // Between operands a % on its own is the modulo: a %s.
  if (operator.text === '%' && endsOperand(tokens[at - 1])) return undefined;
  const start = operator.end - 1;
  const [first, name, close, letter] = tokens.slice(at + 1, at + 5);
  if (first === undefined || first.start !== operator.end) return undefined;
  if (first.text === 's') return { start, end: first.end, form: 'nameless', name: '' };
  if (first.text !== '(' || name === undefined || close?.text !== ')' || letter?.text !== 's')
    return undefined;
  const joined = name.start === first.end && close.start === name.end && letter.start === close.end;
  if (!joined || (name.kind !== 'word' && name.kind !== 'number')) return undefined;
  return { start, end: letter.end, form: 'named', name: name.text };
}

/** The token ends a value; keywords do not, for LIMIT, LIKE and AT TIME ZONE are followed by one. */
function endsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'symbol') return token.text === ')' || token.text === ']';
  return token.kind !== 'word' || !token.keyword;
}
