/** Whether the times of several runs tell two statements (or two states of the cache) apart. */
import type { ProfileReport, RunTimes } from './report.ts';
import { measuredMs } from './verdict.ts';

/**
 * Runs are told apart when those of one kind are the slower in this share of all pairs of one and the other (the statistic
 * of Mann and Whitney). Of 5 runs and 4 without any difference, that is so once in thirty times; and one run that was a
 * little slow does not hide what all others show.
 */
const tellingShare = 0.9;

export function areToldApart(slowerMs: readonly number[], fasterMs: readonly number[]): boolean {
  const inOrder = slowerMs.reduce((sum, slow) => sum + fasterMs.filter((fast) => slow > fast).length, 0);
  return inOrder >= tellingShare * slowerMs.length * fasterMs.length;
}

/**
 * The runs whose spread covers the difference of two reports' times: of two such the wider one. Undefined where the times
 * are told apart, and where neither was run several times.
 */
export function coveringRuns(before: ProfileReport, after: ProfileReport): RunTimes | undefined {
  const [runs, otherRuns] = [severalRuns(before), severalRuns(after)];
  const [one, other] = [timesOf(before), timesOf(after)];
  if (one.length === 0 || other.length === 0) return undefined;
  const isApart = areToldApart(one, other) || areToldApart(other, one);
  if (isApart || runs === undefined || otherRuns === undefined)
    return isApart ? undefined : (runs ?? otherRuns);
  return widthOf(runs) >= widthOf(otherRuns) ? runs : otherRuns;
}

/** Undefined of a single run, which has no spread. */
export function severalRuns({ runs }: ProfileReport): RunTimes | undefined {
  return runs !== undefined && runs.ms.length > 1 ? runs : undefined;
}

function timesOf(report: ProfileReport): readonly number[] {
  const { plan } = report;
  const runs = severalRuns(report);
  if (runs !== undefined) return runs.ms;
  const ms = plan.analyzed ? measuredMs(plan) : undefined;
  return ms === undefined ? [] : [ms];
}

function widthOf({ minMs, maxMs }: RunTimes): number {
  return maxMs - minMs;
}
