/**
 * PostgreSQL's own parser (libpg-query, version 18's grammar, WebAssembly).
 * Loaded on first use: the bundle keeps it in a file of its own.
 */
import type { ParseResult, ScanResult } from 'libpg-query';

export interface SqlParser {
  /** @throws SqlError of libpg-query, with `sqlDetails.cursorPosition` (0-based, in code points). */
  parse(sql: string): ParseResult;
  /** Tokens with UTF-8 byte offsets; `scanTokens` (tokens.ts) is the safe way to call it. @throws SyntaxError on unterminated literals. */
  scan(sql: string): ScanResult;
  /** Equal for statements that differ in constants only. @throws SqlError */
  fingerprint(sql: string): string;
  /** Constants replaced by $n, as pg_stat_statements does. @throws SqlError */
  normalize(sql: string): string;
}

/**
 * The longest text, in characters, that the module is handed: at 4,000,000 a single expression ended it by an
 * "Aborted" that also held for every statement after. Halved, for other shapes of SQL may need more memory.
 */
const longestText = 2_000_000;

let loading: Promise<SqlParser> | undefined;

/** The one parser of this process; loads the WebAssembly module on the first call. */
export function loadParser(): Promise<SqlParser> {
  loading ??= import('libpg-query').then(async (library) => {
    await library.loadModule();
    return {
      parse: bounded(library.parseSync),
      scan: bounded(library.scanSync),
      fingerprint: bounded(library.fingerprintSync),
      normalize: bounded(library.normalizeSync),
    };
  });
  return loading;
}

function bounded<T>(read: (sql: string) => T): (sql: string) => T {
  return (sql) => {
    if (sql.length > longestText) throw new RangeError(`longer than ${longestText} characters`);
    return read(sql);
  };
}
