/** A row of the plan in one line of plain words. Pure. */
import { nodeTitle } from '../src/shared/nodeLabel.ts';
import { qualifiers } from './nodeCells.ts';
import type { PlanRow } from './planModel.ts';

export function nodeTooltip({ node, fold }: PlanRow): string {
  return [node.subplanName, nodeTitle(node), node.relation, node.alias, ...(fold?.words ?? qualifiers(node))]
    .filter((part) => part !== undefined)
    .join(' · ');
}
