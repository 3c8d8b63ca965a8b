/** Over the plan: how it is shown, and what is measured. */
import { html, nothing, type TemplateResult } from 'lit';
import { availableMetrics, type MetricId } from '../metrics.ts';
import type { Plan } from '../../src/shared/report.ts';
import { oncePer } from '../oncePer.ts';
import type { Panel } from '../panel.ts';
import type { PlanModel } from '../planModel.ts';
import { planViews, shownView, type PlanView } from './planViews.ts';

export function toolbar(panel: Panel, model: PlanModel): TemplateResult {
  return html`<div class="toolbar">
    ${viewTabs(panel, model)}
    <span class="spring"></span>
    ${loopToggle(panel, model)} ${metricList(panel, model)}
  </div>`;
}

function viewTabs(panel: Panel, model: PlanModel): TemplateResult | typeof nothing {
  const offered = planViews.filter(({ suits }) => suits?.(model) !== false);
  if (offered.length < 2) return nothing;
  const shown = shownView(panel, model);
  const show = (view: PlanView | undefined, event: Event) => {
    if (view === undefined) return;
    panel.dispatch({ type: 'view/show', view: view.id });
    const list = (event.currentTarget as HTMLElement).closest('[role=tablist]');
    list?.querySelector<HTMLElement>(`[data-view=${view.id}]`)?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    show(offered[(offered.indexOf(shown) + step + offered.length) % offered.length], event);
  };
  return html`<div class="view-tabs" role="tablist" aria-label="View" @keydown=${onKey}>
    ${offered.map((view) => {
      const on = view === shown;
      return html`<button
        role="tab"
        class="plain"
        data-view=${view.id}
        title=${view.title}
        aria-selected=${on ? 'true' : 'false'}
        aria-controls="plan"
        tabindex=${on ? '0' : '-1'}
        @click=${(event: Event) => show(view, event)}
      >
        ${view.label}
      </button>`;
    })}
  </div>`;
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
  if (!hasLoops(plan)) return nothing;
  return html`<button
    class="toggle"
    aria-pressed=${perLoop ? 'true' : 'false'}
    title="Figures of an average loop instead of all loops together"
    @click=${() => panel.dispatch({ type: 'perLoop/toggle' })}
  >
    Per loop
  </button>`;
}
