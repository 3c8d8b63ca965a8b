import { isHelped } from './access.ts';
import { readInVain, unservedScans } from './discardingScan.ts';
import { defineRule } from './rule.ts';
import { tableName, shortName, textDetail } from './wording.ts';

/**
 * A table is read whole because the condition compares something computed from a column: lower(name) = …, a cast,
 * an arithmetic expression.
 * Why: an index on the column holds its values, not what is computed from them.
 * Threshold: four fifths of at least 1,000 rows discarded; a tenth of the cost where the plan was not executed.
 * Trap: silent where another test of the filter could be served by a plain index, and for casts that change nothing
 * (varchar to text), through which an index is used.
 * Savable: the scan's own time, as far as it went into discarded rows.
 * Fix: compare the bare column (a range instead of a cast to date), or an index on the expression.
 */
export const functionOnColumn = defineRule({
  id: 'function-on-column',
  supersedes: ['dml-scans-for-few-rows', 'seq-scan-discards-rows', 'rows-removed-by-filter'],
  check: (context) =>
    context.once(unservedScans).flatMap((scan) => {
      const { node, condition, savableMs, discards, reads } = scan;
      const test = condition.find(({ kind, access }) => kind === 'wrapped' && isHelped(access));
      const name = test?.columns[0]?.column;
      if (test?.wrapping === undefined || name === undefined) return [];
      const column = shortName(name);
      const table = tableName(node) ?? 'the table';
      return context.discover({
        node,
        savableMs,
        title: `An index on ${column} of ${table} cannot be used through ${test.wrapping}`,
        detail: `The condition tests what ${test.wrapping} makes of ${column}, which an index on ${column} does not hold.${readInVain(scan)}`,
        evidence: {
          table,
          column: name,
          wrapping: test.wrapping,
          condition: textDetail(node, 'Filter'),
          rowsRead: reads,
          rowsDiscarded: discards,
        },
        fix: `Compare ${column} itself where that says the same (a range of timestamps instead of a cast to date), or create an index on the expression.`,
        clause: (clauses) => clauses.ofCondition([test], node),
      });
    }),
});
