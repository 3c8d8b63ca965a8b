/** One finding for all partitions of a table that share it: five thousand equal ones help nobody. */
import type { Finding, PlanNode, Severity } from '../../shared/report.ts';
import { formatCount, formatMs } from '../../shared/format.ts';
import { groupBy } from '../../shared/groupBy.ts';
import { partitionAlias } from './partitions.ts';
import type { FindClause, RuleContext } from './rule.ts';

/** A finding, and how to find its clause. */
export interface Found {
  readonly finding: Finding;
  readonly clause: FindClause | undefined;
}

/** What one rule found on partitions below the same Append becomes the dearest of it, which then speaks for all. */
export function foldPartitions(found: readonly Found[], context: RuleContext): readonly Found[] {
  const groups = groupBy(found, (one) => {
    const { nodeId } = one.finding;
    const node = nodeId === undefined ? undefined : context.nodeOf(nodeId);
    // What is no partition is a group of its own.
    return (node && partitionKey(one.finding, node, context)) ?? one;
  });
  return [...groups.values()].map((group) => fold(group, context));
}

/** NUL cannot be part of a name. */
function partitionKey({ ruleId }: Finding, node: PlanNode, context: RuleContext): string | undefined {
  const parent = context.parentOf(node);
  const name = partitionAlias(node);
  const isPartition = parent?.type === 'Append' || parent?.type === 'Merge Append';
  return isPartition && name !== undefined ? [ruleId, parent.id, name].join('\0') : undefined;
}

function fold(group: readonly Found[], context: RuleContext): Found {
  const dearest = group.reduce((most, one) => (savableMsOf(one) > savableMsOf(most) ? one : most));
  if (group.length === 1) return dearest;
  const isTimed = group.some(({ finding }) => finding.savableMs !== undefined);
  const savableMs = isTimed ? group.reduce((sum, one) => sum + savableMsOf(one), 0) : undefined;
  const others = group.length - 1;
  const inAll =
    savableMs === undefined ? '' : `, ${formatMs(savableMs)}${context.shareText(savableMs)} in all`;
  const severities = group.map(({ finding }) => finding.severity);
  return {
    ...dearest,
    finding: {
      ...dearest.finding,
      severity: severest(isTimed ? [...severities, context.severityOf(savableMs)] : severities),
      detail: `${dearest.finding.detail} The same holds for ${formatCount(others)} more ${others === 1 ? 'partition' : 'partitions'}${inAll}.`,
      evidence: { ...dearest.finding.evidence, partitions: group.length },
      ...(savableMs !== undefined && { savableMs }),
    },
  };
}

function savableMsOf({ finding }: Found): number {
  return finding.savableMs ?? 0;
}

/** The gravest first. */
export const severityRank: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

function severest(severities: readonly Severity[]): Severity {
  return severities.reduce((worst, one) => (severityRank[one] < severityRank[worst] ? one : worst), 'info');
}
