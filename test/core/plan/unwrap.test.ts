/** Plans as people have them: each wrapping gives the plans of the text that was wrapped. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import { recordingText } from '../../support/sameTree.ts';
import { wrappings } from '../../support/wrappings.ts';

const wrapped: Readonly<Record<string, readonly string[]>> = {
  txt: [
    'pg15/initplan.analyze',
    'pg15/or_bitmap.cost',
    'pg18/upsert_dml.analyze',
    'pg18/seed_correlated_subqueries.analyze',
    'pg18/window_functions.analyze',
    'citus13/upsert_dml.analyze',
    'recorded/pg14/costs_off',
    'recorded/pg18/several_plans',
    'recorded/pg18/odd_unicode_names',
    'recorded/pg18/odd_rollup_sorted',
    'recorded/pg18/odd_delete_cascade',
    'recorded/pg18/odd_bare',
  ],
  json: [
    'pg15/initplan.analyze',
    'pg18/upsert_dml.analyze',
    'citus13/upsert_dml.analyze',
    'recorded/pg18/odd_unicode_names',
  ],
  yaml: ['pg18/upsert_dml.analyze', 'pg15/or_bitmap.cost'],
  xml: ['pg18/upsert_dml.analyze', 'pg15/or_bitmap.cost'],
};

for (const wrapping of wrappings) {
  const { name, only, needsNumbers } = wrapping;
  describe(name, () => {
    for (const [extension, recordings] of Object.entries(wrapped)) {
      if (only && !only.includes(extension)) continue;
      for (const recording of recordings) {
        if (needsNumbers && recording === 'recorded/pg18/odd_bare') continue;
        test(`${recording}.${extension}`, () => {
          const text = recordingText(recording, extension);
          const expected = readPlans(text);
          assert.deepEqual(expected.problems, []);
          assert.deepEqual(readPlans(wrapping.wrap(text)), expected);
        });
      }
    }
  });
}

describe('what only looks like a wrapping is left as it is', () => {
  const scan = 'Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)';
  const texts: readonly (readonly [name: string, key: string, condition: string])[] = [
    ['entities in a literal', 'Filter', "(a = '-&gt; &amp; &lt;br&gt;'::text)"],
    ['an operator’s entity in a literal', 'Filter', "(a = 'b &lt; c'::text)"],
    ['an arrow in a literal', 'Filter', "(a = '1 → 2 –> C => D'::text)"],
    ['a JSON operator', 'Filter', "((a -> 'b'::text) = '1'::jsonb)"],
    ['numbers in a literal', 'Filter', "(a = '1. b'::text)"],
    ['an ellipsis in a literal', 'Filter', "(a = '1…2'::text)"],
    ['quotes of a word processor in a literal', 'Filter', "(a = '“Node Type”'::text)"],
  ];
  for (const [name, key, condition] of texts) {
    test(name, () => {
      for (const text of [
        `${scan}\n  ${key}: ${condition}`,
        `Limit  (cost=0.00..1.00 rows=1 width=4)\n  ->  ${scan}\n        ${key}: ${condition}`,
      ]) {
        const { plans, problems } = readPlans(text);
        assert.deepEqual(problems, []);
        assert.equal(plans[0]!.nodes.at(-1)!.details[key], condition);
      }
    });
  }
});
