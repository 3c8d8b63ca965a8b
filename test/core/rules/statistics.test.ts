/** A mis-estimate on correlated columns, on real servers: named where it begins, and gone with the DDL of the fix. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, PlanNode } from '../../../src/shared/report.ts';
import { findingsIn } from '../../support/findings.ts';
import { onlyPlan } from '../../support/plans.ts';
import type { TestServer } from '../../support/postgres.ts';
import { onEachServer } from '../../support/servers.ts';

// Each city has one zip code, and 500 people; the planner believes in 5 of them with both.
const schema = `
  create table people as select g id, 'city ' || g % 100 city, g % 100 "Zip" from generate_series(1, 50000) g;
  create table letters as select g id, g % 50000 person from generate_series(1, 100000) g;
  create index on people (city, "Zip");
  create table visits as select g % 20 a, g % 20 b from generate_series(1, 50000) g;
  vacuum analyze people; vacuum analyze letters; vacuum analyze visits`.split(';');

/** The node that goes wrong first: sequential, by index, by bitmap, in a group. */
const cases: Readonly<Record<string, { sql: string; settings: string; first: (node: PlanNode) => boolean }>> =
  {
    'a sequential scan below joins': {
      sql: `select count(*) from people p join letters l on l.person = p.id where p.city = 'city 7' and p."Zip" = 7`,
      settings: 'set enable_indexscan = off; set enable_bitmapscan = off',
      first: ({ type, relation }) => type === 'Seq Scan' && relation === 'people',
    },
    'an index scan': {
      sql: `select id from people p where p.city = 'city 7' and p."Zip" = 7`,
      settings: 'set enable_seqscan = off; set enable_bitmapscan = off',
      first: ({ type }) => type === 'Index Scan',
    },
    'a bitmap': {
      sql: `select id from people p where p.city = 'city 7' and p."Zip" = 7`,
      settings: 'set enable_seqscan = off; set enable_indexscan = off',
      first: ({ type }) => type === 'Bitmap Index Scan',
    },
    'a group': {
      sql: 'select a, b, count(*) from visits group by a, b',
      settings: 'set enable_sort = off',
      first: ({ type }) => type === 'Aggregate',
    },
  };

onEachServer('correlated columns', {}, schema, (fixture) => {
  for (const [what, { sql, settings, first }] of Object.entries(cases)) {
    test(what, async () => {
      const before = await misestimates(fixture.server, sql, settings);
      assert.deepEqual(
        before.findings.map(({ ruleId }) => ruleId),
        ['correlated-columns'],
      );
      const [finding] = before.findings;
      assert.ok(before.nodes.filter(first).some(({ id }) => id === finding?.nodeId));
      const ddl = /CREATE STATISTICS (.*?) .*?; ANALYZE .*?;/.exec(finding?.fix ?? '');
      assert.ok(ddl, finding?.fix);
      for (const statement of ddl[0].split(';'))
        if (statement.trim() !== '') await fixture.server.admin(statement);
      assert.deepEqual((await misestimates(fixture.server, sql, settings)).findings, []);
      await fixture.server.admin(`drop statistics ${ddl[1]}; analyze`);
    });
  }
});

async function misestimates(
  server: TestServer,
  sql: string,
  settings: string,
): Promise<{ readonly findings: readonly Finding[]; readonly nodes: readonly PlanNode[] }> {
  const rows = await server.admin(
    `set max_parallel_workers_per_gather = 0; set jit = off; ${settings}; explain (analyze, verbose, format json) ${sql}`,
  );
  const plan = onlyPlan(JSON.stringify(rows[0]!['QUERY PLAN']));
  const rules = new Set(['correlated-columns', 'row-misestimate', 'stale-statistics']);
  return { findings: findingsIn(plan, sql).filter(({ ruleId }) => rules.has(ruleId)), nodes: plan.nodes };
}
