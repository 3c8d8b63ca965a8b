/** Ways through a plan: search, jumps, and opening and closing many steps at once. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { icon, type IconName } from '../icons.ts';
import { allSubtrees, cheapSubtrees } from '../importance.ts';
import { foundNodes } from '../jumps.ts';
import type { Panel } from '../panel.ts';
import type { PlanModel } from '../planModel.ts';
import { haystackOf, matchesOf } from '../search.ts';
import { selectDearest, selectFinding, selectMatch } from '../shortcuts.ts';
import { shownFindings, shownTree } from '../state.ts';
import { measures } from './measures.ts';
import { shownView } from './planViews.ts';

export function findBar(panel: Panel, model: PlanModel): TemplateResult {
  return html`<div class="find-bar" role="toolbar" aria-label="Ways through the plan">
    ${searchField(panel, model)}
    <span class="spring"></span>
    ${measures(panel, model)} ${jumps(panel, model)}
    ${shownView(panel, model).isTree === true ? folding(panel, model) : nothing}
    <button
      class="toggle legend-button"
      title="Keys and signs (?)"
      aria-label="Keys and signs"
      aria-expanded=${panel.state.openGroups.has('legend') ? 'true' : 'false'}
      @click=${() => panel.dispatch({ type: 'group/toggle', group: 'legend' })}
    >
      ?
    </button>
  </div>`;
}

function searchField(panel: Panel, model: PlanModel): TemplateResult {
  const { search, selectedId } = panel.state;
  const text = search?.text ?? '';
  const onlyMatches = search?.onlyMatches ?? false;
  const ids = matchesOf(model.plan, text);
  const change = (next: { readonly text?: string; readonly onlyMatches?: boolean }) =>
    panel.dispatch({ type: 'search/change', search: { text, onlyMatches, ...next } });
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') selectMatch(panel, event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && search !== undefined) panel.dispatch({ type: 'search/change' });
    else if (event.key === 'Escape' || event.key === 'ArrowDown')
      document.querySelector<HTMLElement>('.row.selected')?.focus();
    else return;
    event.preventDefault();
  };
  return html`<div class="search" role="search">
    ${icon('search', 'dim')}
    <input
      type="text"
      spellcheck="false"
      placeholder="Search steps"
      title="Types, tables, aliases, indexes, conditions: any text of a step (Ctrl+F)"
      aria-label="Search steps"
      .value=${live(text)}
      @focus=${() => haystackOf(model.plan)}
      @input=${(event: Event) => change({ text: (event.currentTarget as HTMLInputElement).value })}
      @keydown=${onKey}
    />
    <span class="count ${text !== '' && ids.length === 0 ? 'failed' : ''}" role="status"
      >${countWords(text, ids, selectedId)}</span
    >
    ${
      text === ''
        ? nothing
        : html`${iconButton('arrow-up', 'Previous match (Shift+Enter)', () => selectMatch(panel, -1), ids)}
            ${iconButton('arrow-down', 'Next match (Enter)', () => selectMatch(panel, 1), ids)}
            <button
              class="toggle icon-button"
              title="Only matches, and what they hang on"
              aria-label="Only matches"
              aria-pressed=${onlyMatches ? 'true' : 'false'}
              @click=${() => change({ onlyMatches: !onlyMatches })}
            >
              ${icon('list-filter')}
            </button>
            ${iconButton('close', 'Clear the search (Escape)', () => panel.dispatch({ type: 'search/change' }))}`
    }
  </div>`;
}

/** "3 of 17", as VS Code counts; "17 matches" while none of them is selected. */
export function countWords(text: string, ids: readonly string[], selectedId: string): string {
  if (text.trim() === '') return '';
  if (ids.length === 0) return 'No match';
  const index = ids.indexOf(selectedId);
  if (index >= 0) return `${index + 1} of ${ids.length}`;
  return ids.length === 1 ? '1 match' : `${ids.length} matches`;
}

function jumps(panel: Panel, model: PlanModel): TemplateResult {
  const found = foundNodes(model, shownFindings(panel.state));
  return html`<button
      class="toggle"
      title=${`The step with the most: ${model.metric.selfHead} (F9)`}
      @click=${() => selectDearest(panel)}
    >
      Worst</button
    >${
      found.length === 0
        ? nothing
        : html`<span class="pair" role="group" aria-label="Findings"
            ><span class="dim" aria-hidden="true">Findings</span>
            ${iconButton('arrow-up', 'Previous finding (Shift+F8)', () => selectFinding(panel, -1))}
            ${iconButton('arrow-down', 'Next finding (F8)', () => selectFinding(panel, 1))}</span
          >`
    }`;
}

function folding(panel: Panel, model: PlanModel): TemplateResult | typeof nothing {
  const tree = shownTree(panel.state) ?? model;
  if (!tree.rows.some(({ node, childIds }) => node.parentId !== null && childIds.length > 0)) return nothing;
  const collapse = (collapsed: ReadonlySet<string>) => panel.dispatch({ type: 'tree/collapse', collapsed });
  return html`<button
      class="toggle"
      title=${`Collapse what takes less than 1 % of the ${model.metric.label.toLowerCase()}`}
      @click=${() => collapse(cheapSubtrees(tree))}
    >
      Hide cheap parts</button
    >${iconButton('unfold', 'Expand all', () => collapse(new Set()))}${iconButton(
      'fold',
      'Collapse all',
      () => collapse(allSubtrees(tree)),
    )}`;
}

/** Disabled while there is nothing that it could go to. */
function iconButton(
  name: IconName,
  title: string,
  run: () => void,
  targets?: readonly string[],
): TemplateResult {
  return html`<button
    class="toggle icon-button"
    title=${title}
    aria-label=${title.replace(/ \(.*/, '')}
    ?disabled=${targets?.length === 0}
    @click=${run}
  >
    ${icon(name)}
  </button>`;
}
