/**
 * Where the nodes of a tree stand side by side: parents over the middle of their children, subtrees as close as they go,
 * equal subtrees drawn alike. Reingold and Tilford's drawing in linear time, after Buchheim, Jünger and Leipert,
 * "Improving Walker's Algorithm to Run in Linear Time" (2002). Without recursion: plans can be deep. Pure.
 */

interface Knot {
  readonly parent: Knot | undefined;
  readonly children: Knot[];
  /** Among its siblings, from 0. */
  readonly index: number;
  /** Place among its siblings, before its ancestors move it. */
  place: number;
  /** How far its children are moved. */
  offset: number;
  /** Moves that wait until all siblings are placed: of this one, and how they grow from sibling to sibling. */
  shift: number;
  change: number;
  /** Where the contour goes on below a leaf. */
  thread: Knot | undefined;
  /** The sibling (or self) whose subtree this knot is known to belong to. */
  subtree: Knot;
  /** Of its children: the one that a contour without a better answer belongs to. */
  lastConflict: Knot | undefined;
}

/** Neighbours that are no siblings stand this much further apart, so that families can be told. */
const cousinGap = 1.15;

/**
 * `parents[i]` is the index of node i's parent, smaller than i; -1 at the root. The result counts in widths of a node:
 * siblings are 1 apart, the leftmost node stands at 0.
 */
export function tidyPositions(parents: readonly number[]): readonly number[] {
  const knots: Knot[] = [];
  for (const parentIndex of parents) {
    const parent = knots[parentIndex];
    const knot = createKnot(parent);
    parent?.children.push(knot);
    knots.push(knot);
  }
  for (const knot of childrenFirst(knots[0])) place(knot);
  const positions: number[] = [];
  let leftmost = Infinity;
  // Parents come before their children, so their own offset is complete.
  for (const knot of knots) {
    const above = knot.parent?.offset ?? 0;
    const position = knot.place + above;
    knot.offset += above;
    positions.push(position);
    leftmost = Math.min(leftmost, position);
  }
  return positions.map((position) => position - leftmost);
}

function createKnot(parent: Knot | undefined): Knot {
  const knot: Omit<Knot, 'subtree'> & { subtree?: Knot } = {
    parent,
    children: [],
    index: parent?.children.length ?? 0,
    place: 0,
    offset: 0,
    shift: 0,
    change: 0,
    thread: undefined,
    lastConflict: undefined,
  };
  knot.subtree = knot as Knot;
  return knot as Knot;
}

function childrenFirst(root: Knot | undefined): readonly Knot[] {
  if (root === undefined) return [];
  const order: Knot[] = [];
  const open: { readonly knot: Knot; next: number }[] = [{ knot: root, next: 0 }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const child = top.knot.children[top.next++];
    if (child !== undefined) open.push({ knot: child, next: 0 });
    else order.push(open.pop()!.knot);
  }
  return order;
}

/** Its children and its left siblings are placed: it goes over the former and beside the latter. */
function place(knot: Knot): void {
  const left = knot.parent?.children[knot.index - 1];
  const first = knot.children[0];
  const last = knot.children.at(-1);
  if (first !== undefined && last !== undefined) {
    settleShifts(knot);
    const middle = (first.place + last.place) / 2;
    if (left === undefined) knot.place = middle;
    else {
      knot.place = left.place + 1;
      knot.offset = knot.place - middle;
    }
  } else if (left !== undefined) knot.place = left.place + 1;
  if (knot.parent !== undefined && left !== undefined) pushApart(knot, left, knot.parent);
}

/** Walks down the right contour of what stands left and the left contour of `knot`, and moves `knot` where they meet. */
function pushApart(knot: Knot, left: Knot, parent: Knot): void {
  const first = parent.children[0]!;
  let conflict = parent.lastConflict ?? first;
  // Inner and outer contours of both sides, and the sums of the offsets along them.
  let [innerRight, outerRight, innerLeft, outerLeft] = [knot, knot, left, first];
  let [innerRightSum, outerRightSum] = [knot.offset, knot.offset];
  let [innerLeftSum, outerLeftSum] = [left.offset, first.offset];
  let nextInnerLeft = rightBelow(innerLeft);
  let nextInnerRight = leftBelow(innerRight);
  while (nextInnerLeft !== undefined && nextInnerRight !== undefined) {
    [innerLeft, innerRight] = [nextInnerLeft, nextInnerRight];
    outerLeft = leftBelow(outerLeft)!;
    outerRight = rightBelow(outerRight)!;
    outerRight.subtree = knot;
    const gap = innerLeft.parent === innerRight.parent ? 1 : cousinGap;
    const overlap = innerLeft.place + innerLeftSum - innerRight.place - innerRightSum + gap;
    if (overlap > 0) {
      move(innerLeft.subtree.parent === parent ? innerLeft.subtree : conflict, knot, overlap);
      innerRightSum += overlap;
      outerRightSum += overlap;
    }
    innerLeftSum += innerLeft.offset;
    innerRightSum += innerRight.offset;
    outerLeftSum += outerLeft.offset;
    outerRightSum += outerRight.offset;
    nextInnerLeft = rightBelow(innerLeft);
    nextInnerRight = leftBelow(innerRight);
  }
  // The shorter side's contour goes on along the longer one's.
  if (nextInnerLeft !== undefined && rightBelow(outerRight) === undefined) {
    outerRight.thread = nextInnerLeft;
    outerRight.offset += innerLeftSum - outerRightSum;
  }
  if (nextInnerRight !== undefined && leftBelow(outerLeft) === undefined) {
    outerLeft.thread = nextInnerRight;
    outerLeft.offset += innerRightSum - outerLeftSum;
    conflict = knot;
  }
  parent.lastConflict = conflict;
}

function leftBelow(knot: Knot): Knot | undefined {
  return knot.children[0] ?? knot.thread;
}

function rightBelow(knot: Knot): Knot | undefined {
  return knot.children.at(-1) ?? knot.thread;
}

/** Moves `knot` now, and the siblings between later, each its part: they spread evenly. */
function move(from: Knot, knot: Knot, distance: number): void {
  const each = distance / (knot.index - from.index);
  knot.change -= each;
  knot.shift += distance;
  from.change += each;
  knot.place += distance;
  knot.offset += distance;
}

function settleShifts(knot: Knot): void {
  let shift = 0;
  let change = 0;
  for (const child of knot.children.toReversed()) {
    child.place += shift;
    child.offset += shift;
    change += child.change;
    shift += child.shift + change;
  }
}
