/** The annotated plan: a tree table of which only the rows in view are in the document. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { nodeTitle } from '../../src/shared/nodeLabel.ts';
import { icon, severityMark } from '../icons.ts';
import {
  buffersCell,
  loopsCell,
  nodeWords,
  qualifiers,
  rowsCell,
  selfCell,
  totalCell,
  type Cell,
} from '../nodeCells.ts';
import type { Panel } from '../panel.ts';
import { visibleRows, type PlanModel, type PlanRow } from '../planModel.ts';
import { sized } from '../sized.ts';
import type { Viewport } from '../state.ts';
import { treeMove, typeAhead, type TreeKeyInput, type TreeMove } from '../treeKeys.ts';

/** Height of a row, as in VS Code's own lists; style.css says the same. */
export const rowHeightPx = 22;
/** Rows drawn above and below what is seen, so that scrolling shows no gap. */
const spareRows = 8;
/** Typed letters within this time make one word. */
const typeAheadMs = 700;

let typed = { text: '', atMs: 0 };

export function planTable(panel: Panel, model: PlanModel): TemplateResult {
  const { state } = panel;
  const visible = visibleRows(model, state.collapsed);
  const selectedId = visible.some((row) => row.node.id === state.selectedId)
    ? state.selectedId
    : nearestVisible(model, visible, state.selectedId);
  const input: TreeKeyInput = {
    model,
    visible,
    collapsed: state.collapsed,
    selectedId,
    pageRows: Math.max(1, Math.floor(state.viewport.heightPx / rowHeightPx) - 1),
  };
  const drawn = drawnIndexes(
    visible.length,
    state.viewport,
    visible.findIndex((row) => row.node.id === selectedId),
  );
  const { metric } = model;
  return html`<div
    class="tree by-${metric.id} ${model.hasBuffers ? '' : 'no-buffers'} ${
      model.plan.analyzed ? '' : 'not-executed'
    }"
    role="treegrid"
    aria-label=${`Plan by ${metric.label}`}
    aria-rowcount=${visible.length + 1}
    @keydown=${(event: KeyboardEvent) => onKey(panel, input, event)}
  >
    <div role="rowgroup" class="tree-head">
      <div role="row" class="row" aria-rowindex="1">
        ${headCell('node', 'Node')}
        ${headCell('self', html`<span class="number">${metric.selfHead}</span><span class="share"></span>`)}
        ${headCell('total', metric.totalHead ?? '')}
        ${headCell(
          'rows',
          model.plan.analyzed
            ? html`<span class="number">Rows</span><span class="planned">/ planned</span
                ><span class="factor"></span>`
            : html`<span class="number">Rows<span class="planned-word"> planned</span></span>`,
        )}
        ${model.plan.analyzed ? headCell('loops', 'Loops') : nothing}
        ${model.hasBuffers ? headCell('buffers', 'Self buffers') : nothing}
      </div>
    </div>
    <div role="rowgroup" class="tree-body" ${sized({ height: `${visible.length * rowHeightPx}px` })}>
      ${repeat(
        drawn,
        (index) => visible[index]?.node.id,
        (index) => {
          const row = visible[index];
          return row === undefined ? nothing : rowView(panel, model, row, index, row.node.id === selectedId);
        },
      )}
    </div>
  </div>`;
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

function rowView(
  panel: Panel,
  model: PlanModel,
  row: PlanRow,
  index: number,
  selected: boolean,
): TemplateResult {
  const { node, level, childIds } = row;
  const inner = childIds.length > 0;
  const open = inner && !panel.state.collapsed.has(node.id);
  const toggle = (event: Event) => {
    event.stopPropagation();
    panel.dispatch({ type: 'node/toggle', id: node.id });
  };
  return html`<div
    role="row"
    class="row ${selected ? 'selected' : ''} ${node.neverExecuted ? 'never' : ''} ${row.severity ?? ''}"
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
    <div role="gridcell" class="cell node" title=${nodeWords(node)}>
      <span class="twisty" @click=${inner ? toggle : nothing}>
        ${inner ? icon(open ? 'chevron-down' : 'chevron-right') : nothing}
      </span>
      ${row.severity === undefined ? nothing : severityMark(row.severity)} ${nodeName(row)}
    </div>
    ${selfView(model, row)} ${plainCell('total', totalCell(node, model))} ${rowsView(model, row)}
    ${model.plan.analyzed ? plainCell('loops', loopsCell(node)) : nothing}
    ${model.hasBuffers ? plainCell('buffers', buffersCell(node)) : nothing}
  </div>`;
}

function nodeName({ node }: PlanRow): TemplateResult {
  const words = qualifiers(node);
  return html`${node.subplanName === undefined ? nothing : html`<span class="dim">${node.subplanName} · </span>`}
    <span>${nodeTitle(node)}</span>
    ${node.relation === undefined ? nothing : html`<b>${node.relation}</b>`}
    ${
      node.alias === undefined || node.alias === node.relation
        ? nothing
        : html`<span class="dim">${node.alias}</span>`
    }
    ${words.length === 0 ? nothing : html`<span class="dim">${words.join(' · ')}</span>`}`;
}

function selfView(model: PlanModel, { node }: PlanRow): TemplateResult {
  const cell = selfCell(node, model);
  // Half a pixel of bar is noise; a bar that can be seen at all is at least one.
  const bar =
    cell.barPercent < 0.5
      ? nothing
      : html`<svg class="bar" aria-hidden="true">
          ${svg`<rect width=${`${cell.barPercent.toFixed(1)}%`} height="100%" />`}
        </svg>`;
  return html`<div role="gridcell" class="cell self" title=${cell.title}>
    <span class="bar-room">${bar}</span><span class="number">${cell.text}</span
    ><span class="share">${cell.share}</span>
  </div>`;
}

function rowsView(model: PlanModel, { node }: PlanRow): TemplateResult {
  const cell = rowsCell(node, model);
  return html`<div role="gridcell" class="cell rows" title=${cell.title}>
    <span class="number">${cell.text}</span><span class="planned dim">${cell.planned}</span
    ><span class="factor ${cell.farOff ? 'far-off' : 'dim'}">${cell.factor}</span>
  </div>`;
}

function plainCell(column: string, cell: Cell): TemplateResult {
  return html`<div role="gridcell" class="cell ${column}" title=${cell.title}>${cell.text}</div>`;
}

function onKey(panel: Panel, input: TreeKeyInput, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const move =
    treeMove(event.key, input) ?? (isLetter(event.key) ? typeAhead(type(event.key), input) : undefined);
  if (move === undefined) return;
  event.preventDefault();
  apply(panel, move);
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
