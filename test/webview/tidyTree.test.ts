/** The tidy tree: known drawings, and what holds for every tree. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tidyPositions } from '../../webview/tidyTree.ts';

/** Parents of a tree given by the numbers of children in pre-order. */
function parentsOf(childCounts: readonly number[]): readonly number[] {
  const open: { index: number; left: number }[] = [];
  return childCounts.map((count, index) => {
    while (open.at(-1)?.left === 0) open.pop();
    const parent = open.at(-1);
    if (parent !== undefined) parent.left--;
    open.push({ index, left: count });
    return parent?.index ?? -1;
  });
}

describe('a known tree', () => {
  const check = (title: string, childCounts: readonly number[], expected: readonly number[]) =>
    test(title, () => {
      const rounded = tidyPositions(parentsOf(childCounts)).map((x) => Number(x.toFixed(3)));
      assert.deepEqual(rounded, expected);
    });
  check('nothing', [], []);
  check('one node', [0], [0]);
  check('a chain is straight', [1, 1, 1, 0], [0, 0, 0, 0]);
  check('two children stand either side', [2, 0, 0], [0.5, 0, 1]);
  check('three children, the parent over the middle one', [3, 0, 0, 0], [1, 0, 1, 2]);
  check('cousins stand a little further apart', [2, 1, 0, 1, 0], [0.575, 0, 0, 1.15, 1.15]);
  check('a leaf beside a wide family', [2, 0, 3, 0, 0, 0], [0.5, 0, 1, 0, 1, 2]);
  check(
    'small ones between large ones spread evenly',
    [3, 3, 0, 0, 0, 0, 3, 0, 0, 0],
    [2.575, 1, 0, 1, 2, 2.575, 4.15, 3.15, 4.15, 5.15],
  );
});

/** Positions by level, left to right in the order of the plan. */
function checkTidy(parents: readonly number[]): void {
  const positions = tidyPositions(parents);
  const depths: number[] = [];
  const levels: number[][] = [];
  const children = parents.map((): number[] => []);
  for (const [index, parent] of parents.entries()) {
    depths.push(parent < 0 ? 0 : depths[parent]! + 1);
    (levels[depths[index]!] ??= []).push(positions[index]!);
    if (parent >= 0) children[parent]!.push(positions[index]!);
  }
  assert.ok(Math.abs(Math.min(...positions)) < 1e-9, 'starts at 0');
  for (const level of levels) {
    for (let at = 1; at < level.length; at++) assert.ok(level[at]! - level[at - 1]! > 1 - 1e-9, 'no overlap');
  }
  for (const [index, below] of children.entries()) {
    if (below.length === 0) continue;
    const middle = (below[0]! + below.at(-1)!) / 2;
    assert.ok(Math.abs(positions[index]! - middle) < 1e-6, 'over the middle of its children');
  }
}

function randomTree(size: number, seed: number): readonly number[] {
  let state = seed;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  // Pre-order: a new node hangs on the last one or one of its ancestors.
  const parents = [-1];
  for (let index = 1; index < size; index++) {
    let parent = index - 1;
    while (parent > 0 && random() < 0.45) parent = parents[parent]!;
    parents.push(parent);
  }
  return parents;
}

describe('every tree', () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    test(`of 400 nodes, seed ${seed}`, () => checkTidy(randomTree(400, seed)));
  }
  test('300 leaves under one node', () => checkTidy(parentsOf([300, ...Array<number>(300).fill(0)])));
  test('a chain of 100,000 needs no stack', () => {
    const positions = tidyPositions(Array.from({ length: 100_000 }, (_, index) => index - 1));
    assert.ok(positions.every((position) => position === 0));
  });
  test('a subtree and its mirror are mirrored', () => {
    const childCounts = [2, 3, 0, 1, 0, 0, 1, 2, 0, 0];
    const mirrored = [2, 1, 2, 0, 0, 3, 0, 1, 0, 0];
    const widest = (positions: readonly number[]) => Math.max(...positions);
    const [one, other] = [childCounts, mirrored].map((counts) => tidyPositions(parentsOf(counts)));
    assert.ok(Math.abs(widest(one!) - widest(other!)) < 1e-9);
    assert.ok(Math.abs(one![0]! - (widest(other!) - other![0]!)) < 1e-9);
  });
  test('ten times the nodes take about ten times as long, not a hundred', () => {
    // Of the processor, the least of several: other tests run meanwhile, and garbage is collected in some of the runs.
    const leastMs = (size: number) => {
      const parents = randomTree(size, 42);
      return Math.min(
        ...Array.from({ length: 4 }, () => {
          const from = process.cpuUsage();
          tidyPositions(parents);
          const { user, system } = process.cpuUsage(from);
          return (user + system) / 1000;
        }),
      );
    };
    const smallMs = Math.max(2, leastMs(20_000));
    const largeMs = leastMs(200_000);
    assert.ok(largeMs < 40 * smallMs, `${largeMs} ms, against ${smallMs} ms`);
  });
});
