import { parseSql } from './parse.ts';
import type { SqlParser } from './parser.ts';

/** True for exactly one CREATE INDEX: all that a suggestion may run, wherever its report came from. */
export function createsIndex(parser: SqlParser, ddl: string): boolean {
  const parsed = parseSql(parser, ddl);
  return parsed.ok && parsed.statements.length === 1 && parsed.statements[0]?.kind === 'IndexStmt';
}
