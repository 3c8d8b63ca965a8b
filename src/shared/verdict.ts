/** The first sentence of every report: how long it took, and which step took it. */
import { hasEstimates, noEstimates } from './estimates.ts';
import { formatCost, formatCount, formatCounted, formatMs, formatRows } from './format.ts';
import { isGuessed } from './guessedTree.ts';
import { nodeTitle, sourceName } from './nodeLabel.ts';
import { aboutWord } from './precision.ts';
import type { Plan, PlanNode, ProfileReport, Trigger } from './report.ts';

/** Below this share no single step explains the time, and the sentence does not pretend that one does. */
const worthNamingShare = 0.1;
/** From this share on, the rest is not worth a number: "nearly all of it". */
const nearlyAllShare = 0.95;
/** Planning is named only where it is longer than running and long enough to be felt. */
const feltPlanningMs = 1;

/**
 * "156.7 ms, and 47 % of it reads 400,000 deployments to keep 6,232".
 * A plan that was not executed is said to be one, and its costs are never called time.
 */
export function verdict(report: ProfileReport): string {
  const { plan } = report;
  const root = plan.nodes[0];
  if (root === undefined) return 'The plan is empty';
  const isGuess = isGuessed(report.problems);
  const isCut = isCutOff(report);
  if (!plan.analyzed) return isGuess || isCut ? wholeCost(root) : costVerdict(plan, root);
  const wholeMs = measuredMs(plan);
  if (wholeMs === undefined) {
    return `${rowsReturned(root)}; the time was not measured`;
  }
  if (isGuess) return `${formatMs(wholeMs)}; which step took it cannot be told`;
  const planningMs = plan.planningMs ?? 0;
  if (planningMs > wholeMs && planningMs >= feltPlanningMs) {
    return `${formatMs(wholeMs)}, after ${formatMs(planningMs)} of planning`;
  }
  const worst = worstStep(plan);
  // One step of what is missing may have taken all that is not accounted for.
  if (isCut && (worst === undefined || worst.ms <= wholeMs - accountedMs(plan))) {
    return `${formatMs(wholeMs)}; the plan is cut off, so which step took most cannot be told`;
  }
  if (worst === undefined) return `${formatMs(wholeMs)}; the time of each step was not measured`;
  const share = wholeMs > 0 ? worst.ms / wholeMs : 0;
  if (share < worthNamingShare) return `${formatMs(wholeMs)}, spread over ${steps(plan)}`;
  return `${formatMs(wholeMs)}, and ${spokenShare(share)} ${worst.does}${causeOf(worst, report)}`;
}

/** Time of the execution: what the server says, else what the root says. Undefined without measurements. */
export function measuredMs(plan: Plan): number | undefined {
  return plan.executionMs ?? plan.nodes[0]?.totalMs;
}

function accountedMs({ nodes }: Plan): number {
  return nodes.reduce((sum, { selfMs = 0, distributed }) => sum + (distributed ? 0 : selfMs), 0);
}

function isCutOff({ plan, problems }: ProfileReport): boolean {
  return (
    problems.some(({ code }) => code === 'cut-off') ||
    plan.nodes.some(({ missing }) => missing?.includes('inputs') === true)
  );
}

interface Step {
  readonly ms: number;
  readonly does: string;
  /** Absent of what is no node's own time. */
  readonly node?: PlanNode;
}

/** How a step is told of which no more is known than what it is called. */
const onlyNamed = 'is the ';

/** The rule whose findings speak of a step of their own: sub-plans are over before the node's own time begins. */
const ofSubplans = 'citus-subplans';

/** ": join without a selective condition", of a step whose name says nothing: what was found at that step, and nowhere else. */
function causeOf({ does, node }: Step, { findings }: ProfileReport): string {
  if (node === undefined || !does.startsWith(onlyNamed)) return '';
  const cause = findings.find(
    ({ nodeId, ruleId, severity, savableMs }) =>
      nodeId === node.id && severity !== 'info' && savableMs !== undefined && ruleId !== ofSubplans,
  );
  const title = cause?.title.split(':')[0];
  return title === undefined ? '' : `: ${inSentence(title, node)}`;
}

/** A title within a sentence: "Join without a condition" → "join without …"; "NOT IN", "JIT" and the node's own type stay. */
function inSentence(title: string, node: PlanNode): string {
  const isPlainWord = /^\p{Lu}\p{Ll}/u.test(title) && !title.startsWith(nodeTitle(node));
  return isPlainWord ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

/**
 * The step that took longest: a node of the local plan, the sub-plans of a distributed query, or what runs outside the
 * tree (triggers, sending the result).
 */
function worstStep(plan: Plan): Step | undefined {
  let worst: { readonly ms: number; readonly node: PlanNode } | undefined;
  for (const node of plan.nodes) {
    if (node.selfMs === undefined || node.distributed !== undefined || node.neverExecuted) continue;
    const ms = node.selfMs - triggersWithin(node, plan);
    if (worst === undefined || ms > worst.ms) worst = { ms, node };
  }
  if (worst === undefined) return undefined;
  const { ms, node } = worst;
  const taken: Step[] = [{ ms, does: work(node, plan), node }, ...subplanSteps(plan)];
  for (const trigger of plan.triggers) {
    taken.push({ ms: trigger.ms, does: triggerWork(trigger) });
  }
  if (plan.serialization?.ms !== undefined) {
    taken.push({ ms: plan.serialization.ms, does: 'turns the result into what is sent' });
  }
  return taken.reduce((longest, step) => (step.ms > longest.ms ? step : longest));
}

/** Citus computes the parts of a node one after another, before the node itself begins. */
function subplanSteps({ nodes }: Plan): readonly Step[] {
  const parts = nodes.filter(({ distributed }) => distributed?.durationMs !== undefined);
  const owners = new Set(parts.map(({ parentId }) => parentId));
  return nodes
    .filter(({ id, distributed }) => distributed === undefined && owners.has(id))
    .map((owner) => {
      const own = parts.filter(({ parentId }) => parentId === owner.id);
      return {
        ms: own.reduce((sum, { distributed }) => sum + (distributed?.durationMs ?? 0), 0),
        does: `computes ${formatCounted(own.length, 'part')} of the distributed query first`,
      };
    });
}

/** Triggers that run before rows are written are part of the writing's own time, and named by themselves. */
function triggersWithin(node: PlanNode, { nodes, triggers }: Plan): number {
  if (triggers.length === 0 || node.type !== 'ModifyTable') return 0;
  const writes = nodes.filter(({ type }) => type === 'ModifyTable');
  return triggers
    .filter(({ runs }) => runs === 'inside the root')
    .filter(({ relation }) => (writes.find((write) => write.relation === relation) ?? writes[0]) === node)
    .reduce((sum, { ms }) => sum + ms, 0);
}

function wholeCost(root: PlanNode): string {
  if (!hasEstimates(root)) return `Not executed, and ${noEstimates}`;
  return `Not executed: an estimated cost of ${formatCost(root.cost)} for ${rowsWord(root.planRows)}`;
}

function costVerdict(plan: Plan, root: PlanNode): string {
  const whole = wholeCost(root);
  const costliest = plan.nodes
    .filter((node) => node.distributed === undefined)
    .reduce((worst, node) => (node.selfCost > worst.selfCost ? node : worst), root);
  // Under LIMIT a child's cost exceeds its parent's, so a share would mislead: the step is named, not measured.
  return costliest.selfCost > 0 && plan.nodes.length > 1
    ? `${whole}; the costliest step ${work(costliest, plan)}`
    : whole;
}

/** What a node does, as the end of "47 % of it …". Counts are over all loops and processes. */
function work(node: PlanNode, plan: Plan): string {
  const { rows } = node;
  const removed = node.rowsRemoved ?? 0;
  const name = node.relation;
  switch (node.type) {
    case 'Sort':
    case 'Incremental Sort':
      return rows === undefined
        ? 'sorts'
        : `sorts ${aboutRows(node, rowsSorted(node, plan))}${(node.selfBuffers?.tempWritten ?? 0) > 0 ? ' on disk' : ''}`;
    case 'Hash':
      return rows === undefined ? 'builds a hash table' : `builds a hash table of ${aboutRows(node, rows)}`;
    case 'Aggregate':
    case 'Group':
      return rows === undefined ? 'aggregates' : `aggregates into ${aboutRows(node, rows)}`;
    case 'Gather':
    case 'Gather Merge':
      return 'gathers what the parallel workers return';
    case 'ModifyTable':
      return writing(node);
    case 'LockRows':
      return 'locks rows';
    case 'Nested Loop':
    case 'Hash Join':
    case 'Merge Join':
      return removed > 0 && rows !== undefined
        ? `joins ${aboutCount(node, rows + removed)} pairs of rows to keep ${aboutCount(node, rows)}`
        : `${onlyNamed}${nodeTitle(node)}`;
    case 'Function Scan':
    case 'Table Function Scan':
      return `runs ${sourceName(node) ?? 'a function'}`;
    default:
      return name === undefined ? otherWork(node) : reads(node, name);
  }
}

/** Below a Limit a sort returns fewer rows than came in. */
function rowsSorted(sort: PlanNode, { nodes }: Plan): number {
  const input = nodes.find(({ parentId, subplanName }) => parentId === sort.id && subplanName === undefined);
  return Math.max(sort.rows ?? 0, sort.type === 'Sort' ? (input?.rows ?? 0) : 0);
}

function writing(node: PlanNode): string {
  const table = node.relation ?? 'its tables';
  const verb = writeVerbs[nodeTitle(node)];
  return verb === undefined ? `writes ${table}` : `${verb} ${table}`;
}

const writeVerbs: Readonly<Record<string, string>> = {
  Insert: 'inserts into',
  Update: 'updates',
  Delete: 'deletes from',
  Merge: 'merges into',
};

function triggerWork({ name, isConstraint }: Trigger): string {
  return isConstraint === true ? `checks the constraint ${name}` : `runs the trigger ${name}`;
}

function otherWork(node: PlanNode): string {
  const source = sourceName(node);
  return source === undefined
    ? `${onlyNamed}${nodeTitle(node)}`
    : `${onlyNamed}${nodeTitle(node)} of ${source}`;
}

function reads(node: PlanNode, relation: string): string {
  const { rows, rowsRemoved: removed = 0 } = node;
  if (rows === undefined) return `reads ${relation}`;
  const read = `reads ${aboutWord(node, rows + removed)}${things(rows + removed, relation)}`;
  return removed > 0 ? `${read} to keep ${aboutCount(node, rows)}` : read;
}

/** A table named in the plural is its own noun: "400,000 deployments"; any other: "400,000 rows of user_account". */
function things(count: number, relation: string): string {
  const plural = /^[a-z_]+[^isu]s$/.test(relation);
  return plural && Math.round(count) !== 1
    ? `${formatCount(count)} ${relation}`
    : `${rowsWord(count)} of ${relation}`;
}

function aboutRows(node: PlanNode, count: number): string {
  return aboutWord(node, count) + rowsWord(count);
}

function aboutCount(node: PlanNode, count: number): string {
  return aboutWord(node, count) + formatCount(count);
}

function rowsReturned(root: PlanNode): string {
  return root.rows === undefined ? 'Executed' : `${rowsWord(root.rows)} returned`;
}

function rowsWord(count: number): string {
  return Math.round(count) === 1
    ? '1 row'
    : `${count < 1_000_000 ? formatCount(count) : formatRows(count)} rows`;
}

function steps(plan: Plan): string {
  return plan.nodes.length === 1 ? 'one step' : `${formatCount(plan.nodes.length)} steps`;
}

function spokenShare(share: number): string {
  return share >= nearlyAllShare ? 'nearly all of it' : `${Math.round(share * 100)} % of it`;
}
