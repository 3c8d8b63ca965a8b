/** What is exported as psql prints it reads back equal to what it came from. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderPsql } from '../../../src/core/report/renderPsql.ts';
import { onlyPlan, planNames, planText } from '../../support/plans.ts';
import { assertSamePlan, withoutZeroCounts } from '../../support/sameTree.ts';

for (const name of planNames.filter((each) => each.startsWith('pg15/') || each.startsWith('pg18/'))) {
  test(name, () => {
    const text = renderPsql(planText(name));
    assert.ok(text);
    assertSamePlan(withoutZeroCounts(onlyPlan(text)), withoutZeroCounts(onlyPlan(planText(name))));
  });
}

test('it looks like psql', () => {
  assert.equal(
    renderPsql('Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n  Filter: (a = 1)\n'),
    [
      '                   QUERY PLAN',
      '-------------------------------------------------',
      ' Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)',
      '   Filter: (a = 1)',
      '(2 rows)',
      '',
    ].join('\n'),
  );
});

test('a distributed plan is not told in part', () => {
  assert.equal(renderPsql(planText(planNames.find((name) => name.startsWith('citus13/')) ?? '')), undefined);
});
