/** A node as text, to be pasted into a ticket or a chat: what it is, its figures, and every fact. Pure. */
import { foldFacts } from './foldFacts.ts';
import { nodeWords } from './nodeCells.ts';
import { nodeFacts } from './nodeFacts.ts';
import type { PlanModel, PlanRow } from './planModel.ts';

export function nodeText(row: PlanRow, model: PlanModel): string {
  const lines = [nodeWords(row.node, row.fold?.words)];
  if (row.fold !== undefined) {
    lines.push(...foldFacts(row, model).map(({ name, value }) => `  ${name}: ${value}`));
    return lines.join('\n');
  }
  for (const { title, facts, table } of nodeFacts(row.node, model)) {
    const indent = title === undefined ? '  ' : '    ';
    if (title !== undefined) lines.push(`  ${title}`);
    lines.push(...facts.map(({ name, value }) => `${indent}${name}: ${value}`));
    for (const [name, ...values] of table?.rows ?? []) {
      const named = values.map((value, index) => `${table?.columns[index + 1]} ${value}`);
      lines.push(`${indent}${name}: ${named.join(', ')}`);
    }
  }
  return lines.join('\n');
}
