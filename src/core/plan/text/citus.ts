/**
 * Citus prints the plans of its tasks and sub-plans inside its own node: "->  Task" and "->  Distributed Subplan 1_1"
 * look like nodes but are groups, and below them stands a whole plan with its own top-level lines.
 */
import type { RawDraft } from '../rawBuilder.ts';
import type { NodeDraft, PlanDraft, TopDraft } from './drafts.ts';
import { createTop, listAt, objectAt } from './drafts.ts';

export interface Group {
  readonly raw: RawDraft;
  /** Where its plan goes: under "Remote Plan" or "PlannedStmt"; undefined for a group without one. */
  readonly planKey: 'Remote Plan' | 'PlannedStmt' | undefined;
  /** The Citus node. */
  readonly node: NodeDraft;
  top: TopDraft | undefined;
}

const subplanName = 'Distributed Subplan ';

/** The group that a line with an arrow opens below `node`; undefined when it is a node like any other. */
export function openGroup(name: string, node: NodeDraft, within: Group | undefined): Group | undefined {
  if (node.raw['Node Type'] !== 'Custom Scan' && !within) return undefined;
  const query = () => objectAt(node.raw, 'Distributed Query');
  if (name === 'Task') return group(listAt(objectAt(query(), 'Job'), 'Tasks'), {}, 'Remote Plan', node);
  if (name === 'MapMergeJob') {
    const holder = within ? within.raw : objectAt(query(), 'Job');
    return group(listAt(holder, 'Dependent Jobs'), {}, undefined, node);
  }
  if (!name.startsWith(subplanName)) return undefined;
  const id = name.slice(subplanName.length);
  return group(listAt(query(), 'Subplans'), { 'Distributed Subplan': id }, 'PlannedStmt', node);
}

function group(list: unknown[], raw: RawDraft, planKey: Group['planKey'], node: NodeDraft): Group {
  list.push(raw);
  return { raw, planKey, node, top: undefined };
}

/** The top of the plan below a group; a group has one, further roots open further ones. */
export function addRemoteTop(plan: PlanDraft, { raw, planKey }: Group): TopDraft {
  const top = createTop();
  plan.tops.push(top);
  const plans = listAt(raw, planKey ?? 'Remote Plan');
  plans.push(planKey === 'Remote Plan' ? [top.raw] : top.raw);
  return top;
}

/** Lines at the Citus node itself that speak of the job. */
const jobKeys: ReadonlySet<string> = new Set([
  'Task Count',
  'Tasks Shown',
  'Tuple data received from nodes',
  'Tuple data received from node',
]);

/** Where a line of the Citus node belongs. */
export function detailTarget(node: NodeDraft, key: string): RawDraft {
  if (node.raw['Node Type'] !== 'Custom Scan' || !jobKeys.has(key)) return node.raw;
  return objectAt(objectAt(node.raw, 'Distributed Query'), 'Job');
}
