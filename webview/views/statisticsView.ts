/** The plan summed up, in one table that is sorted by its heads. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatMsPlain, formatPercent, formatRows } from '../../src/shared/format.ts';
import type { Panel } from '../panel.ts';
import type { PlanModel } from '../planModel.ts';
import {
  shownLines,
  statisticsOf,
  type StatisticsColumn,
  type StatisticsGroup,
  type StatisticsLine,
} from '../statistics.ts';
import { bar } from './bar.ts';

interface Column {
  readonly id: StatisticsColumn;
  readonly head: string;
  readonly title: string;
}

/** Below this share a percentage says nothing, as in the table. */
const worthSharing = 0.01;

export function statisticsView(panel: Panel, shown: PlanModel): TemplateResult {
  const { model, groups } = statisticsOf(shown);
  const columns = columnsOf(model, groups);
  const usual = groups.flatMap(({ lines }) => lines).filter(({ isRest }) => !isRest);
  const longest = usual.reduce((most, { self = 0 }) => Math.max(most, self), 0);
  return html`<table class="statistics" aria-label="The plan summed up">
    <thead>
      <tr>
        ${columns.map((column) => headCell(panel, column))}
      </tr>
    </thead>
    ${groups.map(
      (group) =>
        html`<tbody>
          <tr class="title">
            <th scope="rowgroup" colspan=${columns.length}>${group.title}</th>
          </tr>
          ${shownLines(group, panel.state.sort, model).map((line) =>
            lineView(panel, { model, columns, longest, isElsewhere: group.id === 'remote' }, line),
          )}
        </tbody>`,
    )}
  </table>`;
}

function columnsOf(
  { metric, plan, hasBuffers }: PlanModel,
  groups: readonly StatisticsGroup[],
): readonly Column[] {
  const columns: Column[] = [
    { id: 'name', head: 'Of', title: 'Name' },
    { id: 'count', head: 'Steps', title: 'How many steps; of a trigger, how many calls' },
    { id: 'self', head: metric.selfHead, title: 'What these steps took themselves, over all loops' },
    {
      id: 'rows',
      head: plan.analyzed ? 'Rows' : 'Rows planned',
      title: plan.analyzed ? 'Rows that these steps returned, over all loops' : 'Rows planned per loop',
    },
  ];
  if (hasBuffers)
    columns.push(
      { id: 'hit', head: 'Hit', title: 'Blocks found in the cache, shared and local' },
      { id: 'read', head: 'Read', title: 'Blocks read into the cache, shared and local' },
    );
  if (groups.some(({ lines }) => lines.some(({ ioMs = 0 }) => ioMs > 0)))
    columns.push({ id: 'io', head: 'I/O ms', title: 'Time waiting for blocks, summed over processes' });
  return columns;
}

function headCell(panel: Panel, { id, head, title }: Column): TemplateResult {
  const { column, descending } = panel.state.sort;
  const on = column === id;
  // Numbers start with the largest, names with A.
  const next = { column: id, descending: on ? !descending : id !== 'name' };
  return html`<th
    scope="col"
    class=${id}
    title=${title}
    aria-sort=${on ? (descending ? 'descending' : 'ascending') : nothing}
  >
    <button class="plain" @click=${() => panel.dispatch({ type: 'statistics/sort', sort: next })}>
      ${head}<span class="order" aria-hidden="true">${on ? (descending ? ' ↓' : ' ↑') : nothing}</span>
    </button>
  </th>`;
}

interface Scale {
  readonly model: PlanModel;
  readonly columns: readonly Column[];
  /** The longest bar stands for this much. */
  readonly longest: number;
  /** Measured by the clocks of other servers: no part of the whole. */
  readonly isElsewhere: boolean;
}

function lineView(panel: Panel, scale: Scale, line: StatisticsLine): TemplateResult {
  const { dearestId } = line;
  const select =
    dearestId === undefined ? nothing : () => panel.dispatch({ type: 'node/select', id: dearestId });
  const here = !line.isRest && line.nodes.some(({ id }) => id === panel.state.selectedId);
  const classes = [line.isPart ? 'part-line' : '', line.isRest ? 'rest' : '', here ? 'here' : ''];
  return html`<tr class=${classes.join(' ')} @click=${select}>
    ${scale.columns.map(({ id }) =>
      id === 'name'
        ? html`<th scope="row" class="name" title=${line.name}>
            ${
              dearestId === undefined
                ? line.name
                : html`<button class="plain" title=${`Select the dearest: ${line.name}`}>
                    ${line.name}
                  </button>`
            }
          </th>`
        : id === 'self'
          ? selfView(scale, line)
          : html`<td class=${id} title=${exact(line, id)}>${shortly(line, id)}</td>`,
    )}
  </tr>`;
}

function selfView({ model, longest, isElsewhere }: Scale, { self, isRest }: StatisticsLine): TemplateResult {
  if (self === undefined) return html`<td class="self">–</td>`;
  const { metric, whole } = model;
  const share = metric.isShared && whole > 0 && !isElsewhere ? self / whole : 0;
  const number =
    metric.id === 'time' || metric.id === 'io' ? formatMsPlain(self) : formatRows(Math.round(self));
  return html`<td
    class="self"
    title=${`${metric.selfHead}: ${self.toFixed(3)}${share > 0 ? `, ${formatPercent(share)} of the whole` : ''}`}
  >
    <div class="figure">
      <span class="bar-room"
        >${isRest || longest === 0 ? nothing : bar((self / longest) * 100, isElsewhere)}</span
      ><span class="number">${number}</span
      ><span class="share">${share >= worthSharing ? `${Math.round(share * 100)} %` : ''}</span>
    </div>
  </td>`;
}

function valueOf(line: StatisticsLine, column: StatisticsColumn): number | undefined {
  return column === 'io' ? line.ioMs : column === 'name' ? undefined : line[column];
}

function shortly(line: StatisticsLine, column: StatisticsColumn): string {
  const value = valueOf(line, column);
  if (value === undefined) return '–';
  return column === 'io' ? formatMsPlain(value) : formatRows(value);
}

function exact(line: StatisticsLine, column: StatisticsColumn): string {
  const value = valueOf(line, column);
  if (value === undefined) return 'not measured';
  return column === 'io' ? `${value.toFixed(3)} ms` : formatCount(value);
}
