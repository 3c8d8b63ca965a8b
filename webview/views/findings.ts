/** What was found, worst first as the report orders it; each leads to the node that it speaks of. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatMs } from '../../src/shared/format.ts';
import type { Finding, ProfileReport } from '../../src/shared/report.ts';
import { icon, severityMark } from '../icons.ts';
import type { Panel } from '../panel.ts';

export function findingsView(panel: Panel, report: ProfileReport): TemplateResult {
  return html`<section class="part" aria-label="Findings">
    <h2>Findings</h2>
    ${
      report.findings.length === 0
        ? html`<p class="dim">
            ${
              report.plan.analyzed
                ? 'Nothing in this plan stands out.'
                : 'Nothing stands out in the estimate. Most rules need a plan that was executed.'
            }
          </p>`
        : html`<ul class="findings">
            ${report.findings.map((finding) => findingView(panel, finding))}
          </ul>`
    }
    ${
      report.problems.length === 0
        ? nothing
        : html`<ul class="findings" aria-label="Problems">
            ${report.problems.map(
              ({ message, line }) =>
                html`<li class="finding">
                  ${icon('info', 'info')}
                  <p class="wide">${line === undefined ? nothing : `Line ${line}: `}${message}</p>
                </li>`,
            )}
          </ul>`
    }
  </section>`;
}

function findingView(panel: Panel, finding: Finding): TemplateResult {
  const { nodeId, title, detail, fix, savableMs, severity } = finding;
  const here =
    nodeId !== undefined && panel.state.shownSuggestionId === undefined && nodeId === panel.state.selectedId;
  return html`<li class="finding ${here ? 'here' : ''}" title=${evidenceText(finding)}>
    ${severityMark(severity)}
    ${
      nodeId === undefined
        ? html`<strong>${title}</strong>`
        : html`<button
            class="plain strong"
            aria-current=${here ? 'true' : nothing}
            @click=${() => panel.dispatch({ type: 'finding/select', id: nodeId })}
          >
            ${title}
          </button>`
    }
    ${
      savableMs === undefined
        ? nothing
        : html`<span class="saves" title="Fixing this could save at most this much"
            >${formatMs(savableMs)}</span
          >`
    }
    <p>${detail}${fix === undefined ? nothing : html` ${fix}`}</p>
  </li>`;
}

function evidenceText({ ruleId, evidence }: Finding): string {
  return [ruleId, ...Object.entries(evidence).map(([name, value]) => `${name}: ${value}`)].join('\n');
}
