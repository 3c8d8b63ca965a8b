/** Over the plan: how it is shown. */
import { html, type TemplateResult } from 'lit';
import type { Panel } from '../panel.ts';
import type { PlanModel } from '../planModel.ts';
import { planViews, shownView, type PlanView } from './planViews.ts';

export function toolbar(panel: Panel, model: PlanModel): TemplateResult {
  const offered = planViews.filter(({ suits }) => suits?.(model) !== false);
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
  return html`<div class="toolbar">
    <div class="view-tabs" role="tablist" aria-label="View" @keydown=${onKey}>
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
    </div>
  </div>`;
}
