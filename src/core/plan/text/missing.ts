/** What a plan in TEXT lacks, when the paste was cut or trimmed. */
import type { Problem } from '../../../shared/report.ts';
import { readText } from '../raw.ts';
import type { NodeDraft, PlanDraft } from './drafts.ts';

export function problemsOf(plan: PlanDraft): readonly Problem[] {
  const problems: Problem[] = [];
  if (plan.hasLostIndentation) {
    problems.push({
      code: 'indentation-lost',
      message:
        'The spaces at the beginning of the lines were lost, and with them which node is below which: ' +
        'the tree is a guess. Copy the plan again with its spaces, or as FORMAT JSON.',
      line: plan.tops[0]!.nodes[0]!.line,
    });
    return problems;
  }
  const incomplete = plan.tops.flatMap((top) => top.nodes).filter(isIncomplete);
  const last = incomplete.at(-1);
  if (last) {
    problems.push({
      code: 'cut-off',
      message: `The plan is cut off after line ${plan.lastLine}: ${whatLacks(last)}.`,
      line: plan.lastLine,
    });
  }
  return problems;
}

/** Of these a plan always prints that many inputs. Others (Append, Result, scans) may have none. */
const inputsOf: ReadonlyMap<string, number> = new Map([
  ['Nested Loop', 2],
  ['Hash Join', 2],
  ['Merge Join', 2],
  ['Recursive Union', 2],
  ['Hash', 1],
  ['Sort', 1],
  ['Incremental Sort', 1],
  ['Aggregate', 1],
  ['Group', 1],
  ['Unique', 1],
  ['Limit', 1],
  ['LockRows', 1],
  ['Materialize', 1],
  ['Memoize', 1],
  ['WindowAgg', 1],
  ['SetOp', 1],
  ['Gather', 1],
  ['Gather Merge', 1],
  ['ProjectSet', 1],
  ['ModifyTable', 1],
  ['Subquery Scan', 1],
  ['Bitmap Heap Scan', 1],
]);

function isIncomplete(node: NodeDraft): boolean {
  return node.isCut || node.inputs.length < expectedInputs(node);
}

function expectedInputs({ raw }: NodeDraft): number {
  return inputsOf.get(readText(raw, 'Node Type') ?? '') ?? 0;
}

function whatLacks(node: NodeDraft): string {
  const name = `${readText(node.raw, 'Node Type') ?? ''} in line ${node.line}`;
  if (node.isCut) return `the numbers of ${name} are not complete`;
  const expected = expectedInputs(node);
  if (expected === 1) return `what is below ${name} is missing`;
  return node.inputs.length === 0
    ? `both inputs of ${name} are missing`
    : `one of the two inputs of ${name} is missing`;
}
