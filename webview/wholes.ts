/** What a step's part is a share of. What ran on other servers has their clocks: its share is one of its own task. Pure. */
import { beginsRemotePlan } from '../src/shared/remotePlace.ts';
import type { PlanNode } from '../src/shared/report.ts';
import type { PlanModel } from './planModel.ts';

export interface Whole {
  /** Of the model's metric. */
  readonly amount: number;
  /** "the whole", "its task", "subplan 2". */
  readonly name: string;
}

export function wholeOf(node: PlanNode, model: PlanModel): Whole {
  if (node.distributed === undefined) return { amount: model.whole, name: 'the whole' };
  const root = remoteRoot(node, model);
  const { task } = root.distributed ?? {};
  return {
    amount: model.metric.totalOf(root) ?? 0,
    name: task === undefined || /^\d/.test(task) ? 'its task' : task,
  };
}

/** Tasks in one row: they ran side by side, so that the sum of their times is nobody's. */
export function isSumOfTasks({ id, distributed }: PlanNode, { byId }: PlanModel): boolean {
  return distributed !== undefined && byId.get(id)?.fold !== undefined;
}

function remoteRoot(node: PlanNode, { byId }: PlanModel): PlanNode {
  let root = node;
  let parent = byId.get(root.parentId ?? '')?.node;
  while (parent !== undefined && !beginsRemotePlan(root, parent)) {
    root = parent;
    parent = byId.get(root.parentId ?? '')?.node;
  }
  return root;
}
