/** What a plan in TEXT lacks, when the paste was cut or trimmed. */
import type { Problem } from '../../../shared/report.ts';
import { cutOff, expectedInputs, lacksNumbers } from '../missingEnd.ts';
import { readText } from '../raw.ts';
import type { NodeDraft, PlanDraft } from './drafts.ts';
import { isExpressionKey, keyOf } from './lines.ts';
import { holdsUnreadMeasures } from './measures.ts';

export function problemsOf(plan: PlanDraft): readonly Problem[] {
  const problems: Problem[] = [];
  if (plan.hasLostIndentation || hasLostSpaces(plan)) {
    problems.push({
      code: 'indentation-lost',
      message:
        'The spaces at the beginning of the lines were lost, and with them which node is below which: ' +
        'the tree is a guess, and no findings are made of it. ' +
        'Copy the plan again with its spaces, or as FORMAT JSON.',
      line: plan.tops[0]!.nodes[0]!.line,
    });
    return problems;
  }
  const what = whatIsMissing(plan);
  if (what !== undefined) problems.push(cutOff(plan.lastLine, what));
  const unread = plan.tops.flatMap((top) => top.nodes).find(hasUnreadNumbers);
  if (unread) {
    const message = `The numbers in line ${unread.line} are not as EXPLAIN prints them, and were not understood.`;
    problems.push({ code: 'numbers-unread', message, line: unread.line });
  }
  return problems;
}

/** Several spaces became one, before arrows as behind them: all nodes but the root stand in one column. */
function hasLostSpaces({ arrows, tops }: PlanDraft): boolean {
  return arrows.areClose && arrows.columns.size === 1 && tops[0]!.nodes.length > mostCertainNodes;
}

/** A root and one node below it are a tree in any case. */
const mostCertainNodes = 2;

function whatIsMissing(plan: PlanDraft): string | undefined {
  const nodes = plan.tops.flatMap((top) => top.nodes);
  const incomplete = nodes.findLast(isIncomplete);
  if (incomplete) return whatLacks(incomplete);
  const local = plan.tops[0]!.nodes;
  const last = local.at(-1)!;
  if (last.line === plan.lastLine && lacksNumbers(last.raw, local[0]!.raw)) return numbersOf(last);
  return isUnfinished(plan.lastBody) ? 'that line is not complete' : undefined;
}

function isIncomplete(node: NodeDraft): boolean {
  return node.isCut || node.inputs.length < expectedInputs(node.raw);
}

function hasUnreadNumbers({ raw }: NodeDraft): boolean {
  return holdsUnreadMeasures(readText(raw, 'Headline') ?? readText(raw, 'Node Type') ?? '');
}

/** A time without its unit, a condition with an open parenthesis. */
function isUnfinished(body: string): boolean {
  const key = keyOf(body);
  if (key === undefined) return false;
  if (/^(?:Planning|Execution) [Tt]ime$/.test(key)) return !body.endsWith(' ms');
  return isExpressionKey(key) && leavesOpen(body);
}

function leavesOpen(body: string): boolean {
  let depth = 0;
  let quote = '';
  for (const char of body) {
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
  }
  return depth > 0;
}

function whatLacks(node: NodeDraft): string {
  if (node.isCut) return numbersOf(node);
  const name = nameOf(node);
  const expected = expectedInputs(node.raw);
  if (expected === 1) return `what is below ${name} is missing`;
  return node.inputs.length === 0
    ? `both inputs of ${name} are missing`
    : `one of the two inputs of ${name} is missing`;
}

function numbersOf(node: NodeDraft): string {
  return `the numbers of ${nameOf(node)} are not complete`;
}

function nameOf({ raw, line }: NodeDraft): string {
  return `${readText(raw, 'Node Type') ?? ''} in line ${line}`;
}
