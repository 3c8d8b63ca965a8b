/** Findings that are gone, and findings that are new. */
import type { PlanChange } from '../../shared/comparison.ts';
import type { Finding, PlanNode, Severity } from '../../shared/report.ts';
import { groupBy } from '../../shared/groupBy.ts';
import { type Contrast, measuredByOneSide, type Side } from './contrast.ts';
import { tellWhole, type Told } from './telling.ts';
import { readName } from './words.ts';

const weightOf: Readonly<Record<Severity, PlanChange['weight']>> = {
  critical: 'major',
  warning: 'minor',
  info: 'note',
};

/** The same finding speaks by the same rule of the same table; its numbers may differ. */
export function findingChanges(contrast: Contrast): readonly Told[] {
  const { before, after } = contrast;
  if (before.isCut || after.isCut || measuredByOneSide(contrast) !== undefined) return [];
  return [
    ...findingsOnlyIn(before, after).map((one) => change('gone', one)),
    ...findingsOnlyIn(after, before).map((one) => change('new', one)),
  ].map(tellWhole);
}

interface Placed {
  readonly finding: Finding;
  readonly node: PlanNode | undefined;
}

function findingsOnlyIn(side: Side, other: Side): readonly Placed[] {
  const known = groupBy(placed(other), keyOf);
  return [...groupBy(placed(side), keyOf)].flatMap(([key, alike]) =>
    alike.slice(known.get(key)?.length ?? 0),
  );
}

function placed({ report, nodes }: Side): readonly Placed[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return report.findings.map((finding) => ({
    finding,
    node: finding.nodeId === undefined ? undefined : byId.get(finding.nodeId),
  }));
}

function keyOf({ finding, node }: Placed): string {
  return JSON.stringify([finding.ruleId, node && readName(node)]);
}

function change(fate: 'gone' | 'new', { finding, node }: Placed): PlanChange {
  const { severity, title } = finding;
  const isGone = fate === 'gone';
  return {
    kind: 'finding',
    weight: weightOf[severity],
    effect: severity === 'info' ? 'neither' : isGone ? 'better' : 'worse',
    title: `${isGone ? 'no longer found' : 'newly found'}: ${title}`,
    ...(node && (isGone ? { beforeId: node.id } : { afterId: node.id })),
  };
}
