import { formatCount, formatPercent } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import { ofTypes } from './ancestors.ts';
import type { RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { runsOf, tableName } from './wording.ts';

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
 * Trap: a scan that runs again and again, or below a Limit that stops it, may still be wrong; so may one of whose rows
 * a join, filter or limit above discards more than half: silent.
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
    if (read < manyRows || share < keptShare || runsOf(node) > 1) return [];
    if (isDiscardedAbove(node, context)) return [];
    const table = tableName(node) ?? 'the table';
    const wanted = share === 1 ? 'all' : formatPercent(share);
    const isParallel = node.details['Parallel Aware'] === true;
    return context.discover({
      node,
      severity: 'info',
      title: `This sequential scan is right: it returns ${wanted} of ${table}`,
      detail: `${rows === read ? `All ${formatCount(read)}` : `${formatCount(rows)} of ${formatCount(read)}`} rows are wanted, and reading them in order is the usual way to get so many; looking each of them up by an index would take longer.`,
      evidence: {
        table,
        rowsRead: read,
        rowsKept: rows,
        keptShareLimit: keptShare,
        shareLimit: suspectShare,
      },
      fix: isParallel
        ? 'Only wanting fewer rows makes it faster: it is shared among parallel workers already.'
        : 'Only wanting fewer rows, or sharing the scan among parallel workers, makes it faster.',
    });
  },
});

/** Whether something above lets less than half of the scan's rows through. */
function isDiscardedAbove(scan: PlanNode, context: RuleContext): boolean {
  let at = scan;
  while (at.subplanName === undefined) {
    const above = context.parentOf(at);
    if (above === undefined || !(passesRows(above) || above.type === 'Limit')) return false;
    if ((above.rows ?? 0) < (at.rows ?? 0) * keptShare) return true;
    at = above;
  }
  return false;
}
