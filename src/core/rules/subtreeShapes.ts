/** Parts of a plan that do the same work: same nodes on the same tables, with the same conditions and counts. */
import type { PlanNode } from '../../shared/report.ts';
import { groupBy } from './groupBy.ts';
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
  // Children first: nodes are in pre-order.
  for (const node of context.nodes.toReversed()) {
    let key = ownShape(node);
    for (const child of context.childrenOf(node)) key += ` ${shapeOf.get(child) ?? '-'}`;
    const shape = shapes.get(key) ?? shapes.size;
    shapes.set(key, shape);
    shapeOf.set(node, shape);
  }
  const byShape = groupBy(context.nodes, (node) => shapeOf.get(node));
  const isRepeated = (node: PlanNode | undefined) =>
    node !== undefined && (byShape.get(shapeOf.get(node))?.length ?? 0) > 1;
  return [...byShape.values()].filter(
    (nodes) =>
      nodes.length > 1 &&
      !notWork.has(nodes[0]!.type) &&
      // A part of a larger one that is repeated as well is told with it.
      !nodes.every((node) => isRepeated(context.parentOf(node))),
  );
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
