import { userErrors } from '../errors.ts';
import type { Access, TableName } from '../ports.ts';
import { type Result, fail, succeed } from '../result.ts';
import { inspectStatement } from './inspect.ts';
import { type ParsedStatement, type SqlNode, notSql, parseSql } from './parse.ts';
import type { SqlParser } from './parser.ts';
import { type Placeholder, bindPlaceholders } from './placeholders.ts';
import { isProfiled, refuse, refuseInto } from './refusals.ts';
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
}

/** Lets through exactly one statement that EXPLAIN takes and a rollback undoes, and says what it does to rows. */
export function guardStatement(parser: SqlParser, sql: string): Result<GuardedStatement> {
  const bound = bindPlaceholders(parser, sql);
  const parsed = parseSql(parser, bound.sql);
  if (!parsed.ok) {
    const offset = bound.originalOffset(parsed.fault.offset);
    return fail(notSql(sql, { message: parsed.fault.message, offset }));
  }
  const [statement] = parsed.statements;
  if (statement === undefined) return fail(userErrors.emptyInput());
  if (parsed.statements.length > 1) return fail(userErrors.severalStatements(parsed.statements.length));
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
  const { inner, first } = unwrapExplain(statement, tokens);
  const explained = tokens.slice(first);
  if (!isProfiled(inner.kind)) return fail(refuse(inner.kind, explained));
  const effects = inspectStatement(inner.kind, inner.node);
  if (effects.createsTable) return fail(refuseInto());
  return succeed({
    sql: statementText(bound.sql, tokens, first),
    access: effects.access,
    parameters: bound.parameters,
    tables: effects.tables,
    kind: inner.kind,
  });
}

/** The statement that EXPLAIN explains, and the index of its first token; without EXPLAIN the statement itself. */
function unwrapExplain(statement: ParsedStatement, tokens: readonly Token[]) {
  if (statement.kind !== 'ExplainStmt') return { inner: statement, first: 0 };
  const [kind = 'unknown', node = {}] = Object.entries((statement.node['query'] ?? {}) as SqlNode)[0] ?? [];
  let first = 1;
  // "EXPLAIN (SELECT 1)" has a parenthesis and no options; the tree knows.
  const hasOptions = statement.node['options'] !== undefined;
  if (hasOptions && tokens[first]?.text === '(') first = behindParenthesis(tokens, first);
  else while (['analyze', 'analyse', 'verbose'].some((word) => isWord(tokens[first], word))) first++;
  return { inner: { kind, node: node as SqlNode }, first };
}

function behindParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]?.text === '(') depth++;
    else if (tokens[at]?.text === ')' && --depth === 0) return at + 1;
  }
  return tokens.length;
}

/** From the token number `first` to the last one, with the hint that stands before them. */
function statementText(sql: string, tokens: readonly Token[], first: number): string {
  const start = tokens[first]?.start ?? 0;
  const last = tokens.findLast((token) => token.text !== ';');
  const text = sql.slice(start, last?.end);
  const outer = tokens[0]?.start ?? 0;
  const hintAt = withHint(sql, 0, outer);
  const hint = sql.slice(hintAt, outer).trimEnd();
  if (hint !== '') return `${hint}\n${text}`;
  const innerHintAt = first === 0 ? start : withHint(sql, tokens[first - 1]?.end ?? 0, start);
  return sql.slice(innerHintAt, last?.end);
}
