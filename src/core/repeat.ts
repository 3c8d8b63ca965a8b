/** One statement run several times, so that a single lucky or unlucky run does not stand for it. */
import type { RunTimes } from '../shared/report.ts';
import { readPlans } from './plan/readPlans.ts';

/** What one run gave: the plan's text and its execution time. */
export interface TimedRun {
  readonly planText: string;
  readonly ms: number;
}

/** Undefined for a plan without an execution time. */
export function timedRun(planText: string): TimedRun | undefined {
  const ms = readPlans(planText).plans[0]?.executionMs;
  return ms === undefined ? undefined : { planText, ms };
}

/** The run with the median time, and the times of all; undefined for none. */
export function medianRun(
  runs: readonly TimedRun[],
): { readonly median: TimedRun; readonly times: RunTimes } | undefined {
  const sorted = runs.toSorted((a, b) => a.ms - b.ms);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const [fastest] = sorted;
  const slowest = sorted.at(-1);
  if (!median || !fastest || !slowest) return undefined;
  return {
    median,
    times: { ms: runs.map(({ ms }) => ms), medianMs: median.ms, minMs: fastest.ms, maxMs: slowest.ms },
  };
}
