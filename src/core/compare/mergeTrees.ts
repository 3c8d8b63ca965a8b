/** The two trees as one: that of `after`, with what is gone put back where it was. */
import type { Alignment } from './alignPlans.ts';
import type { PlanSide } from './planSide.ts';

/** A row of the merged tree: places in the two plans, -1 where a side has none. */
export interface MergedRow {
  readonly level: number;
  readonly before: number;
  readonly after: number;
}

/** A node of the merged tree while it is being made. */
interface Item {
  readonly before: number;
  readonly after: number;
  parent: Item | undefined;
  children: Item[];
}

/** In pre-order; every node of both plans once. */
export function mergeTrees(before: PlanSide, after: PlanSide, alignment: Alignment): readonly MergedRow[] {
  const top: Item = { before: -1, after: -1, parent: undefined, children: [] };
  const itemsAfter: Item[] = [];
  after.nodes.forEach((_, place) => {
    const parent = itemsAfter[after.parents[place] ?? -1] ?? top;
    const item: Item = { before: alignment.toBefore[place] ?? -1, after: place, parent, children: [] };
    parent.children.push(item);
    itemsAfter.push(item);
  });
  const itemsBefore: Item[] = before.nodes.map((_, place) => {
    const kept = itemsAfter[alignment.toAfter[place] ?? -1];
    return kept ?? { before: place, after: -1, parent: undefined, children: [] };
  });
  // From the leaves up, so that what a removed step stood above has its place already.
  for (let place = before.nodes.length - 1; place >= 0; place--) {
    const item = itemsBefore[place];
    const below = (before.children[place] ?? []).map((child) => itemsBefore[child]);
    if (item !== undefined)
      putBack(
        item,
        below.filter((child) => child !== undefined),
      );
  }
  adopt(
    top,
    before.roots.map((root) => itemsBefore[root]).filter((root) => root !== undefined),
  );
  return walk(top);
}

/** Puts a removed step above what it stood above, where that still has one place; else leaves it for its parent. */
function putBack(item: Item, below: readonly Item[]): void {
  if (item.after < 0) {
    const kept = below.filter(({ parent }) => parent !== undefined);
    const parent = kept[0]?.parent;
    if (parent !== undefined && kept.every((child) => child.parent === parent)) {
      const moved = new Set(kept);
      const at = parent.children.findIndex((child) => moved.has(child));
      parent.children = parent.children.filter((child) => !moved.has(child)).toSpliced(at, 0, item);
      item.parent = parent;
      for (const child of kept) child.parent = item;
      item.children = [...kept];
    }
  }
  adopt(item, below);
}

/** Removed steps that have no place yet come under the step that they were under, behind the sibling before them. */
function adopt(parent: Item, children: readonly Item[]): void {
  if (children.every((child) => child.parent !== undefined)) return;
  const ownPlaces = new Map(parent.children.map((child, at) => [child, at]));
  const gaps: Item[][] = [[], ...parent.children.map((): Item[] => [])];
  let at = 0;
  for (const child of children) {
    const own = ownPlaces.get(child);
    if (own !== undefined) at = own + 1;
    if (child.parent !== undefined) continue;
    child.parent = parent;
    gaps[at]?.push(child);
  }
  parent.children = gaps.flatMap((gone, place) => {
    const next = parent.children[place];
    return next === undefined ? gone : [...gone, next];
  });
}

function walk(top: Item): readonly MergedRow[] {
  const rows: MergedRow[] = [];
  const pending = top.children.toReversed().map((item) => ({ item, level: 0 }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { item, level } = next;
    rows.push({ level, before: item.before, after: item.after });
    for (let at = item.children.length - 1; at >= 0; at--) {
      const child = item.children[at];
      if (child !== undefined) pending.push({ item: child, level: level + 1 });
    }
  }
  return rows;
}
