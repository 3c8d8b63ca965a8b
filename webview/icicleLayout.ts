/**
 * The icicle's rectangles: the root over the whole width, each node's width inside its parent's, its own part what its
 * children leave. Widths are built from own parts upwards, never from totals: a total can hold work that is printed elsewhere
 * in the tree (an InitPlan, a CTE), and such children would not fit into their parents. Pure.
 */
import { metricOf, type Metric } from './metrics.ts';
import { selfOf, type PlanModel, type PlanRow } from './planModel.ts';

export interface Bar {
  readonly row: PlanRow;
  /** 0 at the root. */
  readonly depth: number;
  /** Left edge and width as shares of the whole, 0 to 1. */
  readonly left: number;
  readonly width: number;
  /** The part of `width` that is the node's own. */
  readonly ownWidth: number;
  /** On another server: fitted into the step that waited for it. */
  readonly remote: boolean;
}

export interface Icicle {
  /** What widths measure. Where the chosen metric has no sums it is another one, and colours tell the chosen. */
  readonly sizeBy: Metric;
  /** How much of it the whole width stands for. */
  readonly whole: number;
  /** Rows of the tree that have a width, closed or not, in pre-order. */
  readonly bars: readonly Bar[];
  readonly byId: ReadonlyMap<string, Bar>;
  /** Steps that have none: never executed, or nothing of the metric in them or below. */
  readonly omitted: number;
}

const layouts = new WeakMap<PlanModel, Icicle>();

/** Made once per model. */
export function icicleOf(model: PlanModel): Icicle {
  const known = layouts.get(model) ?? layoutIcicle(model);
  layouts.set(model, known);
  return known;
}

export function layoutIcicle(model: PlanModel): Icicle {
  const sizeBy = sizeMetric(model);
  const sizes = sizeBy.id === 'cost' ? costSizes(model) : summedSizes(model, sizeBy);
  const bars: Bar[] = [];
  const byId = new Map<string, Bar>();
  const root = model.rows[0];
  const add = (bar: Bar) => {
    if (bar.width <= 0) return;
    bars.push(bar);
    byId.set(bar.row.node.id, bar);
  };
  if (root !== undefined && sizes.totalOf(root) > 0) {
    const share = sizes.ownOf(root) / sizes.totalOf(root);
    add({ row: root, depth: 0, left: 0, width: 1, ownWidth: share, remote: isRemote(root) });
  }
  // Children are looked up under their parent's bar, which pre-order has placed before them.
  const nextLeft = new Map<string, number>();
  const dividers = new Map<string, Division>();
  for (const row of model.rows) {
    const parent = row.node.parentId === null ? undefined : byId.get(row.node.parentId);
    if (parent === undefined) continue;
    const parentId = parent.row.node.id;
    const division = dividers.get(parentId) ?? divide(parent, model, sizes);
    dividers.set(parentId, division);
    const left = nextLeft.get(parentId) ?? parent.left;
    // Rounding of many widths may not push the last one out.
    const width = Math.min(division.widthOf(row), Math.max(0, parent.left + parent.width - left));
    nextLeft.set(parentId, left + width);
    const total = sizes.totalOf(row);
    const ownWidth = total > 0 ? width * Math.min(1, sizes.ownOf(row) / total) : 0;
    add({ row, depth: parent.depth + 1, left, width, ownWidth, remote: isRemote(row) });
  }
  return {
    sizeBy,
    whole: root === undefined ? 0 : sizes.totalOf(root),
    bars,
    byId,
    omitted: stepsOf(model.rows) - stepsOf(bars.map(({ row }) => row)),
  };
}

function stepsOf(rows: readonly PlanRow[]): number {
  return rows.filter(({ fold }) => fold === undefined).length;
}

/** Sums of rows mean nothing, and factors have none: widths then measure time, or cost where nothing was timed. */
function sizeMetric({ metric, plan }: PlanModel): Metric {
  if (metric.isShared || metric.id === 'cost') return metric;
  return metricOf(plan.nodes.some((node) => node.selfMs !== undefined) ? 'time' : 'cost');
}

interface Sizes {
  readonly ownOf: (row: PlanRow) => number;
  /** Of the node with what lies below it on the same server. */
  readonly totalOf: (row: PlanRow) => number;
  /** What a child takes of its parent. */
  readonly partOf: (row: PlanRow) => number;
}

interface Division {
  readonly widthOf: (child: PlanRow) => number;
}

function divide(parent: Bar, model: PlanModel, { ownOf, totalOf, partOf }: Sizes): Division {
  const children = childrenOf(parent.row, model);
  const isElsewhere = (row: PlanRow) => isRemote(row) && !parent.remote;
  const whole = ownOf(parent.row) + sum(children.filter((row) => !isElsewhere(row)).map(partOf));
  const unit = whole > 0 ? parent.width / whole : 0;
  // Other servers keep clocks of their own and work side by side: all that is sure is that this step waited meanwhile.
  const remoteSum = sum(children.filter(isElsewhere).map(totalOf));
  const fit = remoteSum > 0 ? Math.min(1, ownOf(parent.row) / remoteSum) : 0;
  return { widthOf: (row) => unit * (isElsewhere(row) ? totalOf(row) * fit : partOf(row)) };
}

/** Metrics whose own parts add up. All loops always: averages of different loops have no sum. */
function summedSizes(model: PlanModel, metric: Metric): Sizes {
  const own = new Map<PlanRow, number>();
  const total = new Map<PlanRow, number>();
  for (const row of model.rows.toReversed()) {
    // What a fold adds up is its members', which are below it.
    const ownPart =
      row.fold === undefined ? Math.max(0, selfOf(row.node, { metric, perLoop: false }) ?? 0) : 0;
    const all = (total.get(row) ?? 0) + ownPart;
    own.set(row, ownPart);
    total.set(row, all);
    const parent = row.node.parentId === null ? undefined : model.byId.get(row.node.parentId);
    if (parent !== undefined && isRemote(parent) === isRemote(row)) {
      total.set(parent, (total.get(parent) ?? 0) + all);
    }
  }
  const totalOf = (row: PlanRow) => total.get(row) ?? 0;
  return { ownOf: (row) => own.get(row) ?? 0, totalOf, partOf: totalOf };
}

/**
 * The planner's totals. A child under LIMIT costs more than its parent, which stops it early: it gets what the parent pays.
 * A SubPlan's cost is that of one call: it gets what the other children leave, for that is all its calls.
 */
function costSizes(model: PlanModel): Sizes {
  const parts = new Map<PlanRow, number>();
  for (const row of model.rows) {
    const children = childrenOf(row, model).filter((child) => isRemote(child) === isRemote(row));
    const taken = Math.max(0, row.node.cost - ownCost(row));
    const isCalled = ({ node }: PlanRow) => node.relationship === 'SubPlan';
    const plain = sum(children.filter((child) => !isCalled(child)).map(({ node }) => node.cost));
    const once = sum(children.filter(isCalled).map(({ node }) => node.cost));
    const calls = once > 0 ? Math.max(1, (taken - plain) / once) : 1;
    const all = plain + once * calls;
    const paid = all > taken && all > 0 ? taken / all : 1;
    for (const child of children) parts.set(child, child.node.cost * paid * (isCalled(child) ? calls : 1));
  }
  return {
    ownOf: ownCost,
    totalOf: ({ node }) => node.cost,
    partOf: (row) => parts.get(row) ?? 0,
  };
}

function ownCost({ node, fold }: PlanRow): number {
  return fold === undefined ? Math.max(0, node.selfCost) : 0;
}

function childrenOf(row: PlanRow, { byId }: PlanModel): readonly PlanRow[] {
  return row.childIds.map((id) => byId.get(id)).filter((child) => child !== undefined);
}

function isRemote({ node }: PlanRow): boolean {
  return node.distributed !== undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
