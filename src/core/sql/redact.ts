import { parseSql } from './parse.ts';
import type { SqlParser } from './parser.ts';
import { bindPlaceholders } from './placeholders.ts';
import { scanTokens, withoutComments } from './tokens.ts';

/**
 * The statement for a log: every literal as "?", comments left out, white space folded.
 * What does not parse is not quoted at all, for nobody knows where its literals end.
 * (The parser's own `normalize` keeps comments, and literals in DEFAULT, CHECK, COPY and COMMENT.)
 */
export function redactSql(parser: SqlParser, sql: string): string {
  const tokens = scanTokens(parser, sql);
  if (tokens === undefined || !parseSql(parser, bindPlaceholders(parser, sql).sql).ok) {
    return `(a statement of ${sql.length} characters that does not parse)`;
  }
  let redacted = '';
  let end = 0;
  for (const token of withoutComments(tokens)) {
    // A variable's quoted name, :'name', is covered too: better once too often.
    const literal = token.kind === 'string' || token.kind === 'number';
    const gap = end > 0 && token.start > end ? ' ' : '';
    redacted += gap + (literal ? '?' : token.text);
    end = token.end;
  }
  return redacted;
}
