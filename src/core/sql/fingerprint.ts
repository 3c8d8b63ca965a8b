import type { SqlParser } from './parser.ts';

/**
 * A key that is the same for statements that differ in their values only: PostgreSQL's fingerprint of the parse tree
 * (pg_query). What does not parse is a key by its text, white space folded.
 */
export function statementKey(parser: SqlParser, sql: string): string {
  try {
    return parser.fingerprint(sql);
  } catch {
    return sql.replaceAll(/\s+/g, ' ').trim();
  }
}
