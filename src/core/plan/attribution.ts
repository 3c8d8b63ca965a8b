/**
 * Who pays for InitPlans, SubPlans and CTEs. Their work is measured inside the node that asked for it, which need
 * not be the node they hang on, so taking a node's children from its total is not enough.
 */
import type { Measure } from './measure.ts';
import { Ledger } from './measure.ts';
import type { PlanTree, TreeNode } from './planTree.ts';
import { cteName, isNeverExecuted, isWithin } from './planTree.ts';
import { readText } from './raw.ts';
import type { References } from './references.ts';

/** For each InitPlan, SubPlan and CTE that ran: the nodes that its work is taken from. */
export interface Attribution {
  readonly initPlans: ReadonlyMap<TreeNode, readonly TreeNode[]>;
  readonly subPlans: ReadonlyMap<TreeNode, readonly TreeNode[]>;
  readonly ctes: ReadonlyMap<TreeNode, readonly TreeNode[]>;
}

/** What tells where an InitPlan ran: every measure, and of time also the part before a node's first row. */
export interface Measurements {
  readonly all: readonly Measure[];
  /** Absent without TIMING. */
  readonly time?: Measure;
  /** By node index: elapsed time until the first row. */
  readonly startupMs: readonly number[];
}

export function attribute(tree: PlanTree, references: References, measurements: Measurements): Attribution {
  const executed = tree.nodes.filter((node) => node.parent && !isNeverExecuted(node));
  const subPlans = new Map(
    executed.filter((node) => node.role === 'subPlan').map((node) => [node, subPlanUsers(node, references)]),
  );
  const ctes = new Map(
    executed.filter((node) => node.role === 'cte').map((node) => [node, [] as TreeNode[]]),
  );
  for (const node of executed) {
    const cte = node.type === 'CTE Scan' ? cteReadBy(node) : undefined;
    if (cte) ctes.get(cte)?.push(node);
  }
  const ledgers = measurements.all.map((measure) => new Ledger(tree, measure));
  for (const ledger of ledgers) {
    for (const [subPlan, users] of subPlans) ledger.chargeInOrder(subPlan, users);
  }
  const initPlans = new Map<TreeNode, readonly TreeNode[]>();
  for (const initPlan of executed.filter((node) => node.role === 'initPlan')) {
    const payers = choosePayers(initPlan, { tree, references, measurements, ledgers });
    initPlans.set(initPlan, payers);
    for (const ledger of ledgers) ledger.chargeInOrder(initPlan, payers);
  }
  return { initPlans, subPlans, ctes };
}

/**
 * EXPLAIN prints a SubPlan once, under the first node that has it, even if others (partitions of one table) run it
 * too. A node above or below the printed one only passes its value on.
 */
function subPlanUsers(subPlan: TreeNode, references: References): readonly TreeNode[] {
  const printedAt = subPlan.parent!;
  const others = references
    .usersOf(subPlan)
    .filter((user) => user.distributed === subPlan.distributed && !isNeverExecuted(user))
    .filter((user) => !isWithin(user, printedAt) && !isWithin(printedAt, user));
  return [printedAt, ...others];
}

/** The CTE that a CTE Scan reads: the nearest of that name above it, for inner queries may reuse a name. */
function cteReadBy(scan: TreeNode): TreeNode | undefined {
  const name = readText(scan.raw, 'CTE Name');
  for (let at = scan.parent; at; at = at.parent) {
    const found = at.children.find((child) => child.role === 'cte' && cteName(child.raw) === name);
    if (found) return found;
  }
  return undefined;
}

interface Evidence {
  readonly tree: PlanTree;
  readonly references: References;
  readonly measurements: Measurements;
  readonly ledgers: readonly Ledger[];
}

/**
 * An InitPlan is evaluated once, by the first node to need its value: the payer must have that much time and that
 * many blocks of its own, and cannot have returned a row earlier. Of several nodes that mention the value the
 * deepest is asked first. Above its users come the nodes that may evaluate it without naming it (an Append that
 * prunes by it) up to the owner. Nobody could have paid it whole: the users pay what they can, the owner the rest.
 */
function choosePayers(initPlan: TreeNode, evidence: Evidence): readonly TreeNode[] {
  const owner = initPlan.parent!;
  const users = usersInScope(initPlan, owner, evidence.references);
  const above = nodesAbove(users, owner);
  const canBear = (node: TreeNode) => evidence.ledgers.every((ledger) => ledger.canBear(node, initPlan));
  const couldWait = (node: TreeNode) => waitedFor(initPlan, node, evidence.measurements);
  const both = (node: TreeNode) => canBear(node) && couldWait(node);
  const chosen =
    users.find(both) ??
    above.find(both) ??
    users.find(canBear) ??
    above.find(canBear) ??
    nodesWithin(owner, evidence.tree).find((node) => !isWithin(node, initPlan) && both(node));
  return chosen ? [chosen] : [...users.filter((user) => user !== owner), owner];
}

/**
 * Nodes that use the value, deepest first. Below a Gather that the InitPlan is not part of, the leader evaluates it
 * before it starts the workers: inside the Gather (execParallel.c), not inside the scan that names it.
 */
function usersInScope(initPlan: TreeNode, owner: TreeNode, references: References): readonly TreeNode[] {
  const payers = references
    .usersOf(initPlan)
    .filter((user) => user.distributed === owner.distributed && !isNeverExecuted(user))
    .filter((user) => isWithin(user, owner) && !isWithin(user, initPlan))
    .toReversed()
    .map((user) => (user.gather && user.gather !== initPlan.gather ? user.gather : user));
  return [...new Set(payers)];
}

function nodesAbove(users: readonly TreeNode[], owner: TreeNode): readonly TreeNode[] {
  const above = new Set<TreeNode>();
  for (const user of users) {
    for (let at: TreeNode | undefined = user; at && at !== owner; at = at.parent) above.add(at);
  }
  for (const user of users) above.delete(user);
  above.add(owner);
  return [...above];
}

function nodesWithin(owner: TreeNode, tree: PlanTree): readonly TreeNode[] {
  return tree.nodes.filter(
    (node) => node.distributed === owner.distributed && !isNeverExecuted(node) && isWithin(node, owner),
  );
}

/** True unless `node` returned its first row before the InitPlan can have been done. */
function waitedFor(initPlan: TreeNode, node: TreeNode, { time, startupMs }: Measurements): boolean {
  if (!time) return true;
  const slack = (time.slack[initPlan.index] ?? 0) + (time.slack[node.index] ?? 0);
  return (startupMs[node.index] ?? 0) + slack >= (time.totals[initPlan.index] ?? 0);
}
