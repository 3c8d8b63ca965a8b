/** The annotated plan: a row for each step, with bars on one scale. */
import { html, type TemplateResult } from 'lit';
import { buffersCell, loopsCell, rowsCell, selfCell, totalCell, type Cell } from '../nodeCells.ts';
import type { Panel } from '../panel.ts';
import type { PlanModel, PlanRow } from '../planModel.ts';
import { bar } from './bar.ts';
import { treeTable, type TreeColumn, type TreeColumns } from './treeTable.ts';

export function planTable(panel: Panel, model: PlanModel): TemplateResult {
  return treeTable(panel, model, planColumns);
}

function planColumns({ metric, hasBuffers, plan }: PlanModel): TreeColumns {
  const columns: TreeColumn[] = [
    {
      id: 'self',
      head: html`<span class="number">${metric.selfHead}</span><span class="share"></span>`,
      cell: selfView,
    },
    {
      id: 'total',
      head: metric.totalHead ?? '',
      cell: ({ node }, tree) => plainCell('total', totalCell(node, tree)),
    },
    {
      id: 'rows',
      head: plan.analyzed
        ? html`<span class="number">Rows</span><span class="planned">/ planned</span
            ><span class="factor"></span>`
        : html`<span class="number">Rows<span class="planned-word"> planned</span></span>`,
      cell: rowsView,
    },
  ];
  if (plan.analyzed)
    columns.push({ id: 'loops', head: 'Loops', cell: ({ node }) => plainCell('loops', loopsCell(node)) });
  if (hasBuffers)
    columns.push({
      id: 'buffers',
      head: 'Self buffers',
      cell: ({ node }) => plainCell('buffers', buffersCell(node)),
    });
  return {
    label: `Plan by ${metric.label}`,
    className: `by-${metric.id} ${hasBuffers ? '' : 'no-buffers'} ${plan.analyzed ? '' : 'not-executed'}`,
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
    <span class="number">${cell.text}</span><span class="planned dim">${cell.planned}</span
    ><span class="factor ${cell.farOff ? 'far-off' : 'dim'}">${cell.factor}</span>
  </div>`;
}

export function plainCell(column: string, cell: Cell): TemplateResult {
  return html`<div role="gridcell" class="cell ${column}" title=${cell.title}>${cell.text}</div>`;
}
