/** States that are not a report: nothing yet, work under way, a failure. With a report on screen they are one line above it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ProfileReport } from '../../src/shared/report.ts';
import { cutProblems } from '../cutOff.ts';
import { icon, severityMark } from '../icons.ts';
import type { Panel } from '../panel.ts';

/** Fills the panel while there is no report. */
export function emptyView(panel: Panel): TemplateResult {
  const { progress, error } = panel.state;
  if (progress !== undefined || error !== undefined) {
    return html`<div class="empty">${banners(panel)}</div>`;
  }
  return html`<div class="empty later">
    <h1>No profile yet</h1>
    <p class="dim">
      Right-click a statement in a SQL file and choose <b>Profile Query</b>. Its plan, findings and
      suggestions appear here.
    </p>
  </div>`;
}

export function banners(panel: Panel): TemplateResult {
  const { progress, error } = panel.state;
  return html`<div role="status">
      ${
        progress === undefined
          ? nothing
          : html`<div class="banner progress">
              <span class="progress-line" aria-hidden="true"></span>
              <span>${progress.message}</span>
              ${
                progress.canCancel
                  ? html`<vscode-button
                      appearance="secondary"
                      @click=${() => panel.post({ type: 'profile/cancel' })}
                      >Cancel</vscode-button
                    >`
                  : nothing
              }
            </div>`
      }
    </div>
    <div role="alert">
      ${
        error === undefined
          ? nothing
          : html`<div class="banner failed">
              ${icon('error', 'critical')}
              <span><b>${error.message}</b> ${error.remedy}</span>
            </div>`
      }
    </div>`;
}

/** Over a measured plan of which a part is missing. */
export function cutBanner({ state }: Panel, report: ProfileReport): TemplateResult | typeof nothing {
  const problems = cutProblems(report);
  if (problems.length === 0 || state.shownSuggestionId !== undefined) return nothing;
  return html`<div class="banner cut" role="note">
    ${severityMark('warning')}<span>${problems.map(({ message }) => message).join(' ')}</span>
  </div>`;
}
