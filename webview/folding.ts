/** The tree with partitions of one table, and siblings that are alike, under one row with their totals. Pure. */
import { nodeTitle } from '../src/shared/nodeLabel.ts';
import type { PlanNode } from '../src/shared/report.ts';
import { totalsOf } from './foldTotals.ts';
import { selfOf, worseSeverity, type PlanModel, type PlanRow } from './planModel.ts';
import { siblingKinds, type SiblingKinds } from './siblingKinds.ts';

/** Fewer siblings are read at a glance. */
const fewestFolded = 4;
/** More than this many start folded, as the rows would push the rest of the plan out of sight. */
const mostOpen = 8;

/** Everything of a tree that its metric does not change. */
type Tree = Pick<PlanModel, 'rows' | 'byId'>;
const trees = new WeakMap<PlanModel['rows'], Tree>();
const folded = new WeakMap<PlanModel, PlanModel>();

/** The same model when nothing in it is alike; its rows are then the plan's own. */
export function foldedTree(model: PlanModel): PlanModel {
  const known = folded.get(model);
  if (known !== undefined) return known;
  const tree = trees.get(model.rows) ?? fold(model);
  trees.set(model.rows, tree);
  const built = tree.rows === model.rows ? model : { ...model, ...tree, longest: longestOf(model, tree) };
  folded.set(model, built);
  return built;
}

/** The folds that are closed until somebody opens them. */
export function closedFolds({ rows }: PlanModel): ReadonlySet<string> {
  return new Set(
    rows.filter(({ fold: each }) => (each?.memberIds.length ?? 0) > mostOpen).map(({ node }) => node.id),
  );
}

/** Tasks ran side by side: their sum would make the bars of all that waited for them short. */
function longestOf(model: PlanModel, { rows }: Tree): number {
  return rows
    .filter(({ node, fold: each }) => each !== undefined && node.distributed === undefined)
    .reduce((most, { node }) => Math.max(most, selfOf(node, model) ?? 0), model.longest);
}

interface Waiting {
  readonly row: PlanRow;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
}

function fold(model: PlanModel): Tree {
  const kinds = siblingKinds(model);
  const groups = new Map<string, ReadonlyMap<string, readonly PlanRow[]>>();
  for (const row of model.rows) {
    const found = row.childIds.length < fewestFolded ? undefined : foldsUnder(row, model, kinds);
    if (found !== undefined && found.size > 0) groups.set(row.node.id, found);
  }
  if (groups.size === 0) return model;
  const rows: PlanRow[] = [];
  const byId = new Map<string, PlanRow>();
  const first = model.rows[0];
  // A stack, for plans can be deeper than the call stack.
  const waiting: Waiting[] = first === undefined ? [] : [{ row: first, level: 1, position: 1, siblings: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { row, level, position, siblings } = next;
    const children = childrenOf(row, model, groups.get(row.node.id), kinds);
    const placed = { ...row, level, position, siblings, childIds: children.map(({ node }) => node.id) };
    rows.push(placed);
    byId.set(placed.node.id, placed);
    // What is pushed last comes out first.
    for (let index = children.length - 1; index >= 0; index--) {
      waiting.push({
        row: children[index]!,
        level: level + 1,
        position: index + 1,
        siblings: children.length,
      });
    }
  }
  return { rows: withSeverities(rows, byId), byId };
}

/** By the id of the first member, which is where the fold stands. */
function foldsUnder(
  { node, childIds }: PlanRow,
  model: PlanModel,
  kinds: SiblingKinds,
): ReadonlyMap<string, readonly PlanRow[]> {
  const alike = new Map<string, PlanRow[]>();
  for (const id of childIds) {
    const child = model.byId.get(id);
    if (child === undefined) continue;
    const kind = kinds.kindOf(child.node, node);
    const known = alike.get(kind);
    if (known === undefined) alike.set(kind, [child]);
    else known.push(child);
  }
  return new Map(
    [...alike.values()]
      .filter((members) => members.length >= fewestFolded)
      .map((members) => [members[0]!.node.id, members]),
  );
}

/** The rows below: members stand under their fold, all others where they stood. */
function childrenOf(
  row: PlanRow,
  model: PlanModel,
  groups: ReadonlyMap<string, readonly PlanRow[]> | undefined,
  kinds: SiblingKinds,
): readonly PlanRow[] {
  const children = (row.fold?.memberIds ?? row.childIds)
    .map((id) => model.byId.get(id))
    .filter((child) => child !== undefined);
  if (row.fold !== undefined)
    return children.map((child) => ({ ...child, node: { ...child.node, parentId: row.node.id } }));
  if (groups === undefined) return children;
  const inside = new Set([...groups.values()].flat().map(({ node }) => node.id));
  return children.flatMap((child) => {
    const members = groups.get(child.node.id);
    if (members === undefined) return inside.has(child.node.id) ? [] : [child];
    return [foldRow(members, kinds, row.node)];
  });
}

function foldRow(members: readonly PlanRow[], kinds: SiblingKinds, parent: PlanNode): PlanRow {
  const nodes = members.map(({ node }) => node);
  const memberIds = nodes.map(({ id }) => id);
  const { label, ...table } = kinds.named(nodes, parent);
  return {
    node: totalsOf(`fold:${memberIds[0]}`, label, nodes),
    level: 0,
    childIds: memberIds,
    position: 0,
    siblings: 0,
    fold: { ...table, memberIds, words: wordsOf(nodes) },
  };
}

/** So that p2 comes before p10. */
const byNumbers = new Intl.Collator('en', { numeric: true }).compare;

function wordsOf(nodes: readonly PlanNode[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(nodeTitle(node), (counts.get(nodeTitle(node)) ?? 0) + 1);
  const types =
    counts.size === 1
      ? [...counts.keys()].join('')
      : [...counts].map(([title, count]) => `${count} ${title}`).join(', ');
  const idle = nodes.filter(({ neverExecuted }) => neverExecuted).length;
  const names = nodes.map(({ relation }) => relation).filter((name) => name !== undefined);
  names.sort(byNumbers);
  const [first, last] = [names[0], names.at(-1)];
  return [
    ...(first === undefined || last === undefined || first === last ? [] : [`${first} … ${last}`]),
    types,
    ...(idle === 0 || idle === nodes.length ? [] : [`${idle} never executed`]),
  ];
}

/** A fold is marked with the worst of everything inside it: nothing serious is folded away unseen. */
function withSeverities(rows: readonly PlanRow[], byId: Map<string, PlanRow>): readonly PlanRow[] {
  const worst = new Map<string, PlanRow['severity']>();
  for (const { node, severity } of rows.toReversed()) {
    const own = worseSeverity(severity, worst.get(node.id));
    worst.set(node.id, own);
    if (node.parentId !== null) worst.set(node.parentId, worseSeverity(own, worst.get(node.parentId)));
  }
  return rows.map((row) => {
    const severity = row.fold === undefined ? undefined : worst.get(row.node.id);
    if (severity === undefined) return row;
    const marked = { ...row, severity };
    byId.set(row.node.id, marked);
    return marked;
  });
}
