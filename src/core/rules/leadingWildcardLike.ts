import { quoteIdentifier } from '../sql/identifiers.ts';
import type { ConditionTest } from './condition.ts';
import { readInVain, unservedScans } from './discardingScan.ts';
import { defineRule } from './rule.ts';
import { quote, tableName, tableSql, shortName, textDetail } from './wording.ts';

/**
 * A table is read whole for a pattern that may match anywhere in the text: LIKE '%abc%', ILIKE, an unanchored regular
 * expression.
 * Why: a btree finds texts by how they begin; a pattern without a beginning says nothing to it.
 * Threshold: more than four fifths of at least 1,000 rows discarded (as for seq-scan-discards-rows); a tenth of the cost where
 * the plan was not executed.
 * Trap: silent where another test of the filter could be served by a plain index: that is then the remedy.
 * Savable: the scan's own time, as far as it went into discarded rows.
 * Fix: a trigram index (pg_trgm), or full-text search where words are meant.
 */
export const leadingWildcardLike = defineRule({
  id: 'leading-wildcard-like',
  supersedes: ['dml-scans-for-few-rows', 'seq-scan-discards-rows', 'rows-removed-by-filter'],
  check: (context) =>
    context.once(unservedScans).flatMap((scan) => {
      const { node, condition, savableMs, discards, reads } = scan;
      const test = condition.find(({ kind }) => kind === 'openPattern');
      const name = test?.columns[0]?.column;
      const table = tableName(node) ?? 'the table';
      if (test === undefined || name === undefined) return [];
      const column = shortName(name);
      return context.discover({
        node,
        savableMs,
        title: `Leading wildcard in the pattern for ${column} rules out a plain index on ${table}`,
        detail: `The pattern ${quote(`'${test.pattern}'`)} has no fixed beginning, so no btree index can find what matches it.${readInVain(scan)}`,
        evidence: {
          table,
          column: name,
          pattern: test.pattern,
          condition: textDetail(node, 'Filter'),
          rowsRead: reads,
          rowsDiscarded: discards,
        },
        fix: isTooShort(test)
          ? 'A pattern without three fixed letters in a row matches too much for any index: ask for more, or let it begin with something fixed.'
          : `A trigram index serves it: CREATE EXTENSION pg_trgm; CREATE INDEX ON ${tableSql(node)} USING gin (${quoteIdentifier(name)} gin_trgm_ops). Where words are meant, full-text search does.`,
        clause: (clauses) => clauses.ofCondition([test], node),
      });
    }),
});

/** Trigrams are three letters in a row; a pattern of LIKE without any leaves a trigram index nothing to look up. */
function isTooShort({ operator, pattern = '' }: ConditionTest): boolean {
  const isLike = operator === '~~' || operator === '~~*';
  return isLike && !pattern.split(/[%_]/).some((fixed) => fixed.length >= 3);
}
