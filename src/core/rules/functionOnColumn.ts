import { quoteIdentifier } from '../sql/identifiers.ts';
import { isHelped } from './access.ts';
import type { ConditionTest } from './condition.ts';
import type { Wrapping } from './conditionNodes.ts';
import { readInVain, unservedScans } from './discardingScan.ts';
import { defineRule } from './rule.ts';
import { quote, tableName, tableSql, shortName, textDetail } from './wording.ts';

/**
 * A table is read whole because the condition compares something computed from a column: lower(name) = …, a cast,
 * an arithmetic expression.
 * Why: an index on the column holds its values, not what is computed from them.
 * Threshold: four fifths of at least 1,000 rows discarded; a tenth of the cost where the plan was not executed.
 * Trap: silent where another test of the filter could be served by a plain index, and for casts that change nothing
 * (varchar to text), through which an index is used.
 * Savable: the scan's own time, as far as it went into discarded rows.
 * Fix: by what is computed: a range of timestamps instead of a cast to date, arithmetic on the other side, “@>” instead
 * of “->>”; else an index on the expression.
 */
export const functionOnColumn = defineRule({
  id: 'function-on-column',
  supersedes: ['dml-scans-for-few-rows', 'seq-scan-discards-rows', 'rows-removed-by-filter'],
  check: (context) =>
    context.once(unservedScans).flatMap((scan) => {
      const { node, condition, savableMs, discards, reads } = scan;
      const test = condition.find(({ kind, access }) => kind === 'wrapped' && isHelped(access));
      const name = test?.columns[0]?.column;
      const wrapping = test?.wrapping;
      if (test === undefined || wrapping === undefined || name === undefined) return [];
      const column = shortName(name);
      const table = tableName(node) ?? 'the table';
      return context.discover({
        node,
        savableMs,
        title: `An index on ${column} of ${table} cannot be used through ${wrapping.name}`,
        detail: `The condition tests what ${wrapping.name} makes of ${column}, which an index on ${column} does not hold.${readInVain(scan)}`,
        evidence: {
          table,
          column: name,
          wrapping: wrapping.name,
          condition: textDetail(node, 'Filter'),
          rowsRead: reads,
          rowsDiscarded: discards,
        },
        fix: fixFor(test, wrapping, name, tableSql(node)),
        clause: (clauses) => clauses.ofCondition([test], node),
      });
    }),
});

const timestampFunctions = new Set(['date_trunc()', 'date_part()', 'extract()', 'date()', 'to_char()']);
/** What the other side of a comparison can do as well. */
const arithmetic = new Set(['+', '-', '*', '/']);
const atDay = 'a range of timestamps';

function fixFor(test: ConditionTest, wrapping: Wrapping, column: string, table: string): string {
  const { name, by, key, operator = '' } = wrapping;
  const bare = shortName(column);
  const index =
    key === undefined
      ? 'create an index on the expression'
      : `create an index on the expression: CREATE INDEX ON ${table} (${quote(key)})`;
  if (by === 'cast') {
    return name === 'a cast to date'
      ? `Compare ${bare} itself: ${atDay}, from the day on and before the next one, says the same.`
      : `Compare ${bare} itself, and cast the value to its type instead; or ${index}.`;
  }
  if (by === 'coalesce') {
    return `Ask for ${bare} itself, and for NULL apart (OR ${bare} IS NULL); or ${index}.`;
  }
  if (by === 'function') {
    const isOfTime = timestampFunctions.has(name);
    const compare = isOfTime ? `Compare ${bare} itself where ${atDay} says the same; or ` : '';
    return `${capitalized(`${compare}${index}`)}. The function has to be IMMUTABLE.`;
  }
  if (operator === '->>' && test.operator === '=') {
    return `${capitalized(index)}. Or, if ${bare} is jsonb, ask for ${quoteIdentifier(column)} @> '{"key": "value"}', which a GIN index on ${bare} answers for every key.`;
  }
  return arithmetic.has(operator)
    ? `Compare ${bare} itself, with the arithmetic done on the other side; or ${index}.`
    : `${capitalized(index)}.`;
}

function capitalized(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}
