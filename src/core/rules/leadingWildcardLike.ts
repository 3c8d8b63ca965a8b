import { quoteIdentifier } from '../sql/identifiers.ts';
import type { ConditionTest } from './condition.ts';
import { isOpenPattern } from './conditionNodes.ts';
import { readInVain, unservedScans } from './discardingScan.ts';
import { defineRule } from './rule.ts';
import { quote, tableName, tableSql, shortName, textDetail } from './wording.ts';

/**
 * A table is read whole for a pattern that may match anywhere in the text (LIKE '%abc%', an unanchored regular
 * expression), or that ignores case (ILIKE 'abc%').
 * Why: a btree finds texts by how they begin, letter by letter; a pattern without a beginning, or with several spellings
 * of it, says nothing to it.
 * Threshold: more than four fifths of at least 1,000 rows discarded (as for seq-scan-discards-rows); a tenth of the cost where
 * the plan was not executed.
 * Trap: silent where another test of the filter could be served by a plain index: that is then the remedy.
 * Savable: the scan's own time, as far as it went into discarded rows.
 * Fix: a trigram index (pg_trgm), or full-text search where words are meant; where only case is ignored, lower() on both
 * sides and an index on it.
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
      const isOpen = isOpenPattern(test.operator ?? '', test.pattern ?? '');
      return context.discover({
        node,
        savableMs,
        title: `${isOpen ? 'Leading wildcard' : 'Ignoring case'} in the pattern for ${column} rules out a plain index on ${table}`,
        detail: `${whyNot(test, isOpen)}${readInVain(scan)}`,
        evidence: {
          table,
          column: name,
          pattern: test.pattern,
          condition: textDetail(node, 'Filter'),
          rowsRead: reads,
          rowsDiscarded: discards,
        },
        fix:
          isOpen || test.operator === '~*'
            ? fixForAnywhere(test, name, tableSql(node))
            : fixForCase(test, name, tableSql(node)),
        clause: (clauses) => clauses.ofCondition([test], node),
      });
    }),
});

function whyNot({ pattern = '' }: ConditionTest, isOpen: boolean): string {
  const quoted = quote(`'${pattern}'`);
  return isOpen
    ? `The pattern ${quoted} has no fixed beginning, so no btree index can find what matches it.`
    : `The pattern ${quoted} is to match in capital and small letters alike, and a plain index sorts these apart.`;
}

function fixForAnywhere(test: ConditionTest, name: string, table: string): string {
  return isTooShort(test)
    ? 'A pattern without three fixed letters in a row matches too much for any index: ask for more, or let it begin with something fixed.'
    : `A trigram index serves it: ${trigramDdl(name, table)}. Where words are meant, full-text search does.`;
}

/** Of ILIKE: small letters in a regular expression may mean something else than capitals do ("\d", "\D"). */
function fixForCase(test: ConditionTest, name: string, table: string): string {
  const lowered = `lower(${quoteIdentifier(name)})`;
  const pattern = `lower('${(test.pattern ?? '').replaceAll("'", "''")}')`;
  const onLowered = `Ask for ${lowered} LIKE ${quote(pattern)}, with an index for it: CREATE INDEX ON ${table} (${lowered} text_pattern_ops).`;
  return isTooShort(test)
    ? onLowered
    : `${onLowered} Or leave it as it is, with a trigram index: ${trigramDdl(name, table)}.`;
}

function trigramDdl(name: string, table: string): string {
  return `CREATE EXTENSION pg_trgm; CREATE INDEX ON ${table} USING gin (${quoteIdentifier(name)} gin_trgm_ops)`;
}

/** Trigrams are three letters in a row; a pattern of LIKE without any leaves a trigram index nothing to look up. */
function isTooShort({ operator, pattern = '' }: ConditionTest): boolean {
  const isLike = operator === '~~' || operator === '~~*';
  return isLike && !pattern.split(/[%_]/).some((fixed) => fixed.length >= 3);
}
