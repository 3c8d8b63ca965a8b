/** The icicle: each step's width is its part of the metric, inside the step that asked for it. */
import { html, nothing, type TemplateResult } from 'lit';
import { nodeTitle } from '../../src/shared/nodeLabel.ts';
import { foldedTree } from '../folding.ts';
import { barAt, barPitchPx, drawIcicle, icicleNotes, type IcicleFrame } from '../icicleDrawing.ts';
import { icicleOf, type Bar, type Icicle } from '../icicleLayout.ts';
import type { Panel } from '../panel.ts';
import { ancestorsOf, type PlanModel } from '../planModel.ts';
import type { State } from '../state.ts';
import type { Picture } from '../svgText.ts';
import { tintWords } from '../nodeTints.ts';
import { textMeasure } from '../themePalette.ts';
import { drawingView } from './drawingView.ts';
import { pictureTitle, savePicture } from './savePicture.ts';

/** Rows drawn above and below what is seen, so that scrolling shows no gap. */
const spareRows = 4;
/** A saved picture is as wide as a page on a screen. */
const picturePx = 1200;
/** Steps named in the way back; more would fill the line. */
const mostCrumbs = 3;

export function icicleView(panel: Panel, plan: PlanModel): TemplateResult {
  const model = foldedTree(plan);
  const icicle = icicleOf(model);
  const { state } = panel;
  const { collapsed } = state;
  const { topPx, heightPx, widthPx } = state.viewport;
  const zoomedId = icicle.byId.has(state.icicleRootId ?? '')
    ? state.icicleRootId!
    : (icicle.bars[0]?.row.node.id ?? '');
  const focusedId = nearestDrawn(model, icicle, state, zoomedId);
  const spare = spareRows * barPitchPx;
  const frame: IcicleFrame = {
    widthPx,
    zoomedId,
    focusedId,
    collapsed,
    seen: { topPx: topPx - spare, bottomPx: topPx + heightPx + spare },
  };
  const zoom = (id?: string) => panel.dispatch({ type: 'icicle/zoom', ...(id === undefined ? {} : { id }) });
  const toggle = (id: string) => {
    if ((model.byId.get(id)?.childIds.length ?? 0) > 0) panel.dispatch({ type: 'node/toggle', id });
  };
  const open = (id: string) => (collapsed.has(id) ? toggle(id) : zoom(id));
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = barBeside(model, icicle, frame, event.key);
    if (next !== undefined) panel.dispatch({ type: 'node/select', id: next.row.node.id });
    else if (event.key === 'Enter') open(focusedId);
    else if (event.key === ' ') toggle(focusedId);
    else if (event.key === 'Escape' && zoomedId !== icicle.bars[0]?.row.node.id) zoom();
    else return;
    event.preventDefault();
  };
  return html`<div class="drawing-bar">
      ${crumbs(panel, model, icicle, zoomedId)}
      <span class="notes dim">${notes(panel, model, icicle).join(' · ')}</span>
      <span class="spring"></span>
      ${icicle.bars.length === 0 ? nothing : savePicture(panel, () => pictureOf(panel, model, icicle))}
    </div>
    ${
      icicle.bars.length === 0
        ? html`<p class="dim sentence">
            ${`No step has any ${icicle.sizeBy.label.toLowerCase()}: there is nothing to draw. The table has every step.`}
          </p>`
        : drawingView(drawIcicle(model, icicle, frame, textMeasure()), {
            model,
            label: `Icicle of the plan by ${model.metric.label}`,
            focusedId,
            selectedId: state.selectedId,
            idAt: (x, y) => barAt(icicle, frame, x, y)?.row.node.id,
            onSelect: (id) => panel.dispatch({ type: 'node/select', id }),
            onOpen: open,
            onKey,
          })
    }`;
}

function notes({ state }: Panel, model: PlanModel, icicle: Icicle): readonly string[] {
  const isFolded = icicle.bars.some(({ row }) => row.childIds.length > 0 && state.collapsed.has(row.node.id));
  return [
    ...icicleNotes(model, icicle),
    tintWords(model),
    ...(isFolded ? ['Double click or Enter: opens what is folded'] : []),
  ];
}

function pictureOf(panel: Panel, model: PlanModel, icicle: Icicle): Picture {
  const zoomedId = icicle.bars[0]?.row.node.id ?? '';
  const frame = { widthPx: picturePx, zoomedId, focusedId: '', collapsed: panel.state.collapsed };
  return {
    title: pictureTitle(panel, model),
    notes: notes(panel, model, icicle),
    drawing: drawIcicle(model, icicle, frame, textMeasure()),
  };
}

/** The way back from a zoomed step: the whole plan, then the steps right above it. */
function crumbs(
  panel: Panel,
  model: PlanModel,
  icicle: Icicle,
  zoomedId: string,
): TemplateResult | typeof nothing {
  const rootId = icicle.bars[0]?.row.node.id;
  if (rootId === undefined || zoomedId === rootId) return nothing;
  const above = ancestorsOf(model, zoomedId).filter((id) => id !== rootId);
  const named = above.slice(0, mostCrumbs).toReversed();
  const nameOf = (id: string) => nodeTitle(model.byId.get(id)!.node);
  const to = (id: string, text: string) =>
    html`<button class="link" @click=${() => panel.dispatch({ type: 'icicle/zoom', id })}>${text}</button> ›`;
  return html`<nav class="crumbs" aria-label="Zoomed into">
    ${to(rootId, 'Whole plan')} ${above.length > named.length ? '… ›' : nothing}
    ${named.map((id) => to(id, nameOf(id)))} <span>${nameOf(zoomedId)}</span>
  </nav>`;
}

/** Where the keyboard is while the selected step has no width, is folded away or lies outside what is zoomed into. */
function nearestDrawn(
  model: PlanModel,
  { byId }: Icicle,
  { selectedId, collapsed }: State,
  zoomedId: string,
): string {
  const up = [selectedId, ...ancestorsOf(model, selectedId)];
  let nearest = zoomedId;
  for (const id of up.slice(0, up.indexOf(zoomedId) + 1).toReversed()) {
    if (!byId.has(id)) break;
    nearest = id;
    if (collapsed.has(id)) break;
  }
  return nearest;
}

/** Up to the parent, down to the widest child, sideways among siblings; only what is drawn, never out of the zoomed step. */
function barBeside(
  model: PlanModel,
  { byId }: Icicle,
  { focusedId: id, zoomedId, collapsed }: IcicleFrame,
  key: string,
): Bar | undefined {
  const row = model.byId.get(id);
  const parentId = row?.node.parentId ?? '';
  if (row === undefined) return undefined;
  const drawn = (ids: readonly string[]) =>
    ids.map((each) => byId.get(each)).filter((bar) => bar !== undefined);
  if (key === 'Home') return byId.get(zoomedId);
  if (key === 'ArrowDown' && collapsed?.has(id) === true) return undefined;
  if (key === 'ArrowDown') {
    return drawn(row.childIds).reduce<Bar | undefined>(
      (widest, bar) => (widest === undefined || bar.width > widest.width ? bar : widest),
      undefined,
    );
  }
  if (id === zoomedId) return undefined;
  if (key === 'ArrowUp') return byId.get(parentId);
  const siblings = drawn(model.byId.get(parentId)?.childIds ?? []);
  const at = siblings.findIndex((bar) => bar.row.node.id === id);
  if (key === 'ArrowLeft') return siblings[at - 1];
  return key === 'ArrowRight' ? siblings[at + 1] : undefined;
}
