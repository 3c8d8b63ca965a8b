/**
 * What a condition asks, read by PostgreSQL's parser: for rules, which never look into its text themselves.
 * Conditions of plans and of statements are read alike, so that one can be found in the other.
 */
import type { A_Expr, Node } from 'libpg-query';
import { planExpressionToSql, quantifierNames } from '../advisor/planExpression.ts';
import type { SqlParser } from '../sql/parser.ts';
import { type Access, accessOf } from './access.ts';
import {
  bareColumn,
  columnsIn,
  comparesByOperator,
  comparisons,
  conjunctsOf,
  type ColumnName,
  constantText,
  firstSubplan,
  functionName,
  hashedSubplan,
  ignoresCase,
  isOpenPattern,
  mentionsSubplan,
  operatorOf,
  patternOperators,
  plainSubplan,
  rangeOperators,
  visit,
  type Wrapping,
  wrappingOf,
} from './conditionNodes.ts';

/** The AND-ed tests of a condition, in the order printed. */
export type Condition = readonly ConditionTest[];

export interface ConditionTest {
  readonly kind: TestKind;
  /** What could find the rows that pass it. */
  readonly access: Access;
  /** Every column that is read, in order; of an own table only, where one was given. */
  readonly columns: readonly ColumnName[];
  /** Columns of other tables: constants while the own table is scanned. */
  readonly otherColumns: readonly ColumnName[];
  /** The operator as the parser names it: "=", "~~" for LIKE. */
  readonly operator?: string;
  /** What is wrapped around the column. */
  readonly wrapping?: Wrapping;
  /** Of a pattern, its constant. */
  readonly pattern?: string;
  /** Of a NOT IN over a sub-query. */
  readonly subplan?: NegatedSubplan;
  /** It compares with what is known only when it runs: a parameter, an InitPlan's or a SubPlan's result. */
  readonly hasUnknownValue?: true;
}

export interface NegatedSubplan {
  /** "1" of "SubPlan 1". */
  readonly number: string;
  readonly hashed: boolean;
  /** False where a NOT EXISTS would be printed alike: not hashed, up to PostgreSQL 16. */
  readonly certain: boolean;
}

export type TestKind =
  /** A bare column = one value, IS NULL, or a boolean column by itself. */
  | 'equal'
  /** A bare column = ANY (…). */
  | 'any'
  /** A bare column within bounds. */
  | 'range'
  /** Something computed from one column, compared with a constant. */
  | 'wrapped'
  /** LIKE or a regular expression that may match anywhere in the text, or that ignores case. */
  | 'openPattern'
  /** LIKE or a regular expression with a fixed beginning. */
  | 'pattern'
  /** An equality between columns of two tables, where none of them is the own one. */
  | 'joined'
  /** OR. */
  | 'or'
  /** NOT IN (sub-query). */
  | 'notIn'
  | 'other';

/** Tests that a btree index on the column serves. */
export function isServable({ access }: ConditionTest): boolean {
  return access.by === 'btree';
}

/**
 * A condition of a plan; undefined when it is none of SQL. `ownName` is the alias of the scanned table: columns with
 * another qualifier are constants to it.
 */
export function readCondition(
  parser: SqlParser,
  text: string,
  ownName: string | undefined,
): Condition | undefined {
  const sql = planExpressionToSql(parser, text, ({ kind, number, hashed }) =>
    kind === 'InitPlan' ? '$0' : `"${hashed ? hashedSubplan : plainSubplan}"('${number}')`,
  );
  try {
    const [only, ...more] = parser.parse(`SELECT WHERE ${sql}`).stmts ?? [];
    const statement = only?.stmt;
    if (statement === undefined || !('SelectStmt' in statement) || more.length > 0) return undefined;
    const where = statement.SelectStmt.whereClause;
    return where && conjunctsOf(where).map((node) => readTest(node, ownName));
  } catch {
    return undefined;
  }
}

/** The same condition on a table that has this alias instead. */
export function withOwnName(condition: Condition, ownName: string): Condition {
  const renamed = (name: ColumnName) =>
    name.qualifier === undefined || name.qualifier === ownName ? name : { ...name, qualifier: ownName };
  return condition.map((test) => ({ ...test, columns: test.columns.map(renamed) }));
}

/** One test, of a plan's condition or of a statement's. */
export function readTest(node: Node, ownName?: string): ConditionTest {
  const all = columnsIn(node);
  const isOwn = ({ qualifier }: ColumnName) =>
    ownName === undefined || qualifier === undefined || qualifier === ownName;
  const names = { columns: all.filter(isOwn), otherColumns: all.filter((column) => !isOwn(column)) };
  const isConstant = (side: Node) => !columnsIn(side).some(isOwn);
  const access = accessOf(node, isConstant);
  // Without an own column there is nothing that an index of this table could answer.
  if (names.columns.length === 0 && !mentionsSubplan(node)) return { ...names, access, kind: 'other' };
  return {
    ...names,
    access,
    ...shapeOf(node, isConstant),
    ...(hasUnknownValue(node) && { hasUnknownValue: true }),
  };
}

function hasUnknownValue(node: Node): boolean {
  let found = mentionsSubplan(node);
  visit([node], (each) => {
    if ('ParamRef' in each) found = true;
  });
  return found;
}

type Shape = Omit<ConditionTest, 'columns' | 'otherColumns' | 'access'>;

function shapeOf(node: Node, isConstant: (node: Node) => boolean): Shape {
  if (bareColumn(node) !== undefined) return { kind: 'equal' };
  if ('BoolExpr' in node) {
    const [only] = node.BoolExpr.args ?? [];
    if (node.BoolExpr.boolop === 'OR_EXPR') return { kind: 'or' };
    if (only === undefined) return { kind: 'other' };
    if (bareColumn(only) !== undefined) return { kind: 'equal' };
    return notInShape(only) ?? { kind: 'other' };
  }
  if ('NullTest' in node && node.NullTest.arg !== undefined) {
    const isBare = bareColumn(node.NullTest.arg) !== undefined;
    return { kind: isBare && node.NullTest.nulltesttype === 'IS_NULL' ? 'equal' : 'other' };
  }
  return 'A_Expr' in node ? comparisonShape(node.A_Expr, isConstant) : { kind: 'other' };
}

function comparisonShape(expression: A_Expr, isConstant: (node: Node) => boolean): Shape {
  const operator = operatorOf(expression);
  const { lexpr, rexpr } = expression;
  if (lexpr === undefined || rexpr === undefined || operator === undefined) return { kind: 'other' };
  const columnIsLeft = isConstant(rexpr);
  if (!columnIsLeft && !isConstant(lexpr)) {
    const joins = operator === '=' && comparesByOperator(expression) && areOfTwoTables(lexpr, rexpr);
    return { kind: joins ? 'joined' : 'other', operator };
  }
  const side = columnIsLeft ? lexpr : rexpr;
  const isBare = bareColumn(side) !== undefined;
  if (patternOperators.has(operator)) {
    const pattern = constantText(rexpr);
    if (!isBare || !columnIsLeft || pattern === undefined) return { kind: 'other', operator };
    const isOpen = isOpenPattern(operator, pattern) || ignoresCase(operator, pattern);
    return { kind: isOpen ? 'openPattern' : 'pattern', operator, pattern };
  }
  if (!comparisons.has(operator)) return { kind: 'other', operator };
  if (isBare) {
    const isList = expression.kind === 'AEXPR_OP_ANY' || expression.kind === 'AEXPR_IN';
    // "= ANY (column)" looks into the column; IS DISTINCT FROM is named “=”, too.
    if (!comparesByOperator(expression) || (isList && !columnIsLeft)) return { kind: 'other', operator };
    return { kind: rangeOperators.has(operator) ? 'range' : isList ? 'any' : 'equal', operator };
  }
  const wrapping = wrappingOf(side);
  return wrapping === undefined ? { kind: 'other', operator } : { kind: 'wrapped', operator, wrapping };
}

function areOfTwoTables(one: Node, other: Node): boolean {
  const tables = columnsIn(one).map(({ qualifier }) => qualifier);
  return columnsIn(other).every(({ qualifier }) => !tables.includes(qualifier));
}

/** "NOT (ANY (a = (hashed SubPlan 1).col1))" of 17+, "NOT (hashed SubPlan 1)" before. */
function notInShape(negated: Node): Shape | undefined {
  if (!('FuncCall' in negated)) return undefined;
  const name = functionName(negated);
  const holder = name === quantifierNames.any ? firstSubplan(negated.FuncCall.args ?? []) : negated;
  if (holder === undefined || !('FuncCall' in holder)) return undefined;
  const called = functionName(holder);
  if (called !== plainSubplan && called !== hashedSubplan) return undefined;
  const [argument] = holder.FuncCall.args ?? [];
  const number = argument && constantText(argument);
  if (number === undefined) return undefined;
  const hashed = called === hashedSubplan;
  return { kind: 'notIn', subplan: { number, hashed, certain: hashed || name === quantifierNames.any } };
}
