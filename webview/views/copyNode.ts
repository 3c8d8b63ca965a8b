/** The selected step, to the clipboard. */
import { html, nothing, type TemplateResult } from 'lit';
import { nodeText } from '../nodeText.ts';
import type { Panel } from '../panel.ts';
import type { PlanModel, PlanRow } from '../planModel.ts';
import { noticeAt } from './notice.ts';

/** Where it is said that the step was copied, whether by the button or by the key. */
export const copyPlace = 'node';

export function copyNode(panel: Panel, row: PlanRow, model: PlanModel): TemplateResult | typeof nothing {
  if (!panel.state.abilities.copy) return nothing;
  return html`<div class="copy-node">
    ${noticeAt(panel, copyPlace)}
    <button
      class="link"
      title="This step and its facts, as text (Ctrl+C)"
      @click=${() => panel.ask(copyPlace, { type: 'text/copy', text: nodeText(row, model) })}
    >
      Copy step
    </button>
  </div>`;
}
