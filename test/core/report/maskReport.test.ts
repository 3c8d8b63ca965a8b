/** No value of a statement or its plan is left in a masked report, and everything else is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildReport } from '../../../src/core/report/buildReport.ts';
import { maskReport } from '../../../src/core/report/maskReport.ts';
import { renderHtml } from '../../../src/core/report/renderHtml.ts';
import { renderMarkdown } from '../../../src/core/report/renderMarkdown.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import { maskLiterals } from '../../../src/core/sql/maskLiterals.ts';
import { loadParser } from '../../../src/core/sql/parser.ts';

const parser = await loadParser();

function check(sql: string, expected: string | undefined): void {
  test(`mask: ${sql}`, () => assert.equal(maskLiterals(parser, sql)?.text, expected));
}

check(
  "SELECT *\n  FROM t WHERE mail = 'ann@example.org' AND id = 42",
  "SELECT *\n  FROM t WHERE mail = '…' AND id = …",
);
check("name LIKE '%smith'", "name LIKE '%…'");
check("name LIKE 'smith%'", "name LIKE '…%'");
check('SELECT $$secret$$, E\'a\\n\', $1, "a b" -- pin 1234', "SELECT '…', '…', $1, \"a b\" ");
check("SELECT 'unterminated", undefined);
check(
  'SELECT -1, a[2], n::numeric(10, 2) FROM t TABLESAMPLE system (5) GROUP BY 1 LIMIT 50 OFFSET 1e3',
  'SELECT -…, a[…], n::numeric(…, …) FROM t TABLESAMPLE system (…) GROUP BY … LIMIT … OFFSET …',
);

test('a masked statement is still read as SQL', () => {
  const masked = maskLiterals(
    parser,
    "SELECT a[2] FROM t WHERE n = 42 AND s LIKE 'x%' LIMIT 50 OFFSET 5",
  )?.text;
  assert.doesNotThrow(() => parser.parse(masked ?? ''));
});

const sql = "SELECT * FROM open WHERE status = 'open' AND mail LIKE '%@secret.example' AND pin = 4711";
const plan = `Seq Scan on open  (cost=0.00..2000.00 rows=10 width=36) (actual time=0.010..50.000 rows=3 loops=1)
  Filter: ((status = 'open'::text) AND (mail ~~ '%@secret.example'::text) AND (pin = 4711))
  Rows Removed by Filter: 99997
Execution Time: 50.100 ms
`;

test('constants of an Output are hidden there, and their digits stay in times, versions and figures', () => {
  const constants = `Result  (cost=0.00..0.01 rows=18 width=4) (actual time=0.010..18.000 rows=18 loops=1)
  Output: 18, 2026, 'secret'::text
Execution Time: 18.100 ms
`;
  const [read] = readPlans(constants).plans;
  assert.ok(read);
  const made = buildReport({
    plan: read,
    sql: "SELECT 18, 2026, 'secret'",
    slaMs: 1,
    parser,
    rawPlan: constants,
  });
  const report = { ...made, profiledAt: '2026-01-18T00:00:18.000Z', server: { version: '18.6' } };
  const masked = maskReport(parser, report);
  assert.equal(masked.profiledAt, report.profiledAt);
  assert.deepEqual(masked.server, report.server);
  assert.deepEqual(masked.findings, report.findings);
  assert.ok(report.findings.length > 0);
  assert.deepEqual(masked.plan.nodes[0]?.details['Output'], ['…', '…', "'…'::text"]);
});

test('a report keeps its names, figures and findings, and loses every value', () => {
  const [read] = readPlans(plan).plans;
  assert.ok(read);
  const report = buildReport({ plan: read, sql, slaMs: 1000, parser, rawPlan: plan });
  assert.ok(report.findings.some(({ sqlRange }) => sqlRange !== undefined));
  const masked = maskReport(parser, report);
  const text = JSON.stringify(masked);
  for (const value of ['secret', '4711', "'open'"]) assert.ok(!text.includes(value), value);
  assert.equal(masked.plan.nodes[0]?.relation, 'open');
  assert.equal(masked.sql, "SELECT * FROM open WHERE status = '…' AND mail LIKE '%…' AND pin = …");
  assert.deepEqual(
    masked.findings.map(({ ruleId, savableMs }) => [ruleId, savableMs]),
    report.findings.map(({ ruleId, savableMs }) => [ruleId, savableMs]),
  );
  for (const [index, { sqlRange }] of masked.findings.entries()) {
    const original = report.findings[index]?.sqlRange;
    if (sqlRange === undefined || original === undefined) continue;
    const before = sql.slice(original.start, original.end);
    assert.equal(masked.sql?.slice(sqlRange.start, sqlRange.end), maskLiterals(parser, before)?.text);
  }
});

test('a report without its values says so, once, and in every form', () => {
  const [read] = readPlans(plan).plans;
  assert.ok(read);
  const made = buildReport({ plan: read, sql, slaMs: 1000, parser });
  const report = { ...made, problems: [{ code: 'other', message: 'Another note.' }] };
  const masked = maskReport(parser, maskReport(parser, report));
  assert.deepEqual(
    masked.problems.map(({ code }) => code),
    ['values-hidden', 'other'],
  );
  const said = 'Values are hidden: … stands for each number and text';
  assert.ok(renderMarkdown(masked).includes(said));
  assert.ok(renderHtml(masked, { script: '', style: '' }).includes(said));
  assert.ok(!renderMarkdown(report).includes(said));
});

test('where nothing was hidden, nothing is said', () => {
  const [read] = readPlans('Seq Scan on t  (cost=0.00..2000.00 rows=10 width=36)').plans;
  assert.ok(read);
  const report = buildReport({ plan: read, sql: 'SELECT * FROM t', slaMs: 1000, parser });
  assert.deepEqual(maskReport(parser, report).problems, report.problems);
});

test('a statement that cannot be scanned is hidden whole', () => {
  const [read] = readPlans(plan).plans;
  assert.ok(read);
  const report = buildReport({ plan: read, sql: "SELECT 'open", slaMs: 1000, parser });
  assert.equal(maskReport(parser, report).sql, '(hidden)');
});
