/** Two chains of steps, each from top to bottom: which of the one is which of the other, in this order. */
import { textDetail } from '../rules/wording.ts';
import { familyOf } from './families.ts';
import type { PlanSide } from './planSide.ts';

type Pair = readonly [before: number, after: number];

/**
 * Beyond as many cells the table is not filled: chains of more than two thousand steps that differ in the middle are
 * those of generated plans.
 */
const mostCells = 4_000_000;

/** The alignment with the most likeness; of several such the same one, whichever chain comes first. */
export function alignChains(
  before: PlanSide,
  chainBefore: readonly number[],
  after: PlanSide,
  chainAfter: readonly number[],
): readonly Pair[] {
  if (chainBefore.length === 0 || chainAfter.length === 0) return [];
  const one = chainBefore.map((place) => linkOf(before, place));
  const other = chainAfter.map((place) => linkOf(after, place));
  const swap = nameOf(one) > nameOf(other);
  const aligned = swap
    ? alignLinks(other, one).map(([left, right]) => [right, left] as const)
    : alignLinks(one, other);
  return aligned.map(([left, right]) => [chainBefore[left] ?? -1, chainAfter[right] ?? -1]);
}

/** What of a step tells it from the others of its chain. */
interface Link {
  readonly family: string;
  readonly type: string;
  readonly role: string;
  readonly mode: string;
  readonly inputs: number;
  /** All of it. */
  readonly name: string;
}

function linkOf(side: PlanSide, place: number): Link {
  const node = side.nodes[place];
  const { type = '', subplanName: role = '' } = node ?? {};
  const mode = (node && textDetail(node, 'Partial Mode')) ?? 'Simple';
  // InitPlans and SubPlans hang on one step or another as the planner finds it convenient.
  const inputs = (side.children[place] ?? []).filter(
    (child) => side.nodes[child]?.subplanName === undefined,
  ).length;
  return {
    family: familyOf(type),
    type,
    role,
    mode,
    inputs,
    name: JSON.stringify([type, role, mode, inputs]),
  };
}

function nameOf(links: readonly Link[]): string {
  return links.map(({ name }) => name).join(' ');
}

/** Points for likeness; 0 never pairs. The family outweighs what the rest can add, or less would be paired for it. */
function likeness(one: Link, other: Link): number {
  if (one.family !== other.family) return 0;
  const points = (same: boolean, worth: number) => (same ? worth : 0);
  return (
    10 +
    points(one.type === other.type, 4) +
    points(one.mode === other.mode, 2) +
    points(one.role === other.role, 2) +
    points(one.inputs === other.inputs, 1)
  );
}

/** Positions in the two chains. What is equal at both ends needs no table. */
function alignLinks(one: readonly Link[], other: readonly Link[]): readonly Pair[] {
  const shorter = Math.min(one.length, other.length);
  let head = 0;
  while (head < shorter && one[head]?.name === other[head]?.name) head++;
  let tail = 0;
  while (tail < shorter - head && one.at(-1 - tail)?.name === other.at(-1 - tail)?.name) tail++;
  const middle = alignMiddle(one.slice(head, one.length - tail), other.slice(head, other.length - tail));
  return [
    ...Array.from({ length: head }, (_, at) => [at, at] as const),
    ...middle.map(([left, right]) => [left + head, right + head] as const),
    ...Array.from({ length: tail }, (_, at) => [one.length - tail + at, other.length - tail + at] as const),
  ];
}

/** The alignment of most points, by the table of all ends of both chains. */
function alignMiddle(one: readonly Link[], other: readonly Link[]): readonly Pair[] {
  const width = other.length + 1;
  if ((one.length + 1) * width > mostCells) return alignByPosition(one, other);
  const best = new Uint32Array((one.length + 1) * width);
  const pointsAt = (left: number, right: number) => best[left * width + right] ?? 0;
  const paired = (left: number, right: number) => {
    const [first, second] = [one[left], other[right]];
    const points = first && second ? likeness(first, second) : 0;
    return points === 0 ? 0 : points + pointsAt(left + 1, right + 1);
  };
  for (let left = one.length - 1; left >= 0; left--) {
    for (let right = other.length - 1; right >= 0; right--) {
      const alone = Math.max(pointsAt(left + 1, right), pointsAt(left, right + 1));
      best[left * width + right] = Math.max(alone, paired(left, right));
    }
  }
  const pairs: Pair[] = [];
  let [left, right] = [0, 0];
  while (left < one.length && right < other.length) {
    const points = pointsAt(left, right);
    if (points > 0 && paired(left, right) === points) pairs.push([left++, right++]);
    else if (pointsAt(left + 1, right) === points) left++;
    else right++;
  }
  return pairs;
}

function alignByPosition(one: readonly Link[], other: readonly Link[]): readonly Pair[] {
  return one.flatMap((link, at) => (link.family === other[at]?.family ? [[at, at] as const] : []));
}
