/** The views of a plan, in the order of their tabs: one model, one selection, one file for each. */
import type { TemplateResult } from 'lit';
import type { Panel } from '../panel.ts';
import type { PlanModel } from '../planModel.ts';
import type { ViewId } from '../viewIds.ts';
import { isParallel } from '../workerLanes.ts';
import { bufferTable } from './bufferTable.ts';
import { diagramView } from './diagram.ts';
import { icicleView } from './icicle.ts';
import { planTable } from './planTable.ts';
import { sourceView } from './sourceView.ts';
import { statisticsView } from './statisticsView.ts';
import { workersView } from './workers.ts';

export interface PlanView {
  readonly id: ViewId;
  readonly label: string;
  /** What it shows, for the tab's tooltip. */
  readonly title: string;
  /** False for plans that it has nothing to show of: its tab is not offered then. Absent: for all. */
  readonly suits?: (model: PlanModel) => boolean;
  /** It shows the metric that is chosen. */
  readonly isMeasured?: true;
  /** Its steps open and close. */
  readonly isTree?: true;
  readonly view: (panel: Panel, model: PlanModel) => TemplateResult;
}

export const planViews: readonly PlanView[] = [
  {
    id: 'table',
    label: 'Table',
    title: 'Every step in a row, bars on one scale',
    isTree: true,
    isMeasured: true,
    view: planTable,
  },
  {
    id: 'icicle',
    label: 'Icicle',
    title: 'Widths show where the metric goes, from the root down',
    isTree: true,
    isMeasured: true,
    view: icicleView,
  },
  {
    id: 'diagram',
    label: 'Diagram',
    title: 'Boxes and lines, as wide as the rows that flow',
    isTree: true,
    isMeasured: true,
    view: diagramView,
  },
  {
    id: 'workers',
    label: 'Workers',
    title: 'How processes shared the work',
    suits: isParallel,
    view: workersView,
  },
  {
    id: 'statistics',
    label: 'Statistics',
    title: 'Summed up by type, table, index, function and trigger',
    isMeasured: true,
    view: statisticsView,
  },
  {
    id: 'buffers',
    label: 'Buffers',
    title: 'Blocks and waiting for them, step by step',
    isTree: true,
    suits: ({ hasBuffers }) => hasBuffers,
    view: bufferTable,
  },
  {
    id: 'source',
    label: 'Source',
    title: 'The statement and the plan’s own text, tied to the steps',
    view: sourceView,
  },
];

/** The view that is on screen: the chosen one, if it suits the plan. */
export function shownView(panel: Panel, model: PlanModel): PlanView {
  const chosen = planViews.find(({ id }) => id === panel.state.view);
  return chosen !== undefined && chosen.suits?.(model) !== false ? chosen : planViews[0]!;
}
