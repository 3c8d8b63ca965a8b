/** What the figures of a view are: the metric, and whether they are those of an average loop. Offered where they change something. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Plan } from '../../src/shared/report.ts';
import { availableMetrics, type MetricId } from '../metrics.ts';
import { oncePer } from '../oncePer.ts';
import type { Panel } from '../panel.ts';
import type { PlanModel } from '../planModel.ts';
import { loopViews } from '../viewIds.ts';
import { shownView } from './planViews.ts';

export function measures(panel: Panel, model: PlanModel): TemplateResult | typeof nothing {
  if (shownView(panel, model).isMeasured !== true) return nothing;
  return html`<span class="measures">${loopToggle(panel, model)} ${metricList(panel, model)}</span>`;
}

function metricList(panel: Panel, model: PlanModel): TemplateResult {
  const choose = (event: Event) =>
    panel.dispatch({
      type: 'metric/show',
      metric: (event.currentTarget as HTMLSelectElement).value as MetricId,
    });
  return html`<label class="choice"
    ><span class="unseen">Measure</span>
    <select title="What the bars measure" @change=${choose}>
      ${availableMetrics(model.plan).map(
        ({ id, label }) => html`<option value=${id} ?selected=${id === model.metric.id}>${label}</option>`,
      )}
    </select></label
  >`;
}

const hasLoops = oncePer(({ nodes }: Plan): boolean =>
  nodes.some(({ loops = 0, processes = 1 }) => loops / processes > 1),
);

/** Of a plan whose every step ran once, an average says nothing. */
function loopToggle(panel: Panel, { plan, perLoop }: PlanModel): TemplateResult | typeof nothing {
  if (!loopViews.has(panel.state.view) || !hasLoops(plan)) return nothing;
  return html`<button
    class="toggle"
    aria-pressed=${perLoop ? 'true' : 'false'}
    title="Figures of an average loop instead of all loops together"
    @click=${() => panel.dispatch({ type: 'perLoop/toggle' })}
  >
    Per loop
  </button>`;
}
