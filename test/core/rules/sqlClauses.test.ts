/** Clauses of statements, found by what a plan says of them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PlanNode, TextRange } from '../../../src/shared/report.ts';
import { readCondition } from '../../../src/core/rules/condition.ts';
import { readSqlClauses, type SqlClauses } from '../../../src/core/rules/sqlClauses.ts';
import { buildReport } from '../../../src/core/report/buildReport.ts';
import { parser } from '../../support/findings.ts';
import { planOf, planOfRaw, rawNode } from '../../support/plans.ts';

/** The text between « and » is what `find` must give; none: nothing. */
function check(what: string, marked: string, find: (clauses: SqlClauses) => TextRange | undefined): void {
  test(what, () => {
    const sql = marked.replaceAll(/[«»]/g, '');
    const clauses = readSqlClauses(parser, sql);
    assert.ok(clauses, 'it parses');
    const range = find(clauses);
    const start = marked.indexOf('«');
    const expected = start === -1 ? undefined : marked.slice(start + 1, marked.indexOf('»'));
    assert.equal(range && sql.slice(range.start, range.end), expected);
  });
}

/** The condition of a scan of this table, in the plan's words. */
const condition =
  (text: string, relation = 't', alias = relation) =>
  (clauses: SqlClauses) => {
    const node = { relation, alias } as PlanNode;
    return clauses.ofCondition(readCondition(parser, text, alias), node);
  };

describe('conditions', () => {
  check('one of several', 'select * from t where a = 1 and «b > 2» and c < 3', condition('(b > 2)'));
  check(
    'all that stand together',
    'select * from t where «a = 1 and b > 2» and c < 3',
    condition('((b > 2) AND (a = 1))'),
  );
  check(
    'the first, where others stand between',
    'select * from t where «a = 1» and b > 2 and c < 3',
    condition('((a = 1) AND (c < 3))'),
  );
  check(
    'BETWEEN is two tests in a plan',
    'select * from t where «a between 1 and 2»',
    condition('((a >= 1) AND (a <= 2))'),
  );
  check(
    'IN is ANY in a plan',
    'select * from t where «a in (1, (2), 3)»',
    condition("(a = ANY ('{1,2,3}'::integer[]))"),
  );
  check(
    'a cast to the end',
    "select * from t where «a > '2026-01-01'::timestamp with time zone» order by 1",
    condition("(a > '2026-01-01 00:00:00+00'::timestamp with time zone)"),
  );
  check('IS NOT NULL', 'select * from t where «a is not null» group by 1', condition('(a IS NOT NULL)'));
  check('parentheses around', 'select * from t where («(a + 1) * 2 = 7»)', condition('(((a + 1) * 2) = 7)'));
  check('an OR', 'select * from t where x and («a = 1 or b = 2»)', condition('((a = 1) OR (b = 2))'));
  check(
    'a sub-query’s value',
    'select * from t where «a = (select max(a) from t where b = 2)»',
    condition('(a = (InitPlan 1).col1)'),
  );
  check(
    'a join’s ON',
    'select * from t join u on «t.a < u.b» where t.a > 3',
    condition('(t.a < u.b)', 'u', ''),
  );
  check('HAVING', 'select a from t group by a having «count(b) > 3»', condition('(count(b) > 3)'));
  check('an UPDATE', 'update t set b = 1 where «a = 3»', condition('(t.a = 3)'));
  check('a DELETE', 'delete from t using u where t.a = u.a and «u.b = 3»', condition('(u.b = 3)', 'u'));
  check(
    'the query that reads the table',
    "select a from u where b = 'x' union select a from t where «b = 'x'»",
    condition("(t.b = 'x'::text)"),
  );
  check(
    'the one with the same alias',
    'select * from t p, t q where p.b = 1 and «q.b = 1»',
    condition('(q.b = 1)', 't', 'q'),
  );
  check(
    'an alias that the plan numbered',
    'select * from u, (select * from t where «t.b = 1») x',
    condition('(t_1.b = 1)', 't', 't_1'),
  );
  check('the same operator', 'select * from t where a < 3 and «a > 1»', condition('(a > 1)'));
  check('none, where two fit', 'select * from t where a > 1 and a > 2', condition('(a > 3)'));
  check(
    'none, of another table’s alias',
    'select * from t p where p.a = 1',
    condition('(q.a = 1)', 't', 'q'),
  );
  check('none, without columns', 'select * from t where 1 = 2', condition('(1 = 2)'));
});

describe('other clauses', () => {
  check(
    'ORDER BY with its directions',
    'select * from t «order by a desc nulls last, t.b» limit 3',
    (clauses) => clauses.ofSortKeys(['t.a DESC NULLS LAST', 't.b']),
  );
  check(
    'a sort with more keys than the ORDER BY',
    'select distinct a, b from t «order by a desc»',
    (clauses) => clauses.ofSortKeys(['t.a DESC', 't.b']),
  );
  check('no ORDER BY of these columns', 'select * from t order by a', (clauses) =>
    clauses.ofSortKeys(['t.b']),
  );
  check('an ORDER BY that only counts columns', 'select a from t order by 1', (clauses) =>
    clauses.ofSortKeys(['t.a']),
  );
  check('LIMIT', 'select * from t «limit 10 + 5» offset 3', (clauses) => clauses.ofLimit());
  check('OFFSET', 'select * from t limit 10 «offset (3)»', (clauses) => clauses.ofOffset());
  check('two LIMITs', '(select a from t limit 1) union (select a from t limit 2)', (clauses) =>
    clauses.ofLimit(),
  );
  check('NOT IN', 'select * from t where b = 1 and «a not in (select a from u)»', (clauses) =>
    clauses.ofSubQuery(new Set(['u']), 'NOT IN'),
  );
  check('NOT (… IN …)', 'select * from t where «not (a in (select a from u))»', (clauses) =>
    clauses.ofSubQuery(new Set(['u']), 'NOT IN'),
  );
  check('NOT EXISTS is no NOT IN', 'select * from t where not exists (select from u)', (clauses) =>
    clauses.ofSubQuery(new Set(['u']), 'NOT IN'),
  );
  check('a sub-query by its tables', 'select (select 1 from u), «(select 1 from u, v)» from t', (clauses) =>
    clauses.ofSubQuery(new Set(['u', 'v']), 'any kind'),
  );
  check('a CTE', 'with a as (select 1), «b as materialized (select 2)» select * from a, b', (clauses) =>
    clauses.ofCte('b'),
  );
  check('a star', 'select «t.*» from t', (clauses) => clauses.ofStar());
});

describe('offsets', () => {
  check(
    'count UTF-16 units',
    "select 'ä😀' x from t where «\"größe\" = '😀'» -- ü",
    condition('("größe" = \'😀\'::text)'),
  );
  check(
    'are of the text as it was written, placeholders and all',
    'select * from t where c = :a_long_name and «b = :b and a > %(x)s»',
    condition('((b = $2) AND (a > $3))'),
  );
  check('reach into EXPLAIN', 'explain (analyze) select * from t where «a = 1»', condition('(a = 1)'));
  check(
    'across lines and comments',
    'select *\nfrom t -- where a = 1\nwhere «a /* ! */ =\n1»;',
    condition('(a = 1)'),
  );
});

test('what does not parse has no clauses', () => {
  for (const sql of ['selec', '', "select 'abc", 'select \0'])
    assert.equal(readSqlClauses(parser, sql)?.ofLimit(), undefined);
});

test('reports have the clause of their findings, if sql and parser are given', () => {
  const plan = planOf('pg18/text_search_like.analyze');
  const sql = "/* ü */ select * from model_versions where artifact_uri like '%abc%'";
  const { findings } = buildReport({ plan, slaMs: 1000, sql, parser });
  const { start = 0, end = 0 } = findings[0]?.sqlRange ?? {};
  assert.equal(sql.slice(start, end), "artifact_uri like '%abc%'");
  for (const input of [{ sql }, { parser }, {}]) {
    const report = buildReport({ plan, slaMs: 1000, ...input });
    assert.ok(report.findings.every((finding) => finding.sqlRange === undefined));
    assert.ok(!('parser' in report));
  }
});

describe('conditions of plans', () => {
  const kinds = (text: string, ownName?: string) =>
    readCondition(parser, text, ownName)?.map(({ kind }) => kind);
  for (const [text, expected] of Object.entries({
    '(a = 1)': ['equal'],
    '((a = 1) AND ((b > 2) AND (c IS NULL)))': ['equal', 'range', 'equal'],
    '(NOT active)': ['equal'],
    active: ['equal'],
    "(a = ANY ('{1,2}'::integer[]))": ['any'],
    "(a <> ALL ('{1,2}'::integer[]))": ['other'],
    '(a = b)': ['other'],
    '(a IS NOT NULL)': ['other'],
    '(a = (InitPlan 1).col1)': ['equal'],
    '(a = $0)': ['equal'],
    "((a)::text = 'x'::text)": ['equal'],
    "((a)::date = '2026-01-01'::date)": ['wrapped'],
    "(lower((a)::text) = 'x'::text)": ['wrapped'],
    '((a OPERATOR(pg_catalog.+) 1) = 2)': ['wrapped'],
    '((a = 1) OR (b = 2))': ['or'],
    "(a ~~ 'x%'::text)": ['pattern'],
    "(a ~~ '%x'::text)": ['openPattern'],
    '(NOT (hashed SubPlan 1))': ['notIn'],
    '((a = 1) AND (NOT (ANY (b = (hashed SubPlan 1).col1))))': ['equal', 'notIn'],
    "(a @> '{}'::jsonb)": ['other'],
  }))
    test(text, () => assert.deepEqual(kinds(text), expected));
  test('columns of other tables are constants', () => {
    assert.deepEqual(kinds('(t.a = u.b)', 't'), ['equal']);
    assert.deepEqual(kinds('(u.b > t.a)', 't'), ['range']);
    assert.deepEqual(kinds('(v.a = u.b)', 't'), ['other']);
  });
  test('what is no SQL is not read', () => {
    for (const text of ['', '(', 'a = ', 'EXISTS(1)', "'", '(a = 1); drop table t'])
      assert.equal(kinds(text), undefined, text);
  });
  test('each partition’s condition is read as its own', () => {
    const scan = (alias: string) =>
      rawNode('Seq Scan', {
        'Parent Relationship': 'Member',
        'Relation Name': alias,
        Alias: alias,
        'Actual Rows': 1,
        'Rows Removed by Filter': 9000,
        Filter: `(lower(${alias}.name) = 'x'::text)`,
      });
    const plan = planOfRaw(rawNode('Append', { Plans: [scan('p'), scan('q')] }));
    const { findings } = buildReport({ plan, slaMs: 1000, parser });
    assert.deepEqual(
      findings
        .filter(({ ruleId }) => ruleId === 'function-on-column')
        .map(({ evidence }) => evidence['table']),
      ['p', 'q'],
    );
  });
});
