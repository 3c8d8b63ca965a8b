/** What bars and the first columns of numbers can measure. One list; every view reads it. Pure. */
import {
  formatCost,
  formatCount,
  formatFactor,
  formatMs,
  formatMsPlain,
  formatRows,
} from '../src/shared/format.ts';
import { hasEstimates } from '../src/shared/estimates.ts';
import { lacksInputs } from './cutOff.ts';
import { oncePer } from './oncePer.ts';
import { aboutSign, aboutWords } from '../src/shared/precision.ts';
import type { Buffers, Plan, PlanNode } from '../src/shared/report.ts';

export type MetricId = 'time' | 'rows' | 'cost' | 'buffers' | 'io' | 'estimate';

export interface Metric {
  readonly id: MetricId;
  /** In the list that one chooses from. */
  readonly label: string;
  readonly selfHead: string;
  /** Absent where a node has no number with everything below it. */
  readonly totalHead?: string;
  /** The node's own part; undefined where it was not measured. */
  readonly selfOf: (node: PlanNode) => number | undefined;
  readonly totalOf: (node: PlanNode) => number | undefined;
  /** Whether parts add up to a whole, so that a share of it means something. */
  readonly isShared: boolean;
  /** A factor, whose bar tells by how many times it is off: none for ×1. Absent: bars are as long as the numbers are large. */
  readonly isFactor?: true;
  /** As a cell shows it, under a head that names the unit. */
  readonly format: (value: number, node: PlanNode) => string;
  /** The same with its unit, where no head names it. */
  readonly withUnit: (value: number) => string;
  /** The exact number with its unit, for tooltips. */
  readonly exact: (value: number, node: PlanNode) => string;
}

const time: Metric = {
  id: 'time',
  label: 'Time',
  selfHead: 'Self ms',
  totalHead: 'Total ms',
  selfOf: (node) => node.selfMs,
  totalOf: (node) => node.totalMs,
  isShared: true,
  format: (ms, node) => aboutSign(node, ms === node.totalMs ? 'totalMs' : 'selfMs') + formatMsPlain(ms),
  withUnit: (ms) => formatMs(ms),
  exact: (ms, node) => `${ms.toFixed(3)} ms${aboutWords(node, ms === node.totalMs ? 'totalMs' : 'selfMs')}`,
};

const cost: Metric = {
  id: 'cost',
  label: 'Cost',
  selfHead: 'Self cost',
  totalHead: 'Total cost',
  selfOf: (node) => (hasEstimates(node) && !lacksInputs(node) ? node.selfCost : undefined),
  totalOf: (node) => (hasEstimates(node) ? node.cost : undefined),
  // Under LIMIT the cost of a step exceeds that of the plan, so a share of it would mislead.
  isShared: false,
  format: (value) => formatCost(value),
  withUnit: (value) => `cost ${formatCost(value)}`,
  exact: (value) => `${value.toFixed(2)}, in units of the planner`,
};

const rows: Metric = {
  id: 'rows',
  label: 'Rows',
  selfHead: 'Rows out',
  selfOf: (node) => node.rows ?? (hasEstimates(node) ? node.planRows : undefined),
  totalOf: () => undefined,
  isShared: false,
  format: (value, node) => (node.rows === undefined ? '' : aboutSign(node, 'rows')) + formatRows(value),
  withUnit: (value) => `${formatRows(value)} rows`,
  exact: (value, node) =>
    `${exactCount(value)} rows ${node.rows === undefined ? 'planned' : `returned${aboutWords(node, 'rows')}`}`,
};

const buffers: Metric = {
  id: 'buffers',
  label: 'Buffers',
  selfHead: 'Self buffers',
  totalHead: 'Total buffers',
  selfOf: ({ selfBuffers }) => selfBuffers && touchedBlocks(selfBuffers),
  totalOf: ({ buffers: all }) => all && touchedBlocks(all),
  isShared: true,
  format: (value) => formatRows(value),
  withUnit: (value) => `${formatRows(value)} blocks`,
  exact: (value) => `${exactCount(value)} blocks`,
};

const io: Metric = {
  id: 'io',
  label: 'I/O time',
  selfHead: 'Self I/O ms',
  totalHead: 'Total I/O ms',
  selfOf: (node) => node.selfIoMs,
  totalOf: (node) => node.ioMs,
  isShared: true,
  format: (value) => formatMsPlain(value),
  withUnit: (value) => formatMs(value),
  exact: (value) => `${value.toFixed(3)} ms of waiting for blocks, summed over processes`,
};

const estimate: Metric = {
  id: 'estimate',
  label: 'Estimates',
  selfHead: 'Off by',
  selfOf: ({ rowsFactor, rows: actual, planRows }) => {
    if (rowsFactor === undefined) return undefined;
    // No row came: as far off as if one had.
    const factor = rowsFactor > 0 ? rowsFactor : 1 / Math.max(1, planRows);
    return actual === undefined ? undefined : Math.max(factor, 1 / factor);
  },
  totalOf: () => undefined,
  isShared: false,
  isFactor: true,
  format: (value) => formatFactor(value),
  withUnit: (value) => formatFactor(value),
  exact: (value, { rowsFactor = 1 }) =>
    `${rowsFactor >= 1 ? 'more' : 'fewer'} rows than planned: ${formatFactor(value)}`,
};

export const metrics: readonly Metric[] = [time, rows, cost, buffers, io, estimate];

export function metricOf(id: MetricId): Metric {
  return metrics.find((metric) => metric.id === id) ?? cost;
}

/** Those that the plan has numbers for. Asked at every drawing. */
export const availableMetrics = oncePer(({ nodes, analyzed }: Plan): readonly Metric[] => {
  const has: Readonly<Record<MetricId, boolean>> = {
    time: nodes.some((node) => node.selfMs !== undefined),
    rows: true,
    cost: true,
    buffers: nodes.some((node) => node.selfBuffers !== undefined),
    io: nodes.some((node) => (node.ioMs ?? 0) > 0),
    estimate: analyzed && nodes.some((node) => node.rowsFactor !== undefined),
  };
  return metrics.filter(({ id }) => has[id]);
});

/** Averages have fractions: "2.5", "1,200". */
export function exactCount(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toFixed(2)));
}

/** Every block that was touched, in any pool. */
export function touchedBlocks(all: Buffers): number {
  return all.sharedHit + all.sharedRead + all.localHit + all.localRead + all.tempRead + all.tempWritten;
}
