import { type Token, isWord } from './tokens.ts';
import { lineEnd } from './trivia.ts';

/** The tokens of one statement, and where what ends it ends. */
export interface Cut {
  /** Never empty, comments left out. */
  readonly tokens: readonly Token[];
  /** Behind its ";" (or meta-command); undefined when nothing ends it. */
  readonly end?: number;
}

/**
 * Cuts tokens (comments left out) into statements at each ";" that ends one. For text that the parser refuses as a whole:
 * it needs no valid SQL, but knows the two places where a ";" belongs to the statement, as psql does:
 * the body of a SQL function (BEGIN ATOMIC … END) and the parenthesised actions of a rule.
 * A psql meta-command (\gset, \watch 5) ends a statement too, together with the rest of its line.
 * Unless these are the last tokens of the text, a statement that nothing ends is left out: more of it may follow.
 */
export function cutStatements(tokens: readonly Token[], text: string, isLast: boolean): readonly Cut[] {
  const cuts: Cut[] = [];
  let at = 0;
  let honourBodies = true;
  while (at < tokens.length) {
    let one = cutOne(tokens, at, text, honourBodies);
    if (one.cut.end === undefined && !isLast) break;
    if (one.open) {
      // A body that never closes would swallow the rest of the text: its first ";" ends it, and no later body closes either.
      honourBodies = false;
      one = cutOne(tokens, at, text, honourBodies);
    }
    if (one.cut.tokens.length > 0) cuts.push(one.cut);
    at = one.next;
  }
  return cuts;
}

interface Step {
  readonly cut: Cut;
  readonly next: number;
  readonly open: boolean;
}

function cutOne(tokens: readonly Token[], first: number, text: string, honourBodies: boolean): Step {
  const body = honourBodies ? bodyOf(tokens, first) : 'none';
  let depth = 0;
  for (let at = first; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.text === '\\') {
      const end = tokens[at + 1]?.text === ';' ? token.end + 1 : lineEnd(text, token.start);
      let next = at + 1;
      while ((tokens[next]?.start ?? Infinity) < end) next++;
      return { cut: { tokens: tokens.slice(first, at), end }, next, open: false };
    }
    if (token.text === ';' && depth === 0) {
      return { cut: { tokens: tokens.slice(first, at), end: token.end }, next: at + 1, open: false };
    }
    if (body === 'rule') depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
    else if (body === 'routine') depth += routineDepth(tokens, at, depth);
    if (depth < 0) depth = 0;
  }
  return { cut: { tokens: tokens.slice(first) }, next: tokens.length, open: depth > 0 };
}

/** Which kind of body the statement that starts at `first` may have. */
function bodyOf(tokens: readonly Token[], first: number): 'none' | 'rule' | 'routine' {
  if (!isWord(tokens[first], 'create')) return 'none';
  const at = isWord(tokens[first + 1], 'or') && isWord(tokens[first + 2], 'replace') ? first + 3 : first + 1;
  if (isWord(tokens[at], 'rule')) return 'rule';
  return isWord(tokens[at], 'function') || isWord(tokens[at], 'procedure') ? 'routine' : 'none';
}

/** BEGIN ATOMIC opens; inside, CASE … END nests, as psql counts it. */
function routineDepth(tokens: readonly Token[], at: number, depth: number): number {
  const token = tokens[at];
  if (depth === 0) return isWord(token, 'begin') && isWord(tokens[at + 1], 'atomic') ? 1 : 0;
  if (isWord(token, 'case')) return 1;
  return isWord(token, 'end') ? -1 : 0;
}
