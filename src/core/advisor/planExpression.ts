/**
 * Plan text is nearly SQL. What is not: references to sub-plans, "(InitPlan 1).col1" (17+) and "(SubPlan 2)" (≤ 16),
 * and what is asked of all their rows, "(ANY (a = (hashed SubPlan 1).col1))", "EXISTS(SubPlan 3)".
 */
import type { ScanToken } from 'libpg-query';
import type { SqlParser } from '../sql/parser.ts';

/** A sub-plan as an expression names it. */
export interface SubplanReference {
  readonly kind: 'InitPlan' | 'SubPlan';
  /** "1" of "SubPlan 1". */
  readonly number: string;
  /** Run once into a hash table, not once per row. */
  readonly hashed: boolean;
}

/** Functions that stand for "(ANY (…))" and its like, which are no SQL; quoted, so that no user's has the name. */
export const quantifierNames = { any: 'plan ANY', all: 'plan ALL', exists: 'plan EXISTS' } as const;

/**
 * The expression as SQL, with every reference to a sub-plan as `write` says: a parameter, for it stands for a value.
 * Unchanged when it cannot be scanned, or needs no change.
 */
export function planExpressionToSql(
  parser: SqlParser,
  expression: string,
  write: (reference: SubplanReference) => string = () => '$0',
): string {
  // Scanning costs more than parsing does; without the word there is nothing to replace.
  if (!expression.includes('Plan ')) return expression;
  let tokens: readonly ScanToken[];
  try {
    tokens = parser.scan(expression).tokens;
  } catch {
    return expression;
  }
  const parts: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const found = referenceAt(tokens, i);
    if (found === undefined) parts.push(quantifierAt(tokens, i) ?? tokens[i]?.text ?? '');
    else {
      // Of the reference, the parentheses went: those of a call are needed.
      const isAsked = parts.at(-1) === `"${quantifierNames.exists}"`;
      parts.push(isAsked ? `(${write(found.reference)})` : write(found.reference));
      i += found.length - 1;
    }
  }
  // Tokens are joined by blanks; only token texts are used, so byte offsets do not matter.
  return parts.join(' ');
}

const kinds: Readonly<Record<string, SubplanReference['kind']>> = {
  initplan: 'InitPlan',
  subplan: 'SubPlan',
};

/** "(InitPlan 1).col1", "(hashed SubPlan 2).col1" or "(SubPlan 3)" at this token, and how many tokens spell it. */
function referenceAt(
  tokens: readonly ScanToken[],
  at: number,
): { readonly reference: SubplanReference; readonly length: number } | undefined {
  const text = (offset: number) => tokens[at + offset]?.text;
  if (text(0) !== '(') return undefined;
  const hashed = text(1)?.toLowerCase() === 'hashed';
  const word = hashed ? 2 : 1;
  const kind = kinds[text(word)?.toLowerCase() ?? ''];
  const number = text(word + 1);
  if (kind === undefined || number === undefined || text(word + 2) !== ')') return undefined;
  return { reference: { kind, number, hashed }, length: text(word + 3) === '.' ? word + 5 : word + 3 };
}

/** The name of the function for an ANY or ALL that begins an expression (behind an operator they are SQL), or an EXISTS. */
function quantifierAt(tokens: readonly ScanToken[], at: number): string | undefined {
  const word = tokens[at]?.text?.toLowerCase();
  if (word === 'exists' && referenceAt(tokens, at + 1) !== undefined) return `"${quantifierNames.exists}"`;
  if (tokens[at - 1]?.text !== '(' || tokens[at + 1]?.text !== '(') return undefined;
  return word === 'any' || word === 'all' ? `"${quantifierNames[word]}"` : undefined;
}
