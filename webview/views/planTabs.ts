/** Which plan is on screen: the measured one, or the one with a suggestion in place. Offered only when there is a choice. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatMs } from '../../src/shared/format.ts';
import type { Plan, ProfileReport } from '../../src/shared/report.ts';
import { measuredMs } from '../../src/shared/verdict.ts';
import type { Panel } from '../panel.ts';

interface Tab {
  readonly suggestionId: string | undefined;
  readonly label: string;
  readonly plan: Plan;
}

export function planTabs(panel: Panel, report: ProfileReport): TemplateResult | typeof nothing {
  const tabs = tabsOf(report);
  if (tabs.length < 2) return nothing;
  const shown = panel.state.shownSuggestionId;
  const show = (tab: Tab | undefined, event: Event) => {
    if (tab === undefined) return;
    panel.dispatch({
      type: 'plan/show',
      ...(tab.suggestionId === undefined ? {} : { suggestionId: tab.suggestionId }),
    });
    const buttons = (event.currentTarget as HTMLElement)
      .closest('[role=tablist]')
      ?.querySelectorAll('button');
    buttons?.[tabs.indexOf(tab)]?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.suggestionId === shown);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    show(tabs[(at + step + tabs.length) % tabs.length], event);
  };
  return html`<div class="tabs" role="tablist" aria-label="Plan" @keydown=${onKey}>
    ${tabs.map((tab) => {
      const on = tab.suggestionId === shown;
      const ms = measuredMs(tab.plan);
      return html`<button
        role="tab"
        class="plain"
        aria-selected=${on ? 'true' : 'false'}
        aria-controls="plan"
        tabindex=${on ? '0' : '-1'}
        @click=${(event: Event) => show(tab, event)}
      >
        ${tab.label}${ms === undefined ? nothing : html` <span class="dim">${formatMs(ms)}</span>`}
      </button>`;
    })}
  </div>`;
}

function tabsOf({ plan, suggestions }: ProfileReport): readonly Tab[] {
  // A rejected one is no way forward; what it measured stands with its reason.
  const tried = suggestions.filter(
    ({ rejected, verification }) => rejected === undefined && verification.planAfter !== undefined,
  );
  const tabs: Tab[] = [{ suggestionId: undefined, label: 'Before', plan }];
  for (const { id, kind, columns, verification } of tried) {
    if (verification.planAfter === undefined) continue;
    const thing = kind === 'create-index' || kind === 'replace-index' ? 'the index' : 'the change';
    const which = tried.length > 1 && columns !== undefined ? ` (${columns.join(', ')})` : '';
    tabs.push({ suggestionId: id, label: `With ${thing}${which}`, plan: verification.planAfter });
  }
  return tabs;
}
