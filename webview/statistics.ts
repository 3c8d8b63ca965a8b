/** The plan summed up: by type, table, index, function and trigger. Each sum is that of its nodes' own parts. Pure. */
import { nodeTitle, sourceName } from '../src/shared/nodeLabel.ts';
import { triggerName } from '../src/shared/planWords.ts';
import type { PlanNode } from '../src/shared/report.ts';
import { foldedTree } from './folding.ts';
import { metricOf } from './metrics.ts';
import { measuredBy, selfOf, type PlanModel } from './planModel.ts';

export type StatisticsColumn = 'name' | 'count' | 'self' | 'rows' | 'hit' | 'read' | 'io';

export interface StatisticsSort {
  readonly column: StatisticsColumn;
  readonly descending: boolean;
}

export interface StatisticsLine {
  readonly name: string;
  /** Its part of the line above: an index of a table. */
  readonly isPart: boolean;
  /** Steps, or calls of a trigger. */
  readonly count: number;
  /** Of the metric; undefined where nothing was measured. */
  readonly self: number | undefined;
  readonly rows: number | undefined;
  /** Blocks, shared and local. */
  readonly hit: number | undefined;
  readonly read: number | undefined;
  readonly ioMs: number | undefined;
  readonly nodes: readonly PlanNode[];
  readonly dearestId: string | undefined;
  /** Stays last however the others are sorted: what belongs to none of them, or all of them together. */
  readonly isRest: boolean;
  /** The line's parts: they are sorted under it. */
  readonly parts: readonly StatisticsLine[];
}

export interface StatisticsGroup {
  readonly id: 'type' | 'table' | 'index' | 'function' | 'remote' | 'trigger';
  readonly title: string;
  readonly lines: readonly StatisticsLine[];
}

export interface Statistics {
  /** The model on the scale that is summed up. */
  readonly model: PlanModel;
  readonly groups: readonly StatisticsGroup[];
}

/** Lines of a group that are shown; the others are one line with their sum. */
const mostLines = 30;

const built = new WeakMap<PlanModel, Statistics>();

/** Sums over all loops, of a metric that adds up: rows and misjudgements do not, so time or cost stands in for them. */
export function statisticsOf(shown: PlanModel): Statistics {
  const known = built.get(shown);
  if (known !== undefined) return known;
  const model = measuredBy(shown, addingMetric(shown), false);
  const statistics = { model, groups: groupsOf(model) };
  built.set(shown, statistics);
  return statistics;
}

/** In this order, at most so many, and what they leave out as one line; parts under theirs. */
export function shownLines(
  { lines }: StatisticsGroup,
  sort: StatisticsSort,
  model: PlanModel,
): readonly StatisticsLine[] {
  const usual = lines.filter(({ isRest }) => !isRest).toSorted(comparing(sort));
  const shown = usual.slice(0, mostLines);
  const left = usual.slice(mostLines);
  const restNodes = left.flatMap(({ nodes }) => nodes);
  const rest =
    left.length === 0 ? [] : [{ ...lineOf(`${left.length} more`, restNodes, model), isRest: true }];
  return [...shown, ...rest, ...lines.filter(({ isRest }) => isRest)].flatMap((line) => [
    line,
    ...line.parts.toSorted(comparing(sort)),
  ]);
}

function addingMetric({ metric, plan }: PlanModel) {
  if (metric.isShared || metric.id === 'cost') return metric;
  return metricOf(plan.nodes.some(({ selfMs }) => selfMs !== undefined) ? 'time' : 'cost');
}

function groupsOf(model: PlanModel): readonly StatisticsGroup[] {
  const { nodes } = model.plan;
  // Remote plans stand outside every sum of the local one.
  const local = nodes.filter(({ distributed }) => distributed === undefined);
  const remote = nodes.filter(({ distributed }) => distributed !== undefined);
  const byType = grouped(local, nodeTitle, model);
  const all = { ...lineOf('All steps', local, model), isRest: true };
  const groups: readonly StatisticsGroup[] = [
    { id: 'type', title: 'By type', lines: [...byType, all] },
    { id: 'table', title: 'By table', lines: byTable(local, model) },
    { id: 'index', title: 'By index', lines: grouped(local, ({ index }) => index, model) },
    { id: 'function', title: 'By function, CTE and subplan', lines: byFunction(local, model) },
    {
      id: 'remote',
      title: 'On other servers, by type: by their own clocks, outside the sums above',
      lines: grouped(remote, nodeTitle, model),
    },
    { id: 'trigger', title: 'Triggers', lines: triggers(model) },
  ];
  return groups.filter(({ lines }) => lines.length > 0);
}

function byTable(nodes: readonly PlanNode[], model: PlanModel): readonly StatisticsLine[] {
  const tables = tablesOf(model);
  const read = nodes.filter(({ id }) => tables.has(id));
  if (read.length === 0) return [];
  const lines = grouped(read, ({ id }) => tables.get(id)?.name, model).map((line) => {
    const hasParts = line.nodes.some(({ index }) => index !== undefined);
    // A thousand partitions have as many indexes: those are listed on their own.
    if (!hasParts || line.nodes.some(({ id }) => tables.get(id)?.isPartitioned === true)) return line;
    const parts = grouped(line.nodes, ({ index }) => index, model);
    return { ...line, parts: parts.map((part) => ({ ...part, isPart: true })) };
  });
  const others = nodes.filter(({ id }) => !tables.has(id));
  return others.length === 0
    ? lines
    : [...lines, { ...lineOf('Steps that read no table', others, model), isRest: true }];
}

interface ReadTable {
  readonly name: string;
  readonly isPartitioned: boolean;
}

/** The table of each step that works on one. Index scans that feed a bitmap work on the table of the scan above them. */
function tablesOf(model: PlanModel): ReadonlyMap<string, ReadTable> {
  const tables = new Map<string, ReadTable>();
  const partitioned = new Map<string, string>();
  const schemas = ambiguousRelations(model);
  for (const { node, fold } of foldedTree(model).rows) {
    const { id, parentId, relation, schema, type } = node;
    const above = parentId === null ? undefined : partitioned.get(parentId);
    const partitionsOf = fold?.partitionsOf ?? above;
    if (partitionsOf !== undefined) partitioned.set(id, partitionsOf);
    if (fold !== undefined) continue;
    const feedsBitmap = type === 'Bitmap Index Scan' || type === 'BitmapAnd' || type === 'BitmapOr';
    const fed = feedsBitmap && parentId !== null ? tables.get(parentId) : undefined;
    if (relation !== undefined && partitionsOf !== undefined)
      tables.set(id, { name: `partitions of ${partitionsOf}`, isPartitioned: true });
    else if (relation !== undefined)
      tables.set(id, {
        name: schemas.has(relation) ? `${schema ?? '?'}.${relation}` : relation,
        isPartitioned: false,
      });
    else if (fed !== undefined) tables.set(id, fed);
  }
  return tables;
}

/** Names that tables of more than one schema have. */
function ambiguousRelations({ plan }: PlanModel): ReadonlySet<string> {
  const schemaOf = new Map<string, string | undefined>();
  const ambiguous = new Set<string>();
  for (const { relation, schema } of plan.nodes) {
    if (relation === undefined) continue;
    if (schemaOf.has(relation) && schemaOf.get(relation) !== schema) ambiguous.add(relation);
    schemaOf.set(relation, schema);
  }
  return ambiguous;
}

/** A function or a CTE where it is scanned; a subplan with everything that is below it. */
function byFunction(nodes: readonly PlanNode[], model: PlanModel): readonly StatisticsLine[] {
  const called = grouped(nodes, (node) => (node.type === 'CTE Scan' ? undefined : sourceName(node)), model);
  const scans = byKey(nodes, ({ type, details }) =>
    type === 'CTE Scan' && typeof details['CTE Name'] === 'string' ? `CTE ${details['CTE Name']}` : undefined,
  );
  const places = new Map(model.rows.map(({ node }, index) => [node.id, index]));
  const subplans = nodes
    .filter(({ subplanName }) => subplanName !== undefined)
    .map((root) => {
      const name = root.subplanName ?? '';
      const all = [...below(places.get(root.id) ?? 0, model), ...(scans.get(name) ?? [])];
      // Rows of its steps are rows of the same thing, over and over: those of its root are what came out.
      return { ...lineOf(name, all, model), rows: root.rows };
    });
  return [...called, ...subplans];
}

/** The node in that row and everything under it, in the order of the plan. */
function below(from: number, { rows }: PlanModel): readonly PlanNode[] {
  const level = rows[from]?.level ?? 0;
  let end = from + 1;
  while ((rows[end]?.level ?? 0) > level) end++;
  return rows.slice(from, end).map(({ node }) => node);
}

/** What they took may be inside the root's time, so triggers are no part of the sums above. */
function triggers({ plan, metric }: PlanModel): readonly StatisticsLine[] {
  return plan.triggers.map((trigger) => ({
    name: `${triggerName(trigger)}${trigger.runs === undefined ? '' : `, ${trigger.runs}`}`,
    isPart: false,
    isRest: false,
    count: trigger.calls,
    self: metric.id === 'time' ? trigger.ms : undefined,
    rows: undefined,
    hit: undefined,
    read: undefined,
    ioMs: undefined,
    nodes: [],
    dearestId: undefined,
    parts: [],
  }));
}

/** A line for each key; nodes without one are left out. */
function grouped(
  nodes: readonly PlanNode[],
  keyOf: (node: PlanNode) => string | undefined,
  model: PlanModel,
): readonly StatisticsLine[] {
  return [...byKey(nodes, keyOf)].map(([name, members]) => lineOf(name, members, model));
}

function byKey(
  nodes: readonly PlanNode[],
  keyOf: (node: PlanNode) => string | undefined,
): ReadonlyMap<string, readonly PlanNode[]> {
  const groups = new Map<string, PlanNode[]>();
  for (const node of nodes) {
    const key = keyOf(node);
    if (key === undefined) continue;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [node]);
    else known.push(node);
  }
  return groups;
}

/** Ten thousand tables make as many lines, so each is one object of one shape. */
function lineOf(name: string, nodes: readonly PlanNode[], model: PlanModel): StatisticsLine {
  let self: number | undefined;
  let rows: number | undefined;
  let hit: number | undefined;
  let read: number | undefined;
  let ioMs: number | undefined;
  let dearestId: string | undefined;
  let dearest = -Infinity;
  for (const node of nodes) {
    const own = selfOf(node, model);
    const { selfBuffers: blocks } = node;
    self = plus(self, own);
    rows = plus(rows, model.plan.analyzed ? node.rows : node.planRows);
    hit = plus(hit, blocks && blocks.sharedHit + blocks.localHit);
    read = plus(read, blocks && blocks.sharedRead + blocks.localRead);
    ioMs = plus(ioMs, node.selfIoMs);
    if ((own ?? 0) > dearest) {
      dearest = own ?? 0;
      dearestId = node.id;
    }
  }
  const count = nodes.length;
  return {
    name,
    isPart: false,
    count,
    self,
    rows,
    hit,
    read,
    ioMs,
    nodes,
    dearestId,
    isRest: false,
    parts: [],
  };
}

/** What was not measured adds nothing. */
function plus(sum: number | undefined, value: number | undefined): number | undefined {
  return value === undefined ? sum : (sum ?? 0) + value;
}

function comparing({ column, descending }: StatisticsSort) {
  const sign = descending ? -1 : 1;
  return (one: StatisticsLine, other: StatisticsLine): number => {
    if (column === 'name') return sign * one.name.localeCompare(other.name, 'en', { numeric: true });
    const key = column === 'io' ? 'ioMs' : column;
    return sign * ((one[key] ?? -1) - (other[key] ?? -1));
  };
}
