import type { SqlParser } from './parser.ts';
import { type Token, isWord, scanTokens, withoutComments } from './tokens.ts';

const ellipsis = '…';

/** Clauses that tell statements apart when the middle is cut out. */
const clauses = [
  'from',
  'where',
  'group',
  'having',
  'order',
  'limit',
  'offset',
  'fetch',
  'set',
  'values',
  'returning',
];

/**
 * One line that names a statement in a list: comments left out, white space folded and, beyond `maxLength` UTF-16 units,
 * the middle cut out in favour of the last clause: "SELECT m.model_name, mv.semver … LIMIT 50".
 */
export function statementTitle(parser: SqlParser, sql: string, maxLength: number): string {
  const words = titleWords(parser, sql);
  const whole = withoutEnd(join(words));
  if (whole.length <= maxLength) return whole;
  const lastClause = words.findLastIndex((word) => word.clause);
  const tail = lastClause > 0 ? withoutEnd(join(words.slice(lastClause))) : '';
  // The beginning says more than the end: the tail gets a third at most.
  const ending = tail !== '' && tail.length <= maxLength / 3 ? ` ${ellipsis} ${tail}` : ` ${ellipsis}`;
  return headOf(words, maxLength - ending.length) + ending;
}

/** What stands between two spaces, comments left out. */
interface Word {
  readonly text: string;
  /** A clause of the outermost query starts with it. */
  readonly clause: boolean;
}

function titleWords(parser: SqlParser, sql: string): readonly Word[] {
  const tokens = scanTokens(parser, sql);
  // Not to be scanned (an open quote): its words as they stand.
  if (tokens === undefined) return [{ text: fold(sql), clause: false }];
  const words: Word[] = [];
  let depth = 0;
  let end = -1;
  for (const token of withoutComments(tokens)) {
    const glued = token.start === end ? words.pop() : undefined;
    const text = fold(token.text);
    words.push({
      text: (glued?.text ?? '') + text,
      clause: glued?.clause ?? (depth === 0 && isClause(token)),
    });
    depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    end = token.end;
  }
  return words;
}

function isClause(token: Token): boolean {
  return token.keyword && clauses.some((clause) => isWord(token, clause));
}

/** White space inside literals and quoted names folded too: a title is one line. */
function fold(text: string): string {
  return text
    .split(/\s+/u)
    .filter((part) => part !== '')
    .join(' ');
}

function join(words: readonly Word[]): string {
  return words.map((word) => word.text).join(' ');
}

/** As many whole words as fit; a part of the next where they fill less than half; without a dangling comma. */
function headOf(words: readonly Word[], length: number): string {
  let head = '';
  for (const word of words) {
    const next = head === '' ? word.text : `${head} ${word.text}`;
    if (next.length > length) {
      if (head.length < length / 2) head = cutAt(next, length);
      break;
    }
    head = next;
  }
  while (head.endsWith(',') || head.endsWith('(') || head.endsWith(' ')) head = head.slice(0, -1);
  return head;
}

/** Without the ";" of the statement. */
function withoutEnd(text: string): string {
  return text.endsWith(';') ? text.slice(0, -1).trimEnd() : text;
}

/** Cuts between code points, so that no half of a surrogate pair is left. */
function cutAt(text: string, length: number): string {
  let cut = '';
  for (const character of text) {
    if (cut.length + character.length > length) break;
    cut += character;
  }
  return cut;
}
