/**
 * What a condition asks, read by PostgreSQL's parser: for rules, which never look into its text themselves.
 * Conditions of plans and of statements are read alike, so that one can be found in the other.
 */
import type { A_Expr, Node, TypeCast } from 'libpg-query';
import { planExpressionToSql, quantifierNames } from '../advisor/planExpression.ts';
import type { SqlParser } from '../sql/parser.ts';

/** The AND-ed tests of a condition, in the order printed. */
export type Condition = readonly ConditionTest[];

export interface ConditionTest {
  readonly kind: TestKind;
  /** Every column that is read, in order; of an own table only, where one was given. */
  readonly columns: readonly ColumnName[];
  /** Columns of other tables: constants while the own table is scanned. */
  readonly otherColumns: readonly ColumnName[];
  /** The operator as the parser names it: "=", "~~" for LIKE. */
  readonly operator?: string;
  /** What is wrapped around the column: "lower()", "a cast to date", "the operator “%”". */
  readonly wrapping?: string;
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

export interface ColumnName {
  readonly column: string;
  readonly qualifier?: string;
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
  /** LIKE or a regular expression that may match anywhere in the text. */
  | 'openPattern'
  /** LIKE or a regular expression with a fixed beginning. */
  | 'pattern'
  /** OR. */
  | 'or'
  /** NOT IN (sub-query). */
  | 'notIn'
  | 'other';

/** Tests that a btree index on the column serves. */
export function isServable({ kind }: ConditionTest): boolean {
  return kind === 'equal' || kind === 'any' || kind === 'range';
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

/** Functions that stand for "(SubPlan 1)" and "(hashed SubPlan 1)". */
const plainSubplan = 'plan SubPlan';
const hashedSubplan = 'plan hashed SubPlan';

/** The parts that are AND-ed. */
export function conjunctsOf(node: Node): readonly Node[] {
  const found: Node[] = [];
  const pending = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if ('BoolExpr' in next && next.BoolExpr.boolop === 'AND_EXPR')
      pending.push(...(next.BoolExpr.args ?? []).toReversed());
    else found.push(next);
  }
  return found;
}

/** One test, of a plan's condition or of a statement's. */
export function readTest(node: Node, ownName?: string): ConditionTest {
  const all = columnsIn(node);
  const isOwn = ({ qualifier }: ColumnName) =>
    ownName === undefined || qualifier === undefined || qualifier === ownName;
  const names = { columns: all.filter(isOwn), otherColumns: all.filter((column) => !isOwn(column)) };
  const isConstant = (side: Node) => !columnsIn(side).some(isOwn);
  // Without an own column there is nothing that an index of this table could answer.
  if (names.columns.length === 0 && !mentionsSubplan(node)) return { ...names, kind: 'other' };
  return { ...names, ...shapeOf(node, isConstant), ...(hasUnknownValue(node) && { hasUnknownValue: true }) };
}

function hasUnknownValue(node: Node): boolean {
  let found = mentionsSubplan(node);
  visit([node], (each) => {
    if ('ParamRef' in each) found = true;
  });
  return found;
}

type Shape = Omit<ConditionTest, 'columns' | 'otherColumns'>;

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

const rangeOperators = new Set(['<', '<=', '>', '>=', 'BETWEEN']);
/** LIKE, ILIKE, and the regular expressions, as plans print them. */
const patternOperators = new Set(['~~', '~~*', '~', '~*']);
/** What an expression is compared by, so that an index on the expression would serve. */
const comparisons = new Set(['=', ...rangeOperators]);

function comparisonShape(expression: A_Expr, isConstant: (node: Node) => boolean): Shape {
  const operator = operatorOf(expression);
  const { lexpr, rexpr } = expression;
  if (lexpr === undefined || rexpr === undefined || operator === undefined) return { kind: 'other' };
  const columnIsLeft = isConstant(rexpr);
  if (!columnIsLeft && !isConstant(lexpr)) return { kind: 'other', operator };
  const side = columnIsLeft ? lexpr : rexpr;
  const isBare = bareColumn(side) !== undefined;
  if (patternOperators.has(operator)) {
    const pattern = constantText(rexpr);
    if (!isBare || !columnIsLeft || pattern === undefined) return { kind: 'other', operator };
    return { kind: isOpen(operator, pattern) ? 'openPattern' : 'pattern', operator, pattern };
  }
  if (!comparisons.has(operator)) return { kind: 'other', operator };
  if (isBare) {
    const isList = expression.kind === 'AEXPR_OP_ANY' || expression.kind === 'AEXPR_IN';
    if (expression.kind === 'AEXPR_OP_ALL') return { kind: 'other', operator };
    return { kind: rangeOperators.has(operator) ? 'range' : isList ? 'any' : 'equal', operator };
  }
  const wrapping = wrappingOf(side);
  return wrapping === undefined ? { kind: 'other', operator } : { kind: 'wrapped', operator, wrapping };
}

/** A pattern without a fixed beginning; one that ignores case has none for an index. */
function isOpen(operator: string, pattern: string): boolean {
  if (operator === '~~*' || operator === '~*') return true;
  if (operator === '~') return !pattern.startsWith('^');
  return pattern.startsWith('%') || pattern.startsWith('_');
}

/** "NOT (ANY (a = (hashed SubPlan 1).col1))" of 17+, "NOT (hashed SubPlan 1)" before. */
function notInShape(negated: Node): Shape | undefined {
  if (!('FuncCall' in negated)) return undefined;
  const name = functionName(negated);
  const holder = name === quantifierNames.any ? firstCall(negated.FuncCall.args ?? []) : negated;
  if (holder === undefined || !('FuncCall' in holder)) return undefined;
  const called = functionName(holder);
  if (called !== plainSubplan && called !== hashedSubplan) return undefined;
  const [argument] = holder.FuncCall.args ?? [];
  const number = argument && constantText(argument);
  if (number === undefined) return undefined;
  const hashed = called === hashedSubplan;
  return { kind: 'notIn', subplan: { number, hashed, certain: hashed || name === quantifierNames.any } };
}

/** Up to 16, what is compared with a sub-plan is not printed. */
function mentionsSubplan(node: Node): boolean {
  return firstCall([node]) !== undefined;
}

/** The first call of a sub-plan anywhere below. */
function firstCall(nodes: readonly Node[]): Node | undefined {
  let found: Node | undefined;
  visit(nodes, (node) => {
    const name = 'FuncCall' in node ? functionName(node) : undefined;
    if (name === plainSubplan || name === hashedSubplan) found ??= node;
  });
  return found;
}

/** What stands around the only column of an expression; undefined for what no index can be made of. */
function wrappingOf(node: Node): string | undefined {
  if (columnsIn(node).length !== 1) return undefined;
  if ('FuncCall' in node) return `${functionName(node)}()`;
  if ('CoalesceExpr' in node) return 'coalesce()';
  if ('TypeCast' in node) return `a cast to ${typeName(node.TypeCast)}`;
  if ('A_Expr' in node && node.A_Expr.kind === 'AEXPR_OP') return `the operator “${operatorOf(node.A_Expr)}”`;
  return undefined;
}

function typeName(cast: TypeCast): string {
  const last = cast.typeName?.names?.at(-1);
  return (last !== undefined && 'String' in last ? last.String.sval : undefined) ?? 'another type';
}

function functionName(node: Node): string | undefined {
  if (!('FuncCall' in node)) return undefined;
  const last = node.FuncCall.funcname?.at(-1);
  return last !== undefined && 'String' in last ? last.String.sval : undefined;
}

/** Undefined for operators that are named with their schema: they are not the built-in ones. */
function operatorOf(expression: A_Expr): string | undefined {
  const [only, ...more] = expression.name ?? [];
  return only !== undefined && more.length === 0 && 'String' in only ? only.String.sval : undefined;
}

/** Casts that do not change the bytes, so that an index on the column serves them: varchar and name print as text. */
const relabelTypes = new Set(['text', 'varchar', 'bpchar']);

/**
 * The column that a node is, casts that change nothing looked through. A number cast to text prints the same way, so
 * `(id)::text` counts as bare: a rule is then silent, where another guess would name a fault that is none.
 */
function bareColumn(node: Node): ColumnName | undefined {
  if ('ColumnRef' in node) return columnName(node);
  if ('TypeCast' in node && node.TypeCast.arg !== undefined && 'ColumnRef' in node.TypeCast.arg) {
    return relabelTypes.has(typeName(node.TypeCast)) ? columnName(node.TypeCast.arg) : undefined;
  }
  return undefined;
}

function columnName(node: Node): ColumnName | undefined {
  if (!('ColumnRef' in node)) return undefined;
  const names = (node.ColumnRef.fields ?? []).map((field) =>
    'String' in field ? field.String.sval : undefined,
  );
  const column = names.at(-1);
  const qualifier = names.at(-2);
  if (column === undefined) return undefined;
  return qualifier === undefined ? { column } : { column, qualifier };
}

/** Those of sub-queries are left out: a plan shows none of them either. */
function columnsIn(node: Node): readonly ColumnName[] {
  const found: ColumnName[] = [];
  visit(
    [node],
    (each) => {
      const name = columnName(each);
      if (name !== undefined) found.push(name);
    },
    'subselect',
  );
  return found;
}

/** The text of a constant, casts looked through; undefined for anything else. */
function constantText(node: Node): string | undefined {
  if ('TypeCast' in node) return node.TypeCast.arg && constantText(node.TypeCast.arg);
  return 'A_Const' in node ? node.A_Const.sval?.sval : undefined;
}

/**
 * Every object below, but for those under the field `except`; in order, and without recursion, for expressions are as
 * deep as their author liked.
 */
export function visit(nodes: readonly Node[], see: (node: Node) => void, except?: string): void {
  const pending: unknown[] = nodes.toReversed();
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    see(next as Node);
    // One by one: a list of 200,000 constants is more than a call takes arguments.
    for (const [field, child] of Object.entries(next).toReversed()) {
      if (field !== except) pending.push(child);
    }
  }
}
