/** A plan made ready to be shown: levels, positions, severities and the scale of the bars. Pure; built once per plan. */
import type { Finding, Plan, PlanNode, Severity } from '../src/shared/report.ts';
import { beginsRemotePlan, placeName } from '../src/shared/remotePlace.ts';
import { metricOf, type Metric } from './metrics.ts';
import { oncePer } from './oncePer.ts';
import { measuredMs } from '../src/shared/verdict.ts';

export interface PlanRow {
  readonly node: PlanNode;
  /** 1 at the root, as aria-level counts. */
  readonly level: number;
  readonly childIds: readonly string[];
  /** 1-based, among its siblings. */
  readonly position: number;
  readonly siblings: number;
  /** The worst of its findings. */
  readonly severity?: Severity;
  /** Set where a plan begins that ran elsewhere than the step above: "task 1 on 127.0.0.1:5601". */
  readonly place?: string;
  /** Set where the row stands for several like nodes, which are its children; see folding.ts. */
  readonly fold?: Fold;
}

export interface Fold {
  /** Set where the members are partitions of one table: its name, or its alias where the plan tells no more. */
  readonly partitionsOf?: string;
  readonly memberIds: readonly string[];
  /** "9 Seq Scan, 3 Index Scan", "4 never executed". */
  readonly words: readonly string[];
}

export interface PlanModel {
  readonly plan: Plan;
  /** Pre-order. */
  readonly rows: readonly PlanRow[];
  readonly byId: ReadonlyMap<string, PlanRow>;
  /** What bars and the first columns of numbers measure. */
  readonly metric: Metric;
  /** Figures are those of an average loop, not of all. */
  readonly perLoop: boolean;
  /** The longest bar stands for this much of the metric. */
  readonly longest: number;
  /** 100 % of the metric. */
  readonly whole: number;
  readonly hasBuffers: boolean;
}

const severityOrder: readonly Severity[] = ['info', 'warning', 'critical'];

export function worseSeverity(one: Severity | undefined, other: Severity | undefined): Severity | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return severityOrder.indexOf(one) >= severityOrder.indexOf(other) ? one : other;
}

export function buildPlanModel(plan: Plan, findings: readonly Finding[]): PlanModel {
  const childIds = new Map<string, string[]>();
  for (const node of plan.nodes) {
    childIds.set(node.id, []);
    if (node.parentId !== null) childIds.get(node.parentId)?.push(node.id);
  }
  const severities = worstSeverities(findings);
  const byId = new Map<string, PlanRow>();
  const seen = new Map<string | null, number>();
  const rows = plan.nodes.map((node): PlanRow => {
    const position = (seen.get(node.parentId) ?? 0) + 1;
    seen.set(node.parentId, position);
    const severity = severities.get(node.id);
    const place = beginsRemotePlan(node, byId.get(node.parentId ?? '')?.node)
      ? placeName(node.distributed ?? {})
      : undefined;
    const row = {
      node,
      level: node.parentId === null ? 1 : (byId.get(node.parentId)?.level ?? 0) + 1,
      childIds: childIds.get(node.id) ?? [],
      position,
      siblings: node.parentId === null ? 1 : (childIds.get(node.parentId)?.length ?? 1),
      ...(severity === undefined ? {} : { severity }),
      ...(place === undefined ? {} : { place }),
    };
    byId.set(node.id, row);
    return row;
  });
  const metric = metricOf(plan.nodes.some((node) => node.selfMs !== undefined) ? 'time' : 'cost');
  const hasBuffers = plan.nodes.some((node) => node.selfBuffers !== undefined);
  return measuredBy(
    { plan, rows, byId, metric, perLoop: false, longest: 0, whole: 0, hasBuffers },
    metric,
    false,
  );
}

/** The same plan on another scale. */
export function measuredBy(model: PlanModel, metric: Metric, perLoop: boolean): PlanModel {
  const { plan, rows } = model;
  const root = plan.nodes[0];
  const ofRoot = root && metric.totalOf(root);
  const next = {
    ...model,
    metric,
    perLoop,
    whole: (metric.id === 'time' ? measuredMs(plan) : undefined) ?? ofRoot ?? 0,
  };
  return { ...next, longest: rows.reduce((most, row) => Math.max(most, selfOf(row.node, next) ?? 0), 0) };
}

type Scale = Pick<PlanModel, 'metric' | 'perLoop'>;

/** The node's own part of the metric; undefined where nothing was measured. */
export function selfOf(node: PlanNode, { metric, perLoop }: Scale): number | undefined {
  if (node.neverExecuted && metric.id !== 'cost') return undefined;
  return ofLoops(metric.selfOf(node), node, metric, perLoop);
}

/** The same with everything below. */
export function totalOf(node: PlanNode, { metric, perLoop }: Scale): number | undefined {
  if (node.neverExecuted && metric.id !== 'cost') return undefined;
  return ofLoops(metric.totalOf(node), node, metric, perLoop);
}

/** Costs and factors are those of one loop already. */
function ofLoops(
  value: number | undefined,
  node: PlanNode,
  { id }: Metric,
  perLoop: boolean,
): number | undefined {
  if (value === undefined || id === 'cost' || id === 'estimate') return value;
  const loops = loopsToShare(node, { perLoop });
  // Elapsed times are shares already: what remains is how often each process looped.
  return value / (id === 'time' ? Math.max(1, loops / (node.processes ?? 1)) : loops);
}

/** By how much what was counted over all loops and processes is divided: 1 unless figures are those of a loop. */
export function loopsToShare({ loops = 1 }: PlanNode, { perLoop }: Pick<Scale, 'perLoop'>): number {
  return perLoop ? Math.max(1, loops) : 1;
}

/** The rows that are not inside a collapsed one. */
export function visibleRows(model: PlanModel, collapsed: ReadonlySet<string>): readonly PlanRow[] {
  if (collapsed.size === 0) return model.rows;
  const visible: PlanRow[] = [];
  let hiddenBelow = Infinity;
  for (const row of model.rows) {
    if (row.level > hiddenBelow) continue;
    hiddenBelow = collapsed.has(row.node.id) && row.childIds.length > 0 ? row.level : Infinity;
    visible.push(row);
  }
  return visible;
}

/** How many steps of the plan lie below each row, at any depth; a fold is none itself. */
export function stepsBelow({ rows }: PlanModel): ReadonlyMap<string, number> {
  return countsBelow(rows);
}

const countsBelow = oncePer((rows: PlanModel['rows']): ReadonlyMap<string, number> => {
  const below = new Map<string, number>();
  for (const { node, fold } of rows.toReversed()) {
    if (node.parentId === null) continue;
    const steps = (below.get(node.id) ?? 0) + (fold === undefined ? 1 : 0);
    below.set(node.parentId, (below.get(node.parentId) ?? 0) + steps);
  }
  return below;
});

/** From the node's parent up to the root. */
export function ancestorsOf(model: PlanModel, id: string): readonly string[] {
  const ancestors: string[] = [];
  let parentId = model.byId.get(id)?.node.parentId ?? null;
  while (parentId !== null) {
    ancestors.push(parentId);
    parentId = model.byId.get(parentId)?.node.parentId ?? null;
  }
  return ancestors;
}

/** Where the eye should start: the node of the worst finding, else the one that took most. */
export function startingNode(model: PlanModel, findings: readonly Finding[]): string {
  const worst = severityOrder
    .toReversed()
    .flatMap((severity) => findings.filter((finding) => finding.severity === severity))
    .find((finding) => finding.nodeId !== undefined && model.byId.has(finding.nodeId));
  if (worst?.nodeId !== undefined) return worst.nodeId;
  const first = model.rows[0];
  const most = model.rows.find((row) => selfOf(row.node, model) === model.longest) ?? first;
  return most?.node.id ?? '';
}

function worstSeverities(findings: readonly Finding[]): ReadonlyMap<string, Severity> {
  const worst = new Map<string, Severity>();
  for (const { nodeId, severity } of findings) {
    if (nodeId === undefined) continue;
    worst.set(nodeId, worseSeverity(worst.get(nodeId), severity) ?? severity);
  }
  return worst;
}
