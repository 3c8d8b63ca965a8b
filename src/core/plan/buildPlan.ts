/** Raw plan → the report's Plan: the tree, its arithmetic, and every key that the model has no field for. */
import type { Buffers, Plan, PlanNode, Problem } from '../../shared/report.ts';
import { attribute } from './attribution.ts';
import { buffersOf, measureBuffers, measureIoTimes } from './buffers.ts';
import { costOf, selfCosts } from './cost.ts';
import { nodeWorkers } from './details.ts';
import { documentedEngine } from './documentedEngine.ts';
import type { Measure } from './measure.ts';
import { valueAt } from './columns.ts';
import { type NodeFacts, readNodeFacts } from './nodeFacts.ts';
import type { LeaderSetting, Parallelism } from './participants.ts';
import { measureParallelism } from './participants.ts';
import type { TreeNode } from './planTree.ts';
import { buildPlanTree, isLocal, isNeverExecuted } from './planTree.ts';
import { readPlanTop } from './planTop.ts';
import type { RawPlan } from './raw.ts';
import { findReferences } from './references.ts';
import type { RowCounts } from './rows.ts';
import { countRows } from './rows.ts';
import type { SelfShares } from './selfShares.ts';
import { shareOut } from './selfShares.ts';
import type { Times } from './times.ts';
import { measureTimes } from './times.ts';

export interface BuiltPlan {
  readonly plan: Plan;
  readonly problems: readonly Problem[];
}

export function buildPlan(raw: RawPlan, format: Plan['format']): BuiltPlan {
  // 1. The tree, and how many processes worked on each node.
  const tree = buildPlanTree(raw);
  const facts = readNodeFacts(tree);
  const references = findReferences(tree, facts.details);
  const parallelism = measureParallelism(tree, leaderSetting(raw));
  // 2. What was measured, children included.
  const times = measureTimes(tree, parallelism.participants, facts);
  const buffers = measureBuffers(tree, facts);
  const ioTimes = measureIoTimes(tree, facts);
  // 3. Who pays for InitPlans, SubPlans and CTEs; then each measure without the others' parts.
  const attribution = attribute(tree, references, {
    all: [...(times ? [times.measure] : []), ...(buffers?.measures.values() ?? [])],
    ...(times ? { time: times.measure } : {}),
    startupMs: times?.startupMs ?? [],
  });
  const share = (measure: Measure) => shareOut(tree, attribution, measure);
  const selfTimes = times && share(times.measure);
  const selfBuffers =
    buffers && new Map([...buffers.measures].map(([name, measure]) => [name, share(measure)] as const));
  // 4. The model.
  const columns: Columns = {
    facts,
    parallelism,
    times,
    selfTimes,
    buffers: buffers?.byNode ?? [],
    selfBuffers,
    selfIoTimes: ioTimes && share(ioTimes),
    rows: countRows(tree, parallelism, references, facts),
    selfCosts: selfCosts(tree, references, facts),
  };
  const afterRoot = workAfterRoot(selfTimes, selfBuffers);
  const nodes = tree.nodes.map((node) => toPlanNode(node, columns));
  const documented = documentedEngine(raw, nodes);
  return {
    plan: {
      nodes,
      ...readPlanTop(raw, times?.measure.totals[0]),
      ...(afterRoot === undefined ? {} : { afterRoot }),
      format,
      analyzed: tree.nodes[0]?.loops !== undefined,
    },
    problems: [...problemsOf(selfTimes, selfBuffers), ...(documented === undefined ? [] : [documented])],
  };
}

/** One entry per node in each column, by node index. */
interface Columns {
  readonly facts: NodeFacts;
  readonly parallelism: Parallelism;
  readonly times: Times | undefined;
  readonly selfTimes: SelfShares | undefined;
  readonly buffers: readonly (Buffers | undefined)[];
  /** Of counters that are not zero everywhere. */
  readonly selfBuffers: ReadonlyMap<keyof Buffers, SelfShares> | undefined;
  readonly selfIoTimes: SelfShares | undefined;
  readonly rows: readonly RowCounts[];
  readonly selfCosts: readonly number[];
}

/**
 * Field by field: a plan has many nodes, and copying their fields about takes longer than the arithmetic. What is not
 * known is absent, not `undefined`: the report is JSON.
 */
function toPlanNode(node: TreeNode, columns: Columns): PlanNode {
  const { facts } = columns;
  const at = node.index;
  const plain: Mutable<PlanNode> = {
    id: String(at),
    parentId: node.parent ? String(node.parent.index) : null,
    type: node.type,
    planRows: valueAt(facts.planRows, at) ?? 0,
    cost: costOf(node, facts),
    selfCost: columns.selfCosts[at] ?? 0,
    neverExecuted: isNeverExecuted(node),
    details: facts.details[at] ?? {},
  };
  const relationship = facts.relationship[at];
  if (relationship !== undefined) plain.relationship = relationship;
  const relation = facts.relation[at];
  if (relation !== undefined) plain.relation = relation;
  const schema = facts.schema[at];
  if (schema !== undefined) plain.schema = schema;
  const alias = facts.alias[at];
  if (alias !== undefined) plain.alias = alias;
  const index = facts.index[at];
  if (index !== undefined) plain.index = index;
  const subplanName = facts.subplanName[at];
  if (subplanName !== undefined) plain.subplanName = subplanName;
  if (node.loops !== undefined) plain.loops = node.loops;
  const { distributed, durationMs } = node;
  if (distributed)
    plain.distributed = durationMs === undefined ? distributed : { ...distributed, durationMs };
  const workers = nodeWorkers(node);
  if (workers) plain.workers = workers;
  if (!plain.neverExecuted) setMeasuredFields(plain, node, columns);
  return plain;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function setMeasuredFields(plain: Mutable<PlanNode>, node: TreeNode, columns: Columns): void {
  const at = node.index;
  const hasTimes = valueAt(columns.facts.totalMs, at) !== undefined;
  const { times, selfBuffers } = columns;
  if (hasTimes && times) {
    plain.startupMs = times.startupMs[at] ?? 0;
    plain.totalMs = times.measure.totals[at] ?? 0;
    plain.selfMs = columns.selfTimes?.self[at] ?? 0;
  }
  const { rows, rowsFactor, rowsRemoved, rowsSlack, planRowsTotal } = columns.rows[at]!;
  if (rows !== undefined) plain.rows = rows;
  if (planRowsTotal !== undefined) plain.planRowsTotal = planRowsTotal;
  if (rowsFactor !== undefined) plain.rowsFactor = rowsFactor;
  if (rowsRemoved !== undefined) plain.rowsRemoved = rowsRemoved;
  const buffers = columns.buffers[at];
  if (buffers && selfBuffers) {
    plain.buffers = buffers;
    // Some servers report a Gather's blocks without those of its workers: short by them, not negative.
    plain.selfBuffers = selfBuffersAt(selfBuffers, at);
  }
  const ioMs = valueAt(columns.facts.ioMs, at);
  if (ioMs !== undefined) {
    plain.ioMs = ioMs;
    plain.selfIoMs = columns.selfIoTimes?.self[at] ?? 0;
  }
  const processes = columns.parallelism.participants[at] ?? 1;
  if (processes > 1) plain.processes = processes;
  setPrecision(plain, {
    ms: (hasTimes && times?.measure.slack[at]) || 0,
    selfMs: (hasTimes && columns.selfTimes?.slack[at]) || 0,
    rows: rowsSlack,
  });
}

/** Most nodes of a large plan touch no block themselves: they share one object. */
function selfBuffersAt(shares: ReadonlyMap<keyof Buffers, SelfShares>, at: number): Buffers {
  for (const { self } of shares.values()) {
    if ((self[at] ?? 0) > 0) return buffersOf((name) => Math.max(0, shares.get(name)?.self[at] ?? 0));
  }
  return noBuffers;
}

const noBuffers = buffersOf(() => 0);

/** Reports show two decimals of a millisecond: what moves neither is no loss. */
const shownMs = 0.005;
/** Rows are whole: what cannot move the last of them is no loss either. */
const shownRows = 0.5;

interface Slack {
  readonly ms: number;
  readonly selfMs: number;
  readonly rows: number;
}

function setPrecision(plain: Mutable<PlanNode>, { ms, selfMs, rows }: Slack): void {
  if (ms < shownMs && selfMs < shownMs && rows < shownRows) return;
  const precision: Mutable<NonNullable<PlanNode['precision']>> = {};
  if (ms >= shownMs) precision.ms = ms;
  if (selfMs >= shownMs) precision.selfMs = selfMs;
  if (rows >= shownRows) precision.rows = rows;
  plain.precision = precision;
}

/** EXPLAIN prints microseconds: what is less is rounding, not work. */
const smallestPrintedMs = 0.001;

function workAfterRoot(times: SelfShares | undefined, buffers: Columns['selfBuffers']): Plan['afterRoot'] {
  const ms = times && times.afterRoot >= smallestPrintedMs ? times.afterRoot : 0;
  const counts = buffers && buffersOf((name) => buffers.get(name)?.afterRoot ?? 0);
  const hasBuffers = counts !== undefined && Object.values(counts).some((count) => count > 0);
  if (ms <= 0 && !hasBuffers) return undefined;
  return { ...(ms > 0 ? { ms } : {}), ...(hasBuffers ? { buffers: counts } : {}) };
}

function problemsOf(times: SelfShares | undefined, buffers: Columns['selfBuffers']): readonly Problem[] {
  const problems: Problem[] = (times?.shortfalls ?? []).map((node) => ({
    code: 'times-do-not-add-up',
    message:
      `The parts of ${placeOf(node)} took longer than the whole, so its own time is below zero: ` +
      'the server’s numbers do not add up there.',
  }));
  const short = new Set([...(buffers?.values() ?? [])].flatMap((shares) => shares.shortfalls));
  for (const node of short) {
    problems.push({
      code: 'buffers-do-not-add-up',
      message:
        `The parts of ${placeOf(node)} touched more blocks than the whole: ` +
        'the server left some out there, and its own blocks are shown as 0.',
    });
  }
  return problems;
}

function placeOf(node: TreeNode): string {
  return `node ${node.index + 1} (${node.type}${isLocal(node) ? '' : ', remote'})`;
}

/** EXPLAIN (SETTINGS) prints what differs from the default, which is on; without any, nobody knows if it was asked. */
function leaderSetting(raw: RawPlan): LeaderSetting {
  const settings = raw['Settings'];
  if (typeof settings !== 'object' || settings === null) return 'not told';
  const value = (settings as Readonly<Record<string, unknown>>)['parallel_leader_participation'];
  return value === 'off' || value === false ? 'off' : 'on';
}
