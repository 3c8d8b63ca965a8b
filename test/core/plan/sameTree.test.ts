/** One statement, one tree: whatever format its plan was printed in. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseText } from '../../../src/core/plan/parseText.ts';
import type { Plan } from '../../../src/shared/report.ts';
import { findLost } from '../../support/lostKeys.ts';
import { findLostWords } from '../../support/lostWords.ts';
import { planNames, planText, readCleanly } from '../../support/plans.ts';
import { assertSamePlan, assertSameShape, recordingsIn, recordingText } from '../../support/sameTree.ts';
import { checkShape, checkSums } from '../../support/soundPlan.ts';

/** Plain EXPLAIN, but of a table that earlier runs had changed. */
const differsByStatistics: ReadonlySet<string> = new Set(['pg15/update_dml.cost']);

function plansOf(text: string, format: Plan['format']): readonly Plan[] {
  const plans = readCleanly(text);
  assert.ok(plans.length > 0);
  for (const plan of plans) assert.equal(plan.format, format);
  return plans;
}

describe('TEXT and JSON of one statement', () => {
  const names = recordingsIn('txt');
  test('every JSON recording of the servers has its TEXT', () => {
    const recorded = planNames.filter((name) => name.includes('/'));
    assert.deepEqual(names, recorded);
  });

  for (const name of names) {
    test(name, () => {
      const actual = plansOf(recordingText(name, 'txt'), 'text');
      const expected = plansOf(planText(name), 'json');
      assert.equal(actual.length, expected.length);
      const raws = parseText(recordingText(name, 'txt')).documents;
      assert.deepEqual(findLostWords(recordingText(name, 'txt'), raws), [], 'everything of the text is kept');
      for (const [index, plan] of actual.entries()) {
        checkShape(plan);
        checkSums(plan);
        assert.deepEqual(findLost(raws[index], plan), [], 'everything of the raw plan is in the model');
        const other = expected[index]!;
        const isSamePlan = !plan.analyzed && !differsByStatistics.has(name);
        if (isSamePlan) assertSamePlan(plan, other);
        else assertSameShape(plan, other);
      }
    });
  }
});
