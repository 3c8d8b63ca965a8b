/** The keyboard of the tree table, after the treegrid pattern of the ARIA Authoring Practices. Pure. */
import { nodeTitle } from '../src/shared/nodeLabel.ts';
import type { PlanModel, PlanRow } from './planModel.ts';

/** What a key does: move to a node, or open or close the selected one. */
export type TreeMove =
  { readonly move: 'select'; readonly id: string } | { readonly move: 'toggle'; readonly id: string };

export interface TreeKeyInput {
  readonly model: PlanModel;
  readonly visible: readonly PlanRow[];
  readonly collapsed: ReadonlySet<string>;
  readonly selectedId: string;
  /** How many rows a page holds. */
  readonly pageRows: number;
}

/** Undefined when the key means nothing here, so that the browser may have it. */
export function treeMove(key: string, input: TreeKeyInput): TreeMove | undefined {
  const { model, visible, collapsed, selectedId } = input;
  const index = Math.max(
    0,
    visible.findIndex((row) => row.node.id === selectedId),
  );
  const row = visible[index];
  if (row === undefined) return undefined;
  const open = row.childIds.length > 0 && !collapsed.has(row.node.id);
  switch (key) {
    case 'ArrowDown':
      return to(visible[index + 1]);
    case 'ArrowUp':
      return to(visible[index - 1]);
    case 'Home':
      return to(visible[0]);
    case 'End':
      return to(visible.at(-1));
    case 'PageDown':
      return to(visible[Math.min(visible.length - 1, index + input.pageRows)]);
    case 'PageUp':
      return to(visible[Math.max(0, index - input.pageRows)]);
    case 'ArrowRight':
      if (row.childIds.length === 0) return undefined;
      return open ? to(visible[index + 1]) : { move: 'toggle', id: row.node.id };
    case 'ArrowLeft':
      if (open) return { move: 'toggle', id: row.node.id };
      return row.node.parentId === null ? undefined : to(model.byId.get(row.node.parentId));
    case 'Enter':
    case ' ':
      return row.childIds.length > 0 ? { move: 'toggle', id: row.node.id } : undefined;
    default:
      return undefined;
  }
}

/** The next node whose type or table starts with what was typed, from the selected one on and around. */
export function typeAhead(typed: string, input: TreeKeyInput): TreeMove | undefined {
  const { visible, selectedId } = input;
  const index = visible.findIndex((row) => row.node.id === selectedId);
  // One letter goes on to the next match; more letters narrow what is already selected.
  const from = typed.length === 1 ? index + 1 : Math.max(0, index);
  const wanted = typed.toLowerCase();
  const round = [...visible.slice(from), ...visible.slice(0, from)];
  return to(round.find((row) => namesOf(row).some((name) => name.toLowerCase().startsWith(wanted))));
}

function namesOf({ node }: PlanRow): readonly string[] {
  return [nodeTitle(node), node.type, node.relation, node.alias, node.index].filter(
    (name) => name !== undefined,
  );
}

function to(row: PlanRow | undefined): TreeMove | undefined {
  return row === undefined ? undefined : { move: 'select', id: row.node.id };
}
