/** Everything that is known of one node, in groups; nothing that the server said is left out. Pure. */
import { hasEstimates } from '../src/shared/estimates.ts';
import {
  formatBlocks,
  formatCost,
  formatCount,
  formatFactor,
  formatMs,
  formatPercent,
} from '../src/shared/format.ts';
import { parallelTimes } from '../src/shared/parallelTimes.ts';
import { aboutSign, aboutWords } from '../src/shared/precision.ts';
import type { Buffers, Details, PlanNode } from '../src/shared/report.ts';
import { placeName } from '../src/shared/remotePlace.ts';
import { inputsMissing, lacksInputs } from './cutOff.ts';
import { formatDetail, rawDetail } from './detailFormat.ts';
import { metricOf } from './metrics.ts';
import { measuredBy, type PlanModel } from './planModel.ts';
import { wholeOf } from './wholes.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly title?: string;
  /** An expression or an identifier. */
  readonly code?: boolean;
}

export interface FactTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface FactGroup {
  readonly id: string;
  /** Absent for the first one, which is always open under the node's own heading. */
  readonly title?: string;
  readonly facts: readonly Fact[];
  readonly table?: FactTable;
}

/** What decides how a node works comes first, in this order; it is what people look for. */
const conditionKeys: readonly string[] = [
  'Index Cond',
  'Recheck Cond',
  'TID Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'Filter',
  'One-Time Filter',
  'Conflict Filter',
  'Run Condition',
  'Order By',
  'Sort Key',
  'Presorted Key',
  'Group Key',
  'Cache Key',
  'Function Call',
  'Remote SQL',
];

export function nodeFacts(node: PlanNode, model: PlanModel): readonly FactGroup[] {
  const groups: readonly (FactGroup | undefined)[] = [
    { id: 'main', facts: mainFacts(node, model) },
    figures(node, model),
    buffers(node),
    workers(node),
    others(node),
  ];
  return groups.filter((group) => group !== undefined);
}

function mainFacts(node: PlanNode, model: PlanModel): readonly Fact[] {
  const facts: Fact[] = [];
  if (node.distributed !== undefined) {
    facts.push({
      name: 'Elsewhere',
      value: placeName(node.distributed),
      title: 'Measured by the clock of its own server: no part of the time of the statement',
    });
  }
  if (node.neverExecuted) facts.push({ name: 'Executed', value: 'never: no step above asked it for a row' });
  for (const key of conditionKeys) {
    const value = node.details[key];
    if (value !== undefined) {
      facts.push({ name: key, value: formatDetail(key, value), title: rawDetail(key, value), code: true });
    }
  }
  const removed = node.rowsRemoved ?? 0;
  if (removed > 0) {
    const seen = removed + (node.rows ?? 0);
    facts.push({
      name: 'Removed',
      value: `${formatCount(removed)} rows (${formatPercent(removed / seen)})`,
      title: `${removed} of ${seen} rows, over all loops`,
    });
  }
  if (lacksInputs(node)) {
    facts.push({ name: model.plan.analyzed ? 'Self time' : 'Self cost', value: inputsMissing });
  }
  const self = node.neverExecuted ? undefined : node.selfMs;
  const whole = wholeOf(node, measuredBy(model, metricOf('time'), false));
  if (self !== undefined && whole.amount > 0) {
    const of = node.distributed === undefined ? '' : ` of ${whole.name}`;
    facts.push({
      name: 'Self time',
      value: `${aboutSign(node, 'selfMs')}${formatMs(self)} (${formatPercent(self / whole.amount)}${of})`,
      title: `${self} ms${aboutWords(node, 'selfMs')}`,
    });
  }
  const times = parallelTimes(node);
  if (times?.ranIn !== undefined) {
    facts.push({
      name: 'Processes',
      value: `${times.ranIn}: ${formatMs(times.sumMs)} there`,
      title: `With everything below; shared out to all processes of the Gather, it counts as ${formatMs(times.averageMs)} of the elapsed time`,
    });
  } else if (times !== undefined) {
    facts.push({
      name: 'Processes',
      value: `${Math.round(times.processes)}, on average ${formatMs(times.averageMs)}`,
      title: `${formatMs(times.sumMs)} in all, with everything below; the average is what the others waited for, had all worked alike`,
    });
    if (times.slowest !== undefined) {
      facts.push({
        name: 'Slowest',
        value: `${times.slowest.who}, ${formatMs(times.slowest.ms)} (${formatFactor(times.slowest.ms / times.averageMs)})`,
        title: 'Its time, with everything below, and how it compares with the average',
      });
    }
  }
  if (hasEstimates(node)) facts.push(costFact(node));
  return facts;
}

function costFact(node: PlanNode): Fact {
  const startup = node.details['Startup Cost'];
  const total = formatCost(node.cost);
  return {
    name: 'Cost',
    value: typeof startup === 'number' ? `${formatCost(startup)} … ${total}` : total,
    title: 'Estimated: until the first row … until all rows',
  };
}

function figures(node: PlanNode, model: PlanModel): FactGroup {
  const facts: Fact[] = [];
  const add = (name: string, value: string | undefined, title?: string) => {
    if (value !== undefined) facts.push({ name, value, ...(title === undefined ? {} : { title }) });
  };
  if (!node.neverExecuted) {
    add(
      'Total time',
      node.totalMs === undefined ? undefined : aboutSign(node, 'totalMs') + formatMs(node.totalMs),
      `${node.totalMs} ms, with everything below${aboutWords(node, 'totalMs')}`,
    );
    add(
      'First row after',
      node.startupMs === undefined ? undefined : formatMs(node.startupMs),
      `${node.startupMs} ms`,
    );
    add('I/O time', node.ioMs === undefined ? undefined : formatMs(node.ioMs), 'summed over all processes');
    add(
      'Rows',
      node.rows === undefined ? undefined : aboutSign(node, 'rows') + formatCount(node.rows),
      `returned, over all loops${aboutWords(node, 'rows')}`,
    );
  }
  const perLoop = (node.loops ?? 1) > 1 ? ' per loop' : '';
  if (hasEstimates(node)) add('Rows planned', `${formatCount(node.planRows)}${perLoop}`);
  add('Actual to planned', node.rowsFactor === undefined ? undefined : formatFactor(node.rowsFactor));
  add('Loops', node.loops === undefined ? undefined : formatCount(node.loops), 'over all processes');
  if (hasEstimates(node) && !lacksInputs(node)) add('Cost of itself', formatCost(node.selfCost));
  return { id: 'figures', title: model.plan.analyzed ? 'Time, rows, cost' : 'Rows, cost', facts };
}

const bufferKinds: readonly (readonly [label: string, key: keyof Buffers])[] = [
  ['shared hit', 'sharedHit'],
  ['shared read', 'sharedRead'],
  ['shared dirtied', 'sharedDirtied'],
  ['shared written', 'sharedWritten'],
  ['local hit', 'localHit'],
  ['local read', 'localRead'],
  ['local dirtied', 'localDirtied'],
  ['local written', 'localWritten'],
  ['temp read', 'tempRead'],
  ['temp written', 'tempWritten'],
];

function buffers(node: PlanNode): FactGroup | undefined {
  const { buffers: all, selfBuffers: self } = node;
  if (all === undefined || node.neverExecuted) return undefined;
  const rows = bufferKinds
    .filter(([, key]) => all[key] !== 0 || (self?.[key] ?? 0) !== 0)
    .map(([label, key]) => [
      label,
      self === undefined ? '–' : formatCount(self[key]),
      formatCount(all[key]),
      formatBlocks(all[key]),
    ]);
  return rows.length === 0
    ? { id: 'buffers', title: 'Buffers', facts: [{ name: 'All kinds', value: '0 blocks' }] }
    : {
        id: 'buffers',
        title: 'Buffers',
        facts: [],
        table: { columns: ['Blocks', 'self', 'with children', 'size'], rows },
      };
}

/** One row per process. EXPLAIN prints no leader: it is what the workers leave of the sum. */
function workers(node: PlanNode): FactGroup | undefined {
  const list = node.workers ?? [];
  if (list.length === 0) return undefined;
  const times = parallelTimes(node);
  const rows = list.map(({ number, ms, rows: returned, loops }) => [
    `#${number}`,
    ms === undefined ? '–' : formatMs(ms),
    returned === undefined ? '–' : formatCount(returned),
    loops === undefined ? '–' : formatCount(loops),
  ]);
  if (times?.slowest !== undefined) {
    rows.unshift(['leader', formatMs(times.slowest.leaderMs), '–', '–']);
    rows.push(['in all', formatMs(times.sumMs), '–', '–'], ['average', formatMs(times.averageMs), '–', '–']);
  }
  return {
    id: 'workers',
    title: 'Workers',
    facts: [],
    table: { columns: ['Process', 'time', 'rows', 'loops'], rows },
  };
}

/** Everything else under the server's own keys. */
function others(node: PlanNode): FactGroup | undefined {
  const shown = new Set([...conditionKeys, 'Startup Cost']);
  const facts: Fact[] = [];
  const addText = (name: string, value: string | undefined) => {
    if (value !== undefined) facts.push({ name, value, code: true });
  };
  addText('Schema', node.schema);
  addText('Relation Name', node.relation);
  addText('Alias', node.alias);
  addText('Index Name', node.index);
  addText('Subplan Name', node.subplanName);
  addText('Parent Relationship', node.relationship);
  addText('Remote node', node.distributed?.node);
  addText('Remote task', node.distributed?.task);
  facts.push(...detailFacts(node.details, '', shown));
  for (const worker of node.workers ?? [])
    facts.push(...detailFacts(worker.details, `#${worker.number} `, new Set()));
  if (facts.length === 0) return undefined;
  return { id: 'others', title: `All else the server said (${facts.length})`, facts };
}

/** Details as facts, under a prefix. */
export function detailFacts(details: Details, prefix: string, except: ReadonlySet<string>): readonly Fact[] {
  return Object.entries(details)
    .filter(([key]) => !except.has(key))
    .map(([key, value]) => ({
      name: `${prefix}${key}`,
      value: formatDetail(key, value),
      title: rawDetail(key, value),
      code: key === 'Output' || (typeof value === 'object' && value !== null),
    }));
}
