/** One run in two formats, which no server gives: what was recorded as JSON, printed as TEXT. Every number is the same. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJson } from '../../../src/core/plan/parseJson.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import { planNames, planText } from '../../support/plans.ts';
import { renderTextPlan } from '../../../src/core/plan/renderTextPlan.ts';
import { assertSamePlan, withoutZeroCounts } from '../../support/sameTree.ts';

describe('the same run in TEXT', () => {
  for (const name of planNames.filter((one) => /^(pg15|pg18|recorded)\//.test(one))) {
    test(name, () => {
      const expected = readPlans(planText(name)).plans;
      const raws = parseJson(planText(name)).documents.flat();
      const text = raws.map((raw) => renderTextPlan(raw as never)).join('\n\n');
      const { plans, problems } = readPlans(text);
      assert.deepEqual(problems, []);
      assert.equal(plans.length, expected.length);
      for (const [index, plan] of plans.entries())
        assertSamePlan(withoutZeroCounts(plan), withoutZeroCounts(expected[index]!));
    });
  }
});
