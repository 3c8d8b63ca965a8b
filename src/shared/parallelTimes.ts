/** The time of a node that several processes ran, told apart as far as the plan allows. */
import { formatMs } from './format.ts';
import type { PlanNode } from './report.ts';

export interface ParallelTimes {
  /** How many processes shared the loops; a fraction where some missed a few of them. */
  readonly processes: number;
  /** "ran in 1 of 3 processes", where not all of them ran the node. */
  readonly ranIn?: string;
  /** Over all processes: what EXPLAIN's own numbers add up to. */
  readonly sumMs: number;
  /** What the node added to the elapsed time, had all worked alike: its `totalMs`. */
  readonly averageMs: number;
  /** Of the process that took longest. VERBOSE plans only: others do not tell the workers apart. */
  readonly slowest?: {
    readonly who: 'the leader' | `worker ${number}`;
    readonly ms: number;
    /** What the workers leave of the sum. */
    readonly leaderMs: number;
  };
}

/** Undefined for a node that one process ran, or that was not timed. Times are milliseconds, children included. */
export function parallelTimes(node: PlanNode): ParallelTimes | undefined {
  const { processes = 1, totalMs: averageMs, workers = [] } = node;
  if (processes <= 1 || averageMs === undefined) return undefined;
  const ranIn = ranInWords(node);
  const sums = { processes, sumMs: averageMs * processes, averageMs, ...(ranIn !== undefined && { ranIn }) };
  let slowest: ParallelTimes['slowest'];
  let workersMs = 0;
  for (const { number, ms } of workers) {
    if (ms === undefined) continue;
    workersMs += ms;
    if (slowest === undefined || ms > slowest.ms) slowest = { who: `worker ${number}`, ms, leaderMs: 0 };
  }
  if (slowest === undefined) return sums;
  const leaderMs = Math.max(0, sums.sumMs - workersMs);
  slowest = leaderMs > slowest.ms ? { who: 'the leader', ms: leaderMs, leaderMs } : { ...slowest, leaderMs };
  return { ...sums, slowest };
}

/**
 * "ran in 1 of 3 processes", of a node that not all processes below its Gather ran: what it added to the elapsed time,
 * `totalMs`, is less than they were at work for. Undefined for any other.
 */
export function ranInWords({ loops = 0, processes = 1 }: PlanNode): string | undefined {
  const all = Math.round(processes);
  if (loops === 0 || loops >= all) return undefined;
  // Of several loops one process may have made more than one.
  return `ran in ${loops === 1 ? '' : 'at most '}${loops} of ${all} processes`;
}

/** "in 3 processes: 36.90 ms in all, 12.30 ms on average, slowest worker 1 with 14.00 ms"; see `ranInWords`. */
export function parallelWords({ processes, ranIn, sumMs, averageMs, slowest }: ParallelTimes): string {
  if (ranIn !== undefined)
    return `${ranIn}: ${formatMs(sumMs)} there, ${formatMs(averageMs)} of the elapsed time`;
  const sums = `in ${Math.round(processes)} processes: ${formatMs(sumMs)} in all, ${formatMs(averageMs)} on average`;
  return slowest === undefined ? sums : `${sums}, slowest ${slowest.who} with ${formatMs(slowest.ms)}`;
}
