/**
 * Plan text is nearly SQL. What is not: references to sub-plans, "(InitPlan 1).col1" (17+) and "(SubPlan 2)" (≤ 16).
 * They stand for values, so they become parameters, which parse.
 */
import type { ScanToken } from 'libpg-query';
import type { SqlParser } from '../sql/parser.ts';

const subplanWords = new Set(['initplan', 'subplan']);

/** The expression with every reference to a sub-plan written as $0; unchanged when it cannot be scanned. */
export function planExpressionToSql(parser: SqlParser, expression: string): string {
  let tokens: readonly ScanToken[];
  try {
    tokens = parser.scan(expression).tokens;
  } catch {
    return expression;
  }
  const parts: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const length = subplanReferenceLength(tokens, i);
    if (length === 0) parts.push(tokens[i]?.text ?? '');
    else {
      parts.push('$0');
      i += length - 1;
    }
  }
  // Tokens are joined by blanks; only token texts are used, so byte offsets do not matter.
  return parts.join(' ');
}

/** How many tokens from `at` on spell "(InitPlan 1).col1", "(hashed SubPlan 2).col1" or "(SubPlan 3)"; 0 when none do. */
function subplanReferenceLength(tokens: readonly ScanToken[], at: number): number {
  const text = (offset: number) => tokens[at + offset]?.text;
  if (text(0) !== '(') return 0;
  const word = text(1)?.toLowerCase() === 'hashed' ? 2 : 1;
  if (!subplanWords.has(text(word)?.toLowerCase() ?? '') || text(word + 2) !== ')') return 0;
  return text(word + 3) === '.' ? word + 5 : word + 3;
}
