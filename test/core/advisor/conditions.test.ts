import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConditions, readSortKeys } from '../../../src/core/advisor/conditions.ts';
import { loadParser } from '../../../src/core/sql/parser.ts';

const parser = await loadParser();

/** Condition as a plan prints it → what an index could serve, as "qualifier.column test". */
function check(condition: string, expected: readonly string[]): void {
  test(condition, () => {
    const found = readConditions(parser, condition).map(
      ({ qualifier, column, test: kind }) =>
        `${qualifier === undefined ? '' : `${qualifier}.`}${column} ${kind}`,
    );
    assert.deepEqual(found, expected);
  });
}

check("((d.deployed_at > (now() - '30 days'::interval)) AND (d.status = 'healthy'::text))", [
  'd.deployed_at range',
  'd.status equal',
]);
check("(status = 'healthy'::text)", ['status equal']);
check("('healthy'::text = d.status)", ['d.status equal']);
check("(d.status = ANY ('{healthy,degraded}'::text[]))", ['d.status any']);
check("(d.status <> 'retired'::text)", []);
check('(m.is_active AND (NOT m.is_hidden))', ['m.is_active equal', 'm.is_hidden equal']);
check('(d.deleted_at IS NULL)', ['d.deleted_at equal']);
check('(d.deleted_at IS NOT NULL)', []);
check("((d.name)::text = 'x'::text)", ['d.name equal']);
check("((d.at)::date = '2026-01-01'::date)", []);
check("(lower(d.name) = 'x'::text)", []);
check('(a.x = b.y)', []);
check('(a.x = (a.y + 1))', []);
check('(t.id = (InitPlan 1).col1)', ['t.id equal']);
check('(t.id = $0)', ['t.id equal']);
check('(t.id > (SubPlan 2))', ['t.id range']);
check('(NOT (ANY (t.id = (hashed SubPlan 1).col1)))', []);
check('((t.a = 1) AND (NOT (ANY (t.id = (hashed SubPlan 1).col1))))', ['t.a equal']);
check('((t.a = 1) OR (t.b = 2))', []);
check('("Bad ""Name".x = 1)', ['Bad "Name.x equal']);
check("(t.x OPERATOR(public.=) 'a'::public.mood)", []);
check('((((', []);
check('', []);

test('sort keys: directions and NULLS', () => {
  assert.deepEqual(readSortKeys(parser, ['d.deployed_at DESC', 'd.id', 'd.x DESC NULLS LAST']), [
    { qualifier: 'd', column: 'deployed_at', descending: true, nullsFirst: true },
    { qualifier: 'd', column: 'id', descending: false, nullsFirst: false },
    { qualifier: 'd', column: 'x', descending: true, nullsFirst: false },
  ]);
});

test('sort keys: an expression among them gives no order', () => {
  assert.equal(readSortKeys(parser, ['lower(d.name)']), undefined);
  assert.equal(readSortKeys(parser, ['d.a', '((']), undefined);
});
