/**
 * Which step of one plan is which of the other. A tree edit distance would be cubic; plans have names, so:
 *
 * 1. Readers (scans and other leaves) are paired by what they read, from the strictest likeness to the loosest.
 * 2. Steps above them are alike when they stand above the same readers. Those of one plan that do form a chain, one
 *    above the other; the two chains are aligned by the types of their steps.
 * 3. What stands above no paired reader is paired from the root down, by type.
 *
 * The pairs are the same whichever plan comes first.
 */
import { groupBy } from '../../shared/groupBy.ts';
import { alignChains } from './alignChains.ts';
import { familyOf } from './families.ts';
import { isReader, type PlanSide, sourceOf, unsharded } from './planSide.ts';

export interface Alignment {
  /** For each place in one plan the place in the other; -1 where it has no partner. */
  readonly toAfter: readonly number[];
  readonly toBefore: readonly number[];
}

export function alignPlans(before: PlanSide, after: PlanSide): Alignment {
  const pairs = new Pairs(before, after);
  pairReaders(pairs);
  pairAboveReaders(pairs);
  pairFromRoots(pairs);
  return pairs;
}

class Pairs implements Alignment {
  readonly before: PlanSide;
  readonly after: PlanSide;
  readonly toAfter: number[];
  readonly toBefore: number[];

  constructor(before: PlanSide, after: PlanSide) {
    this.before = before;
    this.after = after;
    this.toAfter = before.nodes.map(() => -1);
    this.toBefore = after.nodes.map(() => -1);
  }

  add(before: number, after: number): void {
    this.toAfter[before] = after;
    this.toBefore[after] = before;
  }

  isFree(which: 'before' | 'after', place: number): boolean {
    return (which === 'before' ? this.toAfter : this.toBefore)[place] === -1;
  }
}

type KeyOf = (side: PlanSide, place: number) => string;

function readName(side: PlanSide, place: number): string {
  const node = side.nodes[place];
  if (node === undefined) return '';
  // The scan of the index below a Bitmap Heap Scan names no table, but the one above it does.
  const reader = node.type === 'Bitmap Index Scan' ? tableAbove(side, place) : sourceOf(node);
  return `${node.distributed ? 'remote' : 'local'} ${groupOfReaders(node.type)} ${reader ?? node.alias ?? node.type}`;
}

/** A table is read in many ways, and an index inside a bitmap is no way to read it on its own. */
function groupOfReaders(type: string): string {
  return type === 'Bitmap Index Scan' ? 'bitmap' : 'rows';
}

function tableAbove(side: PlanSide, place: number): string | undefined {
  let above = side.parents[place] ?? -1;
  while (above >= 0 && side.nodes[above]?.relation === undefined) above = side.parents[above] ?? -1;
  return side.nodes[above]?.relation;
}

/** From the strictest likeness to the loosest. */
const readerKeys: readonly KeyOf[] = [
  (side, place) => {
    const { schema, alias, type, index, details = {} } = side.nodes[place] ?? {};
    const conditions = [details['Filter'], details['Index Cond'], details['Recheck Cond']];
    const own = [readName(side, place), schema, alias, type, index, ...conditions];
    return JSON.stringify([side.scopes[place], ...own]);
  },
  (side, place) =>
    JSON.stringify([
      side.scopes[place],
      readName(side, place),
      side.nodes[place]?.alias,
      side.nodes[place]?.index,
    ]),
  (side, place) => JSON.stringify([side.scopes[place], readName(side, place), side.nodes[place]?.alias]),
  (side, place) => JSON.stringify([readName(side, place), side.nodes[place]?.alias]),
  (side, place) => JSON.stringify([side.scopes[place], readName(side, place)]),
  (side, place) => readName(side, place),
  (side, place) => unsharded(readName(side, place), side.nodes[place]) ?? '',
  // A table that was moved to other servers, or back.
  (side, place) => (unsharded(readName(side, place), side.nodes[place]) ?? '').replace(/^remote/, 'local'),
];

/** Alike ones are paired in their order. */
function pairReaders(pairs: Pairs): void {
  const { before, after } = pairs;
  let freeBefore = before.nodes.map((_, place) => place).filter((place) => isReader(before, place));
  let freeAfter = after.nodes.map((_, place) => place).filter((place) => isReader(after, place));
  for (const keyOf of readerKeys) {
    const partners = groupBy(freeAfter, (place) => keyOf(after, place));
    for (const [key, places] of groupBy(freeBefore, (place) => keyOf(before, place))) {
      (partners.get(key) ?? []).forEach((partner, position) => {
        const place = places[position];
        if (place !== undefined) pairs.add(place, partner);
      });
    }
    freeBefore = freeBefore.filter((place) => pairs.isFree('before', place));
    freeAfter = freeAfter.filter((place) => pairs.isFree('after', place));
  }
}

/** The paired readers at or below a node, by their numbers in the order of `after`. */
interface Below {
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

const none: Below = { least: Infinity, most: -Infinity, count: 0 };

function pairAboveReaders(pairs: Pairs): void {
  const { before, after } = pairs;
  const numbers = new Map<number, number>();
  pairs.toBefore.forEach((partner, place) => {
    if (partner >= 0) numbers.set(place, numbers.size);
  });
  const chainsAfter = chainsOf(after, (place) => numbers.get(place));
  const chainsBefore = chainsOf(before, (place) => numbers.get(pairs.toAfter[place] ?? -1));
  for (const [readers, chain] of chainsBefore) {
    const aligned = alignChains(before, chain, after, chainsAfter.get(readers) ?? []);
    for (const [place, partner] of aligned) pairs.add(place, partner);
  }
}

/**
 * The steps above the same readers, from top to bottom, under a name of those readers. Sub-trees of `after` hold
 * readers of successive numbers; so does one of `before` if another of `after` holds the same.
 */
function chainsOf(
  side: PlanSide,
  numberOf: (place: number) => number | undefined,
): ReadonlyMap<string, readonly number[]> {
  const below = side.nodes.map(() => none);
  const chains = new Map<string, number[]>();
  for (let place = side.nodes.length - 1; place >= 0; place--) {
    const number = numberOf(place);
    const own = number === undefined ? none : { least: number, most: number, count: 1 };
    const whole = together(below[place] ?? none, own);
    const parent = side.parents[place] ?? -1;
    if (parent >= 0) below[parent] = together(below[parent] ?? none, whole);
    const isSpan = whole.count > 0 && whole.most - whole.least + 1 === whole.count;
    if (!isSpan || isReader(side, place)) continue;
    const name = `${whole.least}-${whole.most}`;
    const chain = chains.get(name);
    if (chain === undefined) chains.set(name, [place]);
    else chain.push(place);
  }
  for (const chain of chains.values()) chain.reverse();
  return chains;
}

function together(one: Below, other: Below): Below {
  return {
    least: Math.min(one.least, other.least),
    most: Math.max(one.most, other.most),
    count: one.count + other.count,
  };
}

/** Steps without a paired reader below them, under paired parents (or at the top), by role and type. */
function pairFromRoots(pairs: Pairs): void {
  const { before, after } = pairs;
  // What stands above paired readers had its chance. To pair more steps above does not change these counts.
  const bareBefore = withoutPairs(before, pairs.toAfter);
  const bareAfter = withoutPairs(after, pairs.toBefore);
  const pairAlike = (placesBefore: readonly number[], placesAfter: readonly number[]) => {
    const free = placesBefore.filter((place) => bareBefore[place] && !isReader(before, place));
    if (free.length === 0) return;
    const partners = groupBy(
      placesAfter.filter((place) => bareAfter[place] && !isReader(after, place)),
      (place) => roleOf(after, place),
    );
    for (const [role, places] of groupBy(free, (place) => roleOf(before, place))) {
      (partners.get(role) ?? []).forEach((partner, position) => {
        const place = places[position];
        if (place !== undefined) pairs.add(place, partner);
      });
    }
  };
  pairAlike(before.roots, after.roots);
  // Parents come before their children, so that those that are paired here are walked as well.
  before.nodes.forEach((_, place) => {
    const partner = pairs.toAfter[place] ?? -1;
    if (partner >= 0) pairAlike(before.children[place] ?? [], after.children[partner] ?? []);
  });
}

/** For each place: whether nothing at or below it has a partner. */
function withoutPairs(side: PlanSide, partners: readonly number[]): readonly boolean[] {
  const bare = partners.map((partner) => partner < 0);
  for (let place = bare.length - 1; place >= 0; place--) {
    const parent = side.parents[place] ?? -1;
    if (parent >= 0 && bare[place] === false) bare[parent] = false;
  }
  return bare;
}

function roleOf(side: PlanSide, place: number): string {
  const { relationship, subplanName, type = '' } = side.nodes[place] ?? {};
  return JSON.stringify([relationship, subplanName, familyOf(type)]);
}
