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
  readonly divisors: readonly (Divisor | undefined)[];
}

export interface Divisor {
  readonly value: number;
  /** False where the plan does not tell it: `value` is the nearest guess then, too weak for a factor. */
  readonly isKnown: boolean;
}

/** What is known of parallel_leader_participation: the setting where SETTINGS printed it, else nothing. */
export type LeaderSetting = 'on' | 'off' | 'not told';

/**
 * Counted, not assumed: the loops of the Gather's input divided by the Gather's own. "Workers Launched + 1" is wrong
 * when the leader does not take part (parallel_leader_participation = off) or never got round to it.
 */
export function measureParallelism(tree: PlanTree, leader: LeaderSetting): Parallelism {
  const participants: number[] = [];
  const divisors: (Divisor | undefined)[] = [];
  const inForce: (Divisor | undefined)[] = [];
  const divided = dividedEstimates(tree);
  for (const node of tree.nodes) {
    const { gather, parent } = node;
    participants.push(gather ? (participants[gather.index] ?? 1) * processesOf(gather) : 1);
    const above = parent && inForce[parent.index];
    const isOfAppend = parent !== undefined && isAppend(parent) && divided.has(node);
    const divisor =
      gather === undefined
        ? undefined
        : gather === parent
          ? divisorOf(gather, divided, leader)
          : above && isOfAppend
            ? divisorOfMember(parent, above, divided)
            : above;
    inForce.push(divisor);
    divisors.push(divided.has(node) ? own(node, divisor) : undefined);
  }
  return { participants, divisors };
}

/** An Append without a deal of its own only adds up what its members were divided by. */
function own(node: TreeNode, divisor: Divisor | undefined): Divisor | undefined {
  const isSum = isAppend(node) && readBoolean(node.raw, 'Parallel Aware') !== true;
  return divisor && isSum ? { ...divisor, isKnown: divisor.isKnown && isOfOneWorker(divisor) } : divisor;
}

function isAppend({ type }: TreeNode): boolean {
  return type === 'Append' || type === 'Merge Append';
}

function processesOf(gather: TreeNode): number {
  const inputLoops =
    inputOf(gather, 'Outer')?.loops ?? gather.children.find((c) => c.role === 'child')?.loops;
  if (!inputLoops || !gather.loops) return 1;
  return Math.max(1, inputLoops / gather.loops);
}

/** get_parallel_divisor() of costsize.c: the leader helps less the more workers it has to serve. */
const leaderShareLostPerWorker = 0.3;
/** Above, the leader has no time to help, so that a divisor does not tell whether it would. */
const mostHelpedWorkers = 3;

function divisorFor(workers: number, leaderParticipates: boolean): number {
  return workers + (leaderParticipates ? Math.max(0, 1 - leaderShareLostPerWorker * workers) : 0);
}

/** One worker, with or without the leader: there is no smaller number that a member of an Append could have. */
function isOfOneWorker({ value }: Divisor): boolean {
  return value < 2;
}

function divisorOf(gather: TreeNode, divided: ReadonlySet<TreeNode>, leader: LeaderSetting): Divisor {
  const workers = readNumber(gather.raw, 'Workers Planned') ?? 0;
  if (workers === 0 || readBoolean(gather.raw, 'Single Copy') === true) return { value: 1, isKnown: true };
  const withLeader = divisorFor(workers, true);
  if (leader !== 'not told') return { value: divisorFor(workers, leader === 'on'), isKnown: true };
  // The leader may have stayed out by chance; what the planner meant is in the Gather's own estimate.
  const input = gather.children.find((child) => divided.has(child) && child.role === 'child');
  const stayedOut = processesOf(gather) <= (readNumber(gather.raw, 'Workers Launched') ?? 0);
  const isMeant =
    stayedOut && input !== undefined && isNearer(ratioOfRows(gather, input), workers, withLeader);
  return { value: isMeant ? workers : withLeader, isKnown: true };
}

function ratioOfRows(whole: TreeNode, part: TreeNode): number {
  return planRowsOf(whole) / Math.max(1, planRowsOf(part));
}

function planRowsOf(node: TreeNode): number {
  return readNumber(node.raw, 'Plan Rows') ?? 0;
}

/** Below half a row in so many, Plan Rows are too few to tell two divisors apart; so is a ratio that is neither. */
const ratioTolerance = 0.02;

function isNearer(ratio: number, expected: number, other: number): boolean {
  const isExpected = Math.abs(ratio / expected - 1) <= ratioTolerance;
  return isExpected && Math.abs(ratio / other - 1) > ratioTolerance;
}

/**
 * A member of an Append is planned for as many workers as its own size asks for, the Append for the most of them. A
 * parallel-aware Append's rows are the members' times their divisor over its own (cost_append): where all members have
 * the smallest or the largest divisor there is, that tells it; between those, members may differ.
 */
function divisorOfMember(append: TreeNode, ofAppend: Divisor, divided: ReadonlySet<TreeNode>): Divisor {
  if (isOfOneWorker(ofAppend) || !ofAppend.isKnown) return ofAppend;
  const members = append.children.filter((child) => child.role === 'child');
  const sum = (nodes: readonly TreeNode[]) => nodes.reduce((rows, node) => rows + planRowsOf(node), 0);
  const partial = members.filter((child) => divided.has(child));
  const whole = members.filter((child) => !divided.has(child));
  if (readBoolean(append.raw, 'Parallel Aware') !== true) return { ...ofAppend, isKnown: false };
  const mean = (planRowsOf(append) * ofAppend.value - sum(whole)) / Math.max(1, sum(partial));
  const hasLeader = !Number.isInteger(ofAppend.value) || ofAppend.value > mostHelpedWorkers;
  const smallest = divisorFor(1, hasLeader);
  if (Math.abs(mean / smallest - 1) <= ratioTolerance) return { value: smallest, isKnown: true };
  return { ...ofAppend, isKnown: Math.abs(mean / ofAppend.value - 1) <= ratioTolerance };
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
    const inherits = isAppend(node)
      ? inputs.length > 0 && inputs.every((child) => divided.has(child))
      : node.type !== 'Bitmap Heap Scan' && first !== undefined && divided.has(first);
    // Parallel Hash only says how its table is built; its estimate is that of its input.
    if ((readBoolean(node.raw, 'Parallel Aware') === true && node.type !== 'Hash') || inherits)
      divided.add(node);
  }
  return divided;
}
