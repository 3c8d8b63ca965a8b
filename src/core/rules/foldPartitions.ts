/** One finding for all partitions of a table that share it: five thousand equal ones help nobody. */
import type { Finding, PlanNode, Severity } from '../../shared/report.ts';
import { formatCount, formatMs } from '../../shared/format.ts';
import { groupBy } from './groupBy.ts';
import { partitionAlias } from './partitions.ts';
import type { RuleContext } from './rule.ts';

/** Findings of one rule on partitions below the same Append become the dearest of them, which then speaks for all. */
export function foldPartitions(findings: readonly Finding[], context: RuleContext): readonly Finding[] {
  const byId = new Map(context.nodes.map((node) => [node.id, node]));
  const groups = groupBy(findings, (finding) => {
    const node = byId.get(finding.nodeId ?? '');
    // NUL cannot be part of a name. What is no partition is a group of its own.
    return (node && partitionKey(finding, node, context)) ?? finding;
  });
  return [...groups.values()].map((group) => fold(group, context));
}

function partitionKey({ ruleId }: Finding, node: PlanNode, context: RuleContext): string | undefined {
  const parent = context.parentOf(node);
  const name = partitionAlias(node);
  const isPartition = parent?.type === 'Append' || parent?.type === 'Merge Append';
  return isPartition && name !== undefined ? [ruleId, parent.id, name].join('\0') : undefined;
}

function fold(group: readonly Finding[], context: RuleContext): Finding {
  const dearest = group.reduce((most, one) => ((one.savableMs ?? 0) > (most.savableMs ?? 0) ? one : most));
  if (group.length === 1) return dearest;
  const isTimed = group.some(({ savableMs }) => savableMs !== undefined);
  const savableMs = isTimed ? group.reduce((sum, one) => sum + (one.savableMs ?? 0), 0) : undefined;
  const others = group.length - 1;
  const inAll =
    savableMs === undefined ? '' : `, ${formatMs(savableMs)}${context.shareText(savableMs)} in all`;
  return {
    ...dearest,
    severity: severest([
      ...group.map(({ severity }) => severity),
      ...(isTimed ? [context.severityOf(savableMs)] : []),
    ]),
    detail: `${dearest.detail} The same holds for ${formatCount(others)} more ${others === 1 ? 'partition' : 'partitions'}${inAll}.`,
    evidence: { ...dearest.evidence, partitions: group.length },
    ...(savableMs !== undefined && { savableMs }),
  };
}

/** The gravest first. */
export const severityRank: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

function severest(severities: readonly Severity[]): Severity {
  return severities.reduce((worst, one) => (severityRank[one] < severityRank[worst] ? one : worst), 'info');
}
