import { formatPercent } from '../../shared/format.ts';
import { ranInWords } from '../../shared/parallelTimes.ts';
import type { PlanNode } from '../../shared/report.ts';
import { gatherAbove, ofTypes } from './ancestors.ts';
import type { RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { aboutCount, aboutRows, numberDetail, runsOf, tableName } from './wording.ts';

/** Below a quarter of the time nobody suspects the scan. */
const suspectShare = 0.25;
/** Where half of a table is wanted, reading it in order beats any index. */
const keptShare = 0.5;
const manyRows = 10_000;

/** What leaves each row its identity: where few come out of these, few of the table's were wanted. */
const passesRows = ofTypes(
  'Hash',
  'Hash Join',
  'Merge Join',
  'Nested Loop',
  'Sort',
  'Incremental Sort',
  'Materialize',
  'Memoize',
  'Gather',
  'Gather Merge',
  'Append',
  'Merge Append',
  'Subquery Scan',
  'CTE Scan',
  'Result',
  'LockRows',
);

/**
 * An all-clear: a sequential scan that takes long and is right, for it returns most of its table.
 * Why: sequential scans are the first suspects, and an index would make this one slower.
 * Threshold: a quarter of the time, and half of at least 10,000 rows returned.
 * Trap: a scan that runs again and again (or whole in each process), or below a Limit that stops it, may still be wrong;
 * so may one of whose rows a join, filter or limit above discards more than half, and one of a sub-plan, whose rows are
 * perhaps not needed: silent.
 * Savable: nothing.
 * Fix: read fewer rows, if fewer are wanted; parallel workers share such scans well.
 */
export const seqScanIsRight = defineNodeRule({
  id: 'seq-scan-is-right',
  types: ['Seq Scan'],
  check: (node, context) => {
    const rows = node.rows ?? 0;
    const read = rows + (node.rowsRemoved ?? 0);
    const share = rows / read;
    if (node.selfMs === undefined || context.ownShareOf(node) < suspectShare) return [];
    if (read < manyRows || share < keptShare || readsOf(node) > 1) return [];
    if (mayBeInVain(node, context)) return [];
    const table = tableName(node) ?? 'the table';
    const wanted = share === 1 ? 'all' : formatPercent(share);
    return context.discover({
      node,
      severity: 'info',
      title: `This sequential scan is right: it returns ${wanted} of ${table}`,
      detail: `${rows === read ? `All ${aboutRows(node, read)}` : `Of ${aboutRows(node, read)} ${aboutCount(node, rows)}`} are wanted, and reading them in order is the usual way to get so many; looking each of them up by an index would take longer.`,
      evidence: {
        table,
        rowsRead: read,
        rowsKept: rows,
        keptShareLimit: keptShare,
        shareLimit: suspectShare,
      },
      fix: adviceFor(node, context),
    });
  },
});

/** How often the table was read: processes share a parallel scan, and each of them makes any other for itself. */
function readsOf(scan: PlanNode): number {
  return isParallel(scan) ? runsOf(scan) : (scan.loops ?? 1);
}

function isParallel(scan: PlanNode): boolean {
  return scan.details['Parallel Aware'] === true;
}

function adviceFor(scan: PlanNode, context: RuleContext): string {
  const ranIn = ranInWords(scan);
  if (ranIn !== undefined)
    return `Only wanting fewer rows makes it faster: it ${ranIn}, beside the others’ work.`;
  if (!isParallel(scan))
    return 'Only wanting fewer rows, or sharing the scan among parallel workers, makes it faster.';
  return lacksWorkers(scan, context)
    ? 'Only wanting fewer rows, or all the workers that it was planned for, makes it faster.'
    : 'Only wanting fewer rows makes it faster: it is shared among parallel workers already.';
}

function lacksWorkers(scan: PlanNode, context: RuleContext): boolean {
  const gather = gatherAbove(scan, context);
  const planned = gather && numberDetail(gather, 'Workers Planned');
  const launched = gather && numberDetail(gather, 'Workers Launched');
  return planned !== undefined && launched !== undefined && launched < planned;
}

/** Whether something above lets less than half of the scan's rows through, or may not need them. */
function mayBeInVain(scan: PlanNode, context: RuleContext): boolean {
  let at = scan;
  while (at.subplanName === undefined) {
    const above = context.parentOf(at);
    if (above === undefined || !(passesRows(above) || above.type === 'Limit')) return false;
    if ((above.rows ?? 0) < (at.rows ?? 0) * keptShare) return true;
    at = above;
  }
  return at.relationship === 'SubPlan';
}
