/** PostgreSQL's parser and what is built on it, loaded when the first statement is looked at. */
import type { Result } from '../core/result.ts';
import type { GuardedStatement } from '../core/sql/guard.ts';
import type { SqlParser } from '../core/sql/parser.ts';
import type { SqlStatement } from '../core/sql/statement.ts';

export interface SqlTools {
  readonly parser: SqlParser;
  split(text: string): readonly SqlStatement[];
  pick(text: string, selection: { readonly start: number; readonly end: number }): Result<SqlStatement>;
  guard(sql: string): Result<GuardedStatement>;
  /** What *Apply…* may run. */
  createsIndex(ddl: string): boolean;
  /** A text of pg_stat_statements, so that it parses. */
  repair(normalized: string): string;
  /** One line of at most `maxLength` characters. */
  title(sql: string, maxLength: number): string;
}

export async function loadSqlTools(): Promise<SqlTools> {
  const [
    { loadParser },
    { splitStatements },
    { pickStatement },
    { guardStatement },
    { createsIndex },
    { repairNormalized },
    { statementTitle },
  ] = await Promise.all([
    import('../core/sql/parser.ts'),
    import('../core/sql/split.ts'),
    import('../core/sql/pick.ts'),
    import('../core/sql/guard.ts'),
    import('../core/sql/createsIndex.ts'),
    import('../core/sql/repairNormalized.ts'),
    import('../core/sql/title.ts'),
  ]);
  const parser = await loadParser();
  return {
    parser,
    split: (text) => splitStatements(parser, text),
    pick: (text, selection) => pickStatement(parser, text, selection),
    guard: (sql) => guardStatement(parser, sql),
    repair: (normalized) => repairNormalized(parser, normalized),
    createsIndex: (ddl) => createsIndex(parser, ddl),
    title: (sql, maxLength) => statementTitle(parser, sql, maxLength),
  };
}
