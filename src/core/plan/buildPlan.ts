/** Raw plan → the report's Plan: the tree, its arithmetic, and every key that the model has no field for. */
import type { Buffers, Plan, PlanNode, Problem } from '../../shared/report.ts';
import { attribute } from './attribution.ts';
import { bufferNames, buffersOf, measureBuffers, measureIoTimes, readBuffers, readIoMs } from './buffers.ts';
import { costOf, selfCosts } from './cost.ts';
import { nodeDetails, nodeWorkers } from './details.ts';
import type { Measure } from './measure.ts';
import type { Parallelism } from './participants.ts';
import { measureParallelism } from './participants.ts';
import type { TreeNode } from './planTree.ts';
import { buildPlanTree, isLocal, isNeverExecuted } from './planTree.ts';
import { readPlanTop } from './planTop.ts';
import type { RawPlan } from './raw.ts';
import { readNumber, readText } from './raw.ts';
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
  const references = findReferences(tree);
  const parallelism = measureParallelism(tree, leaderParticipates(raw));
  // 2. What was measured, children included.
  const times = measureTimes(tree, parallelism.participants);
  const buffers = measureBuffers(tree);
  const ioTimes = measureIoTimes(tree);
  // 3. Who pays for InitPlans, SubPlans and CTEs; then each measure without the others' parts.
  const attribution = attribute(tree, references, {
    all: [...(times ? [times.measure] : []), ...(buffers ? Object.values(buffers) : [])],
    ...(times ? { time: times.measure } : {}),
    startupMs: times?.startupMs ?? [],
  });
  const share = (measure: Measure | undefined) => measure && shareOut(tree, attribution, measure);
  const selfTimes = share(times?.measure);
  const selfBuffers = buffers && mapBuffers((name) => shareOut(tree, attribution, buffers[name]));
  // 4. The model.
  const columns: Columns = {
    parallelism,
    times,
    selfTimes,
    selfBuffers,
    selfIoTimes: share(ioTimes),
    rows: countRows(tree, parallelism, references),
    selfCosts: selfCosts(tree, references),
  };
  const afterRoot = workAfterRoot(selfTimes, selfBuffers);
  return {
    plan: {
      nodes: tree.nodes.map((node) => toPlanNode(node, columns)),
      ...readPlanTop(raw, times?.measure.totals[0]),
      ...(afterRoot === undefined ? {} : { afterRoot }),
      format,
      analyzed: tree.nodes[0]?.loops !== undefined,
    },
    problems: problemsOf(selfTimes, selfBuffers),
  };
}

/** One entry per node in each column, by node index. */
interface Columns {
  readonly parallelism: Parallelism;
  readonly times: Times | undefined;
  readonly selfTimes: SelfShares | undefined;
  readonly selfBuffers: Readonly<Record<keyof Buffers, SelfShares>> | undefined;
  readonly selfIoTimes: SelfShares | undefined;
  readonly rows: readonly RowCounts[];
  readonly selfCosts: readonly number[];
}

function toPlanNode(node: TreeNode, columns: Columns): PlanNode {
  const { raw } = node;
  const optional: Partial<PlanNode> = {
    relationship: readText(raw, 'Parent Relationship'),
    relation: readText(raw, 'Relation Name'),
    schema: readText(raw, 'Schema'),
    alias: readText(raw, 'Alias'),
    index: readText(raw, 'Index Name'),
    subplanName: readText(raw, 'Subplan Name'),
    loops: node.loops,
    ...(isNeverExecuted(node) ? {} : measuredFields(node, columns)),
    distributed: node.distributed,
    workers: nodeWorkers(node),
  };
  return {
    id: String(node.index),
    parentId: node.parent ? String(node.parent.index) : null,
    type: node.type,
    ...withoutUndefined(optional),
    planRows: readNumber(raw, 'Plan Rows') ?? 0,
    cost: costOf(node),
    selfCost: columns.selfCosts[node.index] ?? 0,
    neverExecuted: isNeverExecuted(node),
    details: nodeDetails(node),
  };
}

function measuredFields(node: TreeNode, columns: Columns): Partial<PlanNode> {
  const at = node.index;
  const hasTimes = readNumber(node.raw, 'Actual Total Time') !== undefined;
  const { times, selfBuffers } = columns;
  const buffers = readBuffers(node.raw);
  const ioMs = readIoMs(node.raw);
  const rows = columns.rows[at]!;
  const processes = columns.parallelism.participants[at] ?? 1;
  const msSlack = (node.loops ?? 0) > 1 ? times?.measure.slack[at] : undefined;
  return {
    ...(hasTimes && times
      ? {
          startupMs: times.startupMs[at],
          totalMs: times.measure.totals[at],
          selfMs: columns.selfTimes?.self[at],
        }
      : {}),
    rows: rows.rows,
    rowsFactor: rows.rowsFactor,
    rowsRemoved: rows.rowsRemoved,
    buffers,
    // Some servers report a Gather's blocks without those of its workers: short by them, not negative.
    ...(buffers && selfBuffers
      ? { selfBuffers: buffersOf((name) => Math.max(0, selfBuffers[name].self[at] ?? 0)) }
      : {}),
    ioMs,
    ...(ioMs === undefined ? {} : { selfIoMs: columns.selfIoTimes?.self[at] }),
    ...(processes > 1 ? { processes } : {}),
    ...(msSlack !== undefined || rows.rowsSlack > 0
      ? {
          precision: withoutUndefined({
            ms: hasTimes ? msSlack : undefined,
            rows: rows.rowsSlack || undefined,
          }),
        }
      : {}),
  };
}

/** EXPLAIN prints microseconds: what is less is rounding, not work. */
const smallestPrintedMs = 0.001;

function workAfterRoot(times: SelfShares | undefined, buffers: Columns['selfBuffers']): Plan['afterRoot'] {
  const ms = times && times.afterRoot >= smallestPrintedMs ? times.afterRoot : 0;
  const counts = buffers && buffersOf((name) => buffers[name].afterRoot);
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
  const short = new Set(bufferNames.flatMap((name) => buffers?.[name].shortfalls ?? []));
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

/** EXPLAIN (SETTINGS) prints what differs from the default, which is on. */
function leaderParticipates(raw: RawPlan): boolean {
  const settings = raw['Settings'];
  const value =
    typeof settings === 'object' && settings !== null
      ? (settings as Readonly<Record<string, unknown>>)['parallel_leader_participation']
      : undefined;
  return value !== 'off' && value !== false;
}

function mapBuffers<T>(valueOf: (name: keyof Buffers) => T): Readonly<Record<keyof Buffers, T>> {
  return Object.fromEntries(bufferNames.map((name) => [name, valueOf(name)])) as unknown as Record<
    keyof Buffers,
    T
  >;
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
