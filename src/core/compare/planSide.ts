/** One of the two plans, indexed for walking. Nodes are named by their place in pre-order. */
import { sourceName } from '../../shared/nodeLabel.ts';
import { tableOfShard } from '../../shared/remotePlace.ts';
import type { Plan, PlanNode, Problem } from '../../shared/report.ts';

export interface PlanSide {
  readonly plan: Plan;
  /** Pre-order. */
  readonly nodes: readonly PlanNode[];
  /** Place of the parent; -1 at a root. */
  readonly parents: readonly number[];
  readonly children: readonly (readonly number[])[];
  /** Place behind the last node of the sub-tree: that of node 3 is 3 to ends[3] - 1. */
  readonly ends: readonly number[];
  readonly roots: readonly number[];
  /** The InitPlans, SubPlans and CTEs that the node lies in: "CTE recent/SubPlan 1". */
  readonly scopes: readonly string[];
  /** Whether the text of the plan ended too early: what this side lacks may have been behind its end. */
  readonly isCut: boolean;
  /**
   * Of a plan that was cut: its last node and what that is below, which may lack inputs, and the scans of CTEs, which are
   * charged with what their CTE took. Others have all that they had.
   */
  readonly open: ReadonlySet<number>;
}

/** Saved reports may hold any parents: one that does not come before its child is taken for none. */
export function indexPlan(plan: Plan, problems: readonly Problem[] = []): PlanSide {
  const given = childrenOf(plan.nodes);
  const nodes: PlanNode[] = [];
  const parents: number[] = [];
  const scopes: string[] = [];
  const children: number[][] = [];
  const roots: number[] = [];
  const pending = given.roots.toReversed().map((node) => ({ node, parent: -1 }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, parent } = next;
    const place = nodes.length;
    nodes.push(node);
    parents.push(parent);
    children.push([]);
    (children[parent] ?? roots).push(place);
    const around = scopes[parent] ?? '';
    scopes.push(node.subplanName === undefined ? around : `${around}/${node.subplanName}`);
    for (const child of (given.children.get(node) ?? []).toReversed()) {
      pending.push({ node: child, parent: place });
    }
  }
  const isCut = isCutOff(problems);
  const open = isCut ? openPlaces(nodes, parents) : new Set<number>();
  return { plan, nodes, parents, children, ends: endsOf(parents), roots, scopes, isCut, open };
}

function openPlaces(nodes: readonly PlanNode[], parents: readonly number[]): ReadonlySet<number> {
  const open = new Set(nodes.flatMap(({ type }, place) => (type === 'CTE Scan' ? [place] : [])));
  for (let place = parents.length - 1; place >= 0; place = parents[place] ?? -1) open.add(place);
  return open;
}

/** Where reading stopped, whatever came behind is missing. */
const cutCodes: ReadonlySet<string> = new Set(['cut-off', 'json-syntax', 'xml-syntax', 'yaml-syntax']);

function isCutOff(problems: readonly Problem[]): boolean {
  return problems.some(({ code }) => cutCodes.has(code));
}

function childrenOf(nodes: readonly PlanNode[]): {
  readonly roots: readonly PlanNode[];
  readonly children: ReadonlyMap<PlanNode, readonly PlanNode[]>;
} {
  const known = new Map<string, PlanNode>();
  const children = new Map<PlanNode, PlanNode[]>();
  const roots: PlanNode[] = [];
  for (const node of nodes) {
    const parent = node.parentId === null ? undefined : known.get(node.parentId);
    if (parent === undefined) roots.push(node);
    else {
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [node]);
      else siblings.push(node);
    }
    known.set(node.id, node);
  }
  return { roots, children };
}

function endsOf(parents: readonly number[]): readonly number[] {
  const ends = parents.map((_, place) => place + 1);
  for (let place = parents.length - 1; place > 0; place--) {
    const parent = parents[place] ?? -1;
    if (parent >= 0) ends[parent] = Math.max(ends[parent] ?? 0, ends[place] ?? 0);
  }
  return ends;
}

/** What a node reads: the name of its table, function or CTE; undefined for steps that work on rows of others. */
export function sourceOf(node: PlanNode): string | undefined {
  return node.type === 'ModifyTable' ? undefined : (node.relation ?? sourceName(node));
}

/** One name for all shards of a table: whichever of them Citus shows stands for the table. */
export function unsharded(name: string | undefined, node: PlanNode | undefined): string | undefined {
  return node?.distributed === undefined ? name : name && tableOfShard(name);
}

/** Leaves, and scans with sub-plans below them: by what they read the trees are aligned. */
export function isReader(side: PlanSide, place: number): boolean {
  const node = side.nodes[place];
  if (node === undefined) return false;
  const isLeaf = (side.children[place] ?? []).length === 0 && !side.open.has(place);
  return isLeaf || sourceOf(node) !== undefined;
}
