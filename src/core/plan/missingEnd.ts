/**
 * What a plan lacks when its paste was cut. JSON and XML say where they end; TEXT and YAML do not, so that a plan's
 * own habits must tell: which inputs a node has, what is printed of each node, and what comes last.
 */
import type { Plan, Problem } from '../../shared/report.ts';
import type { RawObject, RawPlan } from './raw.ts';
import { readObjects, readText } from './raw.ts';

export function cutOff(line: number, what: string): Problem {
  return { code: 'cut-off', message: `The plan is cut off after line ${line}: ${what}.`, line };
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

export function expectedInputs(node: RawObject): number {
  return inputsOf.get(readText(node, 'Node Type') ?? '') ?? 0;
}

/** Printed of each node, the last key of its costs and of its measures, when printed of the root. */
const nodeEnds: readonly string[] = ['Plan Width', 'Actual Loops'];

export function lacksNumbers(node: RawObject, root: RawObject): boolean {
  return nodeEnds.some((key) => key in root && !(key in node));
}

/** What the end of a plan in YAML lacks; undefined when it is whole, as far as can be told. */
export function missingOfYaml({ Plan: root }: RawPlan, text: string): string | undefined {
  if (endsInTime(text)) return 'that line is not complete';
  for (let node: RawObject | undefined = root; node; node = readObjects(node, 'Plans').at(-1)) {
    const inputs: number = readObjects(node, 'Plans').filter(isInput).length;
    const type = readText(node, 'Node Type') ?? 'the last node';
    if (lacksNumbers(node, root)) return `the numbers of ${type} are not complete`;
    if (inputs < expectedInputs(node))
      return inputs === 0
        ? `what is below ${type} is missing`
        : `one of the two inputs of ${type} is missing`;
  }
  return undefined;
}

/** The server prints times with three decimals. Other printers leave zeros out at the end, but then everywhere. */
function endsInTime(text: string): boolean {
  if (!/: \d+\.\d*0\n/.test(text)) return false;
  const end = text.slice(-mostEnd);
  return / Time: \d+(?:\.\d{0,2})?\s*$/.test(end) && /Planning Time: \d+\.\d{3}\n/.test(end);
}

/** Holds the last two keys, and triggers between them. */
const mostEnd = 10_000;

function isInput(node: RawObject): boolean {
  const relationship = readText(node, 'Parent Relationship');
  return relationship !== 'InitPlan' && relationship !== 'SubPlan';
}

/**
 * EXPLAIN ANALYZE prints the execution time last, unless SUMMARY is off. auto_explain, which prints the statement, has
 * the duration in the log.
 */
export function missingExecutionTime(raw: RawPlan, plan: Plan): readonly Problem[] {
  if (!plan.analyzed || plan.executionMs !== undefined || 'Query Text' in raw) return [];
  const message =
    'The plan has no execution time: its end may be missing. (EXPLAIN prints none with SUMMARY OFF.)';
  return [{ code: 'no-execution-time', message }];
}
