import { readInVain, unservedScans } from './discardingScan.ts';
import { defineRule } from './rule.ts';
import { list, tableName, textDetail } from './wording.ts';

/**
 * A table is read whole for an OR over different columns.
 * Why: one index serves one arm; the rows of the others can be anywhere.
 * Threshold: four fifths of at least 1,000 rows discarded; a tenth of the cost where the plan was not executed.
 * Trap: an OR over one column is a list, which an index serves; and silent where another test that is AND-ed with it
 * could be served by a plain index, or where no index answers one of the arms.
 * Savable: the scan's own time, as far as it went into discarded rows.
 * Fix: an index for each column (a bitmap combines them), or UNION of one query for each arm.
 */
export const orAcrossColumns = defineRule({
  id: 'or-across-columns',
  supersedes: ['dml-scans-for-few-rows', 'seq-scan-discards-rows', 'rows-removed-by-filter'],
  check: (context) =>
    context.once(unservedScans).flatMap((scan) => {
      const { node, condition, savableMs, discards, reads } = scan;
      const test = condition.find(({ access }) => access.by === 'each');
      const columns = [...new Set(test?.columns.map(({ column }) => column))];
      if (test === undefined || columns.length < 2) return [];
      const table = tableName(node) ?? 'the table';
      return context.discover({
        node,
        savableMs,
        title: `OR across ${list(columns)} makes ${table} be read whole`,
        detail: `No single index finds the rows of an OR over different columns: each arm needs its own.${readInVain(scan)}`,
        evidence: {
          table,
          columns: columns.join(', '),
          condition: textDetail(node, 'Filter'),
          rowsRead: reads,
          rowsDiscarded: discards,
        },
        fix: `An index on each of ${list(columns)} can be combined by a bitmap. Or ask once for each arm, and put the answers together by UNION.`,
        clause: (clauses) => clauses.ofCondition([test], node),
      });
    }),
});
