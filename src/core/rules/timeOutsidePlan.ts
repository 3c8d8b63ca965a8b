import { formatMs } from '../../shared/format.ts';
import { subplansOf } from './citus.ts';
import { defineRule } from './rule.ts';

/** Less is not noticed. */
const longMs = 10;
const shareOfTime = 0.2;

/**
 * Execution time that no node, trigger or serialisation accounts for: starting and ending the executor.
 * Why: opening many tables and partitions, setting up compiled expressions, removing temporary files.
 * Threshold: 10 ms and a fifth of the execution.
 * Trap: what data-modifying CTEs did after the root, and Citus before it, is accounted for; without an execution time
 * nothing is known.
 * Savable: that time.
 * Fix: fewer partitions and tables for a statement to open, less written to temporary files.
 */
export const timeOutsidePlan = defineRule({
  id: 'time-outside-plan',
  check: (context) => {
    const { executionMs, triggers, serialization, afterRoot } = context.plan;
    const rootMs = context.root?.totalMs;
    if (executionMs === undefined || rootMs === undefined) return [];
    const afterMs = triggers.reduce((sum, { ms, runs }) => sum + (runs === 'inside the root' ? 0 : ms), 0);
    const subplansMs = context
      .ofType('Custom Scan')
      .flatMap(subplansOf)
      .reduce((sum, { ms }) => sum + ms, 0);
    const otherMs =
      executionMs - rootMs - afterMs - (serialization?.ms ?? 0) - (afterRoot?.ms ?? 0) - subplansMs;
    if (otherMs < longMs || otherMs / executionMs < shareOfTime) return [];
    return [
      context.discover({
        savableMs: otherMs,
        title: `${formatMs(otherMs)}${context.shareText(otherMs)} went into starting and ending the execution`,
        detail: `The plan’s root took ${formatMs(rootMs)} of ${formatMs(executionMs)}; no node, trigger or output explains the rest.`,
        evidence: {
          executionMs,
          rootMs,
          triggersMs: afterMs,
          outsideMs: otherMs,
          msLimit: longMs,
          shareLimit: shareOfTime,
        },
        fix: 'Let the statement open fewer tables and partitions, compile less (jit = off), and write fewer temporary files.',
      }),
    ];
  },
});
