/** The border between plan and details, moved by pointer or arrow keys. */
import { html, type TemplateResult } from 'lit';
import type { Panel } from '../panel.ts';
import { paneWidthLimitsPx } from '../state.ts';

/** One press of an arrow key. */
const stepPx = 20;

export function sash(panel: Panel): TemplateResult {
  const { paneWidthPx } = panel.state;
  const resize = (widthPx: number) => panel.dispatch({ type: 'pane/resize', widthPx });
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? stepPx : event.key === 'ArrowRight' ? -stepPx : 0;
    if (step === 0) return;
    event.preventDefault();
    resize(paneWidthPx + step);
  };
  const onMove = (event: PointerEvent) => {
    const handle = event.currentTarget as HTMLElement;
    const right = handle.parentElement?.getBoundingClientRect().right;
    if (handle.hasPointerCapture(event.pointerId) && right !== undefined) resize(right - event.clientX);
  };
  return html`<div
    class="sash"
    role="separator"
    tabindex="0"
    aria-orientation="vertical"
    aria-label="Width of the details"
    aria-valuenow=${paneWidthPx}
    aria-valuemin=${paneWidthLimitsPx.min}
    aria-valuemax=${paneWidthLimitsPx.max}
    @keydown=${onKey}
    @pointerdown=${(event: PointerEvent) =>
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)}
    @pointermove=${onMove}
  ></div>`;
}
