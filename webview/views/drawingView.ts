/** A drawing on screen: one tab stop, one name for each mark, and the pointer's way from a point to a node. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { dashesPx, type Drawing, type Mark, type Shape } from '../drawing.ts';
import { markName } from '../nodeTints.ts';
import type { PlanModel } from '../planModel.ts';

/** Where the drawing lies in its frame, and how large. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly scaleX: number;
  readonly scaleY: number;
}

export interface DrawingSetup {
  readonly model: PlanModel;
  /** What the whole is called. */
  readonly label: string;
  /** The mark that is the tab stop, and whether it is the selected node itself. */
  readonly focusedId: string;
  readonly selectedId: string;
  /** Size and place of the drawing in its frame; as it is unless said otherwise. */
  readonly sizePx?: { readonly width: number; readonly height: number };
  readonly place?: Place;
  /** The node at a point of the drawing where no mark is. */
  readonly idAt: (x: number, y: number) => string | undefined;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

const asItIs: Place = { x: 0, y: 0, scaleX: 1, scaleY: 1 };

export function drawingView(drawing: Drawing, setup: DrawingSetup): TemplateResult {
  const { sizePx = { width: drawing.widthPx, height: drawing.heightPx }, place = asItIs } = setup;
  const idOf = (event: MouseEvent) => idUnder(event, setup, place);
  const withId = (event: MouseEvent, act: (id: string) => void) => {
    const id = idOf(event);
    if (id !== undefined) act(id);
  };
  return html`<svg
    class="drawing"
    role="tree"
    aria-label=${setup.label}
    width=${sizePx.width}
    height=${sizePx.height}
    @click=${(event: MouseEvent) => {
      const drawn = event.currentTarget as Element;
      withId(event, setup.onSelect);
      // After the drawing: what was a sliver is a mark then, and takes the keyboard.
      queueMicrotask(() => drawn.querySelector<SVGElement>('[tabindex="0"]')?.focus({ preventScroll: true }));
    }}
    @dblclick=${(event: MouseEvent) => withId(event, setup.onOpen)}
    @pointermove=${(event: PointerEvent) => nameSmallMark(event, idOf(event), setup.model)}
    @keydown=${setup.onKey}
  >
    <g transform=${`translate(${place.x} ${place.y}) scale(${place.scaleX} ${place.scaleY})`}>
      <g class="under" aria-hidden="true">
        <title></title>
        ${drawing.under.map(shapeView)}
      </g>
      ${repeat(
        drawing.marks,
        ({ node }) => node.id,
        (mark) => markView(mark, setup),
      )}
      <g aria-hidden="true">
        ${repeat(
          drawing.marks,
          ({ node }) => node.id,
          ({ shapes }) => shapes.filter(isText).map(shapeView),
        )}
      </g>
    </g>
  </svg>`;
}

/** Brings a mark into the middle of `scroller`, unless all of it is seen already. */
export function revealMark(scroller: Element, mark: Element): void {
  const frame = scroller.getBoundingClientRect();
  const bar = scroller.querySelector('.drawing-bar')?.getBoundingClientRect().height ?? 0;
  const { left, right, top, bottom } = mark.getBoundingClientRect();
  const isSeen =
    left >= frame.left && right <= frame.right && top >= frame.top + bar && bottom <= frame.bottom;
  if (isSeen) return;
  scroller.scrollBy({
    left: (left + right) / 2 - (frame.left + frame.right) / 2,
    top: (top + bottom) / 2 - (frame.top + bar + frame.bottom) / 2,
  });
}

function markView(mark: Mark, { focusedId, selectedId }: DrawingSetup): SVGTemplateResult {
  const { id } = mark.node;
  return svg`<g
    class="mark ${id === selectedId ? 'selected' : ''}"
    role="treeitem"
    data-node=${id}
    tabindex=${id === focusedId ? '0' : '-1'}
    aria-label=${mark.name}
    aria-level=${mark.level}
    aria-posinset=${mark.position}
    aria-setsize=${mark.siblings}
    aria-selected=${id === selectedId ? 'true' : 'false'}
    aria-expanded=${mark.isOpen === undefined ? nothing : String(mark.isOpen)}
  ><title>${mark.name}</title>${mark.shapes.filter((shape) => !isText(shape)).map(shapeView)}${
    id === selectedId || id === focusedId
      ? svg`<rect class="ring" x=${mark.x} y=${mark.y} width=${mark.width} height=${mark.height} />`
      : nothing
  }</g>`;
}

/** Words lie over the marks, not in them: they are cut to fit, and the mark's name says them whole. */
function isText({ kind }: Shape): boolean {
  return kind === 'text';
}

function shapeView(shape: Shape): SVGTemplateResult {
  const paint = `paint-${shape.paint}`;
  switch (shape.kind) {
    case 'rect':
      return svg`<rect class=${paint} x=${shape.x} y=${shape.y} width=${shape.width} height=${shape.height} />`;
    case 'text':
      return svg`<text class="${paint} ${shape.style} ${shape.toLeft === true ? 'to-left' : ''}" x=${shape.x} y=${shape.y}>${shape.text}</text>`;
    case 'line':
      return svg`<path class="line ${paint}" d=${shape.path} stroke-width=${shape.widthPx} stroke-dasharray=${shape.dashed === true ? dashesPx.join(' ') : nothing} />`;
    case 'area':
      return svg`<path class=${paint} d=${shape.path} transform=${
        shape.x === undefined && shape.y === undefined
          ? nothing
          : `translate(${shape.x ?? 0} ${shape.y ?? 0})`
      } />`;
  }
}

function idUnder(
  event: MouseEvent,
  { idAt }: DrawingSetup,
  { x, y, scaleX, scaleY }: Place,
): string | undefined {
  const mark = (event.target as Element).closest<SVGElement>('[data-node]');
  if (mark !== null) return mark.dataset['node'];
  const frame = (event.currentTarget as Element).getBoundingClientRect();
  return idAt((event.clientX - frame.left - x) / scaleX, (event.clientY - frame.top - y) / scaleY);
}

/** Marks too small to be elements share one tooltip, which says what lies under the pointer. */
function nameSmallMark(event: PointerEvent, id: string | undefined, model: PlanModel): void {
  const title = (event.currentTarget as Element).querySelector('.under > title');
  const row = id === undefined ? undefined : model.byId.get(id);
  const name = row === undefined ? '' : markName(row, model);
  if (title !== null && title.textContent !== name) title.textContent = name;
}
