import { formatCount, formatMs } from '../../shared/format.ts';
import { defineRule } from './rule.ts';
import { nodeName } from './wording.ts';

/** From about a second of reading on, workers are worth their start a hundred times over. */
const longScanMs = 1000;
const manyRows = 1_000_000;
/** max_parallel_workers_per_gather is 2 by default: with the leader, three processes. */
const usualProcesses = 3;

/**
 * A long scan of a large table by a single process.
 * Why: from some hundred pages on, scans can be shared among workers; something kept this one from it.
 * Threshold: a second in a scan of a million rows that ran once, and no Gather in the plan.
 * Trap: statements that write or lock rows cannot be parallel; nor can functions that are not marked PARALLEL SAFE,
 * which a plan does not show.
 * Savable: two thirds of the scan's own time: what two workers would take over.
 * Fix: max_parallel_workers_per_gather, parallel-safe functions.
 */
export const parallelismMissing = defineRule({
  id: 'parallelism-missing',
  check: (context) => {
    if (context.ofType('Gather', 'Gather Merge', 'ModifyTable', 'LockRows', 'Custom Scan').length > 0)
      return [];
    const forbidden = context.plan.settings['max_parallel_workers_per_gather'] === '0';
    return context.ofType('Seq Scan').flatMap((node) => {
      const read = (node.rows ?? 0) + (node.rowsRemoved ?? 0);
      const { selfMs } = node;
      if (selfMs === undefined || selfMs < longScanMs || read < manyRows || node.loops !== 1) return [];
      return context.discover({
        node,
        savableMs: selfMs * (1 - 1 / usualProcesses),
        severity: 'info',
        title: `${nodeName(node)} reads ${formatCount(read)} rows in one process`,
        detail: `It took ${formatMs(selfMs)}${context.shareText(selfMs)}. ${forbidden ? 'max_parallel_workers_per_gather is 0.' : 'The planner chose no workers, or something in the statement forbids them.'}`,
        evidence: { rowsRead: read, scanMs: selfMs, scanMsLimit: longScanMs, rowsLimit: manyRows },
        fix: 'See that max_parallel_workers_per_gather is above 0 and that functions in the statement are marked PARALLEL SAFE.',
      });
    });
  },
});
