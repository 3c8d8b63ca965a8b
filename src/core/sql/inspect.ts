import type { Access, TableName } from '../ports.ts';
import type { SqlNode } from './parse.ts';

/** What the parse tree of a statement says of its effects. */
export interface StatementEffects {
  readonly access: Access;
  /** SELECT … INTO stands somewhere in it. */
  readonly createsTable: boolean;
  /** Tables (and views) by the name used, each once, in the order of the tree; names of CTEs are left out. */
  readonly tables: readonly TableName[];
}

/** Names that WITH has put in scope, innermost first. */
interface Scope {
  readonly name: string;
  readonly outer: Scope | undefined;
}

const writes = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** Walks the whole tree: what a CTE or a sub-query does, the statement does. */
export function inspectStatement(kind: string, node: SqlNode): StatementEffects {
  let writing = false;
  let locking = false;
  let createsTable = false;
  const tables = new Map<string, TableName>();
  const addTable = (range: SqlNode, scope: Scope | undefined) => {
    const name = range['relname'];
    if (typeof name !== 'string') return;
    const schema = typeof range['schemaname'] === 'string' ? range['schemaname'] : undefined;
    if (schema === undefined && isInScope(scope, name)) return;
    // NUL cannot be part of a name.
    tables.set(`${schema ?? ''}\0${name}`, schema === undefined ? { name } : { schema, name });
  };

  // A stack of our own: an expression of a thousand terms is a tree a thousand levels deep.
  const pending: { readonly key: string; readonly value: unknown; readonly scope: Scope | undefined }[] = [
    { key: kind, value: node, scope: undefined },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { key, value } = next;
    let { scope } = next;
    if (Array.isArray(value)) {
      for (const item of value.toReversed()) pending.push({ key, value: item, scope });
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    const current = value as SqlNode;
    if (key === 'RangeVar') addTable(current, scope);
    if (current['intoClause'] !== undefined) createsTable = true;
    if (current['lockingClause'] !== undefined) locking = true;

    const children: { key: string; value: unknown; scope: Scope | undefined }[] = [];
    const withClause = current['withClause'] as SqlNode | undefined;
    if (withClause !== undefined) scope = enterWith(withClause, scope, children);
    if (writes.has(key)) {
      writing = true;
      // The target is a table even where a CTE has its name: PostgreSQL looks it up in the catalogue alone.
      if (isNode(current['relation'])) addTable(current['relation'], undefined);
    }
    for (const [name, child] of Object.entries(current)) {
      // What FOR UPDATE OF lists are aliases of FROM.
      if (name === 'withClause' || name === 'lockedRels') continue;
      if (typeof child === 'object') children.push({ key: name, value: child, scope });
    }
    for (const child of children.toReversed()) pending.push(child);
  }
  return {
    access: writing ? 'write' : locking ? 'lock' : 'read',
    createsTable,
    tables: [...tables.values()],
  };
}

/**
 * Queues the queries of WITH, each with the names that it sees (those before it; all of them under RECURSIVE),
 * and returns the scope of the statement's body.
 */
function enterWith(
  withClause: SqlNode,
  outer: Scope | undefined,
  queue: { key: string; value: unknown; scope: Scope | undefined }[],
): Scope | undefined {
  const wrapped = Array.isArray(withClause['ctes']) ? (withClause['ctes'] as readonly SqlNode[]) : [];
  const ctes = wrapped.flatMap((cte) => (isNode(cte['CommonTableExpr']) ? [cte['CommonTableExpr']] : []));
  const recursive = withClause['recursive'] === true;
  const all = ctes.reduce<Scope | undefined>(
    (scope, cte) => ({ name: String(cte['ctename']), outer: scope }),
    outer,
  );
  let before = outer;
  for (const cte of ctes) {
    queue.push({ key: 'ctequery', value: cte['ctequery'], scope: recursive ? all : before });
    before = { name: String(cte['ctename']), outer: before };
  }
  return all;
}

function isInScope(scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at !== undefined; at = at.outer) if (at.name === name) return true;
  return false;
}

function isNode(value: unknown): value is SqlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
