/** A part that opens and closes; which ones the user turned is remembered. */
import { html, type TemplateResult } from 'lit';
import { icon } from '../icons.ts';
import type { Panel } from '../panel.ts';

/** Closed until the user opens it; `content` is asked for only while it is open. */
export function group(panel: Panel, id: string, title: string, content: () => unknown): TemplateResult {
  const open = panel.state.openGroups.has(id);
  return html`<section class="group">
    <h3>
      <button
        class="plain"
        aria-expanded=${open ? 'true' : 'false'}
        @click=${() => panel.dispatch({ type: 'group/toggle', group: id })}
      >
        ${icon(open ? 'chevron-down' : 'chevron-right')}${title}
      </button>
    </h3>
    ${open ? content() : ''}
  </section>`;
}
