/** Parts of a plan that do the same work: same nodes on the same tables, with the same conditions and counts. */
import type { PlanNode } from '../../shared/report.ts';
import { groupBy } from '../../shared/groupBy.ts';
import type { RuleContext } from './rule.ts';
import { textDetail } from './wording.ts';

/** Reading these again is reading what was kept, or costs nothing. */
const notWork = new Set([
  'CTE Scan',
  'WorkTable Scan',
  'Result',
  'Values Scan',
  'Materialize',
  'Named Tuplestore Scan',
]);

/**
 * The largest parts of one shape that occur more than once, each with all its occurrences; in one walk, from the
 * leaves up. Shapes leave conditions out: `withSameConditions` compares those of the few that matter.
 */
export function repeatedShapes(context: RuleContext): readonly (readonly PlanNode[])[] {
  const shapes = new Map<string, number>();
  const shapeOf = new Map<PlanNode, number>();
  const isRepeatedLeaf = repeatedLeaves(context);
  // Children first: nodes are in pre-order. What holds something unique is unique, and needs no shape.
  for (const node of context.nodes.toReversed()) {
    const children = context.childrenOf(node);
    if (children.length === 0 ? !isRepeatedLeaf(node) : !children.every((child) => shapeOf.has(child)))
      continue;
    let key = ownShape(node);
    for (const child of children) key += ` ${shapeOf.get(child)}`;
    const shape = shapes.get(key) ?? shapes.size;
    shapes.set(key, shape);
    shapeOf.set(node, shape);
  }
  const byShape = groupBy(shapeOf.keys(), (node) => shapeOf.get(node));
  const isRepeated = (node: PlanNode | undefined) =>
    node !== undefined && shapeOf.has(node) && (byShape.get(shapeOf.get(node))?.length ?? 0) > 1;
  return [...byShape.values()]
    .map((nodes) => nodes.toReversed())
    .filter(
      (nodes) =>
        nodes.length > 1 &&
        !notWork.has(nodes[0]!.type) &&
        // A part of a larger one that is repeated as well is told with it.
        !nodes.every((node) => isRepeated(context.parentOf(node))),
    );
}

/** Told by numbers alone, which rules most leaves out at no cost. */
function repeatedLeaves(context: RuleContext): (node: PlanNode) => boolean {
  const counts = new Map<number, number>();
  const leaves = context.nodes.filter((node) => context.childrenOf(node).length === 0);
  // Equal leaves have equal sums of their numbers; few others do.
  const sum = ({ cost, planRows, rows = 0 }: PlanNode) => cost + planRows * 1e3 + rows * 1e6;
  for (const leaf of leaves) counts.set(sum(leaf), (counts.get(sum(leaf)) ?? 0) + 1);
  return (leaf) => (counts.get(sum(leaf)) ?? 0) > 1;
}

/** Those of one shape, put together by the conditions of their scans. */
export function withSameConditions(
  nodes: readonly PlanNode[],
  context: RuleContext,
): readonly (readonly PlanNode[])[] {
  const conditions = (node: PlanNode) => context.subtreeOf(node).map(conditionsOf).join('\n');
  return [...groupBy(nodes, conditions).values()].filter((same) => same.length > 1);
}

/** Estimates and counts stand for what is above scans: equal ones on equal inputs mean the same work. */
function ownShape({ type, schema, relation, index, planRows, cost, loops, rows }: PlanNode): string {
  return `${type}\0${schema}\0${relation}\0${index}\0${planRows} ${Math.round(cost * 100)} ${loops} ${rows}\0`;
}

const scanConditions = ['Filter', 'Index Cond', 'Recheck Cond', 'TID Cond', 'Function Call'] as const;

/** The same table scanned twice has two aliases. */
function conditionsOf(node: PlanNode): string {
  const { relation, alias = relation } = node;
  if (relation === undefined) return '';
  return scanConditions.map((key) => textDetail(node, key)?.replaceAll(`${alias}.`, '')).join('\0');
}
