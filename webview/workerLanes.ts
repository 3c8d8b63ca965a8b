/** The processes under each Gather, as far as the plan tells them apart. Pure. */
import { formatCount, formatMs } from '../src/shared/format.ts';
import { nodeTitle } from '../src/shared/nodeLabel.ts';
import { parallelTimes } from '../src/shared/parallelTimes.ts';
import type { PlanNode } from '../src/shared/report.ts';
import { oncePer } from './oncePer.ts';
import type { PlanModel, PlanRow } from './planModel.ts';

export interface Lane {
  /** "leader", "worker 0". */
  readonly process: string;
  readonly ms: number;
  readonly rows?: number;
  readonly loops?: number;
  /** It took so much longer than the others that they waited for it. */
  readonly isLate: boolean;
}

export interface Gathering {
  readonly gather: PlanNode;
  /** The step that the processes ran, with all below it. */
  readonly shared: PlanNode;
  /** "Gather Merge over Sort". */
  readonly title: string;
  /** Empty where the plan does not tell the processes apart; `missing` says why. */
  readonly lanes: readonly Lane[];
  readonly averageMs: number;
  readonly longestMs: number;
  /** "2 of 2 workers; slowest the leader with 82.30 ms, 1.3 times the average". */
  readonly summary: string;
  readonly missing?: string;
}

/** A slowest process this much over the average is work badly shared: the others wait for it. */
const skewFactor = 1.2;

export function isParallel({ rows }: PlanModel): boolean {
  return rows.some(({ node }) => isGather(node));
}

/** In the order of the plan. */
export const gatheringsOf = oncePer((model: PlanModel): readonly Gathering[] =>
  model.rows
    .filter(({ node }) => isGather(node))
    .flatMap((row) => {
      const shared = sharedStep(row, model);
      return shared === undefined ? [] : [gatheringOf(row.node, shared)];
    }),
);

/** A lane is ten elements of a page; with more than these, opening the view would be felt. */
const mostLanes = 90;

/** Those with the longest processes as far as lanes go, and the selected one; in the order of the plan. */
export function shownGatherings(all: readonly Gathering[], selectedId: string): readonly Gathering[] {
  const shown = new Set(all.filter(({ gather, shared }) => [gather.id, shared.id].includes(selectedId)));
  let lanes = 0;
  for (const gathering of all.toSorted((one, other) => other.longestMs - one.longestMs)) {
    // One without lanes is a sentence.
    lanes += Math.max(1, gathering.lanes.length);
    if (lanes > mostLanes) break;
    shown.add(gathering);
  }
  return all.filter((gathering) => shown.has(gathering));
}

function isGather({ type }: PlanNode): boolean {
  return type === 'Gather' || type === 'Gather Merge';
}

/** A Gather's own input; its sub-plans are the leader's alone. */
function sharedStep({ childIds }: PlanRow, { byId }: PlanModel): PlanNode | undefined {
  return childIds
    .map((id) => byId.get(id)?.node)
    .find((node) => node?.relationship !== 'InitPlan' && node?.relationship !== 'SubPlan');
}

function gatheringOf(gather: PlanNode, shared: PlanNode): Gathering {
  const title = `${nodeTitle(gather)} over ${[nodeTitle(shared), shared.relation].filter(Boolean).join(' ')}`;
  const about = { gather, shared, title, lanes: [], averageMs: 0, longestMs: 0 };
  const launched = gather.details['Workers Launched'];
  const planned = gather.details['Workers Planned'];
  const workers =
    typeof planned === 'number'
      ? `${typeof launched === 'number' ? `${launched} of ` : ''}${planned} workers`
      : '';
  const times = parallelTimes(shared);
  if (times?.slowest === undefined) {
    return { ...about, summary: workers, missing: whyMissing(gather, shared, launched) };
  }
  const { slowest, averageMs } = times;
  const factor = averageMs > 0 ? slowest.ms / averageMs : 1;
  const isUneven = factor >= skewFactor;
  const ofWorkers = (shared.workers ?? []).map((worker): Lane => ({
    process: `worker ${worker.number}`,
    ms: worker.ms ?? 0,
    ...(worker.rows === undefined ? {} : { rows: worker.rows }),
    ...(worker.loops === undefined ? {} : { loops: worker.loops }),
    isLate: isUneven && slowest.who === `worker ${worker.number}`,
  }));
  const leader: Lane = {
    process: 'leader',
    ms: slowest.leaderMs,
    ...left('rows', shared.rows, ofWorkers),
    ...left('loops', shared.loops, ofWorkers),
    isLate: isUneven && slowest.who === 'the leader',
  };
  // A leader that took no part, or only as much as rounding leaves, is no process of this step.
  const lanes = leader.ms > 0 && leader.loops !== 0 ? [leader, ...ofWorkers] : ofWorkers;
  const skew = isUneven
    ? `uneven: ${slowest.who} took ${formatMs(slowest.ms)}, ${factor.toFixed(1)} times the average of ${formatMs(averageMs)}`
    : `evenly shared: ${formatMs(averageMs)} on average, at most ${formatMs(slowest.ms)}`;
  return {
    ...about,
    lanes,
    averageMs,
    longestMs: Math.max(...lanes.map(({ ms }) => ms)),
    summary: [workers, skew].filter((part) => part !== '').join('; '),
  };
}

/** What the workers leave of the whole is the leader's: EXPLAIN prints no line for it. */
function left(
  key: 'rows' | 'loops',
  all: number | undefined,
  workers: readonly Lane[],
): { readonly rows?: number; readonly loops?: number } {
  if (all === undefined || workers.some((worker) => worker[key] === undefined)) return {};
  return { [key]: Math.max(0, all - workers.reduce((sum, worker) => sum + (worker[key] ?? 0), 0)) };
}

function whyMissing(gather: PlanNode, shared: PlanNode, launched: unknown): string {
  if (gather.neverExecuted) return 'This part was never executed.';
  if (shared.loops === undefined)
    return 'The statement was not executed: who does how much is known only then.';
  if (launched === 0) {
    return 'No worker was launched, so the leader did all of it: others had taken all that max_parallel_workers allows.';
  }
  if (shared.totalMs === undefined)
    return 'Times were not measured: profile with TIMING to see each process.';
  return 'This plan does not tell its processes apart: EXPLAIN (ANALYZE, VERBOSE) prints each worker.';
}

/** The exact numbers of a lane. */
export function laneTitle({ process, ms, rows, loops }: Lane): string {
  const parts = [
    `${process}: ${ms.toFixed(3)} ms, with everything below`,
    rows === undefined ? '' : `${formatCount(rows)} rows`,
    loops === undefined ? '' : `${formatCount(loops)} ${loops === 1 ? 'loop' : 'loops'}`,
    process === 'leader' ? 'what the workers leave of the sum' : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}
