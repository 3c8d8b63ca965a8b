/**
 * Which nodes mention which InitPlan, SubPlan or parameter in their expressions. PostgreSQL 17 writes
 * "(InitPlan 1).col1"; up to 16 an InitPlan "returns $0" and its users say "$0". Numbers are matched whole:
 * "$1" is not "$10", InitPlan 1 not InitPlan 10.
 */
import type { Details } from '../../shared/report.ts';
import type { PlanTree, TreeNode } from './planTree.ts';
import type { RawObject, RawValue } from './raw.ts';
import { isRawList, isRawObject, readText } from './raw.ts';

export interface References {
  /** Nodes whose expressions use the value of this InitPlan or SubPlan, in pre-order. */
  usersOf(subplan: TreeNode): readonly TreeNode[];
  /** True when some expression reads this SubPlan as a hash table, hence to its end. */
  isHashed(subplan: TreeNode): boolean;
}

/** Names, of which only these are among the details; an expression is any other text there. */
const notExpressions: ReadonlySet<string> = new Set([
  'CTE Name',
  'Function Name',
  'Table Function Name',
  'Tuplestore Name',
  'Distributed Query',
]);

/** `details`: of each node, by its index. */
export function findReferences(tree: PlanTree, details: readonly Details[]): References {
  const users = new Map<string, TreeNode[]>();
  for (const node of tree.nodes) {
    for (const token of tokensOf(details[node.index] ?? {})) {
      const known = users.get(token);
      if (known) known.push(node);
      else users.set(token, [node]);
    }
  }
  return {
    usersOf(subplan) {
      const found = new Set(namesOf(subplan).flatMap((name) => users.get(name) ?? []));
      return [...found].toSorted((a, b) => a.index - b.index);
    },
    isHashed: (subplan) => namesOf(subplan).some((name) => users.has(`hashed ${name}`)),
  };
}

/** "InitPlan 2 (returns $1,$2)" → InitPlan 2, $1, $2. */
function namesOf(subplan: TreeNode): readonly string[] {
  const name = readText(subplan.raw, 'Subplan Name') ?? '';
  return name.match(/(?:InitPlan|SubPlan) \d+|\$\d+/g) ?? [];
}

const referencePattern = /(?:hashed )?(?:InitPlan|SubPlan) \d+|(?<![\w$])\$\d+/g;

const none: ReadonlySet<string> = new Set();

function tokensOf(details: Details): ReadonlySet<string> {
  let tokens: Set<string> | undefined;
  for (const key in details) {
    const value = details[key];
    // Most values hold no reference, and to see that is quicker than to search them.
    let expressions = noExpressions;
    if (typeof value === 'string') expressions = mayRefer(value) ? [value] : noExpressions;
    else if (typeof value === 'object' && value !== null) expressions = expressionsIn(value);
    if (expressions.length === 0 || notExpressions.has(key)) continue;
    for (const expression of expressions) {
      for (const [token] of withoutQuotedText(expression).matchAll(referencePattern)) {
        tokens ??= new Set();
        tokens.add(token);
        if (token.startsWith('hashed ')) tokens.add(token.slice('hashed '.length));
      }
    }
  }
  return tokens ?? none;
}

function mayRefer(text: string): boolean {
  return text.includes('$') || text.includes('Plan ');
}

const noExpressions: readonly string[] = [];

/** The texts in a list or object that may hold a reference. */
function expressionsIn(holder: readonly RawValue[] | RawObject): readonly string[] {
  // Lists of columns: texts without references.
  if (isRawList(holder) && holder.every((item) => typeof item === 'string' && !mayRefer(item)))
    return noExpressions;
  const expressions: string[] = [];
  const pending: RawValue[] = [holder];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === 'string') {
      if (mayRefer(value)) expressions.push(value);
    } else if (isRawList(value)) for (const item of value) pending.push(item);
    else if (isRawObject(value)) for (const item of Object.values(value)) pending.push(item);
  }
  return expressions;
}

/** Literals and quoted names may spell anything; the deparser doubles quotes inside them. */
function withoutQuotedText(expression: string): string {
  return expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''");
}
