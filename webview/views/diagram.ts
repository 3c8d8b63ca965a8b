/** The diagram: the plan as boxes and lines, as wide as the rows that flow. Dragged or scrolled, zoomed by wheel, buttons and keys. */
import { html, nothing, type TemplateResult } from 'lit';
import { drawDiagram, edgeWidthPx } from '../diagramDrawing.ts';
import { boxAt, boxBeside, layoutDiagram, levelPx, type Diagram } from '../diagramLayout.ts';
import { foldedTree } from '../folding.ts';
import type { Panel } from '../panel.ts';
import { ancestorsOf, type PlanModel } from '../planModel.ts';
import type { Viewport } from '../state.ts';
import type { Picture } from '../svgText.ts';
import { textMeasure } from '../themePalette.ts';
import { drawingView, type Place } from './drawingView.ts';
import { pictureTitle, savePicture } from './savePicture.ts';

/** Around the plan, in pixels on screen. */
const marginPx = 24;
const zoomStep = 1.25;
const largestScale = 2;
/** A plan that fits is drawn to fit, but letters stay readable; a larger one starts here, at its selected step. */
const startScale = { least: 0.8, most: 1 } as const;
/** Drawn around what is seen, in pixels on screen, so that scrolling shows no gap. */
const sparePx = 200;

let laidOut:
  | { readonly model: PlanModel; readonly collapsed: ReadonlySet<string>; readonly diagram: Diagram }
  | undefined;

/** Kept for the plan on screen: scrolling and zooming move nothing. */
function diagramOf(model: PlanModel, collapsed: ReadonlySet<string>): Diagram {
  if (laidOut?.model !== model || laidOut.collapsed !== collapsed) {
    laidOut = { model, collapsed, diagram: layoutDiagram(model, collapsed) };
  }
  return laidOut.diagram;
}

interface Placing extends Place {
  readonly width: number;
  readonly height: number;
}

export function diagramView(panel: Panel, plan: PlanModel): TemplateResult {
  const { state } = panel;
  const model = foldedTree(plan);
  const diagram = diagramOf(model, state.collapsed);
  const { selectedId } = state;
  const focusedId = [selectedId, ...ancestorsOf(model, selectedId)].find((id) => diagram.byId.has(id)) ?? '';
  const scale = state.diagramScale ?? startingScale(diagram, state.viewport);
  const placing = place(diagram, state.viewport, scale);
  const { leftPx, topPx, widthPx, heightPx } = state.viewport;
  const frame = {
    left: (leftPx - sparePx - placing.x) / placing.scaleX,
    top: (topPx - sparePx - placing.y) / placing.scaleY,
    right: (leftPx + widthPx + sparePx - placing.x) / placing.scaleX,
    bottom: (topPx + heightPx + sparePx - placing.y) / placing.scaleY,
    scaleX: placing.scaleX,
    scaleY: placing.scaleY,
    focusedId,
  };
  const zoomTo = (wanted: number, event?: MouseEvent) => zoom(panel, diagram, placing, wanted, event);
  const fit = () => zoomTo(fittingScale(diagram, state.viewport));
  return html`<div class="drawing-bar">
      <span class="zoom" role="group" aria-label="Zoom">
        <button class="toggle" title="Fit the whole plan (0)" @click=${fit}>Fit</button>
        <button
          class="toggle"
          aria-label="Zoom out"
          title="Zoom out (−)"
          @click=${() => zoomTo(scale / zoomStep)}
        >
          −
        </button>
        <button
          class="toggle"
          title="Full size"
          aria-label=${`${zoomWords(scale)}, to full size`}
          @click=${() => zoomTo(1)}
        >
          ${zoomWords(scale)}
        </button>
        <button
          class="toggle"
          aria-label="Zoom in"
          title="Zoom in (+)"
          @click=${() => zoomTo(scale * zoomStep)}
        >
          +
        </button>
      </span>
      ${legendToggle(panel)}
      <span class="spring"></span>
      ${savePicture(panel, () => pictureOf(panel, model, diagram))} ${legend(panel, model)}
    </div>
    <div
      class="canvas"
      @wheel=${{ handleEvent: (event: WheelEvent) => onWheel(event, scale, zoomTo), passive: false }}
      @pointerdown=${startDrag}
    >
      ${drawingView(drawDiagram(model, diagram, textMeasure(), frame), {
        model,
        label: `Diagram of the plan, bars by ${model.metric.label}${model.perLoop ? ' per loop' : ''}`,
        focusedId,
        selectedId,
        sizePx: { width: placing.width, height: placing.height },
        place: placing,
        idAt: (x, y) => boxAt(diagram, x, y)?.row.node.id,
        onSelect: (id) => panel.dispatch({ type: 'node/select', id }),
        onOpen: (id) => toggle(panel, model, id),
        onKey: (event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const next = boxBeside(diagram, focusedId, event.key);
          if (next !== undefined) panel.dispatch({ type: 'node/select', id: next.row.node.id });
          else if (event.key === '+' || event.key === '=') zoomTo(scale * zoomStep);
          else if (event.key === '-') zoomTo(scale / zoomStep);
          else if (event.key === '0') fit();
          else if (event.key === 'Enter' || event.key === ' ') toggle(panel, model, focusedId);
          else return;
          event.preventDefault();
        },
      })}
    </div>`;
}

function zoomWords(scale: number): string {
  return `${scale < 0.1 ? (scale * 100).toFixed(1) : Math.round(scale * 100)} %`;
}

/** Folds and unfolds, as in the table. The box stays where the eye is, however wide the drawing grows. */
function toggle(panel: Panel, model: PlanModel, id: string): void {
  if ((model.byId.get(id)?.childIds.length ?? 0) === 0) return;
  const scroller = document.querySelector('#plan');
  const placeNow = () => scroller?.querySelector(`[data-node="${CSS.escape(id)}"]`)?.getBoundingClientRect();
  const before = placeNow();
  panel.dispatch({ type: 'node/toggle', id });
  // After the drawing, which waits in this queue already.
  queueMicrotask(() => {
    const after = placeNow();
    if (before === undefined || after === undefined) return;
    scroller?.scrollBy({ left: after.left - before.left, top: after.top - before.top });
  });
}

function fittingScale({ widthPx, heightPx }: Diagram, viewport: Viewport): number {
  const room = (seenPx: number) => Math.max(1, seenPx - 2 * marginPx);
  return Math.min(1, room(viewport.widthPx) / widthPx, room(viewport.heightPx - barPx) / heightPx);
}

/** The bar over the drawing, which sticks; one line of it. */
const barPx = 30;
/** Levels come no closer on screen: a plan of a thousand partitions would be a line. Its marks are then higher than wide. */
const smallestLevelPx = 12;

function startingScale(diagram: Diagram, viewport: Viewport): number {
  return Math.min(startScale.most, Math.max(startScale.least, fittingScale(diagram, viewport)));
}

/** In the middle where it is smaller than the room, else with a margin all around. */
function place({ widthPx, heightPx }: Diagram, viewport: Viewport, scale: number): Placing {
  const width = Math.max(viewport.widthPx, Math.ceil(widthPx * scale) + 2 * marginPx);
  const scaleY = Math.max(scale, smallestLevelPx / levelPx);
  return {
    scaleX: scale,
    scaleY,
    x: Math.round((width - widthPx * scale) / 2),
    y: marginPx,
    width,
    height: Math.ceil(heightPx * scaleY) + 2 * marginPx,
  };
}

/** What is under the pointer (else in the middle) stays where it is. */
function zoom(panel: Panel, diagram: Diagram, from: Placing, wanted: number, event?: MouseEvent): void {
  const scroller = document.querySelector('#plan');
  if (scroller === null) return;
  const { viewport } = panel.state;
  const scale = Math.min(largestScale, Math.max(Math.min(0.1, fittingScale(diagram, viewport)), wanted));
  const frame = scroller.getBoundingClientRect();
  const x = event === undefined ? scroller.clientWidth / 2 : event.clientX - frame.left;
  const y = event === undefined ? scroller.clientHeight / 2 : event.clientY - frame.top;
  const to = place(diagram, viewport, scale);
  const left = ((scroller.scrollLeft + x - from.x) / from.scaleX) * to.scaleX + to.x - x;
  const top = ((scroller.scrollTop + y - from.y) / from.scaleY) * to.scaleY + to.y - y;
  panel.dispatch({ type: 'diagram/zoom', scale });
  // After the drawing, which waits in this queue already: only then is there room to scroll in.
  queueMicrotask(() => scroller.scrollTo({ left, top }));
}

function onWheel(event: WheelEvent, scale: number, zoomTo: (scale: number, event: MouseEvent) => void): void {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  zoomTo(scale * zoomStep ** (-event.deltaY / 100), event);
}

/** A hand is not that still. */
const stillClickPx = 4;

/** The drawing follows the pointer; a press that hardly moves stays a click. */
function startDrag(event: PointerEvent): void {
  const scroller = document.querySelector('#plan');
  if (scroller === null || event.button !== 0 || event.pointerType === 'touch') return;
  const canvas = event.currentTarget as HTMLElement;
  const { scrollLeft, scrollTop } = scroller;
  const drag = (moved: PointerEvent) => {
    scroller.scrollTo({
      left: scrollLeft + event.clientX - moved.clientX,
      top: scrollTop + event.clientY - moved.clientY,
    });
  };
  const swallow = (click: Event) => click.stopPropagation();
  const stop = (end: PointerEvent) => {
    removeEventListener('pointermove', drag);
    canvas.classList.remove('dragged');
    if (Math.hypot(end.clientX - event.clientX, end.clientY - event.clientY) <= stillClickPx) return;
    // The click that ends a drag comes at once, or not at all.
    canvas.addEventListener('click', swallow, { capture: true });
    setTimeout(() => canvas.removeEventListener('click', swallow, { capture: true }));
  };
  canvas.classList.add('dragged');
  addEventListener('pointermove', drag);
  addEventListener('pointerup', stop, { once: true });
  addEventListener('pointercancel', stop, { once: true });
}

function pictureOf(panel: Panel, model: PlanModel, diagram: Diagram): Picture {
  return {
    title: pictureTitle(panel, model),
    notes: [
      `Bars: own ${model.metric.label.toLowerCase()} of each step${model.perLoop ? ', per loop' : ''}`,
      ...legendWords(model),
    ],
    drawing: drawDiagram(model, diagram, textMeasure()),
  };
}

const legendGroup = 'diagram-legend';

function legendToggle(panel: Panel): TemplateResult {
  const open = panel.state.openGroups.has(legendGroup);
  return html`<button
    class="toggle"
    aria-expanded=${open ? 'true' : 'false'}
    @click=${() => panel.dispatch({ type: 'group/toggle', group: legendGroup })}
  >
    Legend
  </button>`;
}

function legendWords({ plan, perLoop }: PlanModel): readonly string[] {
  return [
    `Lines: rows that flow up, ${plan.analyzed ? (perLoop ? 'per loop' : 'over all loops') : 'as planned (~)'}; ten times the rows, a little wider`,
    'Dashed: a sub-plan, another server, or never executed',
  ];
}

/** Rows for which the legend shows a line. */
const legendRows = [1, 1000, 1_000_000] as const;

function legend({ state }: Panel, model: PlanModel): TemplateResult | typeof nothing {
  if (!state.openGroups.has(legendGroup)) return nothing;
  return html`<div class="legend dim">
    ${legendRows.map(
      (rows) =>
        html`<span
          ><svg class="drawing sample" width="34" height="12" aria-hidden="true">
            <path class="line paint-edge" d="M0 6H34" stroke-width=${edgeWidthPx(rows)} /></svg
          >${rows === 1 ? '1 row' : rows === 1000 ? '1,000' : '1 M'}</span
        >`,
    )}
    ${legendWords(model).map((words) => html`<span>${words}</span>`)}
    <span>${`Bar in a box: own ${model.metric.label.toLowerCase()}, on one scale`}</span>
    <span>Double click: fold</span>
  </div>`;
}
