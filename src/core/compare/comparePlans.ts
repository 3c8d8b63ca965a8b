/** Two reports compared: the front door of `core/compare`. */
import {
  type AlignedNode,
  type ChangeKind,
  comparisonSchemaVersion,
  type PlanChange,
  type PlanComparison,
} from '../../shared/comparison.ts';
import { formatCount } from '../../shared/format.ts';
import type { ProfileReport } from '../../shared/report.ts';
import { comparisonVerdict } from './comparisonVerdict.ts';
import { type Contrast, type ContrastRow, contrastOf } from './contrast.ts';
import { findingChanges } from './findingChanges.ts';
import { passingSteps } from './passingSteps.ts';
import { readerChanges } from './readerChanges.ts';
import { statementChange, statementSameness } from './statementChange.ts';
import { stepChanges } from './stepChanges.ts';
import { byImportance, tellWhole, type Told } from './telling.ts';
import { comparedFigures, wholeChanges } from './wholeChanges.ts';

/** Plain JSON that every host shows. Never throws, whatever the plans hold. */
export function comparePlans(before: ProfileReport, after: ProfileReport): PlanComparison {
  const contrast = contrastOf(before, after);
  const told = allChanges(contrast).toSorted(byImportance);
  return {
    schemaVersion: comparisonSchemaVersion,
    before,
    after,
    basis: contrast.basis,
    statement: statementSameness(contrast),
    figures: comparedFigures(before.plan, after.plan),
    rows: contrast.rows.map(alignedNode),
    changes: withoutMasses(told).map(({ change, title }) => ({ ...change, title: title() })),
    verdict: comparisonVerdict(contrast, told),
  };
}

function allChanges(contrast: Contrast): readonly Told[] {
  const told = [
    ...statementChange(contrast),
    ...wholeChanges(contrast),
    ...readerChanges(contrast),
    ...stepChanges(contrast),
    ...passingSteps(contrast),
    ...findingChanges(contrast),
  ];
  return statementSameness(contrast) === 'different' ? unjudged(told) : told;
}

/** Kinds that say nothing but that one of the two took or planned better. */
const judgements: ReadonlySet<ChangeKind> = new Set([
  'execution-time',
  'planning-time',
  'cost',
  'step-time',
  'estimates',
]);

/** Of two statements none is the better one. */
function unjudged(told: readonly Told[]): readonly Told[] {
  return told
    .filter(({ change }) => !judgements.has(change.kind))
    .map((one) => ({ ...one, change: { ...one.change, effect: 'neither' } }));
}

function alignedNode({ level, nodeBefore, nodeAfter, differences, isCut }: ContrastRow): AlignedNode {
  const kept = differences.length > 0 ? 'changed' : 'same';
  return {
    level,
    ...(nodeBefore && { beforeId: nodeBefore.id }),
    ...(nodeAfter && { afterId: nodeAfter.id }),
    change: nodeBefore && nodeAfter ? kept : isCut ? 'unknown' : nodeBefore ? 'removed' : 'added',
    differences,
  };
}

/** Lines of one kind beyond this are counted, not read: a plan may have thousands of steps. */
const mostOfAKind = 8;

function withoutMasses(told: readonly Told[]): readonly Told[] {
  const left = new Map<PlanChange['kind'], number>();
  const kept = told.filter(({ change: { kind } }) => {
    left.set(kind, (left.get(kind) ?? 0) + 1);
    return (left.get(kind) ?? 0) <= mostOfAKind;
  });
  const masses = [...left].filter(([, count]) => count > mostOfAKind);
  return [
    ...kept,
    ...masses.map(([kind, count]): Told => {
      const title = `${formatCount(count - mostOfAKind)} more changes of this kind: ${kind.replaceAll('-', ' ')}`;
      return tellWhole({ kind, weight: 'note', effect: 'neither', title });
    }),
  ];
}
