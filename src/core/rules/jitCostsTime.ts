import { formatCounted, formatMs, formatPercent } from '../../shared/format.ts';
import { defineRule } from './rule.ts';

/** The gain that the manual and benchmarks (TPC-H) report of compiled expressions is about a fifth of the time. */
const compileShare = 0.2;
/** Less is not noticed. */
const compileMs = 10;

/**
 * Compiling expressions (JIT) takes longer than it can save.
 * Why: the planner compiles by cost alone; many small expressions, as with partitions, cost most and give least.
 * Threshold: 10 ms and a fifth of the execution, which is what compiled expressions save at best.
 * Trap: the time is summed over processes and lies inside the nodes' own: it is never added.
 * Savable: the elapsed part of the compile time.
 * Fix: jit = off, or a higher jit_above_cost.
 */
export const jitCostsTime = defineRule({
  id: 'jit-costs-time',
  check: (context) => {
    const { jit } = context.plan;
    const { totalMs } = context;
    if (jit === undefined || totalMs === undefined || totalMs <= 0) return [];
    const processes = context.nodes.reduce((most, node) => Math.max(most, node.processes ?? 1), 1);
    const elapsedMs = Math.min(totalMs, jit.ms / processes);
    if (elapsedMs < compileMs || elapsedMs / totalMs < compileShare) return [];
    return [
      context.discover({
        savableMs: elapsedMs,
        title: `JIT compilation takes ${formatMs(elapsedMs)}, ${formatPercent(elapsedMs / totalMs)} of the time`,
        detail: `${formatCounted(jit.functions, 'function')} ${jit.functions === 1 ? 'was' : 'were'} compiled. Compiled expressions save about a fifth of the time at best, so this cannot pay.`,
        evidence: {
          functions: jit.functions,
          jitMs: jit.ms,
          processes,
          executionMs: totalMs,
          shareLimit: compileShare,
          msLimit: compileMs,
        },
        fix: 'SET jit = off for this statement, or raise jit_above_cost.',
      }),
    ];
  },
});
