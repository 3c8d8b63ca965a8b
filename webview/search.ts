/** Searching a plan: which nodes hold a text, and the tree of those alone. Pure. */
import { nodeTitle } from '../src/shared/nodeLabel.ts';
import { placeName } from '../src/shared/remotePlace.ts';
import type { Json, Plan, PlanNode } from '../src/shared/report.ts';
import type { PlanModel, PlanRow } from './planModel.ts';

export interface Search {
  readonly text: string;
  /** The table holds matches and what they hang on, and nothing else. */
  readonly onlyMatches: boolean;
}

interface Haystack {
  readonly telling: string;
  /** The lists of columns, which repeat at every level of the plan what one step below brought in. */
  readonly output: string;
}

/** Made once per plan, at the first search: 10,000 nodes take longer to write out than to look through. */
const haystacks = new WeakMap<Plan, readonly Haystack[]>();
const lastMatches = new WeakMap<Plan, { readonly text: string; readonly ids: readonly string[] }>();
const lastTrees = new WeakMap<PlanModel, { readonly text: string; readonly tree: PlanModel }>();

/** In the order of the plan. An empty text matches nothing, and a column that is passed on only if nothing else has the text. */
export function matchesOf(plan: Plan, text: string): readonly string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const last = lastMatches.get(plan);
  if (last?.text === wanted) return last.ids;
  const hay = haystackOf(plan);
  const having = (part: keyof Haystack) =>
    plan.nodes.filter((_, index) => hay[index]?.[part].includes(wanted)).map(({ id }) => id);
  const telling = having('telling');
  const ids = telling.length > 0 ? telling : having('output');
  lastMatches.set(plan, { text: wanted, ids });
  return ids;
}

/** What is searched through; asked for when the search box is entered, so that the first letter does not wait for it. */
export function haystackOf(plan: Plan): readonly Haystack[] {
  const known = haystacks.get(plan) ?? plan.nodes.map(searchable);
  haystacks.set(plan, known);
  return known;
}

/** The matches and what they hang on; the whole tree while nothing is searched for. */
export function onlyMatches(tree: PlanModel, text: string): PlanModel {
  const last = lastTrees.get(tree);
  if (last?.text === text) return last.tree;
  const filtered =
    text.trim() === '' ? tree : keepOnly(tree, withAncestors(tree, matchesOf(tree.plan, text)));
  lastTrees.set(tree, { text, tree: filtered });
  return filtered;
}

const places = new WeakMap<Plan, ReadonlyMap<string, number>>();

/** Where a node stands in the plan; a fold (see folding.ts) stands where its first member does. */
export function placeOf({ plan }: Pick<PlanModel, 'plan'>, id: string): number {
  const known = places.get(plan) ?? new Map(plan.nodes.map((node, index) => [node.id, index]));
  places.set(plan, known);
  return known.get(id.replace(/^fold:/, '')) ?? 0;
}

/** The detail of a node that holds the text, as "Filter: (status = 'healthy'::text)"; undefined when none does. */
export function matchingDetail(node: PlanNode, text: string): string | undefined {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return undefined;
  return detailsText(node)
    .split('\n')
    .find((line) => line.toLowerCase().includes(wanted));
}

// Put together by hand: this runs over all nodes between two keystrokes.
function searchable(node: PlanNode): Haystack {
  const { relation = '', schema = '', alias = '', index, subplanName = '' } = node;
  const title = nodeTitle(node);
  const using = index === undefined ? '' : ` using ${index}`;
  // As psql prints it, as the table shows it, and by their full names.
  const names = `${title}${using} on ${relation} ${alias}\n${title} ${relation} ${alias}\n${node.type}\n${schema}.${relation}\n${subplanName}\n`;
  const output = node.details['Output'];
  return {
    telling: (names + detailsText(node)).toLowerCase(),
    output: output === undefined ? '' : textOf('Output', output).toLowerCase(),
  };
}

/** A line for each, the lists of columns aside. */
function detailsText({ details, workers, distributed }: PlanNode): string {
  let text = '';
  for (const key in details) if (key !== 'Output') text += textOf(key, details[key] ?? null);
  for (const worker of workers ?? []) text += textOf('Worker', worker.details);
  // As it is shown, then as Citus calls it.
  if (distributed !== undefined) text += `${placeName(distributed)}\n`;
  for (const [key, value] of Object.entries(distributed ?? {})) text += textOf(key, value as Json);
  return text;
}

function textOf(key: string, value: Json): string {
  if (typeof value !== 'object' || value === null) return `${key}: ${value}\n`;
  let text = '';
  if (Array.isArray(value)) for (const item of value as readonly Json[]) text += textOf(key, item);
  else for (const [inner, each] of Object.entries(value)) text += textOf(inner, each);
  return text;
}

function withAncestors({ byId }: PlanModel, ids: readonly string[]): ReadonlySet<string> {
  const kept = new Set<string>();
  for (const id of ids) {
    let at: string | null = id;
    while (at !== null && !kept.has(at)) {
      kept.add(at);
      at = byId.get(at)?.node.parentId ?? null;
    }
  }
  return kept;
}

function keepOnly(tree: PlanModel, kept: ReadonlySet<string>): PlanModel {
  const byId = new Map<string, PlanRow>();
  const seen = new Map<string | null, number>();
  const rows: PlanRow[] = [];
  for (const row of tree.rows) {
    const { id, parentId } = row.node;
    if (!kept.has(id)) continue;
    const position = (seen.get(parentId) ?? 0) + 1;
    seen.set(parentId, position);
    const childIds = row.childIds.filter((child) => kept.has(child));
    const siblings = parentId === null ? 1 : (byId.get(parentId)?.childIds.length ?? 1);
    const placed = { ...row, childIds, position, siblings };
    byId.set(id, placed);
    rows.push(placed);
  }
  return { ...tree, rows, byId };
}
