/** How strongly a node is coloured, and what it is called where it is a mark in a drawing. Pure. */
import { formatCount } from '../src/shared/format.ts';
import type { Severity } from '../src/shared/report.ts';
import type { Hue, Mark, Paint, Shape, Strength, TintPaint } from './drawing.ts';
import { iconPaths, severityIcons, type IconName } from './icons.ts';
import { nodeWords, rowsCell, selfCell, totalCell } from './nodeCells.ts';
import { selfOf, stepsBelow, type PlanModel, type PlanRow } from './planModel.ts';
import { wholeOf } from './wholes.ts';

/** From these shares of the whole on, a colour is one step stronger. */
const shareSteps = [0.01, 0.05, 0.15, 0.35] as const;
/** Rows, in powers of ten: a few, thousands, hundreds of thousands, millions. */
const rowSteps = [100, 10_000, 1_000_000, 100_000_000] as const;
/** Factors between actual and planned rows; ten misleads planners (see nodeCells.ts). */
const factorSteps = [2, 10, 100, 1000] as const;

/** Severity gives the hue, the node's own part of the metric the strength. */
export function tintOf(row: PlanRow, model: PlanModel): TintPaint {
  return `${hueOf(row)}-${strengthOf(row, model)}`;
}

/** What the strengths mean, for the legend: weakest to strongest. */
export function tintWords({ metric }: PlanModel): string {
  if (metric.id === 'rows') return 'Stronger colour: more rows, from 100 to 100 M';
  if (metric.id === 'estimate') return 'Stronger colour: estimate further off, from ×2 to ×1,000';
  return `Stronger colour: larger own ${metric.label.toLowerCase()}`;
}

/** Everything about a node in one sentence, exact: for pointers a tooltip, for screen readers its name. */
export function markName(row: PlanRow, model: PlanModel): string {
  const { node } = row;
  const self = selfCell(node, model);
  const parts = [
    (row.severity === undefined ? '' : `${row.severity}: `) + nodeWords(node, row.fold?.words),
    self.title,
    model.metric.totalHead === undefined ? '' : totalCell(node, model).title,
    model.metric.id === 'rows' ? '' : rowsCell(node, model).title,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** What every mark says about its node; where it is and how it looks is the drawing's business. */
export function markOf(
  row: PlanRow,
  model: PlanModel,
  isClosed: boolean,
): Pick<Mark, 'node' | 'name' | 'level' | 'position' | 'siblings' | 'isOpen'> {
  const { node, level, position, siblings, childIds } = row;
  const folded = isClosed ? (stepsBelow(model).get(node.id) ?? 0) : 0;
  const steps = folded === 1 ? '1 step' : `${formatCount(folded)} steps`;
  const name = markName(row, model) + (folded > 0 ? `\n${steps} folded into it` : '');
  return { node, name, level, position, siblings, ...(childIds.length > 0 && { isOpen: !isClosed }) };
}

/** The icon of a severity, 16 px square; the mark's name says the word. */
export function severityShape(severity: Severity, paint: Paint, x: number, y: number): Shape {
  return iconShape(severityIcons[severity], paint, x, y);
}

/** 16 px square. */
export function iconShape(name: IconName, paint: Paint, x: number, y: number): Shape {
  return { kind: 'area', paint, path: iconPaths[name], x, y };
}

function hueOf({ severity }: PlanRow): Hue {
  return severity === 'critical' ? 'red' : severity === 'warning' ? 'yellow' : 'blue';
}

function strengthOf({ node }: PlanRow, model: PlanModel): Strength {
  const { metric } = model;
  const self = selfOf(node, { metric, perLoop: false }) ?? 0;
  if (metric.id === 'rows') return stepOf(self, rowSteps);
  if (metric.id === 'estimate') return stepOf(self, factorSteps);
  const { amount } = wholeOf(node, model);
  return stepOf(amount > 0 ? self / amount : 0, shareSteps);
}

/** How many of the rising steps are reached. Asked for every node at every drawing. */
function stepOf(value: number, steps: readonly [number, number, number, number]): Strength {
  const [weak, middling, strong, strongest] = steps;
  if (value >= strong) return value >= strongest ? 4 : 3;
  if (value >= middling) return 2;
  return value >= weak ? 1 : 0;
}
