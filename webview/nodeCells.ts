/** What each cell of the tree table says about a node: the short text that is shown and the exact one of its tooltip. Pure. */
import { formatCount, formatFactor, formatRows } from '../src/shared/format.ts';
import { hasEstimates, noEstimates } from '../src/shared/estimates.ts';
import { plannedRows } from '../src/shared/plannedRows.ts';
import { aboutSign, aboutWords } from '../src/shared/precision.ts';
import type { PlanNode } from '../src/shared/report.ts';
import { nodeTitle, sourceName } from '../src/shared/nodeLabel.ts';
import { inputsMissing, lacksInputs } from './cutOff.ts';
import { formatDetail } from './detailFormat.ts';
import { placeName } from '../src/shared/remotePlace.ts';
import { exactCount, touchedBlocks } from './metrics.ts';
import { loopsToShare, selfOf, totalOf, type PlanModel } from './planModel.ts';
import { isSumOfTasks, wholeOf } from './wholes.ts';

export interface Cell {
  readonly text: string;
  readonly title: string;
}

export interface SelfCell extends Cell {
  /** Length of the bar, 0 to 100, on the scale that all bars of the plan share. */
  readonly barPercent: number;
  /** "47 %" of the whole, where it is worth a number; empty for what ran elsewhere, which is no part of it. */
  readonly share: string;
  /** Measured by another server's clock. */
  readonly isElsewhere: boolean;
}

export interface RowsCell extends Cell {
  /** "/ 7.7 k": what the planner expected over all loops. */
  readonly planned: string;
  /** "×0.8"; empty where actual and planned may differ honestly. */
  readonly factor: string;
  /** The estimate is wrong enough to mislead the planner. */
  readonly farOff: boolean;
}

/** A step below this share of the whole gets no percentage: its bar is too short to be seen, too. */
const worthSharing = 0.01;
/** From a factor of ten on, planners choose wrong joins; the threshold that plan readers agree on (PEV2, depesz, pgMustard). */
const farOffFactor = 10;

const absent: Cell = { text: '–', title: 'not measured' };

export function selfCell(node: PlanNode, model: PlanModel): SelfCell {
  const { metric } = model;
  const isElsewhere = node.distributed !== undefined;
  const self = selfOf(node, model);
  if (self === undefined) {
    return {
      ...withoutSelf(node),
      barPercent: 0,
      share: '',
      isElsewhere,
    };
  }
  const isSum = isSumOfTasks(node, model);
  const whole = wholeOf(node, model);
  const share = metric.isShared && !model.perLoop && whole.amount > 0 ? self / whole.amount : 0;
  const context = isSum
    ? ', added up over tasks that ran side by side'
    : share > 0
      ? `, ${(share * 100).toFixed(1)} % of ${whole.name}`
      : '';
  return {
    text: metric.format(self, node),
    title: `${metric.selfHead}: ${metric.exact(self, node)}${loopWords(model)}${context}`,
    barPercent: isSum ? 0 : barPercent(self, model),
    share: share >= worthSharing && !isElsewhere ? `${Math.round(share * 100)} %` : '',
    isElsewhere,
  };
}

/** Behind a figure. A factor is that of one loop as of all. */
function loopWords({ metric, perLoop, plan }: PlanModel): string {
  if (!perLoop) return metric.id === 'rows' && plan.analyzed ? ', over all loops' : '';
  return metric.isFactor === true ? '' : ' per loop';
}

/** Of factors the logarithm, up to one that misleads at least: a plan whose estimates are all fair has short bars only. */
function barPercent(self: number, { metric, longest }: PlanModel): number {
  if (longest <= 0) return 0;
  const share =
    metric.isFactor === true ? Math.log(self) / Math.log(Math.max(longest, farOffFactor)) : self / longest;
  return Math.max(0, share * 100);
}

function withoutSelf(node: PlanNode): Cell {
  if (node.neverExecuted) {
    return { text: 'never executed', title: 'The executor never asked this step for a row' };
  }
  return lacksInputs(node) ? { text: 'cut off', title: inputsMissing } : absent;
}

export function totalCell(node: PlanNode, model: PlanModel): Cell {
  const total = totalOf(node, model);
  if (total === undefined) return absent;
  return {
    text: model.metric.format(total, node),
    title: `${model.metric.exact(total, node)}${loopWords(model)}, with everything below it`,
  };
}

export function rowsCell(node: PlanNode, model: PlanModel): RowsCell {
  if (!model.plan.analyzed || node.rows === undefined || node.neverExecuted) {
    if (!hasEstimates(node)) return { text: '–', title: noEstimates, planned: '', factor: '', farOff: false };
    return {
      text: model.plan.analyzed ? '–' : formatRows(node.planRows),
      title: `${exactCount(node.planRows)} rows planned${(node.loops ?? 1) > 1 ? ' per loop' : ''}`,
      planned: model.plan.analyzed ? `/ ${formatRows(node.planRows)}` : '',
      factor: '',
      farOff: false,
    };
  }
  const { rowsFactor } = node;
  const loops = node.loops ?? 1;
  const share = loopsToShare(node, model);
  const rows = node.rows / share;
  const planned = plannedRows(node) / share;
  const overLoops = loops === 1 ? 'over one loop' : `over ${formatCount(loops)} loops`;
  const isPlanned = hasEstimates(node);
  const farOff = rowsFactor !== undefined && (rowsFactor >= farOffFactor || rowsFactor <= 1 / farOffFactor);
  return {
    text: aboutSign(node, 'rows') + formatRows(rows),
    title:
      `${exactCount(rows)} rows ${model.perLoop ? 'per loop' : overLoops}; ` +
      (isPlanned ? `planned ${exactCount(node.planRows)}${loops === 1 ? '' : ' per loop'}` : noEstimates) +
      (rowsFactor === undefined ? '' : `; actual to planned: ${formatFactor(rowsFactor)}`) +
      aboutWords(node, 'rows'),
    planned: isPlanned ? `/ ${formatRows(planned < 10 ? planned : Math.round(planned))}` : '',
    factor: rowsFactor === undefined || isExact(rowsFactor) ? '' : formatFactor(rowsFactor),
    farOff,
  };
}

export function loopsCell(node: PlanNode): Cell {
  if (node.loops === undefined) return absent;
  return { text: formatRows(node.loops), title: `${formatCount(node.loops)} loops, over all processes` };
}

export function buffersCell(node: PlanNode, model: PlanModel): Cell {
  const buffers = node.selfBuffers;
  if (lacksInputs(node)) return { text: '–', title: inputsMissing };
  if (buffers === undefined || node.neverExecuted) return absent;
  const { sharedHit, sharedRead, localHit, localRead, tempRead, tempWritten } = buffers;
  const share = loopsToShare(node, model);
  const touched = touchedBlocks(buffers) / share;
  const some = (blocks: number) => exactCount(blocks / share);
  return {
    text: formatRows(touched),
    title:
      `${exactCount(touched)} blocks${model.perLoop ? ' per loop' : ''}: shared ${some(sharedHit)} hit, ${some(sharedRead)} read` +
      (localHit + localRead > 0 ? `; local ${some(localHit)} hit, ${some(localRead)} read` : '') +
      (tempRead + tempWritten > 0 ? `; temporary ${some(tempRead)} read, ${some(tempWritten)} written` : ''),
  };
}

/** The few words behind a node's name that tell it from its like: "2 workers", "top-N heapsort, 33 KiB", a join's condition. */
export function qualifiers(node: PlanNode): readonly string[] {
  const { details } = node;
  const words: string[] = [];
  const source = sourceName(node);
  if (source !== undefined) words.push(source);
  if (node.index !== undefined) words.push(`using ${node.index}`);
  const workers = details['Workers Launched'];
  const planned = details['Workers Planned'];
  if (typeof workers === 'number' && typeof planned === 'number') {
    words.push(workers === planned ? count(workers, 'worker') : `${workers} of ${count(planned, 'worker')}`);
  } else if (typeof planned === 'number') {
    words.push(`${count(planned, 'worker')} planned`);
  }
  const method = details['Sort Method'];
  if (typeof method === 'string') words.push(withSize(method, 'Sort Space Used', node));
  // A parallel hash is shared, and its leader prints a peak of 0.
  if (node.type === 'Hash' && Number(details['Peak Memory Usage'] ?? 0) > 0) {
    const batches = details['Hash Batches'];
    words.push(
      withSize('', 'Peak Memory Usage', node) +
        (typeof batches === 'number' && batches > 1 ? `, ${batches} batches` : ''),
    );
  }
  const condition = ['Hash Cond', 'Merge Cond', 'Join Filter', 'Index Cond']
    .map((key) => details[key])
    .find((value) => typeof value === 'string');
  if (condition !== undefined) words.push(bare(condition));
  return words;
}

/** A node's whole name: "InitPlan 1 · Seq Scan · deployments · d", and where it ran if that was elsewhere. */
export function nodeWords(node: PlanNode, words?: readonly string[]): string {
  const { distributed } = node;
  const place = distributed === undefined ? undefined : placeName(distributed);
  const rest = words ?? [...qualifiers(node), place];
  return [node.subplanName, nodeTitle(node), node.relation, node.alias, ...rest]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** A factor that rounds to ×1 says nothing. */
function isExact(factor: number): boolean {
  return factor > 0.95 && factor < 1.05;
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}

function withSize(words: string, key: string, node: PlanNode): string {
  const value = node.details[key];
  const size = typeof value === 'number' ? formatDetail(key, value) : '';
  return [words, size].filter((part) => part !== '').join(', ');
}

/** "(a.id = b.id)" → "a.id = b.id", when the outer brackets are one pair. */
function bare(condition: string): string {
  if (!condition.startsWith('(') || !condition.endsWith(')')) return condition;
  let depth = 0;
  for (let at = 0; at < condition.length - 1; at++) {
    if (condition[at] === '(') depth++;
    else if (condition[at] === ')') depth--;
    if (depth === 0) return condition;
  }
  return condition.slice(1, -1);
}
