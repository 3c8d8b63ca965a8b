/** The work_mem that a finding names must hold: the statement is run again with it, on real servers. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Finding } from '../../../src/shared/report.ts';
import { findAll } from '../../../src/core/rules/index.ts';
import { onlyPlan } from '../../support/plans.ts';
import { serverVersions, startServer, type TestServer } from '../../support/postgres.ts';

const statements: Readonly<Record<string, string>> = {
  'narrow rows sorted': 'select id, kind from t order by kind, label',
  'wide rows sorted': 'select * from t order by kind, label',
  'many small groups': 'select id, count(*) from t group by id',
  'wide groups': 'select wide || id, count(*) from t group by 1',
  'a hash join': 'select count(*) from t a join t b on a.id = b.id + 0 * b.kind',
};

for (const version of serverVersions) {
  describe(`PostgreSQL ${version}`, () => {
    let server: TestServer;
    before(async () => {
      server = await startServer(version);
      await server.admin(
        `create table t as select g id, g % 1000 kind, 'label ' || g label, repeat('x', 100) wide
           from generate_series(1, 100000) g; analyze t`,
      );
    });
    after(() => server.stop());

    for (const [what, sql] of Object.entries(statements)) {
      test(what, async () => {
        const [spill] = await spills(server, sql, '1MB');
        assert.ok(spill, 'it spills with 1MB');
        const workMem = String(spill.evidence['workMem']);
        assert.deepEqual(await spills(server, sql, workMem), [], `and not with ${workMem}`);
      });
    }
  });
}

async function spills(server: TestServer, sql: string, workMem: string): Promise<readonly Finding[]> {
  const rows = await server.admin(
    `set max_parallel_workers_per_gather = 0; set jit = off; set enable_mergejoin = off; set work_mem = '${workMem}';
     set enable_sort = ${/order by/.test(sql) ? 'on' : 'off'}; explain (analyze, format json) ${sql}`,
  );
  const plan = onlyPlan(JSON.stringify(rows[0]!['QUERY PLAN']));
  return findAll(plan, { slaMs: 1000 }).filter(({ ruleId }) => ruleId.endsWith('-spill'));
}
