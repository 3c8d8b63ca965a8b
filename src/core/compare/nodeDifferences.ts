/** What differs between two nodes that are the same step: how it works, not how long it took. */
import type { DifferenceKind, NodeDifference } from '../../shared/comparison.ts';
import { nodeTitle } from '../../shared/nodeLabel.ts';
import type { Json, PlanNode } from '../../shared/report.ts';
import { unsharded } from './planSide.ts';

const conditionKeys = [
  'Index Cond',
  'Filter',
  'Recheck Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'TID Cond',
  'One-Time Filter',
  'Function Call',
] as const;
const keyKeys = ['Sort Key', 'Presorted Key', 'Group Key', 'Cache Key'] as const;

export function nodeDifferences(before: PlanNode, after: PlanNode): readonly NodeDifference[] {
  const differences: NodeDifference[] = [];
  const add = (what: DifferenceKind, one: string | undefined, other: string | undefined) => {
    if (one === other) return;
    differences.push({
      what,
      ...(one !== undefined && { before: one }),
      ...(other !== undefined && { after: other }),
    });
  };
  const sameType = before.type === after.type;
  add(sameType ? 'manner' : 'type', nodeTitle(before), nodeTitle(after));
  add('relation', unsharded(before.relation, before), unsharded(after.relation, after));
  add('index', unsharded(before.index, before), unsharded(after.index, after));
  // Another method has other conditions by its nature.
  if (!sameType) return differences;
  for (const key of conditionKeys) add('condition', expression(before, key), expression(after, key));
  for (const key of keyKeys) add('keys', expression(before, key), expression(after, key));
  return differences;
}

/** Under the server's own word: "Filter: (status = 'open'::text)". VERBOSE and renumbered aliases make no difference. */
function expression(node: PlanNode, key: string): string | undefined {
  const text = textOf(node.details[key]);
  if (text === undefined) return undefined;
  const { alias } = node;
  return `${key}: ${alias === undefined ? text : text.replaceAll(`${alias}.`, '')}`;
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value)
    ? value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join(', ')
    : undefined;
}
