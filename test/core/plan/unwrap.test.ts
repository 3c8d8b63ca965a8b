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
