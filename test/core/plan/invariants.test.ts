/** What must hold of every recorded plan, whatever it is of. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJson } from '../../../src/core/plan/parseJson.ts';
import { findLost } from '../../support/lostKeys.ts';
import { planNames, planText, readCleanly } from '../../support/plans.ts';
import { checkShape, checkSums } from '../../support/soundPlan.ts';

describe('every recorded plan', () => {
  test('there are recordings of each kind', () => {
    for (const kind of ['pg15/', 'pg18/', 'citus13/', 'recorded/pg14/', 'recorded/pg18/']) {
      assert.ok(planNames.filter((name) => name.startsWith(kind)).length >= 28, kind);
    }
  });

  for (const name of planNames) {
    test(name, () => {
      const text = planText(name);
      const plans = readCleanly(text);
      assert.ok(plans.length > 0);
      const raws = parseJson(text).documents.flat();
      for (const [index, plan] of plans.entries()) {
        checkShape(plan);
        checkSums(plan);
        assert.deepEqual(
          findLost(raws[index], plan),
          [],
          'everything of the input is somewhere in the model',
        );
      }
    });
  }
});
