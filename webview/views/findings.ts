/** What was found, worst first as the report orders it; each leads to the node that it speaks of. */
import { html, nothing, type TemplateResult } from 'lit';
import { evidenceWords } from '../../src/shared/evidenceWords.ts';
import { formatCount, formatMs } from '../../src/shared/format.ts';
import type { Finding, ProfileReport } from '../../src/shared/report.ts';
import { cutProblems } from '../cutOff.ts';
import { icon, severityMark } from '../icons.ts';
import type { Panel } from '../panel.ts';
import { group } from './group.ts';

/** More at once are not read one by one, and a plan of ten thousand nodes has a thousand. */
const pageFindings = 50;

/** So few notes are read at a glance; more of them are folded. */
const openNotes = 5;

export function findingsView(panel: Panel, report: ProfileReport): TemplateResult {
  const { serious, notes } = bySeverity(report);
  const shown = serious.length > 0 ? serious : notes;
  return html`<section class="part" aria-label="Findings">
    <h2>${panel.state.shownSuggestionId === undefined ? 'Findings' : 'Findings in the plan before'}</h2>
    ${shown.length === 0 ? nothingFound(report) : findingList(panel, report, shown, 'findings')}
    ${problemList(report)}
  </section>`;
}

/** Below the remedy, in whose way they would stand; among the findings, where there is nothing else. */
export function notesView(panel: Panel, report: ProfileReport): TemplateResult | typeof nothing {
  const { serious, notes } = bySeverity(report);
  if (serious.length === 0 || notes.length === 0) return nothing;
  const list = () => findingList(panel, report, notes, 'notes');
  return html`<section class="part" aria-label="Notes">
    ${
      notes.length <= openNotes
        ? html`<h2>Notes</h2>
            ${list()}`
        : group(panel, 'notes', `Notes (${formatCount(notes.length)})`, list)
    }
  </section>`;
}

function bySeverity({ findings }: ProfileReport): {
  readonly serious: readonly Finding[];
  readonly notes: readonly Finding[];
} {
  return {
    serious: findings.filter(({ severity }) => severity !== 'info'),
    notes: findings.filter(({ severity }) => severity === 'info'),
  };
}

function nothingFound({ plan }: ProfileReport): TemplateResult {
  return html`<p class="dim">
    ${
      plan.analyzed
        ? 'Nothing in this plan stands out.'
        : 'Nothing stands out in the estimate. Most rules need a plan that was executed.'
    }
  </p>`;
}

/** The first page; the next ones are groups in each other, opened one by one. */
function findingList(
  panel: Panel,
  report: ProfileReport,
  findings: readonly Finding[],
  id: string,
): TemplateResult {
  const rest = findings.slice(pageFindings);
  const next = `${id}+`;
  return html`<ul>
      ${findings.slice(0, pageFindings).map((finding) => findingView(panel, report, finding))}
    </ul>
    ${
      rest.length === 0
        ? nothing
        : group(panel, next, `More (${formatCount(rest.length)})`, () =>
            findingList(panel, report, rest, next),
          )
    }`;
}

/** What could not be read or known; that the plan is cut off stands over it. */
function problemList(report: ProfileReport): TemplateResult | typeof nothing {
  const cut = cutProblems(report);
  const problems = report.problems.filter((problem) => !cut.includes(problem));
  if (problems.length === 0) return nothing;
  return html`<ul aria-label="Problems">
    ${problems.map(
      ({ message, line }) =>
        html`<li class="finding">
          ${icon('info', 'info')}
          <p>${line === undefined ? nothing : `Line ${line}: `}${message}</p>
        </li>`,
    )}
  </ul>`;
}

function findingView(panel: Panel, report: ProfileReport, finding: Finding): TemplateResult {
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
    ${clauseLink(panel, report, finding)}
    <p>${detail}${fix === undefined ? nothing : html` ${fix}`}</p>
  </li>`;
}

/** The clause that causes the finding; it leads to its place in the statement. */
function clauseLink(
  panel: Panel,
  { sql }: ProfileReport,
  { sqlRange }: Finding,
): TemplateResult | typeof nothing {
  if (sql === undefined || sqlRange === undefined) return nothing;
  return html`<button
    class="clause link mono"
    title="Show it in the statement"
    @click=${() => panel.dispatch({ type: 'clause/show', range: sqlRange })}
  >
    ${sql.slice(sqlRange.start, sqlRange.end)}
  </button>`;
}

/** What the sentence does not say already. */
function evidenceText(finding: Finding): string {
  const { ruleId, title, detail } = finding;
  return [ruleId, ...evidenceWords(finding, `${title} ${detail}`)].join('\n');
}
