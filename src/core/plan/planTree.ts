/**
 * The raw plan as a flat tree: pre-order, parents known, and each node's role in the arithmetic told apart.
 * Parallel regions and remote (Citus) plans are marked here, once, for everything that follows.
 */
import type { Distributed } from '../../shared/report.ts';
import type { RawObject, RawPlan, RawPlanNode } from './raw.ts';
import { isRawList, isRawObject, readNumber, readObject, readObjects, readText } from './raw.ts';

/**
 * How a node's time and buffers reach the rest of the plan:
 * `child` inside its parent; `subPlan` inside whichever node evaluates the expression; `initPlan` inside whichever
 * node needed the value first; `cte` inside the CTE Scans that read it; `root` is nobody's (also of remote plans).
 */
export type Role = 'root' | 'child' | 'subPlan' | 'initPlan' | 'cte';

export interface TreeNode {
  /** Position in pre-order. */
  readonly index: number;
  readonly raw: RawPlanNode;
  readonly type: string;
  readonly parent: TreeNode | undefined;
  readonly role: Role;
  readonly children: TreeNode[];
  /** Set in remote plans. */
  readonly distributed: Distributed | undefined;
  /** Top-level keys of the remote plan that this node is the root of. */
  readonly remoteTop: RawObject | undefined;
  /** Of the root of a Citus sub-plan: how long that took, by the coordinator's clock. */
  readonly durationMs: number | undefined;
  /** Actual Loops: undefined without ANALYZE. */
  readonly loops: number | undefined;
  /** The Gather whose processes run this node, if any. */
  readonly gather: TreeNode | undefined;
}

export interface PlanTree {
  readonly nodes: readonly TreeNode[];
}

/** Lays the plan out in pre-order; iterative, for plans are as deep as their author's generator likes. */
export function buildPlanTree(raw: RawPlan): PlanTree {
  const nodes: TreeNode[] = [];
  const pending: Seed[] = [{ raw: raw.Plan, parent: undefined, distributed: undefined }];
  for (let seed = pending.pop(); seed; seed = pending.pop()) {
    const node = createNode(seed, nodes.length);
    nodes.push(node);
    seed.parent?.children.push(node);
    // Last first, for they are taken from the end.
    const { distributed } = node;
    for (const child of readObjects(node.raw, 'Plans').toReversed())
      pending.push({ raw: child, parent: node, distributed });
    for (const remote of remoteSeeds(node).toReversed()) pending.push(remote);
  }
  return { nodes };
}

/** Local plan and each remote plan stand apart: a sum never crosses a root. */
export function isLocal(node: TreeNode): boolean {
  return node.distributed === undefined;
}

export function isGather(node: TreeNode): boolean {
  return node.type === 'Gather' || node.type === 'Gather Merge';
}

export function isNeverExecuted(node: TreeNode): boolean {
  return node.loops === 0;
}

/** The ordinary child with this Parent Relationship: Outer or Inner. */
export function inputOf(node: TreeNode, relationship: 'Outer' | 'Inner'): TreeNode | undefined {
  return node.children.find(
    (child) => child.role === 'child' && child.raw['Parent Relationship'] === relationship,
  );
}

/** True when `node` is `ancestor` or lies below it, through every kind of edge. */
export function isWithin(node: TreeNode, ancestor: TreeNode): boolean {
  for (let at: TreeNode | undefined = node; at; at = at.parent) if (at === ancestor) return true;
  return false;
}

const none: readonly Seed[] = [];

interface Seed {
  readonly raw: RawPlanNode;
  readonly parent: TreeNode | undefined;
  readonly distributed: Distributed | undefined;
  readonly remoteTop?: RawObject;
  readonly durationMs?: number | undefined;
}

function createNode(seed: Seed, index: number): TreeNode {
  const { raw, parent, distributed, remoteTop, durationMs } = seed;
  const role = roleOf(seed);
  return {
    index,
    raw,
    type: readText(raw, 'Node Type') ?? 'Unknown',
    parent,
    role,
    children: [],
    distributed,
    remoteTop,
    durationMs,
    loops: readNumber(raw, 'Actual Loops'),
    gather: gatherOf(parent, role),
  };
}

function roleOf(seed: Seed): Role {
  if (!seed.parent || seed.remoteTop) return 'root';
  const relationship = readText(seed.raw, 'Parent Relationship');
  if (relationship === 'SubPlan') return 'subPlan';
  if (relationship !== 'InitPlan') return 'child';
  return cteName(seed.raw) === undefined ? 'initPlan' : 'cte';
}

/** EXPLAIN lists a CTE as an InitPlan named "CTE name". */
export function cteName(raw: RawPlanNode): string | undefined {
  const name = readText(raw, 'Subplan Name');
  return name?.startsWith('CTE ') ? name.slice('CTE '.length) : undefined;
}

/**
 * Only a Gather's own input runs in its processes. Its InitPlans and SubPlans are evaluated by the leader, so they
 * belong where the Gather itself belongs.
 */
function gatherOf(parent: TreeNode | undefined, role: Role): TreeNode | undefined {
  if (!parent || role === 'root') return undefined;
  return role === 'child' && isGather(parent) ? parent : parent.gather;
}

/**
 * Citus prints, inside its Custom Scan, the plans of its sub-plans (run before, by executors of their own) and of
 * its tasks (run on the workers). Both are outside the local clock.
 */
function remoteSeeds(node: TreeNode): readonly Seed[] {
  const distributedQuery = readObject(node.raw, 'Distributed Query');
  if (!distributedQuery) return none;
  const subplans = readObjects(distributedQuery, 'Subplans').flatMap((subplan, index) =>
    remotePlans(subplan, 'PlannedStmt').map((top) => ({
      ...remoteSeed(node, top, { task: `subplan ${index + 1}` }),
      durationMs: readNumber(subplan, 'Subplan Duration'),
    })),
  );
  const job = readObject(distributedQuery, 'Job');
  const tasks = (job ? readObjects(job, 'Tasks') : []).flatMap((task, index) =>
    remotePlans(task, 'Remote Plan').map((top) => {
      const host = readText(task, 'Node');
      const name = String(index + 1);
      return remoteSeed(node, top, host === undefined ? { task: name } : { task: name, node: host });
    }),
  );
  return [...subplans, ...tasks];
}

function remoteSeed(parent: TreeNode, top: RawPlan, distributed: Distributed): Seed {
  return { raw: top.Plan, parent, distributed, remoteTop: top };
}

/** The keys under which Citus nests whole plans. */
export const remotePlanKeys: readonly string[] = ['Remote Plan', 'PlannedStmt'];

/** A remote plan comes wrapped in one list or two. */
function remotePlans(holder: RawObject, key: string): RawPlan[] {
  const value = holder[key];
  const outer = isRawList(value) ? value : [];
  return outer.flatMap((item) => (isRawList(item) ? item : [item])).filter(isRawPlan);
}

export function isRawPlan(value: unknown): value is RawPlan {
  return isRawObject(value as RawPlan) && isRawObject((value as RawPlan).Plan);
}
