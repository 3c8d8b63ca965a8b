/** What a plan says beside its nodes, in words that the panel and the terminal share. */
import { formatBlocks, formatCount, formatMs } from './format.ts';
import type { Plan, RunTimes, Trigger } from './report.ts';

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
    ...(touched === 0 ? [] : [`${formatCount(touched)} buffers (${formatBlocks(touched)})`]),
  ];
  return `${figures.join(' and ')}: what data-modifying CTEs did once the root had all its rows`;
}

/** "median of 5 runs, from 11.90 ms to 14.02 ms" */
export function runsWords({ ms, minMs, maxMs }: RunTimes): string {
  return `median of ${formatCount(ms.length)} runs, from ${formatMs(minMs)} to ${formatMs(maxMs)}`;
}
