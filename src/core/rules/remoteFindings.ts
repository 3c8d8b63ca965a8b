/** What the rules find within remote plans (Citus tasks and sub-plans), each judged by its own clock alone. */
import { formatCounted } from '../../shared/format.ts';
import type { Plan, PlanNode } from '../../shared/report.ts';
import { beginsRemotePlan, placeName, tableOfShard } from '../../shared/remotePlace.ts';
import type { Found } from './foldPartitions.ts';
import { groupBy } from '../../shared/groupBy.ts';

/**
 * Rules on how rows are found, joined and sorted, which hold wherever a plan runs. Those on the whole of a statement,
 * on its estimates and on its server look at what a task does not show.
 */
export const remoteRuleIds: ReadonlySet<string> = new Set([
  'not-in-subplan',
  'correlated-subplan',
  'join-without-selective-condition',
  'or-in-join',
  'unindexed-join',
  'join-reads-whole-table',
  'leading-wildcard-like',
  'function-on-column',
  'or-across-columns',
  'dml-scans-for-few-rows',
  'seq-scan-discards-rows',
  'filter-outside-index',
  'index-scan-discards-rows',
  'rows-removed-by-filter',
  'nested-loop-many-rows',
  'sort-spill',
  'hash-spill',
  'materialize-spill',
  'aggregate-sorts-inside',
]);

/** The plan of one task, as if it stood alone. */
export interface RemotePlan {
  readonly plan: Plan;
  readonly root: PlanNode;
}

export function remotePlansOf(plan: Plan): readonly RemotePlan[] {
  if (plan.nodes.every(({ distributed }) => distributed === undefined)) return [];
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  const roots = new Map<string, PlanNode>();
  for (const node of plan.nodes) {
    if (node.distributed === undefined) continue;
    const begins = beginsRemotePlan(node, byId.get(node.parentId ?? ''));
    roots.set(node.id, (begins ? undefined : roots.get(node.parentId ?? '')) ?? node);
  }
  const remote = plan.nodes.filter(({ id }) => roots.has(id));
  return [...groupBy(remote, ({ id }) => roots.get(id)!)].map(([root, nodes]) => ({
    root,
    plan: {
      nodes: nodes.map((node) => standingAlone(node, root)),
      triggers: [],
      settings: plan.settings,
      format: plan.format,
      analyzed: root.loops !== undefined,
      details: {},
    },
  }));
}

/** The table's name is what the user knows; its shard's is in the plan. */
function standingAlone({ distributed: _distributed, ...node }: PlanNode, root: PlanNode): PlanNode {
  return {
    ...node,
    ...(node.id === root.id && { parentId: null }),
    ...(node.relation !== undefined && { relation: tableOfShard(node.relation) }),
  };
}

/** What was found in one task. */
export interface FoundInTask {
  readonly found: Found;
  readonly node: PlanNode | undefined;
  readonly root: PlanNode;
}

/**
 * One finding for all tasks that share it. What it could save is not said: tasks run beside each other, and how far one
 * holds up the whole is not known.
 */
export function foldTaskFindings(found: readonly FoundInTask[]): readonly Found[] {
  const groups = groupBy(found, ({ found: { finding }, node, root }) =>
    [finding.ruleId, root.parentId, node?.type, node?.relation, node?.alias, node?.subplanName].join('\0'),
  );
  return [...groups.values()].map((group) => {
    const dearest = group.reduce((most, one) => (weightMs(one) > weightMs(most) ? one : most));
    const { savableMs: _savableMs, ...finding } = dearest.found.finding;
    const others = new Set(group.map(({ root }) => root.id)).size - 1;
    const place = placeName(dearest.root.distributed ?? {});
    const same = others === 0 ? '' : ` The same holds for ${formatCounted(others, 'more task')}.`;
    return {
      ...dearest.found,
      finding: {
        ...finding,
        severity: finding.severity === 'critical' ? 'warning' : finding.severity,
        detail: `${finding.detail} This is in ${place}.${same}`,
        evidence: { ...finding.evidence, tasks: others + 1 },
      },
    };
  });
}

function weightMs({ found, node }: FoundInTask): number {
  return found.finding.savableMs ?? node?.selfMs ?? 0;
}
