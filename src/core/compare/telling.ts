/** From what differs to a line about it: how much it weighs and whether it is better follow from the numbers alone. */
import type { ChangeWeight, PlanChange } from '../../shared/comparison.ts';
import type { Contrast, ContrastRow } from './contrast.ts';

/**
 * Two runs of one plan on an idle server differ by some per cent, on a busy one by more. Below this no single pair of
 * runs shows a difference.
 */
export const noiseShare = 0.1;
/** Timers, interrupts and a cold cache of the processor move even the shortest run by so much. */
export const noiseMs = 0.1;
/** From this share of the whole on, a step could explain the verdict. */
const majorShare = 0.1;
/** Below this share of the whole a step is no gain and no loss, whatever it became. */
const feltShare = 0.01;

/** A change, and by how much it shortened (or, below 0, lengthened) the whole as far as that is known. */
export interface Told {
  readonly change: Omit<PlanChange, 'title'>;
  /** Made for those that are shown: to name a step, its sub-tree is walked. */
  readonly title: () => string;
  readonly saved: number;
}

/** Whether two amounts differ by more than single runs do. Costs, rows and blocks do not vary by themselves. */
export function differs(before: number, after: number, unit: 'ms' | 'exact' = 'exact'): boolean {
  if (unit === 'ms' && Math.abs(before - after) < noiseMs) return false;
  return Math.max(before, after) > Math.min(before, after) * (1 + noiseShare);
}

interface WeighedChange {
  readonly kind: PlanChange['kind'];
  readonly title: () => string;
  /** The step that it is about; what is around the plan has none. */
  readonly row?: ContrastRow;
  /** What it took on either side, by the basis. */
  readonly before: number;
  readonly after: number;
  readonly figures?: PlanChange['figures'];
}

/** A change that took or saved a part of the whole, mostly that of one step. */
export function tellPart(
  { before, after, basis, covering }: Contrast,
  { row, figures, title, ...step }: WeighedChange,
): Told {
  const saved = step.before - step.after;
  const whole = Math.max(before.whole, after.whole);
  const share = whole > 0 ? Math.abs(saved) / whole : 0;
  const isFelt =
    row?.isCut !== true &&
    covering === undefined &&
    share >= feltShare &&
    differs(step.before, step.after, basis === 'time' ? 'ms' : 'exact');
  const own =
    basis === 'nothing'
      ? undefined
      : ({ unit: basis === 'time' ? 'ms' : 'cost', before: step.before, after: step.after } as const);
  const known = figures ?? own;
  return {
    title,
    saved: isFelt ? saved : 0,
    change: {
      kind: step.kind,
      weight: isFelt && share >= majorShare ? 'major' : 'minor',
      effect: !isFelt ? 'neither' : saved > 0 ? 'better' : 'worse',
      ...(row?.nodeBefore && { beforeId: row.nodeBefore.id }),
      ...(row?.nodeAfter && { afterId: row.nodeAfter.id }),
      ...(known && { figures: known }),
    },
  };
}

/** A change of the whole, which explains nothing by itself. */
export function tellWhole({ title, ...change }: PlanChange): Told {
  return { change, title: () => title, saved: 0 };
}

const weights: readonly ChangeWeight[] = ['major', 'minor', 'note'];
/** Without them the rest cannot be read. */
const first: readonly PlanChange['kind'][] = ['statement', 'execution-time', 'cost', 'result'];

/** The most important first: by weight, then by what it saved or cost; the rest as they came. */
export function byImportance(one: Told, other: Told): number {
  const rank = ({ change }: Told) =>
    first.includes(change.kind) ? first.indexOf(change.kind) : first.length;
  return (
    weights.indexOf(one.change.weight) - weights.indexOf(other.change.weight) ||
    rank(one) - rank(other) ||
    Math.abs(other.saved) - Math.abs(one.saved)
  );
}
