/**
 * Where fetching may end before the input does. Fewer rows than planned are no over-estimate there, so the factor of
 * such a node says nothing.
 */
import type { PlanTree, TreeNode } from './planTree.ts';
import { cteName, inputOf } from './planTree.ts';
import { readBoolean, readNumber, readText } from './raw.ts';
import type { References } from './references.ts';

/** `re-read`: may even return rows again (the inner side of a merge join rewinds to its mark). */
export type EarlyStop = 'may stop' | 're-read';

export function findEarlyStops(tree: PlanTree, references: References): ReadonlyMap<TreeNode, EarlyStop> {
  const ctes = tree.nodes.filter((node) => node.role === 'cte' && node.type !== 'ModifyTable');
  let stoppedCtes: readonly TreeNode[] = [];
  for (;;) {
    const stops = spreadStops(tree, references, stoppedCtes);
    // A CTE is pulled by its scans: it is read to the end only if one of them is. Its own input may hold scans of
    // further CTEs, hence the loop; each round stops at least one more.
    const nowStopped = ctes.filter((cte) => readersStop(cte, tree, stops));
    if (nowStopped.length <= stoppedCtes.length) return stops;
    stoppedCtes = nowStopped;
  }
}

/** Pre-order: a node's own state is known before its children's. */
function spreadStops(
  tree: PlanTree,
  references: References,
  stoppedCtes: readonly TreeNode[],
): ReadonlyMap<TreeNode, EarlyStop> {
  const stops = new Map<TreeNode, EarlyStop>(stoppedCtes.map((cte) => [cte, 'may stop']));
  for (const node of tree.nodes) {
    for (const child of node.children) {
      const stop = stopOfChild(node, child, stops.has(node), references);
      if (stop) stops.set(child, stop);
    }
  }
  return stops;
}

function stopOfChild(
  node: TreeNode,
  child: TreeNode,
  isStopped: boolean,
  references: References,
): EarlyStop | undefined {
  switch (child.role) {
    case 'root':
    case 'cte':
      return undefined;
    case 'initPlan':
      return 'may stop'; // EXISTS is satisfied by one row, and the plan does not say which kind it is.
    case 'subPlan':
      return references.isHashed(child) ? undefined : 'may stop';
    case 'child':
      if (node.type === 'Merge Join') return child === inputOf(node, 'Inner') ? 're-read' : 'may stop';
      if (stopsInput(node, child)) return 'may stop';
      return isStopped && !readsToTheEnd(node) ? 'may stop' : undefined;
  }
}

function stopsInput(node: TreeNode, child: TreeNode): boolean {
  switch (node.type) {
    case 'Limit':
      return limitWasReached(node);
    case 'Nested Loop':
      return child === inputOf(node, 'Inner') && stopsAtFirstMatch(node);
    case 'Hash Join': {
      // An empty hash table answers every probe: the outer side is not read.
      const inner = inputOf(node, 'Inner');
      return inner !== undefined && child !== inner && readNumber(inner.raw, 'Actual Rows') === 0;
    }
    default:
      return false;
  }
}

/** Fewer rows than planned, in one run: the input ended before the limit, for the limit is at least the plan's. */
function limitWasReached(limit: TreeNode): boolean {
  const rows = readNumber(limit.raw, 'Actual Rows') ?? 0;
  return limit.loops !== 1 || rows >= (readNumber(limit.raw, 'Plan Rows') ?? 0);
}

function stopsAtFirstMatch(join: TreeNode): boolean {
  const type = readText(join.raw, 'Join Type');
  return type === 'Semi' || type === 'Anti' || readBoolean(join.raw, 'Inner Unique') === true;
}

/** Nodes that have read all their input before they return a row, so a parent that stops early stops only them. */
function readsToTheEnd(node: TreeNode): boolean {
  if (node.type === 'Aggregate') return readText(node.raw, 'Strategy') !== 'Sorted';
  if (node.type === 'SetOp') return readText(node.raw, 'Strategy') === 'Hashed';
  return node.type === 'Sort' || node.type === 'Hash' || node.type === 'Bitmap Heap Scan';
}

function readersStop(cte: TreeNode, tree: PlanTree, stops: ReadonlyMap<TreeNode, EarlyStop>): boolean {
  const name = cteName(cte.raw);
  const scans = tree.nodes.filter(
    (node) => node.type === 'CTE Scan' && readText(node.raw, 'CTE Name') === name,
  );
  return scans.every((scan) => stops.has(scan));
}
