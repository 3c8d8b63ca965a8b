/** How strongly a node is coloured, and what it is called where it is a mark in a drawing. Pure. */
import type { Severity } from '../src/shared/report.ts';
import type { Hue, Mark, Paint, Shape, Strength, TintPaint } from './drawing.ts';
import { iconPaths, severityIcons } from './icons.ts';
import { nodeWords, rowsCell, selfCell, totalCell } from './nodeCells.ts';
import { selfOf, type PlanModel, type PlanRow } from './planModel.ts';

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
    (row.severity === undefined ? '' : `${row.severity}: `) + nodeWords(node),
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
): Pick<Mark, 'node' | 'name' | 'level' | 'position' | 'siblings'> {
  const { node, level, position, siblings } = row;
  return { node, name: markName(row, model), level, position, siblings };
}

/** The icon of a severity, 16 px square; the mark's name says the word. */
export function severityShape(severity: Severity, paint: Paint, x: number, y: number): Shape {
  return { kind: 'area', paint, path: iconPaths[severityIcons[severity]], x, y };
}

function hueOf({ severity }: PlanRow): Hue {
  return severity === 'critical' ? 'red' : severity === 'warning' ? 'yellow' : 'blue';
}

function strengthOf({ node }: PlanRow, model: PlanModel): Strength {
  const { metric } = model;
  const self = selfOf(node, { metric, perLoop: false }) ?? 0;
  if (metric.id === 'rows') return stepOf(self, rowSteps);
  if (metric.id === 'estimate') return stepOf(self, factorSteps);
  return stepOf(model.whole > 0 ? self / model.whole : 0, shareSteps);
}

function stepOf(value: number, steps: readonly number[]): Strength {
  return steps.filter((step) => value >= step).length as Strength;
}
