import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calledFunctions, readPlainPlan } from '../../src/pg/plainPlan.ts';

function check(expression: string, expected: readonly string[]): void {
  test(expression, () => {
    const calls = calledFunctions(expression).map(({ schema, name }) =>
      schema === undefined ? name : `${schema}|${name}`,
    );
    assert.deepEqual(calls, expected);
  });
}

check("nextval('s'::regclass)", ['nextval']);
check("(pg_catalog.nextval('s'::regclass) > 1)", ['pg_catalog|nextval']);
check('public."odd "" name("(x)', ['public|odd " name(']);
check("(t.v = 'f(x) and ''g(y)'::text)", []);
check("(E'a\\\\' , f(x))", ['f']);
check("(E'a\\'' || f(x))", ['f']);
check('(a.id = (b.id))', []);
check('outer_fn(inner_fn(x), y)', ['outer_fn', 'inner_fn']);
check('héllo(1)', ['héllo']);
check("'unterminated f(", []);
check('"unterminated f(', []);
check('(t.a IN (1, 2))', []);

test('a plan that a rule made into two, with a write on conflict', () => {
  const insert = {
    'Node Type': 'ModifyTable',
    Operation: 'Insert',
    'Relation Name': 'nextval(x',
    Schema: 'public',
    'Conflict Resolution': 'UPDATE',
    'Total Cost': 2,
    'Plan Rows': 3,
    Plans: [{ 'Node Type': 'Result', Output: ["nextval('s'::regclass)"] }],
  };
  const text = JSON.stringify([{ Plan: insert }, { Plan: { 'Node Type': 'Result', 'Total Cost': 5 } }]);
  assert.deepEqual(readPlainPlan(text), {
    cost: 7,
    planRows: 3,
    targets: [{ schema: 'public', name: 'nextval(x', events: 20 }],
    calls: [{ name: 'nextval' }],
  });
});

test('no plan at all', () => {
  assert.deepEqual(readPlainPlan('[]'), { cost: 0, planRows: 0, targets: [], calls: [] });
});
