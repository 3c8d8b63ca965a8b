/**
 * Index candidates of one plan: for each scan that filters, the composite btree with the columns pinned by equality
 * first, then either the order that the query asks for or the interval that it keeps.
 * (Manual, "Multicolumn Indexes": equality on leading columns plus one inequality limits the part that is scanned.)
 */
import type { Plan, PlanNode } from '../../shared/report.ts';
import type { IndexKey, TableFacts } from '../ports.ts';
import type { SqlParser } from '../sql/parser.ts';
import { type ColumnCondition, readConditions, readSortKeys, type SortColumn } from './conditions.ts';

export interface Candidate {
  readonly node: PlanNode;
  readonly table: TableFacts;
  readonly keys: readonly CandidateKey[];
  /** Why these columns in this order, in words. */
  readonly reason: string;
}

export interface CandidateKey extends IndexKey {
  readonly column: string;
}

/** Scans that read rows of the table itself and test a Filter on each. */
const filteringScans = new Set(['Seq Scan', 'Bitmap Heap Scan', 'Index Scan', 'Index Only Scan']);

/** A scan below this share of the query's time (cost, when not measured) cannot repay an index. */
const worthwhileShare = 0.05;

/** An index on more columns than this is rarely narrow enough to pay. */
const maxKeyColumns = 4;

/** The scans worth an index, the dearest first. */
export function scansWorthAnIndex(plan: Plan): readonly PlanNode[] {
  const root = plan.nodes[0];
  if (root === undefined) return [];
  const weigh = (node: PlanNode) => (plan.analyzed ? (node.selfMs ?? 0) : node.selfCost);
  const whole = plan.analyzed ? (root.totalMs ?? 0) : root.cost;
  return plan.nodes
    .filter(
      (node) =>
        filteringScans.has(node.type) &&
        node.relation !== undefined &&
        node.distributed === undefined &&
        !node.neverExecuted &&
        typeof node.details['Filter'] === 'string' &&
        weigh(node) >= whole * worthwhileShare,
    )
    .toSorted((a, b) => weigh(b) - weigh(a));
}

/** One or two candidates for a scan: ordered by the query's ORDER BY, and by the interval it keeps. */
export function candidatesFor(
  parser: SqlParser,
  plan: Plan,
  node: PlanNode,
  table: TableFacts,
): readonly Candidate[] {
  const conditions = usable(conditionsOf(parser, node), node, table);
  const pinned = mostSelectiveFirst(
    conditions.filter((condition) => condition.test === 'equal'),
    table,
  );
  const pinnedNames = new Set(pinned.map((condition) => condition.column));
  const ranges = conditions.filter(
    (condition) => condition.test !== 'equal' && !pinnedNames.has(condition.column),
  );
  const order = orderWanted(parser, plan, node, table)?.filter((key) => !pinnedNames.has(key.column));

  const candidates: Candidate[] = [];
  const add = (tail: readonly CandidateKey[], reason: string) => {
    const keys = [...pinned.map((condition) => ascending(condition.column)), ...tail];
    const known = candidates.some((other) => sameKeys(other.keys, keys));
    if (keys.length > 0 && keys.length <= maxKeyColumns && !known)
      candidates.push({ node, table, keys, reason });
  };
  if (order !== undefined && order.length > 0) {
    add(
      order.map(toKey),
      reasonFor(
        pinned,
        ranges.filter((range) => range.column === order[0]?.column),
        order,
      ),
    );
  }
  // Where the order begins with the range's column, one index serves both: a btree is read in either direction.
  for (const range of ranges.filter(({ column }) => column !== order?.[0]?.column)) {
    add([ascending(range.column)], reasonFor(pinned, [range], []));
  }
  if (ranges.length === 0 && pinned.length > 0) add([], reasonFor(pinned, [], []));
  return candidates;
}

function conditionsOf(parser: SqlParser, node: PlanNode): readonly ColumnCondition[] {
  // An index that replaces the one in use must serve its condition too.
  const texts = [node.details['Index Cond'], node.details['Recheck Cond'], node.details['Filter']];
  return texts.flatMap((text) => (typeof text === 'string' ? readConditions(parser, text) : []));
}

function usable(
  conditions: readonly ColumnCondition[],
  node: PlanNode,
  table: TableFacts,
): readonly ColumnCondition[] {
  const seen = new Set<string>();
  return conditions.filter((condition) => {
    const key = `${condition.column} ${condition.test}`;
    if (!isOf(condition, node, table) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function isOf(reference: { column: string; qualifier?: string }, node: PlanNode, table: TableFacts): boolean {
  if (reference.qualifier !== undefined && reference.qualifier !== (node.alias ?? node.relation))
    return false;
  return table.columns.some((column) => column.name === reference.column);
}

/**
 * The columns of the nearest Sort above the scan, when all are of this table and nothing in between (an aggregate,
 * a set operation) gives the rows a new identity.
 */
function orderWanted(
  parser: SqlParser,
  plan: Plan,
  node: PlanNode,
  table: TableFacts,
): readonly SortColumn[] | undefined {
  const byId = new Map(plan.nodes.map((each) => [each.id, each]));
  for (let at = parentOf(byId, node); at !== undefined; at = parentOf(byId, at)) {
    if (at.type === 'Sort' || at.type === 'Incremental Sort') {
      const keys = at.details['Sort Key'];
      const texts = Array.isArray(keys) ? keys.filter((key): key is string => typeof key === 'string') : [];
      const columns = texts.length > 0 ? readSortKeys(parser, texts) : undefined;
      return columns?.every((column) => isOf(column, node, table)) === true ? columns : undefined;
    }
    if (!passesRowsThrough.has(at.type)) return undefined;
  }
  return undefined;
}

const passesRowsThrough = new Set([
  'Hash Join',
  'Nested Loop',
  'Merge Join',
  'Hash',
  'Gather',
  'Gather Merge',
  'Limit',
  'Materialize',
  'Memoize',
  'LockRows',
  'Result',
]);

function parentOf(byId: ReadonlyMap<string, PlanNode>, node: PlanNode): PlanNode | undefined {
  return node.parentId === null ? undefined : byId.get(node.parentId);
}

/** More distinct values first: it keeps the index useful for queries that pin only the leading columns. */
function mostSelectiveFirst(
  conditions: readonly ColumnCondition[],
  table: TableFacts,
): readonly ColumnCondition[] {
  const distinct = (condition: ColumnCondition) => {
    const known = table.columns.find((column) => column.name === condition.column)?.distinct ?? 0;
    return known < 0 ? -known * (table.rowEstimate ?? 0) : known;
  };
  return conditions.toSorted((a, b) => distinct(b) - distinct(a));
}

function ascending(column: string): CandidateKey {
  return { column, expression: column, descending: false, nullsFirst: false };
}

function toKey(column: SortColumn): CandidateKey {
  return {
    column: column.column,
    expression: column.column,
    descending: column.descending,
    nullsFirst: column.nullsFirst,
  };
}

function sameKeys(a: readonly CandidateKey[], b: readonly CandidateKey[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (key, i) =>
        key.column === b[i]?.column &&
        key.descending === b[i]?.descending &&
        key.nullsFirst === b[i]?.nullsFirst,
    )
  );
}

function reasonFor(
  pinned: readonly ColumnCondition[],
  ranges: readonly ColumnCondition[],
  order: readonly SortColumn[],
): string {
  const parts: string[] = [];
  if (pinned.length > 0) parts.push(`finds the rows with the wanted ${list(pinned)}`);
  if (order.length > 0) parts.push(`gives them in the order the query asks for (${orderText(order)})`);
  if (ranges.length > 0) parts.push(`stops at the wanted range of ${list(ranges)}`);
  const sentence = parts.join(', ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}, instead of reading the whole table.`;
}

function list(conditions: readonly { column: string }[]): string {
  return conditions.map((condition) => condition.column).join(' and ');
}

function orderText(order: readonly SortColumn[]): string {
  return order.map((key) => `${key.column}${key.descending ? ' DESC' : ''}`).join(', ');
}
