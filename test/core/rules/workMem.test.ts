/** The work_mem that a finding names must hold: the statement is run again with it, on real servers. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Finding } from '../../../src/shared/report.ts';
import { findAll } from '../../../src/core/rules/index.ts';
import { onlyPlan } from '../../support/plans.ts';
import { serverVersions, startServer, type TestServer } from '../../support/postgres.ts';

/** What a statement needs beside the usual settings to spill where it should. */
const settingsOf: Readonly<Record<string, string>> = {
  'a CTE read twice': 'set enable_hashjoin = on',
  'a materialised inner side': 'set enable_hashjoin = off',
  'a lossy bitmap': 'set enable_seqscan = off; set enable_indexscan = off; set enable_indexonlyscan = off',
};

/** Where a megabyte would do. */
const littleMemory: Readonly<Record<string, string>> = { 'a lossy bitmap': '64kB' };

const statements: Readonly<Record<string, string>> = {
  'narrow rows sorted': 'select id, kind from t order by kind, label',
  'wide rows sorted': 'select * from t order by kind, label',
  'many small groups': 'select id, count(*) from t group by id',
  'wide groups': 'select wide || id, count(*) from t group by 1',
  'a hash join': 'select count(*) from t a join t b on a.id = b.id + 0 * b.kind',
  'a CTE read twice':
    'with c as materialized (select * from t where id < 20000) select count(*) from c a, (select from c limit 2) b',
  'a materialised inner side':
    'select count(b.wide) from (select id from t limit 3) a left join (select * from t where id < 30000) b on a.id <> b.id',
  'a lossy bitmap': `select count(wide) from t where label > 'label 2'`,
};

for (const version of serverVersions) {
  describe(`PostgreSQL ${version}`, () => {
    let server: TestServer;
    before(async () => {
      server = await startServer(version);
      await server.admin(
        `create table t as select g id, g % 1000 kind, 'label ' || g label, repeat('x', 100) wide
           from generate_series(1, 100000) g; create index on t (label); analyze t`,
      );
    });
    after(() => server.stop());

    for (const [what, sql] of Object.entries(statements)) {
      test(what, async () => {
        const settings = settingsOf[what] ?? '';
        const [spill] = await spills(server, sql, littleMemory[what] ?? '1MB', settings);
        assert.ok(spill, 'it spills with little memory');
        const workMem = String(spill.evidence['workMem']);
        assert.deepEqual(await spills(server, sql, workMem, settings), [], `and not with ${workMem}`);
      });
    }
  });
}

async function spills(
  server: TestServer,
  sql: string,
  workMem: string,
  settings: string,
): Promise<readonly Finding[]> {
  const rows = await server.admin(
    `set max_parallel_workers_per_gather = 0; set jit = off; set enable_mergejoin = off; set work_mem = '${workMem}';
     set enable_sort = ${/order by/.test(sql) ? 'on' : 'off'}; ${settings};
     explain (analyze, buffers, format json) ${sql}`,
  );
  const plan = onlyPlan(JSON.stringify(rows[0]!['QUERY PLAN']));
  return findAll(plan, { slaMs: 1000 }).filter(
    ({ ruleId }) => ruleId.endsWith('-spill') || ruleId === 'bitmap-lossy',
  );
}
