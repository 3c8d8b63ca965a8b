/** One run in two formats, which no server gives: what was recorded as JSON, printed as TEXT. Every number is the same. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJson } from '../../../src/core/plan/parseJson.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import type { Plan } from '../../../src/shared/report.ts';
import { planNames, planText } from '../../support/plans.ts';
import { renderTextPlan } from '../../support/renderTextPlan.ts';
import { assertSamePlan } from '../../support/sameTree.ts';

/** TEXT has no zeros, so nothing there tells that buffers or I/O times were counted when all of them are zero. */
function withoutZeroCounts(plan: Plan): Plan {
  const hasAny = (key: 'buffers' | 'ioMs') => plan.nodes.some((node) => isAboveZero(node[key]));
  const hasPlanningBuffers = isAboveZero(plan.planningBuffers);
  const hasBuffers = hasAny('buffers') || hasPlanningBuffers;
  const hasTimes = hasAny('ioMs');
  const { planningBuffers, ...rest } = plan;
  return {
    ...rest,
    ...(hasPlanningBuffers && planningBuffers ? { planningBuffers } : {}),
    nodes: plan.nodes.map(({ buffers, selfBuffers, ioMs, selfIoMs, ...node }) => ({
      ...node,
      ...(hasBuffers ? { buffers, selfBuffers } : {}),
      ...(hasTimes ? { ioMs, selfIoMs } : {}),
    })),
  };
}

function isAboveZero(counts: object | number | undefined): boolean {
  return typeof counts === 'number' ? counts > 0 : Object.values(counts ?? {}).some((count) => count > 0);
}

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
