/** Which parts of a plan are too cheap to be looked at first. Pure. */
import { selfOf, type PlanModel } from './planModel.ts';

/** Below one per cent of the whole, nothing that is done about a subtree can be felt; percentages start here, too (nodeCells.ts). */
const worthSeeing = 0.01;

/** The nodes that have something below them and, with all of it, less than a hundredth of the metric. */
export function cheapSubtrees(tree: PlanModel): ReadonlySet<string> {
  const { metric } = tree;
  // Shares of rows and of misjudgements do not add up: there a subtree is worth its dearest step.
  const adds = metric.isShared || metric.id === 'cost';
  const join = (one: number, other: number) => (adds ? one + other : Math.max(one, other));
  const worth = new Map<string, number>();
  let whole = 0;
  for (const { node, fold } of tree.rows.toReversed()) {
    // A fold holds the sum of its members, which are below it.
    const own = fold === undefined ? (selfOf(node, tree) ?? 0) : 0;
    const all = join(own, worth.get(node.id) ?? 0);
    worth.set(node.id, all);
    if (node.parentId !== null) worth.set(node.parentId, join(all, worth.get(node.parentId) ?? 0));
    whole = join(whole, own);
  }
  return new Set(
    tree.rows
      .filter(({ node, childIds }) => childIds.length > 0 && (worth.get(node.id) ?? 0) < whole * worthSeeing)
      .map(({ node }) => node.id),
  );
}

/** Everything that can be closed but the root, whose one line would say nothing. */
export function allSubtrees({ rows }: PlanModel): ReadonlySet<string> {
  return new Set(
    rows
      .filter(({ node, childIds }) => node.parentId !== null && childIds.length > 0)
      .map(({ node }) => node.id),
  );
}
