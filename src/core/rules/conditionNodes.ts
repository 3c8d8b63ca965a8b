/** The parts of a condition as PostgreSQL's parser gives them: what each node of its tree is. */
import type { A_Expr, Node, TypeCast } from 'libpg-query';
import { quoteIdentifier } from '../sql/identifiers.ts';

export interface ColumnName {
  readonly column: string;
  readonly qualifier?: string;
}

export const rangeOperators: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', 'BETWEEN']);
/** LIKE, ILIKE, and the regular expressions, as plans print them. */
export const patternOperators: ReadonlySet<string> = new Set(['~~', '~~*', '~', '~*']);

/** What an expression is compared by, so that an index on the expression would serve. */
export const comparisons: ReadonlySet<string> = new Set(['=', ...rangeOperators]);

/** By the operator itself: not IS DISTINCT FROM, which is named “=”, too, nor with all of a list. */
export function comparesByOperator({ kind }: A_Expr): boolean {
  return kind !== 'AEXPR_DISTINCT' && kind !== 'AEXPR_NOT_DISTINCT' && kind !== 'AEXPR_OP_ALL';
}

/** A pattern without a fixed beginning. */
export function isOpenPattern(operator: string, pattern: string): boolean {
  if (operator === '~' || operator === '~*') return !pattern.startsWith('^');
  return pattern.startsWith('%') || pattern.startsWith('_');
}

/** ILIKE and “~*”, where the pattern begins with a letter: what begins with a digit has one spelling only. */
export function ignoresCase(operator: string, pattern: string): boolean {
  const [first = ''] = operator === '~*' ? pattern.slice(1) : pattern;
  return (operator === '~~*' || operator === '~*') && first.toLowerCase() !== first.toUpperCase();
}

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

/** Functions that stand for "(SubPlan 1)" and "(hashed SubPlan 1)". */
export const plainSubplan = 'plan SubPlan';
export const hashedSubplan = 'plan hashed SubPlan';

/** Up to 16, what is compared with a sub-plan is not printed. */
export function mentionsSubplan(node: Node): boolean {
  return firstSubplan([node]) !== undefined;
}

/** The first call of a sub-plan anywhere below. */
export function firstSubplan(nodes: readonly Node[]): Node | undefined {
  let found: Node | undefined;
  visit(nodes, (node) => {
    const name = functionName(node);
    if (name === plainSubplan || name === hashedSubplan) found ??= node;
  });
  return found;
}

/** What stands around the only column of an expression. */
export interface Wrapping {
  /** "lower()", "a cast to date", "the operator “%”". */
  readonly name: string;
  readonly by: 'function' | 'cast' | 'operator' | 'coalesce';
  readonly operator?: string;
  /** The expression as an index has to spell it, where it is a simple one. */
  readonly key?: string;
}

/** Undefined for what no index can be made of. */
export function wrappingOf(node: Node): Wrapping | undefined {
  if (columnsIn(node).length !== 1) return undefined;
  if ('FuncCall' in node) {
    const name = functionName(node) ?? '';
    const [argument, ...more] = node.FuncCall.args ?? [];
    const column = argument && bareColumn(argument);
    const isSimple = column !== undefined && more.length === 0 && node.FuncCall.funcname?.length === 1;
    const key = isSimple ? `${quoteIdentifier(name)}(${quoteIdentifier(column.column)})` : undefined;
    return { name: `${name}()`, by: 'function', ...(key !== undefined && { key }) };
  }
  if ('CoalesceExpr' in node) return { name: 'coalesce()', by: 'coalesce' };
  if ('TypeCast' in node) return { name: `a cast to ${typeName(node.TypeCast)}`, by: 'cast' };
  if ('A_Expr' in node && node.A_Expr.kind === 'AEXPR_OP') {
    const key = operationKey(node.A_Expr);
    const operator = operatorOf(node.A_Expr) ?? '';
    return {
      name: `the operator “${operator}”`,
      by: 'operator',
      operator,
      ...(key !== undefined && { key }),
    };
  }
  return undefined;
}

/** "(data ->> 'k')", "(id % 7)": a column, an operator and a constant. */
function operationKey(expression: A_Expr): string | undefined {
  const { lexpr, rexpr } = expression;
  const operator = operatorOf(expression);
  const column = lexpr && bareColumn(lexpr);
  if (column === undefined || rexpr === undefined || operator === undefined) return undefined;
  const text = constantText(rexpr);
  const whole = 'A_Const' in rexpr ? rexpr.A_Const.ival : undefined;
  // The parser leaves a zero out.
  const number = whole && `${whole.ival ?? 0}`;
  const constant = text === undefined ? number : `'${text.replaceAll("'", "''")}'`;
  return constant === undefined ? undefined : `(${quoteIdentifier(column.column)} ${operator} ${constant})`;
}

export function typeName(cast: TypeCast): string {
  const last = cast.typeName?.names?.at(-1);
  return (last !== undefined && 'String' in last ? last.String.sval : undefined) ?? 'another type';
}

export function functionName(node: Node): string | undefined {
  if (!('FuncCall' in node)) return undefined;
  const last = node.FuncCall.funcname?.at(-1);
  return last !== undefined && 'String' in last ? last.String.sval : undefined;
}

/** Undefined for operators that are named with their schema: they are not the built-in ones. */
export function operatorOf(expression: A_Expr): string | undefined {
  const [only, ...more] = expression.name ?? [];
  return only !== undefined && more.length === 0 && 'String' in only ? only.String.sval : undefined;
}

/** Casts that do not change the bytes, so that an index on the column serves them: varchar and name print as text. */
const relabelTypes = new Set(['text', 'varchar', 'bpchar']);

/**
 * The column that a node is, casts that change nothing looked through. A number cast to text prints the same way, so
 * `(id)::text` counts as bare: a rule is then silent, where another guess would name a fault that is none.
 */
export function bareColumn(node: Node): ColumnName | undefined {
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
export function columnsIn(node: Node): readonly ColumnName[] {
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
export function constantText(node: Node): string | undefined {
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
