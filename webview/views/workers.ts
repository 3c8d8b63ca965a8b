/** How the processes of a parallel plan shared its work: a lane for each, on one scale. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatCount, formatMs, formatRows } from '../../src/shared/format.ts';
import type { Panel } from '../panel.ts';
import type { PlanModel } from '../planModel.ts';
import { gatheringsOf, laneTitle, shownGatherings, type Gathering, type Lane } from '../workerLanes.ts';

export function workersView(panel: Panel, model: PlanModel): TemplateResult {
  const { selectedId } = panel.state;
  return html`<div class="workers">${guard([model, selectedId], () => gatheringViews(panel, model))}</div>`;
}

function gatheringViews(panel: Panel, model: PlanModel): TemplateResult {
  const all = gatheringsOf(model);
  const longestMs = all.reduce((most, each) => Math.max(most, each.longestMs), 0);
  const shown = shownGatherings(all, panel.state.selectedId);
  const left =
    shown.length === all.length
      ? nothing
      : html`<p class="dim sentence">
          ${`${shown.length} of ${formatCount(all.length)} parallel parts: those with the longest processes. Select a Gather in another view to see its processes here.`}
        </p>`;
  return html`${left}${repeat(
    shown,
    ({ gather }) => gather.id,
    (each) => gatheringView(panel, each, longestMs),
  )}`;
}

function gatheringView(panel: Panel, gathering: Gathering, longestMs: number): TemplateResult {
  const { gather, shared, title, summary, lanes, missing } = gathering;
  const { selectedId } = panel.state;
  const isSelected = selectedId === gather.id || selectedId === shared.id;
  return html`<section class="gathering" aria-label=${title}>
    <h2>
      <button
        class="plain strong ${isSelected ? 'here' : ''}"
        title="Select this step"
        @click=${() => panel.dispatch({ type: 'node/select', id: shared.id })}
      >
        ${title}
      </button>
    </h2>
    <p class="dim">${summary}</p>
    ${
      missing === undefined
        ? html`<table class="lanes">
            <thead>
              <tr>
                <th scope="col">Process</th>
                <th scope="col" class="lane-head">Time, the line is the average</th>
                <th scope="col"><span class="unseen">Time in numbers</span></th>
                <th scope="col">Rows</th>
              </tr>
            </thead>
            <tbody>
              ${lanes.map((lane) => laneView(lane, gathering.averageMs, longestMs))}
            </tbody>
          </table>`
        : html`<p>${missing}</p>`
    }
  </section>`;
}

function laneView(lane: Lane, averageMs: number, longestMs: number): TemplateResult {
  const percent = (ms: number) => `${(longestMs > 0 ? (ms / longestMs) * 100 : 0).toFixed(2)}%`;
  return html`<tr title=${laneTitle(lane)}>
    <th scope="row">${lane.process}${lane.isLate ? html` <span class="dim">slowest</span>` : nothing}</th>
    <td class="lane">
      <svg class="drawing" width="100%" height="14" aria-hidden="true">
        ${svg`<rect class=${lane.isLate ? 'paint-bar-yellow' : 'paint-bar-blue'} width=${percent(lane.ms)} height="14" />
        <line class="average" x1=${percent(averageMs)} x2=${percent(averageMs)} y1="0" y2="14" />`}
      </svg>
    </td>
    <td>${formatMs(lane.ms)}</td>
    <td>${lane.rows === undefined ? '–' : formatRows(lane.rows)}</td>
  </tr>`;
}
