/** The whole panel. */
import { html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Panel } from '../panel.ts';
import { sized } from '../sized.ts';
import { shownModel, shownPlan } from '../state.ts';
import { banners, cutBanner, emptyView } from './banners.ts';
import { comparisonView } from './comparison.ts';
import { detailsView } from './details.ts';
import { findBar } from './findBar.ts';
import { findingsView, notesView } from './findings.ts';
import { headerView } from './header.ts';
import { legend } from './legend.ts';
import { papersView } from './papers.ts';
import { planTabs } from './planTabs.ts';
import { shownView } from './planViews.ts';
import { sash } from './sash.ts';
import { onScroll } from './scrolled.ts';
import { suggestionsView } from './suggestions.ts';
import { summaryView } from './summary.ts';
import { toolbar } from './toolbar.ts';

export function appView(panel: Panel): TemplateResult {
  const { state } = panel;
  const { report, comparison } = state;
  if (comparison !== undefined) return comparisonView(panel, comparison);
  const model = shownModel(state);
  const plan = shownPlan(state);
  if (report === undefined || model === undefined || plan === undefined) return emptyView(panel);
  const shown = shownView(panel, model);
  // Scrolling draws at every frame: only what depends on it.
  const { viewport: _, ...scrolledOrNot } = state;
  const unlessScrolled = (part: () => unknown) => guard(Object.values(scrolledOrNot), part);
  return html`${unlessScrolled(
      () =>
        html`${banners(panel)} ${headerView(panel, report)}
        ${guard([report], () => summaryView(panel, report))}`,
    )}
    <div class="columns" ${sized({ '--pane': `${state.paneWidthPx}px` })}>
      <div class="left">
        ${unlessScrolled(
          () =>
            html`${planTabs(panel, report)} ${cutBanner(panel, report)} ${toolbar(panel, model)}
            ${findBar(panel, model)} ${legend(panel)}`,
        )}
        <div id="plan" class="plan ${shown.id}" @scroll=${(event: Event) => onScroll(panel, event)}>
          ${shown.view(panel, model)}
        </div>
        ${unlessScrolled(() => papersView(panel, report, plan))}
      </div>
      ${sash(panel)}
      <aside class="right" aria-label="Details, findings and suggestions">
        ${unlessScrolled(
          () =>
            html`${detailsView(panel, model)} ${findingsView(panel, report)} ${suggestionsView(panel, report)}
            ${notesView(panel, report)}`,
        )}
      </aside>
    </div>`;
}
