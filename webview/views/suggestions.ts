/** What to do about it, and the proof. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ProfileReport, Suggestion } from '../../src/shared/report.ts';
import { evidenceRows, priceOf, verifiedBy } from '../evidence.ts';
import type { Panel } from '../panel.ts';
import { sqlBlock } from './code.ts';
import { group } from './group.ts';
import { noticeAt } from './notice.ts';

export function suggestionsView(
  panel: Panel,
  { suggestions }: ProfileReport,
): TemplateResult | typeof nothing {
  const offered = suggestions.filter(({ rejected }) => rejected === undefined);
  const rejected = suggestions.filter((suggestion) => suggestion.rejected !== undefined);
  if (suggestions.length === 0) return nothing;
  return html`<section class="part" aria-label="Suggestions">
    <h2>${offered.length > 1 ? `Suggestions (${offered.length})` : 'Suggestion'}</h2>
    ${offered.length === 0 ? html`<p class="dim">None that helps.</p>` : offered.map((each) => suggestionView(panel, each))}
    ${
      rejected.length === 0
        ? nothing
        : group(panel, 'rejected', `Considered and rejected (${rejected.length})`, () =>
            rejected.map(
              (each) =>
                html`<div class="rejected">
                  ${sqlBlock(each.ddl, 'Rejected statement')}
                  <p class="dim">${each.rejected}</p>
                </div>`,
            ),
          )
    }
  </section>`;
}

function suggestionView(panel: Panel, suggestion: Suggestion): TemplateResult {
  const place = `suggestion:${suggestion.id}`;
  const rows = evidenceRows(suggestion.verification);
  const price = priceOf(suggestion);
  return html`<article class="suggestion">
    ${sqlBlock(suggestion.ddl, 'Suggested statement')}
    ${
      rows.length === 0
        ? nothing
        : html`<table class="figures evidence">
            <thead>
              <tr>
                <td></td>
                <th scope="col">now</th>
                <th scope="col">with it</th>
                <td></td>
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                (row) =>
                  html`<tr title=${row.title}>
                    <th scope="row">${row.name}</th>
                    <td>${row.before}</td>
                    <td>${row.after}</td>
                    <td class=${row.better ? 'better' : ''}>${row.ratio}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
    <p>${suggestion.reason}</p>
    <p class="dim">${verifiedBy(suggestion)}${price === '' ? nothing : ` ${price}`}</p>
    ${buttons(panel, suggestion, place)}
  </article>`;
}

function buttons(panel: Panel, { id, ddl }: Suggestion, place: string): TemplateResult {
  const { abilities, appliedIds, busyPlace } = panel.state;
  const busy = busyPlace !== undefined;
  const applied = appliedIds.has(id);
  return html`<div class="buttons">
      ${
        abilities.apply
          ? html`<vscode-button
              ?disabled=${busy || applied}
              @click=${() => panel.ask(place, { type: 'suggestion/apply', suggestionId: id })}
              >${applied ? 'Applied' : 'Apply…'}</vscode-button
            >`
          : nothing
      }
      ${
        abilities.insert
          ? html`<vscode-button
              appearance="secondary"
              ?disabled=${busy}
              @click=${() => panel.ask(place, { type: 'suggestion/insert', suggestionId: id })}
              >Insert into editor</vscode-button
            >`
          : nothing
      }
      ${
        abilities.copy
          ? html`<vscode-button
              appearance="secondary"
              ?disabled=${busy}
              @click=${() => panel.ask(place, { type: 'text/copy', text: ddl })}
              >Copy</vscode-button
            >`
          : nothing
      }
      ${noticeAt(panel, place)}
    </div>
    ${
      abilities.apply || abilities.applyRefusal === undefined
        ? nothing
        : html`<p class="dim">${abilities.applyRefusal}</p>`
    }`;
}
