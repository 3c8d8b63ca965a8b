/** Parts of a plan that do the same work: same nodes on the same tables, with the same conditions and counts. */
import type { PlanNode } from '../../shared/report.ts';
import { groupBy } from './groupBy.ts';
import type { RuleContext } from './rule.ts';

/** Reading these again is reading what was kept, or costs nothing. */
const notWork = new Set([
  'CTE Scan',
  'WorkTable Scan',
  'Result',
  'Values Scan',
  'Materialize',
  'Named Tuplestore Scan',
]);

const scanConditions = ['Filter', 'Index Cond', 'Recheck Cond', 'TID Cond', 'Function Call'] as const;

/** The largest parts that occur more than once, each with all its occurrences; in one walk, from the leaves up. */
export function repeatedParts(context: RuleContext): readonly (readonly PlanNode[])[] {
  const shapes = new Map<string, number>();
  const shapeOfNode = new Map<PlanNode, number>();
  // Children first: nodes are in pre-order.
  for (const node of context.nodes.toReversed()) {
    const below = context.childrenOf(node).map((child) => shapeOfNode.get(child) ?? -1);
    const key = JSON.stringify([...ownShape(node), ...below]);
    const shape = shapes.get(key) ?? shapes.size;
    shapes.set(key, shape);
    shapeOfNode.set(node, shape);
  }
  const byShape = groupBy(context.nodes, (node) => shapeOfNode.get(node));
  const isRepeated = (node: PlanNode | undefined) =>
    node !== undefined && (byShape.get(shapeOfNode.get(node))?.length ?? 0) > 1;
  return [...byShape.values()].filter(
    (nodes) =>
      nodes.length > 1 &&
      !notWork.has(nodes[0]!.type) &&
      // A part of a larger one that is repeated as well is told with it.
      !nodes.every((node) => isRepeated(context.parentOf(node))),
  );
}

/** Estimates and counts stand for the conditions above scans: equal ones on equal inputs mean the same work. */
function ownShape(node: PlanNode): readonly unknown[] {
  const { type, schema, relation, index, alias, planRows, cost, loops } = node;
  const qualifier = `${alias ?? relation ?? ''}.`;
  const conditions = scanConditions.map((key) => {
    const text = node.details[key];
    return typeof text === 'string' && relation !== undefined ? text.replaceAll(qualifier, '') : text;
  });
  return [type, schema, relation, index, planRows, Math.round(cost * 100), loops, node.rows, ...conditions];
}
