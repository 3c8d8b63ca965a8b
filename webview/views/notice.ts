/** What a button answered, where the user looks: beside the button, and read out. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Panel } from '../panel.ts';

/** Always in the document, so that screen readers hear what comes into it. */
export function noticeAt(panel: Panel, place: string): TemplateResult {
  const notice = panel.state.notice?.place === place ? panel.state.notice : undefined;
  return html`<span class="notice ${notice?.ok === false ? 'failed' : ''}" role="status"
    >${notice === undefined ? nothing : notice.text}</span
  >`;
}
