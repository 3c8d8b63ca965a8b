import { type UserError, userErrors } from '../errors.ts';
import { type Token, isWord } from './tokens.ts';

/** What EXPLAIN takes and a rollback undoes. VALUES and TABLE are SelectStmt to the parser. */
const profiled = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** True for the kinds of statement that can be profiled. */
export function isProfiled(kind: string): boolean {
  return profiled.has(kind);
}

/** Why a kind of statement is refused, as the end of "… cannot be profiled: ". */
const reasons: Readonly<Record<string, string>> = {
  TransactionStmt: 'every profile runs in a transaction of its own, which is always rolled back',
  CopyStmt: 'it moves data between a table and a file, and PostgreSQL makes no plan for that',
  DoStmt: 'it runs a block of code, whose statements are planned one by one inside the server',
  CallStmt: 'it runs a procedure, whose statements are planned one by one inside the server',
  CreateTableAsStmt: 'it creates a table or materialized view; profile the query behind AS',
  RefreshMatViewStmt: 'it rewrites a materialized view; profile the query that defines it',
  ViewStmt: 'it creates a view; profile the query behind AS',
  ExecuteStmt: 'it runs a statement that was prepared in another session; profile that statement itself',
  PrepareStmt: 'it only stores a statement for later; profile the statement behind AS',
  DeclareCursorStmt: 'it opens a cursor; profile the query behind FOR',
  FetchStmt: 'it reads from a cursor of another session; profile the cursor’s query',
  ClosePortalStmt: 'it closes a cursor of another session',
  DeallocateStmt: 'it forgets a prepared statement of another session',
  LockStmt: 'it only takes a lock, and there is no plan for that',
  VariableSetStmt: 'it changes a setting, and there is no plan for that',
  VariableShowStmt: 'it shows a setting, and there is no plan for that',
  VacuumStmt: 'it is maintenance, and there is no plan for that',
  TruncateStmt: 'it empties a table without a plan',
};

const utilityReason = 'it is a command, not a query, and PostgreSQL makes no plan for it';

/** The refusal of a statement that PostgreSQL cannot explain or the product must not run. */
export function refuse(kind: string, tokens: readonly Token[]): UserError {
  return userErrors.unsupportedStatement(commandName(kind, tokens), reasons[kind] ?? utilityReason);
}

/** SELECT … INTO is a SelectStmt to the parser, and a write of the worst kind to the user. */
export function refuseInto(): UserError {
  return userErrors.unsupportedStatement(
    'SELECT INTO',
    'it creates a table; leave INTO out to profile the query',
  );
}

/** Words between CREATE and what is created that say nothing of its kind. */
const adornments = new Set([
  'or',
  'replace',
  'unique',
  'temp',
  'temporary',
  'unlogged',
  'global',
  'local',
  'recursive',
]);
/** First halves of two-word kinds: MATERIALIZED VIEW, FOREIGN TABLE, EVENT TRIGGER, USER MAPPING, TEXT SEARCH. */
const halves = new Set(['materialized', 'foreign', 'event', 'access', 'text', 'default', 'large']);

/** Commands whose manual page has a longer title than their first word. */
const titles: Readonly<Record<string, string>> = {
  DECLARE: 'DECLARE CURSOR',
  IMPORT: 'IMPORT FOREIGN SCHEMA',
  LOCK: 'LOCK TABLE',
  REFRESH: 'REFRESH MATERIALIZED VIEW',
  START: 'START TRANSACTION',
};

/** The command as its manual page is called: "CREATE INDEX", "VACUUM". */
function commandName(kind: string, tokens: readonly Token[]): string {
  const verb = tokens[0]?.text.toUpperCase() ?? 'This';
  if (!['CREATE', 'ALTER', 'DROP'].includes(verb)) return titles[verb] ?? verb;
  const at = tokens.findIndex((token, index) => index > 0 && !adornments.has(token.text.toLowerCase()));
  const twoWords =
    halves.has(tokens[at]?.text.toLowerCase() ?? '') ||
    (isWord(tokens[at], 'user') && isWord(tokens[at + 1], 'mapping'));
  const words = tokens.slice(at, at + (twoWords ? 2 : 1)).map((token) => token.text.toUpperCase());
  return [verb, ...words, ...(kind === 'CreateTableAsStmt' && words[0] === 'TABLE' ? ['AS'] : [])].join(' ');
}
