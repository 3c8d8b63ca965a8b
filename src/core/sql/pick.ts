import { userErrors } from '../errors.ts';
import { type Result, fail, succeed } from '../result.ts';
import { notSql } from './parse.ts';
import type { SqlParser } from './parser.ts';
import { splitStatements } from './split.ts';
import type { SqlStatement } from './statement.ts';

export interface TextRange {
  /** UTF-16 offsets; equal for a cursor. */
  readonly start: number;
  readonly end: number;
}

/**
 * The statement that a user means. A selection is taken as it is, and must be one statement.
 * A cursor means, in this order:
 * 1. the statement that it stands in or touches; between two that touch, the one that begins there;
 * 2. the statement before it on its line, so that the place behind ";" still means what was just typed;
 * 3. the statement behind it on its line (indentation);
 * 4. the statement below, when only comments stand between: they are its heading;
 * 5. the nearest by lines, the one above if both are as near.
 */
export function pickStatement(parser: SqlParser, text: string, selection: TextRange): Result<SqlStatement> {
  if (selection.start !== selection.end) return pickSelected(parser, text, selection);
  const picked = pickAtCursor(text, splitStatements(parser, text), selection.start);
  return picked === undefined ? fail(userErrors.emptyInput()) : ifParsed(text, picked);
}

function pickSelected(parser: SqlParser, text: string, selection: TextRange): Result<SqlStatement> {
  const statements = splitStatements(parser, text.slice(selection.start, selection.end));
  const [only] = statements;
  if (only === undefined) return fail(userErrors.emptyInput());
  if (statements.length > 1) return fail(userErrors.severalStatements(statements.length));
  return ifParsed(text, shift(only, selection.start));
}

function shift(statement: SqlStatement, by: number): SqlStatement {
  const { syntaxError } = statement;
  return {
    ...statement,
    start: statement.start + by,
    end: statement.end + by,
    ...(syntaxError && { syntaxError: { ...syntaxError, offset: syntaxError.offset + by } }),
  };
}

function ifParsed(text: string, statement: SqlStatement): Result<SqlStatement> {
  return statement.syntaxError === undefined ? succeed(statement) : fail(notSql(text, statement.syntaxError));
}

function pickAtCursor(
  text: string,
  statements: readonly SqlStatement[],
  cursor: number,
): SqlStatement | undefined {
  const below = statements.find((one) => one.start >= cursor);
  if (below?.start === cursor) return below;
  const above = statements.findLast((one) => one.start < cursor);
  if (above === undefined || below === undefined) return above ?? below;
  if (cursor <= above.end || !text.slice(above.end, cursor).includes('\n')) return above;
  const between = text.slice(cursor, below.start);
  if (!between.includes('\n') || isHeading(text, cursor, below.start)) return below;
  return countBreaks(between) < countBreaks(text.slice(above.end, cursor)) ? below : above;
}

/** No blank line from the cursor's own line to the statement: only its comments are there. */
function isHeading(text: string, cursor: number, statementStart: number): boolean {
  const lineStart = text.lastIndexOf('\n', cursor - 1) + 1;
  const lines = text.slice(lineStart, statementStart).split('\n');
  return lines.slice(0, -1).every((line) => line.trim() !== '');
}

function countBreaks(text: string): number {
  return text.split('\n').length - 1;
}
