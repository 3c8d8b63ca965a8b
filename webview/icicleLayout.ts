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
  const { rows } = model;
  const parents = parentsOf(rows);
  const sizeBy = sizeMetric(model);
  const { own, total, part } =
    sizeBy.id === 'cost' ? costSizes(rows, parents) : summedSizes(rows, parents, sizeBy);
  const { unit, fit } = division(rows, parents, { own, total, part });
  const bars: Bar[] = [];
  const byId = new Map<string, Bar>();
  const barAt = Array.from<Bar | undefined>({ length: rows.length });
  const nextLeft = new Float64Array(rows.length);
  // Pre-order: a parent's bar is placed before those of its children.
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const parentAt = parents[at]!;
    const parent = barAt[parentAt];
    if (parent === undefined && at > 0) continue;
    const left = parent === undefined ? 0 : nextLeft[parentAt]!;
    const amount = isElsewhere(rows, at, parentAt) ? total[at]! * fit[parentAt]! : part[at]!;
    // Rounding of many widths may not push the last one out.
    const width =
      parent === undefined
        ? Number(total[at]! > 0)
        : Math.min(parent.width * unit[parentAt]! * amount, parent.left + parent.width - left);
    if (width <= 0) continue;
    nextLeft[at] = left;
    if (parent !== undefined) nextLeft[parentAt] = left + width;
    const ownWidth = total[at]! > 0 ? width * Math.min(1, own[at]! / total[at]!) : 0;
    const bar = { row, depth: (parent?.depth ?? -1) + 1, left, width, ownWidth, remote: isRemote(row) };
    barAt[at] = bar;
    bars.push(bar);
    byId.set(row.node.id, bar);
  }
  return {
    sizeBy,
    whole: total[0] ?? 0,
    bars,
    byId,
    omitted: stepsOf(rows) - stepsOf(bars.map(({ row }) => row)),
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

/** For each row of a plan in pre-order, by its place in it. */
interface Sizes {
  readonly own: Float64Array;
  /** Of the node with what lies below it on the same server. */
  readonly total: Float64Array;
  /** What a child takes of its parent. */
  readonly part: Float64Array;
}

interface Division {
  /** Of a node's width, for one unit of the metric in its children. */
  readonly unit: Float64Array;
  /** What is left of remote children's figures where they are fitted into the wait for them. */
  readonly fit: Float64Array;
}

function division(rows: PlanModel['rows'], parents: Int32Array, { own, total, part }: Sizes): Division {
  const unit = Float64Array.from(own);
  // Other servers keep clocks of their own and work side by side: all that is sure is that this step waited meanwhile.
  const fit = new Float64Array(rows.length);
  for (let at = 1; at < rows.length; at++) {
    const parentAt = parents[at]!;
    if (isElsewhere(rows, at, parentAt)) fit[parentAt]! += total[at]!;
    else unit[parentAt]! += part[at]!;
  }
  for (let at = 0; at < rows.length; at++) {
    unit[at] = unit[at]! > 0 ? 1 / unit[at]! : 0;
    fit[at] = fit[at]! > 0 ? Math.min(1, own[at]! / fit[at]!) : 0;
  }
  return { unit, fit };
}

/** Metrics whose own parts add up. All loops always: averages of different loops have no sum. */
function summedSizes(rows: PlanModel['rows'], parents: Int32Array, metric: Metric): Sizes {
  const scale = { metric, perLoop: false };
  // What a fold adds up is its members', which are below it.
  const own = Float64Array.from(rows, ({ node, fold }) =>
    fold === undefined ? Math.max(0, selfOf(node, scale) ?? 0) : 0,
  );
  const total = Float64Array.from(own);
  for (let at = rows.length - 1; at > 0; at--) {
    if (isRemote(rows[parents[at]!]!) === isRemote(rows[at]!)) total[parents[at]!]! += total[at]!;
  }
  return { own, total, part: total };
}

/**
 * The planner's totals. A child under LIMIT costs more than its parent, which stops it early: it gets what the parent pays.
 * A SubPlan's cost is that of one call: it gets what the other children leave, for that is all its calls.
 */
function costSizes(rows: PlanModel['rows'], parents: Int32Array): Sizes {
  const plain = new Float64Array(rows.length);
  const once = new Float64Array(rows.length);
  const counts = (at: number) => isRemote(rows[at]!) === isRemote(rows[parents[at]!]!);
  for (let at = 1; at < rows.length; at++) {
    if (counts(at)) (isCalled(rows[at]!) ? once : plain)[parents[at]!]! += rows[at]!.node.cost;
  }
  const part = new Float64Array(rows.length);
  for (let at = 1; at < rows.length; at++) {
    if (!counts(at)) continue;
    const parentAt = parents[at]!;
    const parent = rows[parentAt]!;
    const taken = Math.max(0, parent.node.cost - ownCost(parent));
    const calls = once[parentAt]! > 0 ? Math.max(1, (taken - plain[parentAt]!) / once[parentAt]!) : 1;
    const all = plain[parentAt]! + once[parentAt]! * calls;
    const paid = all > taken && all > 0 ? taken / all : 1;
    part[at] = rows[at]!.node.cost * paid * (isCalled(rows[at]!) ? calls : 1);
  }
  return {
    own: Float64Array.from(rows, ownCost),
    total: Float64Array.from(rows, ({ node }) => node.cost),
    part,
  };
}

function ownCost({ node, fold }: PlanRow): number {
  return fold === undefined ? Math.max(0, node.selfCost) : 0;
}

const parentsByRows = new WeakMap<PlanModel['rows'], Int32Array>();

/** The place of each row's parent; that of the root is -1. */
function parentsOf(rows: PlanModel['rows']): Int32Array {
  const known = parentsByRows.get(rows);
  if (known !== undefined) return known;
  const parents = new Int32Array(rows.length);
  // Pre-order: the last row of the level above is the parent.
  const lastOfLevel: number[] = [];
  for (let at = 0; at < rows.length; at++) {
    const { level } = rows[at]!;
    parents[at] = lastOfLevel[level - 1] ?? -1;
    lastOfLevel[level] = at;
  }
  parentsByRows.set(rows, parents);
  return parents;
}

function isCalled({ node }: PlanRow): boolean {
  return node.relationship === 'SubPlan';
}

function isRemote({ node }: PlanRow): boolean {
  return node.distributed !== undefined;
}

function isElsewhere(rows: PlanModel['rows'], at: number, parentAt: number): boolean {
  return parentAt >= 0 && isRemote(rows[at]!) && !isRemote(rows[parentAt]!);
}
