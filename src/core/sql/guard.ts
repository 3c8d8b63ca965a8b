import { type UserError, userErrors } from '../errors.ts';
import type { Access, TableName } from '../ports.ts';
import { type Result, fail, succeed } from '../result.ts';
import { inspectStatement } from './inspect.ts';
import { type ParsedStatement, type SqlNode, notSql, parseSql } from './parse.ts';
import type { SqlParser } from './parser.ts';
import { type Placeholder, bindPlaceholders } from './placeholders.ts';
import { isProfiled, refuse, refuseInto } from './refusals.ts';
import type { SyntaxFault } from './statement.ts';
import { type Token, isWord, scanTokens, withoutComments } from './tokens.ts';
import { withHint } from './trivia.ts';

/** A statement that may go to the server: step 1 of the safety protocol. */
export interface GuardedStatement {
  /** Exactly one statement, out of EXPLAIN if it was in one, placeholders as $n, without ";" and outer comments (hints stay). */
  readonly sql: string;
  readonly access: Access;
  readonly parameters: readonly Placeholder[];
  readonly tables: readonly TableName[];
  /** "SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt". */
  readonly kind: string;
  /** How messages name it: "DELETE", "SELECT that locks rows". */
  readonly label: string;
}

/** Lets through exactly one statement that EXPLAIN takes and a rollback undoes, and says what it does to rows. */
export function guardStatement(parser: SqlParser, sql: string): Result<GuardedStatement> {
  const bound = bindPlaceholders(parser, sql);
  const written = parseOne(parser, bound.sql, (fault) =>
    notSql(sql, { ...fault, offset: bound.originalOffset(fault.offset) }),
  );
  if (!written.ok) return written;
  const [variable] = bound.nameVariables;
  if (variable !== undefined) {
    return fail(
      userErrors.badUsage(
        `:${variable} stands for a name, and a parameter can only be a value.`,
        'Write the name itself.',
      ),
    );
  }
  const tokens = withoutComments(scanTokens(parser, bound.sql) ?? []);
  const first = written.value.kind === 'ExplainStmt' ? behindExplain(written.value.node, tokens) : 0;
  const text = statementText(bound.sql, tokens, first);
  // What is judged is the very text that goes to the server, parsed anew.
  const statement = parseOne(parser, text, (fault) => notSql(text, fault));
  if (!statement.ok) return statement;
  const { kind, node } = statement.value;
  if (!isProfiled(kind)) return fail(refuse(kind, tokens.slice(first)));
  const { access, createsTable, tables } = inspectStatement(kind, node);
  if (createsTable) return fail(refuseInto());
  return succeed({
    sql: text,
    access,
    parameters: bound.parameters,
    tables,
    kind,
    label: labelOf(kind, access),
  });
}

function labelOf(kind: string, access: Access): string {
  if (kind !== 'SelectStmt') return kind.replace('Stmt', '').toUpperCase();
  return { read: 'SELECT', lock: 'SELECT that locks rows', write: 'SELECT with a writing WITH query' }[
    access
  ];
}

function parseOne(
  parser: SqlParser,
  sql: string,
  toError: (fault: SyntaxFault) => UserError,
): Result<ParsedStatement> {
  const parsed = parseSql(parser, sql);
  if (!parsed.ok) return fail(toError(parsed.fault));
  const [only] = parsed.statements;
  if (only === undefined) return fail(userErrors.emptyInput());
  return parsed.statements.length === 1
    ? succeed(only)
    : fail(userErrors.severalStatements(parsed.statements.length));
}

/** The index of the first token of the statement inside EXPLAIN. */
function behindExplain(explain: SqlNode, tokens: readonly Token[]): number {
  // "EXPLAIN (SELECT 1)" has a parenthesis and no options; the tree knows.
  if (explain['options'] !== undefined && tokens[1]?.text === '(') return behindParenthesis(tokens, 1);
  return tokens.findIndex(
    (token, index) => index > 0 && !['analyze', 'analyse', 'verbose'].some((word) => isWord(token, word)),
  );
}

function behindParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]?.text === '(') depth++;
    else if (tokens[at]?.text === ')' && --depth === 0) return at + 1;
  }
  return tokens.length;
}

/** From the token number `first` to the last one, with the hint that stands before it or before EXPLAIN. */
function statementText(sql: string, tokens: readonly Token[], first: number): string {
  const start = tokens[first]?.start ?? 0;
  const end = tokens.findLast((token) => token.text !== ';')?.end;
  const text = sql.slice(withHint(sql, tokens[first - 1]?.end ?? 0, start), end);
  if (first === 0) return text;
  const explain = tokens[0]?.start ?? 0;
  const outerHint = sql.slice(withHint(sql, 0, explain), explain).trimEnd();
  return outerHint === '' ? text : `${outerHint}\n${text}`;
}
