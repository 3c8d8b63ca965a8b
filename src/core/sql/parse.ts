import { type UserError, userErrors } from '../errors.ts';
import { codePointOffset, lineColumn, utf8Offsets } from './offsets.ts';
import type { SqlParser } from './parser.ts';
import type { SyntaxFault } from './statement.ts';

/** A node of the parse tree; its fields are read by name where they are needed. */
export type SqlNode = Readonly<Record<string, unknown>>;

export interface ParsedStatement {
  /** "SelectStmt". */
  readonly kind: string;
  readonly node: SqlNode;
  /** UTF-16 offsets; comments before the first token are outside, those behind the last one inside. */
  readonly start: number;
  readonly end: number;
  /** A ";" follows. */
  readonly terminated: boolean;
}

export type Parsed =
  | { readonly ok: true; readonly statements: readonly ParsedStatement[] }
  | { readonly ok: false; readonly fault: SyntaxFault };

/** Parses a text of any number of statements; the parser's refusal is a value. */
export function parseSql(parser: SqlParser, sql: string): Parsed {
  // The empty string is refused by the parser's binding, not by the parser.
  if (sql === '') return { ok: true, statements: [] };
  // The parser's strings end at NUL: what stands behind one would be sent without having been read.
  const nul = sql.indexOf('\0');
  if (nul !== -1) return { ok: false, fault: { message: 'it holds a NUL character', offset: nul } };
  try {
    const unit = utf8Offsets(sql);
    const statements = (parser.parse(sql).stmts ?? []).map((raw): ParsedStatement => {
      const [kind = 'unknown', node = {}] = Object.entries(raw.stmt ?? {})[0] ?? [];
      const startByte = raw.stmt_location ?? 0;
      const start = unit(startByte);
      const terminated = raw.stmt_len !== undefined;
      const end = terminated ? unit(startByte + (raw.stmt_len ?? 0)) : sql.length;
      return { kind, node: node as SqlNode, start, end, terminated };
    });
    return { ok: true, statements };
  } catch (error) {
    return { ok: false, fault: faultOf(error, sql) };
  }
}

/** The error of a syntax fault, with its place as an editor shows it. */
export function notSql(text: string, fault: SyntaxFault): UserError {
  const { line, column } = lineColumn(text, fault.offset);
  return userErrors.notSql(`${fault.message} (line ${line}, column ${column})`);
}

function faultOf(error: unknown, sql: string): SyntaxFault {
  if (error instanceof Error && 'sqlDetails' in error) {
    const details = error.sqlDetails as { readonly cursorPosition?: number } | undefined;
    // Despite its documentation the position counts code points: the scanner passes it through pg_mbstrlen_with_len.
    return { message: error.message, offset: codePointOffset(sql, details?.cursorPosition ?? 0) };
  }
  // The WebAssembly stack is the host's: thousands of nested expressions exhaust it (RangeError), as parser.ts
  // throws for what is too long.
  return { message: 'it is too long, or its expressions are nested too deeply', offset: 0 };
}
