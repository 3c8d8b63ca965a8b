/**
 * What a scan's condition asks of each column, read from the plan's own text by PostgreSQL's parser.
 * The plan prints conditions after constant folding and with every implicit cast, which is what an index must match.
 */
import type { A_Expr, ColumnRef, Node } from 'libpg-query';
import type { SqlParser } from '../sql/parser.ts';
import { planExpressionToSql } from './planExpression.ts';

/** One AND-ed test of a bare column against something that is constant while the table is scanned. */
export interface ColumnCondition {
  readonly column: string;
  /** As printed before the column; absent when the plan is not VERBOSE and reads one table. */
  readonly qualifier?: string;
  /** 'equal' pins the column to one value; 'any' to a few (= ANY, IN); 'range' keeps an interval. */
  readonly test: 'equal' | 'any' | 'range';
}

/** A column of ORDER BY or of a plan's Sort Key. */
export interface SortColumn {
  readonly column: string;
  readonly qualifier?: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** The tests that a btree can serve, in the order printed; everything else in the condition is left out. */
export function readConditions(parser: SqlParser, condition: string): readonly ColumnCondition[] {
  const where = parseClause(parser, `SELECT WHERE ${planExpressionToSql(parser, condition)}`)?.whereClause;
  return where === undefined ? [] : conjuncts(where).flatMap(toCondition);
}

/** The keys of a Sort in order, or undefined when one of them is not a bare column. */
export function readSortKeys(parser: SqlParser, keys: readonly string[]): readonly SortColumn[] | undefined {
  const clause = parseClause(parser, `SELECT ORDER BY ${keys.join(', ')}`)?.sortClause;
  if (clause === undefined) return undefined;
  const columns: SortColumn[] = [];
  for (const item of clause) {
    if (!('SortBy' in item) || item.SortBy.node === undefined) return undefined;
    const column = bareColumn(item.SortBy.node);
    if (column === undefined) return undefined;
    const descending = item.SortBy.sortby_dir === 'SORTBY_DESC';
    const nulls = item.SortBy.sortby_nulls;
    // NULLS FIRST is the default of DESC, NULLS LAST of ASC.
    const nullsFirst =
      nulls === undefined || nulls === 'SORTBY_NULLS_DEFAULT' ? descending : nulls === 'SORTBY_NULLS_FIRST';
    columns.push({ ...column, descending, nullsFirst });
  }
  return columns;
}

function parseClause(parser: SqlParser, sql: string) {
  try {
    const statement = parser.parse(sql).stmts?.[0]?.stmt;
    return statement !== undefined && 'SelectStmt' in statement ? statement.SelectStmt : undefined;
  } catch {
    // Not every condition of a plan is SQL (hashed SubPlan, alternatives): then nothing is known of it.
    return undefined;
  }
}

function conjuncts(node: Node): readonly Node[] {
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR')
    return (node.BoolExpr.args ?? []).flatMap(conjuncts);
  return [node];
}

const rangeOperators = new Set(['<', '<=', '>', '>=']);

function toCondition(node: Node): readonly ColumnCondition[] {
  // A boolean column by itself, or negated: the planner turns "b" and "NOT b" into equality on a boolean index.
  const positive = bareColumn(node);
  if (positive !== undefined) return [{ ...positive, test: 'equal' }];
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'NOT_EXPR') {
    const negated = node.BoolExpr.args?.[0];
    const column = negated === undefined ? undefined : bareColumn(negated);
    return column === undefined ? [] : [{ ...column, test: 'equal' }];
  }
  if ('NullTest' in node && node.NullTest.arg !== undefined) {
    const column = bareColumn(node.NullTest.arg);
    // IS NOT NULL is a range over a btree; rarely selective, so it earns no place in an index.
    return column === undefined || node.NullTest.nulltesttype !== 'IS_NULL'
      ? []
      : [{ ...column, test: 'equal' }];
  }
  if ('A_Expr' in node) return comparison(node.A_Expr);
  return [];
}

function comparison(expression: A_Expr): readonly ColumnCondition[] {
  const { lexpr, rexpr } = expression;
  const operator = operatorName(expression);
  if (lexpr === undefined || rexpr === undefined || operator === undefined) return [];
  const left = bareColumn(lexpr);
  const right = bareColumn(rexpr);
  const column = left ?? right;
  if (column === undefined || (left !== undefined && right !== undefined)) return [];
  if (mentionsColumn(left === undefined ? lexpr : rexpr)) return [];
  if (expression.kind === 'AEXPR_OP_ANY')
    return operator === '=' && left !== undefined ? [{ ...column, test: 'any' }] : [];
  if (expression.kind !== 'AEXPR_OP') return [];
  if (operator === '=') return [{ ...column, test: 'equal' }];
  return rangeOperators.has(operator) ? [{ ...column, test: 'range' }] : [];
}

/** Undefined for operators that are named with their schema: they are not the built-in ones. */
function operatorName(expression: A_Expr): string | undefined {
  const [only, ...more] = expression.name ?? [];
  return only !== undefined && more.length === 0 && 'String' in only ? only.String.sval : undefined;
}

/** Casts that do not change the bytes, so that an index on the column serves them: varchar and name print as text. */
const relabelTypes = new Set(['text', 'varchar', 'bpchar']);

function bareColumn(node: Node): { column: string; qualifier?: string } | undefined {
  if ('ColumnRef' in node) return columnName(node.ColumnRef);
  if ('TypeCast' in node && node.TypeCast.arg !== undefined && 'ColumnRef' in node.TypeCast.arg) {
    const type = node.TypeCast.typeName?.names?.at(-1);
    if (type !== undefined && 'String' in type && relabelTypes.has(type.String.sval ?? '')) {
      return columnName(node.TypeCast.arg.ColumnRef);
    }
  }
  return undefined;
}

function columnName(reference: ColumnRef): { column: string; qualifier?: string } | undefined {
  const names = (reference.fields ?? []).map((field) => ('String' in field ? field.String.sval : undefined));
  const column = names.at(-1);
  const qualifier = names.at(-2);
  if (column === undefined) return undefined;
  return qualifier === undefined ? { column } : { column, qualifier };
}

/** True when any column is read anywhere below: then the other side is not constant during the scan. */
function mentionsColumn(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (Array.isArray(node)) return node.some(mentionsColumn);
  return Object.entries(node).some(([key, value]) => key === 'ColumnRef' || mentionsColumn(value));
}
