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
  const whole = join(words);
  if (whole.length <= maxLength) return whole;
  const lastClause = words.findLastIndex((word) => word.clause);
  const tail = lastClause > 0 ? join(words.slice(lastClause)) : '';
  // The beginning says more than the end: the tail gets a third at most.
  const ending = tail !== '' && tail.length <= maxLength / 3 ? ` ${ellipsis} ${tail}` : ` ${ellipsis}`;
  return headOf(words, maxLength - ending.length) + ending;
}

interface Word {
  readonly text: string;
  /** White space or a comment precedes it. */
  readonly spaced: boolean;
  readonly clause: boolean;
}

function titleWords(parser: SqlParser, sql: string): readonly Word[] {
  const tokens = scanTokens(parser, sql);
  if (tokens === undefined) {
    // Not to be scanned (an open quote): its words as they stand.
    return fold(sql)
      .split(' ')
      .map((text, index) => ({ text, spaced: index > 0, clause: false }));
  }
  const meaningful = withoutComments(tokens).filter(
    (token, index, all) => token.text !== ';' || index < all.length - 1,
  );
  let depth = 0;
  return meaningful.map((token, index) => {
    depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
    const before = meaningful[index - 1];
    return {
      text: fold(token.text),
      spaced: before !== undefined && before.end < token.start,
      clause: depth === 0 && isClause(token),
    };
  });
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
  return words.map((word) => (word.spaced ? ` ${word.text}` : word.text)).join('');
}

/** As many whole words as fit, without a dangling comma; at least the first characters. */
function headOf(words: readonly Word[], length: number): string {
  let head = '';
  for (const word of words) {
    const next = word.spaced ? `${head} ${word.text}` : head + word.text;
    if (next.length > length) break;
    head = next;
  }
  while (head.endsWith(',') || head.endsWith('(') || head.endsWith(' ')) head = head.slice(0, -1);
  return head === '' ? cutAt(words[0]?.text ?? '', length) : head;
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
