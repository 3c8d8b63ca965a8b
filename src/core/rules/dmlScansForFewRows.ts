import { formatPercent } from '../../shared/format.ts';
import { aboutWord } from '../../shared/precision.ts';
import type { PlanNode } from '../../shared/report.ts';
import { discardedBy, discardedShare } from './discardingScan.ts';
import { nearestAbove, ofTypes } from './ancestors.ts';
import { defineRule } from './rule.ts';
import { tableName, textDetail, aboutRows } from './wording.ts';

const operations: Readonly<Record<string, string>> = {
  Update: 'update',
  Delete: 'delete',
  Merge: 'merge into',
};
/** What stands between a scan and the change of its rows. */
const passes = ofTypes(
  'Append',
  'Hash Join',
  'Nested Loop',
  'Merge Join',
  'LockRows',
  'Result',
  'Subquery Scan',
);

/**
 * An UPDATE, DELETE or MERGE that reads its table whole to find the few rows that it changes.
 * Why: beside the reading, its locks are held for as long as the search takes, and others wait for them.
 * Threshold: more than four fifths of at least 1,000 rows discarded, as for seq-scan-discards-rows.
 * Trap: other tables that the statement reads are not meant: only the one that it changes. Where no index can answer
 * the condition, it is a note that saves nothing.
 * Savable: the part of the scan's own time that an index would spare, as for seq-scan-discards-rows.
 * Fix: an index that answers the condition; each index makes the writing itself a little dearer.
 */
export const dmlScansForFewRows = defineRule({
  id: 'dml-scans-for-few-rows',
  supersedes: ['seq-scan-discards-rows', 'rows-removed-by-filter'],
  check: (context) =>
    context.ofType('ModifyTable').length === 0
      ? []
      : context.ofType('Seq Scan').flatMap((node) => {
          const discarded = discardedBy(node, context);
          if (discarded === undefined) return [];
          const { removed, kept, read, savableMs, remedy } = discarded;
          if (remedy.by === 'subplan') return [];
          const write = nearestAbove(node, context, ({ type }) => type === 'ModifyTable', passes);
          const operation = operations[textDetail(write ?? node, 'Operation') ?? ''];
          const isTarget = write?.relation === node.relation || write?.relation === undefined;
          if (write === undefined || operation === undefined || !isTarget) return [];
          const table = tableName(node) ?? 'a table';
          return context.discover({
            node,
            savableMs,
            ...(!remedy.helps && { severity: 'info' }),
            title: `Sequential scan on ${table} finds ${found(node, kept)} to ${operation}`,
            detail: `All ${aboutRows(node, read)} were read, and ${formatPercent(removed / read)} of them fail the condition.${context.timeText(node, 'The search took')}`,
            evidence: {
              table,
              rowsRead: read,
              rowsKept: kept,
              rowsDiscarded: removed,
              discardedShareLimit: discardedShare,
              condition: textDetail(node, 'Filter'),
            },
            fix:
              remedy.fix ?? 'An index that answers the condition would find them without reading the rest.',
            clause: (clauses) => clauses.ofCondition(context.conditionOf(node, 'Filter'), node),
          });
        }),
});

/** "no rows", "the 3,695 rows", "about 500 rows". */
function found(node: PlanNode, kept: number): string {
  if (kept === 0) return 'no rows';
  const rows = aboutRows(node, kept);
  return aboutWord(node, kept) === '' ? `the ${rows}` : rows;
}
