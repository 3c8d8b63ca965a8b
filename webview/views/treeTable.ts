/** The plan as a tree table of which only the rows in view are in the document. What stands beside the names is up to the view. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { formatCount } from '../../src/shared/format.ts';
import { icon, severityMark } from '../icons.ts';
import { nodeText } from '../nodeText.ts';
import { nodeWords } from '../nodeCells.ts';
import type { Panel } from '../panel.ts';
import { visibleRows, type PlanModel, type PlanRow } from '../planModel.ts';
import { matchesOf } from '../search.ts';
import { sized } from '../sized.ts';
import { shownTree, type Viewport } from '../state.ts';
import { treeMove, typeAhead, type TreeKeyInput, type TreeMove } from '../treeKeys.ts';
import { copyPlace } from './copyNode.ts';
import { nodeName } from './nodeName.ts';

export interface TreeColumn {
  /** Its class, by which the style sheet gives it a width. */
  readonly id: string;
  readonly head: unknown;
  /** The whole cell, with its role. */
  readonly cell: (row: PlanRow, model: PlanModel) => TemplateResult;
}

export interface TreeColumns {
  readonly label: string;
  readonly className: string;
  readonly columns: readonly TreeColumn[];
}

/** Height of a row, as in VS Code's own lists; styles/base.css says the same. */
export const rowHeightPx = 22;
/** Rows drawn above and below what is seen, so that scrolling shows no gap. */
const spareRows = 8;
/** Typed letters within this time make one word. */
const typeAheadMs = 700;

let typed = { text: '', atMs: 0 };

export function treeTable(
  panel: Panel,
  model: PlanModel,
  columnsOf: (tree: PlanModel) => TreeColumns,
): TemplateResult {
  const { state } = panel;
  const tree = shownTree(state) ?? model;
  const { label, className, columns } = columnsOf(tree);
  const visible = visibleRows(tree, state.collapsed);
  const selectedId = visible.some((row) => row.node.id === state.selectedId)
    ? state.selectedId
    : nearestVisible(tree, visible, state.selectedId);
  const input: TreeKeyInput = {
    model: tree,
    visible,
    collapsed: state.collapsed,
    selectedId,
    pageRows: Math.max(1, Math.floor(state.viewport.heightPx / rowHeightPx) - 1),
  };
  const selectedIndex = visible.findIndex((row) => row.node.id === selectedId);
  const drawn = drawnIndexes(visible.length, state.viewport, selectedIndex);
  const searched = state.search?.text ?? '';
  const matches = new Set(matchesOf(tree.plan, searched));
  if (visible.length === 0) return html`<p class="none-shown">No step holds “${searched}”.</p>`;
  return html`<div
    class="tree ${className}"
    role="treegrid"
    aria-label=${label}
    aria-rowcount=${visible.length + 1}
    @keydown=${(event: KeyboardEvent) => onKey(panel, input, event)}
  >
    <div role="rowgroup" class="tree-head">
      <div role="row" class="row" aria-rowindex="1">
        ${headCell('node', 'Node')} ${columns.map(({ id, head }) => headCell(id, head))}
      </div>
    </div>
    <div role="rowgroup" class="tree-body" ${sized({ height: `${visible.length * rowHeightPx}px` })}>
      ${repeat(
        drawn,
        (index) => visible[index]?.node.id,
        (index) => {
          const row = visible[index];
          if (row === undefined) return nothing;
          const { id } = row.node;
          return rowView(panel, row, {
            index,
            selected: id === selectedId,
            matches: matches.has(id),
            cells: columns.map(({ cell }) => cell(row, tree)),
          });
        },
      )}
    </div>
    ${visible.length > mostPrintedRows ? printedPart(visible.length, selectedIndex) : nothing}
  </div>`;
}

/** As much of the table as goes on paper: a larger plan than this is no longer read there, and would be a book. */
const mostPrintedRows = 500;

/** Of A4, upright, between margins of 1 cm, at 96 pixels to the inch: drawings fit themselves to it. */
const paperWidthPx = 718;

/** What is seen of the plan when it is printed: the first rows of a table, and no more than paper is wide. */
export function printedViewport(viewport: Viewport): Viewport {
  // The spare rows come on top of those in view.
  return {
    topPx: 0,
    leftPx: 0,
    heightPx: (mostPrintedRows - spareRows - 1) * rowHeightPx,
    widthPx: Math.min(viewport.widthPx, paperWidthPx),
  };
}

function printedPart(count: number, selectedIndex: number): TemplateResult {
  const selected = selectedIndex >= mostPrintedRows ? ', and the selected one' : '';
  return html`<p class="printed-only">
    The first ${formatCount(mostPrintedRows)} of ${formatCount(count)} steps${selected}.
  </p>`;
}

/** Scrolls as little as needed to bring the row of that node into `scroller`. */
export function revealRow(scroller: Element, index: number): void {
  const top = index * rowHeightPx;
  const seenPx = scroller.clientHeight - rowHeightPx; // The head sticks at the top.
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + rowHeightPx > scroller.scrollTop + seenPx) scroller.scrollTop = top + rowHeightPx - seenPx;
}

/** Indexes of the rows in view, in order, and of the selected one: it is always drawn, for it holds the keyboard's focus. */
export function drawnIndexes(count: number, viewport: Viewport, selected = -1): readonly number[] {
  const first = Math.max(0, Math.floor(viewport.topPx / rowHeightPx) - spareRows);
  const last = Math.min(count - 1, Math.ceil((viewport.topPx + viewport.heightPx) / rowHeightPx) + spareRows);
  const indexes: number[] = [];
  for (let index = first; index <= last; index++) indexes.push(index);
  if (selected < 0 || (selected >= first && selected <= last)) return indexes;
  return selected < first ? [selected, ...indexes] : [...indexes, selected];
}

/** A selected node inside a folded one hands the focus to what hides it. */
function nearestVisible(model: PlanModel, visible: readonly PlanRow[], id: string): string {
  const shown = new Set(visible.map((row) => row.node.id));
  let at: string | null = id;
  while (at !== null && !shown.has(at)) at = model.byId.get(at)?.node.parentId ?? null;
  return at ?? visible[0]?.node.id ?? '';
}

function headCell(column: string, text: unknown): TemplateResult {
  return html`<div role="columnheader" class="cell ${column}">${text}</div>`;
}

interface Drawn {
  readonly index: number;
  readonly selected: boolean;
  readonly matches: boolean;
  readonly cells: readonly TemplateResult[];
}

function rowView(panel: Panel, row: PlanRow, { index, selected, matches, cells }: Drawn): TemplateResult {
  const { node, level, childIds } = row;
  const inner = childIds.length > 0;
  const open = inner && !panel.state.collapsed.has(node.id);
  const toggle = (event: Event) => {
    event.stopPropagation();
    panel.dispatch({ type: 'node/toggle', id: node.id });
  };
  return html`<div
    role="row"
    class="row ${selected ? 'selected' : ''} ${node.neverExecuted ? 'never' : ''} ${
      matches ? 'match' : ''
    } ${row.severity ?? ''}"
    data-node=${node.id}
    tabindex=${selected ? '0' : '-1'}
    aria-level=${level}
    aria-posinset=${row.position}
    aria-setsize=${row.siblings}
    aria-rowindex=${index + 2}
    aria-selected=${selected ? 'true' : 'false'}
    aria-expanded=${inner ? String(open) : nothing}
    ${sized({ top: `${index * rowHeightPx}px`, '--level': String(level - 1) })}
    @click=${() => panel.dispatch({ type: 'node/select', id: node.id })}
    @dblclick=${inner ? toggle : nothing}
  >
    <div role="gridcell" class="cell node" title=${nodeWords(node, row.fold?.words)}>
      <span class="twisty" @click=${inner ? toggle : nothing}>
        ${inner ? icon(open ? 'chevron-down' : 'chevron-right') : nothing}
      </span>
      ${row.severity === undefined ? nothing : severityMark(row.severity)}
      ${nodeName(row, panel.state.search?.text)}
    </div>
    ${cells}
  </div>`;
}

function onKey(panel: Panel, input: TreeKeyInput, event: KeyboardEvent): void {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') copy(panel, input, event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.key === '?') return;
  const move =
    treeMove(event.key, input) ?? (isLetter(event.key) ? typeAhead(type(event.key), input) : undefined);
  if (move === undefined) return;
  event.preventDefault();
  apply(panel, move);
}

/** The selected step, unless somebody marked a text to be copied. */
function copy(panel: Panel, { model, selectedId }: TreeKeyInput, event: KeyboardEvent): void {
  const row = model.byId.get(selectedId);
  if (row === undefined || !panel.state.abilities.copy || getSelection()?.isCollapsed === false) return;
  event.preventDefault();
  panel.ask(copyPlace, { type: 'text/copy', text: nodeText(row, model) });
}

function apply(panel: Panel, { move, id }: TreeMove): void {
  if (move === 'toggle') panel.dispatch({ type: 'node/toggle', id });
  else panel.dispatch({ type: 'node/select', id });
}

function isLetter(key: string): boolean {
  return key.length === 1 && key !== ' ';
}

function type(letter: string): string {
  const nowMs = performance.now();
  const together = nowMs - typed.atMs < typeAheadMs && typed.text !== letter;
  typed = { text: together ? typed.text + letter : letter, atMs: nowMs };
  return typed.text;
}
