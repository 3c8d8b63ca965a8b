/**
 * What could find the rows that pass a test without reading the others: by which method an index answers the test, or
 * why none does. (Operator classes: chapters "Index Types" and "GIN Indexes" of the manual.)
 */
import { changingValueFunctions } from '../sql/volatileFunctions.ts';
import type { A_Expr, Node } from 'libpg-query';
import { quoteIdentifier } from '../sql/identifiers.ts';
import {
  bareColumn,
  columnsIn,
  comparesByOperator,
  comparisons,
  conjunctsOf,
  constantText,
  functionName,
  ignoresCase,
  isOpenPattern,
  mentionsSubplan,
  operatorOf,
  patternOperators,
  typeName,
  visit,
} from './conditionNodes.ts';

export type Access =
  | {
      readonly by:
        /** A btree on the column. */
        | 'btree'
        /** Each arm of an OR has an index of its own. */
        | 'each'
        /** A pattern that may match anywhere, or that ignores case. */
        | 'trigram'
        /** A btree on what is computed from the columns. */
        | 'expression'
        /** Only an index whose WHERE is the test. */
        | 'partial'
        /** Columns of one row, compared with each other. */
        | 'sameRow'
        /** A sub-query that is run, or looked up, for each row. */
        | 'subplan'
        | 'nothing';
    }
  /** LIKE with a fixed beginning: a btree, but with the operator class for patterns. */
  | { readonly by: 'pattern'; readonly key: string }
  /** "value = ANY (column)": only the same test, written with “@>”. */
  | { readonly by: 'element'; readonly key: string }
  /** What is inside a value; “contents” where its type is not known. */
  | { readonly by: 'gin' | 'gist' | 'contents'; readonly operator: string; readonly key: string }
  /** A function that gives another value for each row. */
  | { readonly by: 'volatile'; readonly call: string };

/** The most helpful first: one test that an index answers is enough where all must pass. */
const order: readonly Access['by'][] = [
  'btree',
  'pattern',
  'gin',
  'gist',
  'contents',
  'trigram',
  'expression',
  'each',
  'element',
  'partial',
  'sameRow',
  'nothing',
  'subplan',
  'volatile',
];
const lastHelpful = order.indexOf('partial');

/** True where an index spares reading the rows that fail. */
export function isHelped({ by }: Access): boolean {
  return order.indexOf(by) <= lastHelpful;
}

/** Of tests that all must pass, the access that spares most. */
export function bestAccess(accesses: readonly Access[]): Access {
  return byOrder(accesses)[0] ?? { by: 'nothing' };
}

function byOrder(accesses: readonly Access[]): readonly Access[] {
  return accesses.toSorted((a, b) => order.indexOf(a.by) - order.indexOf(b.by));
}

/** `isConstant` tells the sides that have no column of the scanned table. */
export function accessOf(node: Node, isConstant: (side: Node) => boolean): Access {
  if (!('BoolExpr' in node) || node.BoolExpr.boolop !== 'OR_EXPR') return accessOfTest(node, isConstant);
  // Indexes for the arms are combined by a bitmap; an OR inside an arm is not looked into.
  const arms = (node.BoolExpr.args ?? []).map((arm) =>
    bestAccess(conjunctsOf(arm).map((test) => accessOfTest(test, isConstant))),
  );
  const worst = byOrder(arms).at(-1) ?? { by: 'nothing' };
  const columns = new Set(columnsIn(node).map(({ column }) => column));
  return columns.size > 1 && isHelped(worst) && worst.by !== 'partial' ? { by: 'each' } : worst;
}

function accessOfTest(node: Node, isConstant: (side: Node) => boolean): Access {
  if (mentionsSubplan(node)) return { by: 'subplan' };
  const call = callIn(node, volatileFunctions);
  if (call !== undefined) return { by: 'volatile', call };
  if (isConstant(node)) return { by: 'nothing' };
  if (bareColumn(node) !== undefined) return { by: 'btree' };
  if ('BoolExpr' in node) {
    const [only] = node.BoolExpr.args ?? [];
    return only !== undefined && bareColumn(only) !== undefined ? { by: 'btree' } : partialFor(node);
  }
  if ('NullTest' in node && node.NullTest.nulltesttype === 'IS_NULL') return bareOr(node.NullTest.arg, node);
  if ('BooleanTest' in node && servedBooleanTests.has(node.BooleanTest.booltesttype ?? ''))
    return bareOr(node.BooleanTest.arg, node);
  return 'A_Expr' in node ? accessOfComparison(node.A_Expr, node, isConstant) : partialFor(node);
}

/** The others are true of NULL, too. */
const servedBooleanTests: ReadonlySet<string> = new Set(['IS_TRUE', 'IS_FALSE']);

function bareOr(arg: Node | undefined, node: Node): Access {
  return arg !== undefined && bareColumn(arg) !== undefined ? { by: 'btree' } : partialFor(node);
}

function accessOfComparison(expression: A_Expr, node: Node, isConstant: (side: Node) => boolean): Access {
  const operator = operatorOf(expression);
  const { lexpr, rexpr } = expression;
  if (lexpr === undefined || rexpr === undefined || operator === undefined) return partialFor(node);
  const columnIsLeft = isConstant(rexpr);
  if (!columnIsLeft && !isConstant(lexpr)) return { by: 'sameRow' };
  const [own, value] = columnIsLeft ? [lexpr, rexpr] : [rexpr, lexpr];
  const column = bareColumn(own)?.column;
  if (!comparesByOperator(expression)) return partialFor(node);
  if (expression.kind === 'AEXPR_OP_ANY' && !columnIsLeft)
    return operator === '=' && column !== undefined
      ? { by: 'element', key: quoteIdentifier(column) }
      : partialFor(node);
  if (comparisons.has(operator)) {
    if (column !== undefined) return { by: 'btree' };
    return { by: callIn(own, stableFunctions) === undefined ? 'expression' : 'nothing' };
  }
  if (patternOperators.has(operator)) {
    const pattern = constantText(rexpr);
    if (!columnIsLeft || pattern === undefined) return { by: 'nothing' };
    if (column === undefined) return { by: 'expression' };
    return isOpenPattern(operator, pattern) || ignoresCase(operator, pattern)
      ? { by: 'trigram' }
      : { by: 'pattern', key: quoteIdentifier(column) };
  }
  return (
    accessToContents(columnIsLeft ? operator : (mirrored[operator] ?? operator), own, value) ??
    partialFor(node)
  );
}

/** Of operators that are written with the column behind them, what they are with the column first. */
const mirrored: Readonly<Record<string, string>> = { '@>': '<@', '<@': '@>' };

const jsonOperators = new Set(['@>', '?', '?|', '?&', '@?', '@@']);
const jsonTypes = new Set(['jsonb', 'jsonpath', 'tsquery']);
const arrayOperators = new Set(['@>', '<@', '&&']);

/** What is inside a value: arrays, jsonb and texts have GIN; ranges, shapes and networks GiST. */
function accessToContents(operator: string, own: Node, value: Node): Access | undefined {
  const key = keyOf(own);
  if (key === undefined) return undefined;
  const cast = 'TypeCast' in value ? value.TypeCast : undefined;
  const isArray = 'A_ArrayExpr' in value || (cast?.typeName?.arrayBounds ?? []).length > 0;
  if (operator.startsWith('?') || operator.startsWith('@@') || operator === '@?' || isArray) {
    const answered = isArray && !operator.startsWith('?') ? arrayOperators : jsonOperators;
    return answered.has(operator) ? { by: 'gin', operator, key } : undefined;
  }
  if (!arrayOperators.has(operator)) return undefined;
  if (cast === undefined) return { by: 'contents', operator, key };
  if (!jsonTypes.has(typeName(cast))) return { by: 'gist', operator, key };
  return jsonOperators.has(operator) ? { by: 'gin', operator, key } : undefined;
}

/** What the index is to hold: the column, or the text search vector that is made of it with a named configuration. */
function keyOf(own: Node): string | undefined {
  const column = bareColumn(own)?.column;
  if (column !== undefined) return quoteIdentifier(column);
  if (functionName(own) !== 'to_tsvector' || !('FuncCall' in own)) return undefined;
  const [configuration, document] = own.FuncCall.args ?? [];
  const name = configuration && constantText(configuration);
  const text = document && bareColumn(document)?.column;
  return name === undefined || text === undefined
    ? undefined
    : `to_tsvector('${name.replaceAll("'", "''")}', ${quoteIdentifier(text)})`;
}

/** Those of the uuid-ossp extension are common, too. */
const volatileFunctions: ReadonlySet<string> = new Set([
  ...changingValueFunctions,
  'uuid_generate_v1',
  'uuid_generate_v4',
  'nextval',
]);
/** Marked stable: constant while a statement runs, but not for an index. */
const stableFunctions = new Set([
  'now',
  'statement_timestamp',
  'transaction_timestamp',
  'current_setting',
  'age',
]);

function callIn(node: Node, names: ReadonlySet<string>): string | undefined {
  let found: string | undefined;
  visit([node], (each) => {
    const name = functionName(each);
    if (name !== undefined && names.has(name)) found ??= `${name}()`;
  });
  return found;
}

/** The WHERE of an index holds constants only. */
function partialFor(node: Node): Access {
  let isFixed = callIn(node, stableFunctions) === undefined;
  visit([node], (each) => {
    if ('ParamRef' in each || 'SQLValueFunction' in each) isFixed = false;
  });
  const qualifiers = new Set(columnsIn(node).map(({ qualifier }) => qualifier));
  return { by: isFixed && qualifiers.size < 2 ? 'partial' : 'nothing' };
}
