/** A bar of the length that it is given, in the room that its cell has. */
import { html, nothing, svg, type TemplateResult } from 'lit';

/** Half a pixel of bar is noise; a bar that can be seen at all is at least one. */
const shortestPercent = 0.5;

/** The number beside it says the same: a screen reader skips the bar. Hollow: by another server's clock. */
export function bar(percent: number, isElsewhere = false): TemplateResult | typeof nothing {
  if (percent < shortestPercent) return nothing;
  return html`<svg class="bar ${isElsewhere ? 'elsewhere' : ''}" aria-hidden="true">
    ${svg`<rect width=${`${percent.toFixed(1)}%`} height="100%" />`}
  </svg>`;
}
