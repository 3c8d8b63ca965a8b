/** The annotated plan: a row for each step, with bars on one scale. */
import { html, nothing, type TemplateResult } from 'lit';
import { buffersCell, loopsCell, rowsCell, selfCell, totalCell, type Cell } from '../nodeCells.ts';
import type { Panel } from '../panel.ts';
import type { PlanModel, PlanRow } from '../planModel.ts';
import { bar } from './bar.ts';
import { treeTable, type TreeColumn, type TreeColumns } from './treeTable.ts';

export function planTable(panel: Panel, model: PlanModel): TemplateResult {
  return treeTable(panel, model, planColumns);
}

function planColumns({ metric, hasBuffers, plan, perLoop }: PlanModel): TreeColumns {
  const isOneLoop = metric.id === 'cost' || metric.isFactor === true;
  const per = perLoop ? ' per loop' : '';
  const columns: TreeColumn[] = [
    {
      id: 'self',
      head: html`<span class="number">${metric.selfHead}${isOneLoop ? '' : per}</span
        ><span class="share"></span>`,
      cell: selfView,
    },
  ];
  const { totalHead } = metric;
  if (totalHead !== undefined)
    columns.push({
      id: 'total',
      head: `${totalHead}${isOneLoop ? '' : per}`,
      cell: ({ node }, tree) => plainCell('total', totalCell(node, tree)),
    });
  const isByRows = metric.id === 'rows';
  if (plan.analyzed)
    columns.push({
      id: 'rows',
      head: html`${isByRows ? nothing : html`<span class="number">Rows${per}</span>`}<span class="planned"
          >/ planned</span
        ><span class="factor"></span>`,
      cell: rowsView,
    });
  else if (!isByRows)
    columns.push({
      id: 'rows',
      head: html`<span class="number">Rows<span class="planned-word"> planned</span></span>`,
      cell: rowsView,
    });
  if (plan.analyzed)
    columns.push({ id: 'loops', head: 'Loops', cell: ({ node }) => plainCell('loops', loopsCell(node)) });
  if (hasBuffers && metric.id !== 'buffers')
    columns.push({
      id: 'buffers',
      head: `Self buffers${per}`,
      cell: ({ node }, tree) => plainCell('buffers', buffersCell(node, tree)),
    });
  return {
    label: `Plan by ${metric.label}${per}`,
    className: `by-${metric.id} ${perLoop ? 'per-loop' : ''} ${hasBuffers ? '' : 'no-buffers'} ${plan.analyzed ? '' : 'not-executed'}`,
    columns,
  };
}

function selfView({ node }: PlanRow, model: PlanModel): TemplateResult {
  const cell = selfCell(node, model);
  return html`<div role="gridcell" class="cell self" title=${cell.title}>
    <span class="bar-room">${bar(cell.barPercent, cell.isElsewhere)}</span
    ><span class="number">${cell.text}</span><span class="share">${cell.share}</span>
  </div>`;
}

function rowsView({ node }: PlanRow, model: PlanModel): TemplateResult {
  const cell = rowsCell(node, model);
  return html`<div role="gridcell" class="cell rows" title=${cell.title}>
    ${model.metric.id === 'rows' ? nothing : html`<span class="number">${cell.text}</span>`}<span
      class="planned dim"
      >${cell.planned}</span
    ><span class="factor ${cell.farOff ? 'far-off' : 'dim'}">${cell.factor}</span>
  </div>`;
}

export function plainCell(column: string, cell: Cell): TemplateResult {
  return html`<div role="gridcell" class="cell ${column}" title=${cell.title}>${cell.text}</div>`;
}
