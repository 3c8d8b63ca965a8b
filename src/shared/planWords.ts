/** What a plan says beside its nodes, in words that the panel and the terminal share. */
import { formatBlocks, formatCount, formatCounted, formatMs } from './format.ts';
import type { ColdRuns, Plan, RunTimes, Trigger } from './report.ts';
import { areToldApart } from './runSpread.ts';

/** "Trigger check_total on orders" */
export function triggerName({ name, relation }: Trigger): string {
  return `Trigger ${name}${relation === undefined ? '' : ` on ${relation}`}`;
}

/** "12.30 ms in 1,000 calls, on top of the plan" */
export function triggerWords({ ms, calls, runs }: Trigger): string {
  const where = { 'inside the root': ', within the plan', 'after the root': ', on top of the plan' };
  const count = `${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'}`;
  return `${formatMs(ms)} in ${count}${runs === undefined ? '' : where[runs]}`;
}

/** "12.30 ms and 40 buffers (320 KiB): rows that data-modifying CTEs wrote once the root had its own" */
export function afterRootWords({ ms, buffers }: NonNullable<Plan['afterRoot']>): string {
  const touched = buffers === undefined ? 0 : buffers.sharedHit + buffers.sharedRead;
  const figures = [
    ...(ms === undefined ? [] : [formatMs(ms)]),
    ...(touched === 0 ? [] : [`${formatCounted(touched, 'buffer')} (${formatBlocks(touched)})`]),
  ];
  return `${figures.join(' and ')}: what data-modifying CTEs did once the root had all its rows`;
}

/** "median of 5 runs, from 11.90 ms to 14.02 ms" */
export function runsWords({ ms, minMs, maxMs }: Omit<RunTimes, 'cold'>): string {
  return `median of ${formatCount(ms.length)} runs, from ${formatMs(minMs)} to ${formatMs(maxMs)}`;
}

/**
 * "Cold runs: 84.10 ms, 7.2 times as long as warm (median of 5 runs, …; 4,319 blocks (33.7 MiB) read). Shared buffers were …":
 * a sentence for all hosts, since a cold run without its limits would claim too much. Undefined without cold runs.
 */
export function coldRunsWords(runs: RunTimes): string | undefined {
  const { cold } = runs;
  if (cold === undefined) return undefined;
  const read =
    cold.readBlocks === undefined
      ? ''
      : `; ${formatCounted(cold.readBlocks, 'block')} (${formatBlocks(cold.readBlocks)}) read`;
  return (
    `Cold runs: ${formatMs(cold.medianMs)}, ${coldVerdict(runs, cold)} (${runsWords(cold)}${read}). Before each, shared ` +
    'buffers were emptied of the plan’s tables; the operating system may still have held them.'
  );
}

/** Two runs of a kind stand in order by chance too often. */
const fewestTelling = 3;

/** The first run found the cache as it was, warm or not: it tells nothing here. */
function coldVerdict({ ms, medianMs }: RunTimes, cold: ColdRuns): string {
  if (Math.min(ms.length, cold.ms.length) < fewestTelling) return 'too few runs to compare with warm';
  const warm = ms.slice(1);
  if (areToldApart(cold.ms, warm) && medianMs > 0 && cold.medianMs > medianMs) {
    const factor = cold.medianMs / medianMs;
    return `${factor >= 10 ? formatCount(factor) : factor.toFixed(1)} times as long as warm`;
  }
  return cold.medianMs > medianMs
    ? 'not told apart from warm, whose times overlap with these'
    : 'no longer than warm';
}
