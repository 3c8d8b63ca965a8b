/**
 * How many processes shared the work of a node, so that times, which EXPLAIN sums over processes, become elapsed.
 * Also which estimates are per process, and the planner's divisor for them.
 */
import type { PlanTree, TreeNode } from './planTree.ts';
import { inputOf, isGather } from './planTree.ts';
import { readBoolean, readNumber } from './raw.ts';

export interface Parallelism {
  /** Processes that shared the node's loops; 1 outside a Gather. Index: node index. */
  readonly participants: readonly number[];
  /** Of nodes whose rows are dealt out among processes: what their Plan Rows were divided by. Index: node index. */
  readonly divisors: readonly (number | undefined)[];
}

/**
 * Counted, not assumed: the loops of the Gather's input divided by the Gather's own. "Workers Launched + 1" is wrong
 * when the leader does not take part (parallel_leader_participation = off) or never got round to it.
 */
export function measureParallelism(tree: PlanTree, leaderParticipates: boolean): Parallelism {
  const participants: number[] = [];
  const divisors: (number | undefined)[] = [];
  const divided = dividedEstimates(tree);
  for (const node of tree.nodes) {
    const { gather } = node;
    participants.push(gather ? (participants[gather.index] ?? 1) * processesOf(gather) : 1);
    divisors.push(gather && divided.has(node) ? divisorOf(gather, leaderParticipates) : undefined);
  }
  return { participants, divisors };
}

function processesOf(gather: TreeNode): number {
  const inputLoops =
    inputOf(gather, 'Outer')?.loops ?? gather.children.find((c) => c.role === 'child')?.loops;
  if (!inputLoops || !gather.loops) return 1;
  return Math.max(1, inputLoops / gather.loops);
}

/** get_parallel_divisor() of costsize.c: the leader helps less the more workers it has to serve. */
const leaderShareLostPerWorker = 0.3;

function divisorOf(gather: TreeNode, leaderParticipates: boolean): number {
  const workers = readNumber(gather.raw, 'Workers Planned') ?? 0;
  if (workers === 0 || readBoolean(gather.raw, 'Single Copy') === true) return 1;
  return workers + (leaderParticipates ? Math.max(0, 1 - leaderShareLostPerWorker * workers) : 0);
}

/** Estimated anew from the rows of one process, so the divisor does not apply to them nor above them. */
const estimatedPerProcess: ReadonlySet<string> = new Set(['Aggregate', 'Group', 'Unique', 'Limit', 'SetOp']);

/**
 * The nodes whose rows are dealt out among the processes. A parallel-aware scan or Append deals; whatever takes its
 * first input from such a node passes the deal on. The other side of a join is read whole by each process.
 */
function dividedEstimates(tree: PlanTree): ReadonlySet<TreeNode> {
  const divided = new Set<TreeNode>();
  // Children first: pre-order backwards.
  for (const node of tree.nodes.toReversed()) {
    if (!node.gather || isGather(node) || estimatedPerProcess.has(node.type)) continue;
    const inputs = node.children.filter((child) => child.role === 'child');
    const first = inputOf(node, 'Outer') ?? inputs[0];
    const isAppend = node.type === 'Append' || node.type === 'Merge Append';
    const inherits = isAppend
      ? inputs.length > 0 && inputs.every((child) => divided.has(child))
      : node.type !== 'Bitmap Heap Scan' && first !== undefined && divided.has(first);
    // Parallel Hash only says how its table is built; its estimate is that of its input.
    if ((readBoolean(node.raw, 'Parallel Aware') === true && node.type !== 'Hash') || inherits)
      divided.add(node);
  }
  return divided;
}
