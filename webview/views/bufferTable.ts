/** The plan by the blocks that it touched: the same rows and keys as the table, other columns. */
import { html, type TemplateResult } from 'lit';
import {
  bufferCell,
  bufferColumns,
  cachedCell,
  hasIo,
  ioCell,
  selfSizeCell,
  totalSizeCell,
} from '../bufferCells.ts';
import { metricOf } from '../metrics.ts';
import type { Panel } from '../panel.ts';
import { selfCell } from '../nodeCells.ts';
import { measuredBy, type PlanModel, type PlanRow } from '../planModel.ts';
import { bar } from './bar.ts';
import { plainCell } from './planTable.ts';
import { treeTable, type TreeColumn, type TreeColumns } from './treeTable.ts';

export function bufferTable(panel: Panel, model: PlanModel): TemplateResult {
  return treeTable(panel, model, columnsOf);
}

function columnsOf(tree: PlanModel): TreeColumns {
  const scale = measuredBy(tree, metricOf('buffers'), false);
  const columns: TreeColumn[] = [
    { id: 'self', head: html`<span class="number">Self size</span>`, cell: (row) => sizeView(row, scale) },
    { id: 'total', head: 'Total size', cell: ({ node }) => plainCell('total', totalSizeCell(node)) },
    { id: 'cached', head: 'Cached', cell: ({ node }) => plainCell('cached', cachedCell(node)) },
    ...bufferColumns(tree).map((column) => ({
      id: `blocks ${column.key}`,
      head: html`<span title=${column.title}>${column.head}</span>`,
      cell: ({ node }: PlanRow) => plainCell(`blocks ${column.key}`, bufferCell(node, column)),
    })),
  ];
  if (hasIo(tree))
    columns.push({ id: 'io', head: 'I/O ms', cell: ({ node }) => plainCell('io', ioCell(node)) });
  return { label: 'Plan by buffers and I/O', className: 'of-buffers', columns };
}

function sizeView({ node }: PlanRow, scale: PlanModel): TemplateResult {
  const { text, title } = selfSizeCell(node);
  return html`<div role="gridcell" class="cell self" title=${title}>
    <span class="bar-room">${bar(selfCell(node, scale).barPercent, node.distributed !== undefined)}</span
    ><span class="number">${text}</span>
  </div>`;
}
