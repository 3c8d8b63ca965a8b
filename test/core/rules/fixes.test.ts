/** What findings tell to do, done on real servers: the finding is there before, and gone after. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/shared/report.ts';
import { findingsIn } from '../../support/findings.ts';
import { onlyPlan } from '../../support/plans.ts';
import type { TestServer } from '../../support/postgres.ts';
import { onEachServer } from '../../support/servers.ts';

interface Remedy {
  /** Where it is not what the remedy is called by. */
  readonly rule?: string;
  readonly sql: string;
  /** Done on the database; or the statement, written anew; or both. */
  readonly fix: { readonly ddl: string } | { readonly sql: string };
  readonly settings?: string;
  /** Statements that make the trouble. */
  readonly prepare?: readonly string[];
  /** Undone after the test. */
  readonly undo?: string;
}

const schema = [
  `create table models (id int primary key, team int, name text);
   insert into models select g, g % 20, 'model ' || g from generate_series(1, 2000) g;
   create table versions (id int, model_id int, status text, note text, at timestamptz);
   insert into versions select g, 1 + g % 2000, 's' || g % 7, 'note ' || md5(g::text), '2026-01-01'::timestamptz + g * interval '1 minute'
     from generate_series(1, 60000) g;
   create table keyed (id int primary key, body text);
   insert into keyed select g, repeat('x', 50) from generate_series(1, 60000) g;
   create table referred (id int primary key); insert into referred select generate_series(1, 300);
   create table referring (id int, referred_id int references referred);
   insert into referring select g, 1 + g % 10 from generate_series(1, 60000) g;
   create table grown (id int); insert into grown select generate_series(1, 1000);
   create table hollow (id int primary key, body text);
   insert into hollow select g, repeat('x', 900) from generate_series(1, 30000) g;
   create table events (at date not null, kind int) partition by range (at);
   create table events_a partition of events for values from ('2026-01-01') to ('2026-02-01');
   create table events_b partition of events for values from ('2026-02-01') to ('2026-03-01');
   create table events_c partition of events for values from ('2026-03-01') to ('2026-04-01');
   create table events_d partition of events for values from ('2026-04-01') to ('2026-05-01');
   create table events_e partition of events for values from ('2026-05-01') to ('2026-06-01');
   insert into events select date '2026-01-01' + g % 150, g % 150 from generate_series(1, 30000) g;
   create table tagged (id int, tags text[], data jsonb, state text);
   insert into tagged select g, array['t' || g % 5000, 'all'], jsonb_build_object('k', g % 5000),
     case when g % 5000 = 7 then 'open' else 'done' end from generate_series(1, 60000) g;
   create extension pg_trgm;
   analyze`,
  'vacuum analyze models',
];

const remedies: Readonly<Record<string, Remedy>> = {
  'leading-wildcard-like': {
    sql: `select * from versions where note like '%abcd%'`,
    fix: { ddl: 'create index gone on versions using gin (note gin_trgm_ops)' },
    undo: 'drop index gone',
  },
  'function-on-column': {
    sql: `select * from models where lower(name) = 'model 7'`,
    fix: { ddl: 'create index gone on models (lower(name)); analyze models' },
    undo: 'drop index gone',
  },
  'or-across-columns': {
    sql: 'select * from versions where id = 7 or model_id = 9',
    fix: { ddl: 'create index gone on versions (id); create index gone_too on versions (model_id)' },
    undo: 'drop index gone, gone_too',
  },
  'seq-scan-discards-rows': {
    sql: 'select * from versions where model_id = 9',
    fix: { ddl: 'create index gone on versions (model_id)' },
    undo: 'drop index gone',
  },
  'seq-scan-discards-rows by an element': {
    rule: 'seq-scan-discards-rows',
    sql: `select * from tagged where 't7' = any (tags)`,
    fix: {
      ddl: 'create index gone on tagged using gin (tags)',
      sql: `select * from tagged where tags @> array['t7']`,
    },
    undo: 'drop index gone',
  },
  'seq-scan-discards-rows by JSON': {
    rule: 'seq-scan-discards-rows',
    sql: `select * from tagged where data @> '{"k": 7}'`,
    fix: { ddl: 'create index gone on tagged using gin (data)' },
    undo: 'drop index gone',
  },
  'seq-scan-discards-rows by what rows are not': {
    rule: 'seq-scan-discards-rows',
    sql: `select * from tagged where state <> 'done'`,
    fix: { ddl: `create index gone on tagged (id) where state <> 'done'` },
    undo: 'drop index gone',
  },
  'leading-wildcard-like that ignores case': {
    rule: 'leading-wildcard-like',
    sql: `select * from models where name ilike 'MODEL 77%'`,
    fix: {
      ddl: 'create index gone on models (lower(name) text_pattern_ops); analyze models',
      sql: `select * from models where lower(name) like lower('MODEL 77%')`,
    },
    undo: 'drop index gone',
  },
  'function-on-column of JSON': {
    rule: 'function-on-column',
    sql: `select * from tagged where data ->> 'k' = '7'`,
    fix: { ddl: `create index gone on tagged ((data ->> 'k')); analyze tagged` },
    undo: 'drop index gone',
  },
  'dml-scans-for-few-rows': {
    sql: `update versions set status = 'x' where model_id = 9`,
    fix: { ddl: 'create index gone on versions (model_id)' },
    undo: 'drop index gone',
  },
  'unindexed-join': {
    sql: 'select * from models m, lateral (select id from versions v where v.model_id = m.id order by at limit 1) x where m.team = 3',
    fix: { ddl: 'create index gone on versions (model_id)' },
    undo: 'drop index gone',
  },
  'join-reads-whole-table': {
    sql: `select v.* from models m join versions v on v.model_id = m.id where m.name = 'model 7'`,
    fix: { ddl: 'create index gone on versions (model_id)' },
    undo: 'drop index gone',
  },
  'correlated-subplan': {
    sql: 'select id, (select count(*) from versions v where v.model_id = m.id) from models m where id <= 20',
    fix: {
      sql: 'select m.id, coalesce(n, 0) from models m left join (select model_id, count(*) n from versions group by 1) v on v.model_id = m.id where m.id <= 20',
    },
  },
  'not-in-subplan': {
    sql: 'select count(*) from versions where model_id not in (select id from models)',
    fix: {
      sql: 'select count(*) from versions v where not exists (select from models m where m.id = v.model_id)',
    },
  },
  'join-without-selective-condition': {
    sql: 'select count(*) from models a, models b where a.team <> b.team',
    fix: { sql: 'select count(*) from models a join models b on a.id = b.team' },
  },
  'or-in-join': {
    sql: 'select count(*) from models a join models b on a.id = b.team or a.team = b.id',
    fix: {
      sql: 'select count(*) from (select a.id, b.id from models a join models b on a.id = b.team union select a.id, b.id from models a join models b on a.team = b.id) x',
    },
  },
  'cte-materialized-needlessly': {
    sql: 'with c as materialized (select * from models) select * from c where id = 7',
    fix: { sql: 'with c as not materialized (select * from models) select * from c where id = 7' },
  },
  'repeated-work': {
    sql: 'select count(*) from (select model_id, max(at) a from versions group by 1) x join (select model_id, max(at) a from versions group by 1) y using (a)',
    fix: {
      sql: 'with c as materialized (select model_id, max(at) a from versions group by 1) select count(*) from c x join c y using (a)',
    },
  },
  'cte-inlined-repeatedly': {
    sql: 'with c as not materialized (select model_id, max(at) a from versions group by 1) select count(*) from c x join c y using (a)',
    fix: {
      sql: 'with c as materialized (select model_id, max(at) a from versions group by 1) select count(*) from c x join c y using (a)',
    },
  },
  'offset-paging': {
    sql: 'select * from keyed order by id limit 10 offset 30000',
    fix: { sql: 'select * from keyed where id > 30000 order by id limit 10' },
  },
  'limit-reads-all-rows': {
    sql: 'select * from versions order by at desc limit 10',
    fix: { ddl: 'create index gone on versions (at)' },
    undo: 'drop index gone',
  },
  'full-sort-for-limit': {
    sql: 'select distinct on (note) note from versions order by note limit 10',
    fix: { ddl: 'create index gone on versions (note); vacuum analyze versions' },
    undo: 'drop index gone',
  },
  'filter-outside-index': {
    sql: `select * from versions where status = 's3' and model_id = 9 and id > 0`,
    settings: 'set enable_seqscan = off',
    prepare: ['create index narrow on versions (status)'],
    fix: { ddl: 'create index gone on versions (status, model_id, id)' },
    undo: 'drop index gone, narrow',
  },
  'heap-fetches': {
    sql: 'select count(id) from keyed where id > 30000',
    settings: 'set enable_seqscan = off; set enable_bitmapscan = off',
    fix: { ddl: 'vacuum keyed' },
  },
  'foreign-key-unindexed': {
    sql: 'delete from referred where id > 200',
    fix: { ddl: 'create index gone on referring (referred_id)' },
    undo: 'drop index gone',
  },
  'stale-statistics': {
    sql: 'select count(*) from grown',
    prepare: [
      'delete from grown',
      'insert into grown select generate_series(1, 5000)',
      `update pg_class set reltuples = 1000, relpages = pg_relation_size('grown') / 8192 where relname = 'grown'`,
    ],
    fix: { ddl: 'analyze grown' },
  },
  'table-bloat': {
    sql: 'select count(*) from hollow',
    prepare: ['delete from hollow where id % 10 > 0'],
    fix: { ddl: 'vacuum full hollow' },
  },
  'partitions-not-pruned': {
    sql: 'select * from events where kind = 7',
    fix: { sql: `select * from events where kind = 7 and at < '2026-02-01'` },
  },
  'planner-method-disabled': {
    sql: 'select 1',
    settings: 'set enable_hashjoin = off',
    fix: { ddl: 'select' },
  },
};

const quiet = 'set max_parallel_workers_per_gather = 0; set jit = off';

onEachServer('what findings tell to do', { config: ['autovacuum = off'] }, schema, (fixture) => {
  for (const [name, { rule = name, sql, fix, settings = '', prepare = [], undo }] of Object.entries(
    remedies,
  )) {
    test(name, async () => {
      const { server } = fixture;
      for (const one of prepare) await server.admin(one);
      const before = await findingsOn(server, `${quiet}; ${settings}`, sql);
      assert.ok(told(before).includes(rule), `${rule} is none of ${told(before).join(', ')}`);
      if ('ddl' in fix) for (const one of fix.ddl.split(';')) await server.admin(one);
      // A setting is reset by the session that follows.
      const settingsAfter = rule === 'planner-method-disabled' ? '' : settings;
      const after = await findingsOn(server, `${quiet}; ${settingsAfter}`, 'sql' in fix ? fix.sql : sql);
      if (undo !== undefined) await server.admin(undo);
      assert.ok(!told(after).includes(rule), told(after).join(', '));
    });
  }
});

const told = (findings: readonly Finding[]) => findings.map(({ ruleId }) => ruleId);

async function findingsOn(server: TestServer, settings: string, sql: string): Promise<readonly Finding[]> {
  const rows = await server.admin(
    `${settings}; begin; explain (analyze, verbose, buffers, settings, format json) ${sql}`,
  );
  return findingsIn(onlyPlan(JSON.stringify(rows[0]!['QUERY PLAN'])), sql);
}
