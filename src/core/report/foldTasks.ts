/** Remote tasks that do the same on other shards: one is shown, the others are counted. */
import { formatCount, formatMs } from '../../shared/format.ts';
import { groupBy } from '../../shared/groupBy.ts';
import { beginsRemotePlan, isSubplan, tableOfShard } from '../../shared/remotePlace.ts';
import type { PlanNode } from '../../shared/report.ts';

export interface ShownNodes {
  readonly nodes: readonly PlanNode[];
  /** What is told below a node, by its id: "31 more tasks like this, 3.20 ms to 14.10 ms". */
  readonly notes: ReadonlyMap<string, string>;
}

/** Of each kind of task the slowest is shown, and those that a finding speaks of; sub-plans are, all of them. */
export function foldTasks(nodes: readonly PlanNode[], marked: ReadonlySet<string>): ShownNodes {
  const tasks = tasksOf(nodes);
  const notes = new Map<string, string>();
  if (tasks.length < 2) return { nodes, notes };
  const hidden = new Set<string>();
  for (const group of groupBy(tasks, kindOf).values()) {
    const slowest = group.reduce((worst, task) => (msOf(task) > msOf(worst) ? task : worst));
    const isShown = (task: Task) => task === slowest || task.some(({ id }) => marked.has(id));
    const folded = group.filter((task) => !isShown(task));
    if (folded.length === 0) continue;
    for (const task of folded) for (const { id } of task) hidden.add(id);
    const last = group.findLast(isShown)?.at(-1);
    if (last !== undefined) notes.set(last.id, wordsOf(folded));
  }
  return { nodes: nodes.filter(({ id }) => !hidden.has(id)), notes };
}

/** In pre-order, its first node is the task's root. */
type Task = readonly PlanNode[];

function tasksOf(nodes: readonly PlanNode[]): readonly Task[] {
  if (nodes.every(({ distributed }) => distributed === undefined)) return [];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const tasks: PlanNode[][] = [];
  const taskOf = new Map<string, PlanNode[]>();
  for (const node of nodes) {
    if (node.distributed === undefined) continue;
    const above = beginsRemotePlan(node, byId.get(node.parentId ?? ''))
      ? undefined
      : taskOf.get(node.parentId ?? '');
    const task = above ?? [];
    if (above === undefined && !isSubplan(node)) tasks.push(task);
    task.push(node);
    taskOf.set(node.id, task);
  }
  return tasks;
}

function kindOf(task: Task): string {
  const places = new Map(task.map(({ id }, place) => [id, place]));
  const root = task[0];
  return JSON.stringify([
    root?.parentId,
    ...task.map(({ type, relation = '', parentId }) => [
      type,
      tableOfShard(relation),
      places.get(parentId ?? '') ?? -1,
    ]),
  ]);
}

function msOf(task: Task): number {
  return task[0]?.totalMs ?? 0;
}

function wordsOf(tasks: readonly Task[]): string {
  const times = tasks.flatMap(([root]) => root?.totalMs ?? []);
  const count = `${formatCount(tasks.length)} more ${tasks.length === 1 ? 'task' : 'tasks'} like this`;
  if (times.length === 0) return count;
  const [least, most] = [Math.min(...times), Math.max(...times)];
  return `${count}, ${tasks.length === 1 ? formatMs(most) : `${formatMs(least)} to ${formatMs(most)}`}`;
}
