/**
 * Statements whose plans hold what PostgreSQL can print and few plans do: hostile names, literals that read like
 * plans, and the lines of rare nodes. Recorded in every format by test/record.ts.
 */

export const oddSchema = `
  create schema "od.d ""schema";
  create table "od.d ""schema"."tab le  (cost=1.00..2.00 rows=3 width=4)" ("co lumn, (x" int primary key, "->  Seq Scan on y" text);
  create index "in dex on  t" on "od.d ""schema"."tab le  (cost=1.00..2.00 rows=3 width=4)" ("->  Seq Scan on y");
  insert into "od.d ""schema"."tab le  (cost=1.00..2.00 rows=3 width=4)" select g, 'v' || g from generate_series(1, 500) g;
  create table "таблица" ("имя" text, "größe" int);
  insert into "таблица" select 'имя ' || g, g from generate_series(1, 50) g;
  create table facts (a int, b int, c int, v numeric, note text);
  insert into facts select g % 10, g % 7, g % 3, g, 'note ' || g from generate_series(1, 20000) g;
  create index facts_a on facts (a);
  create index facts_b on facts (b);
  create index facts_ab on facts (a, b) include (c);
  create table parts (id int, kind int, note text) partition by list (kind);
  create table parts_1 partition of parts for values in (1);
  create table parts_2 partition of parts for values in (2);
  create table parts_3 partition of parts for values in (3);
  insert into parts select g, 1 + g % 3, 'p' from generate_series(1, 900) g;
  create table keyed (id int primary key, note text);
  insert into keyed select g, 'k' from generate_series(1, 100) g;
  create table dependent (id int references keyed on delete cascade, note text);
  insert into dependent select g, 'd' from generate_series(1, 100) g;
  create function touch() returns trigger language plpgsql as $$ begin return coalesce(new, old); end $$;
  create trigger "touch on: time=9 calls=9" before update on parts for each row execute function touch();
  create trigger plain_touch after delete on dependent for each row execute function touch();`;

export interface OddStatement {
  readonly sql: string;
  readonly settings?: string;
  /** Beside plain EXPLAIN and EXPLAIN (VERBOSE), the options of a run; none: it is not run. */
  readonly run?: string;
  /** First server version that knows it. */
  readonly since?: number;
}

const table = `"od.d ""schema"."tab le  (cost=1.00..2.00 rows=3 width=4)"`;
const everything = 'analyze, verbose, buffers, wal, settings';

export const oddStatements: Readonly<Record<string, OddStatement>> = {
  hostile_names: {
    sql: `select "co lumn, (x", "->  Seq Scan on y" as "al ias, ""x" from ${table} "a  (b" where "co lumn, (x" > 5 order by 2, 1`,
    run: everything,
  },
  hostile_literals: {
    sql: `select * from facts where note <> 'a  (cost=1.00..2.00 rows=3 width=4)' and note <> E'two\\n  ->  Seq Scan on x  (cost=0.00..1.00 rows=1 width=4)\\nlines' and note <> 'it''s, "so' and note not like E'back\\\\slash''%' and a = 3`,
    run: everything,
    settings: 'set enable_indexscan = off; set enable_bitmapscan = off;',
  },
  index_backward: {
    sql: `select a from facts where a > 3 order by a desc, b desc limit 5`,
    run: everything,
  },
  index_named_hostile: {
    sql: `select * from ${table} x where "->  Seq Scan on y" = 'v7'`,
    settings: 'set enable_seqscan = off;',
    run: everything,
  },
  unicode_names: { sql: `select "имя", sum("größe") from "таблица" "т" group by 1`, run: everything },
  grouping_sets: {
    sql: `select a, b, c, count(*) from facts group by grouping sets ((a, b), (a), (c), ())`,
    run: everything,
  },
  rollup_sorted: {
    sql: `select a, b, count(distinct v) from facts group by rollup (a, b), cube (c)`,
    settings: 'set enable_hashagg = off;',
    run: everything,
  },
  incremental_sort: {
    sql: `select * from (select * from facts order by a) f order by a, v limit 1500`,
    settings: 'set enable_seqscan = off;',
    run: everything,
  },
  sample: { sql: `select * from facts tablesample bernoulli (10) repeatable (5)`, run: everything },
  tid_range: { sql: `select ctid from facts where ctid > '(1,1)' and ctid < '(2,5)'`, run: everything },
  bitmap_and: {
    sql: `select * from facts where a = 3 and b = 4 or c = 9`,
    settings: 'set enable_seqscan = off; set enable_indexscan = off;',
    run: everything,
  },
  jit: {
    sql: `select sum(v * 2) from facts where a + b > 3`,
    settings:
      'set jit = on; set jit_above_cost = 0; set jit_inline_above_cost = 0; set jit_optimize_above_cost = 0;',
    run: everything,
  },
  merge: {
    sql: `merge into keyed k using facts f on k.id = f.a when matched and f.v < 5 then update set note = 'm' when matched then do nothing when not matched and f.v < 1 then insert values (f.a, 'n')`,
    since: 15,
    run: everything,
  },
  upsert: {
    sql: `insert into keyed values (1, 'x'), (1001, 'y') on conflict (id) do update set note = excluded.note where keyed.note <> 'z'`,
    run: everything,
  },
  update_partitions: { sql: `update parts p set note = note || '!' where id % 2 = 0`, run: everything },
  delete_cascade: { sql: `delete from keyed where id < 40`, run: everything },
  delete_returning: {
    sql: `with gone as (delete from dependent where id < 5 returning *) select * from gone`,
    run: everything,
  },
  cte_names: {
    sql: `with "CTE Scan on x" as materialized (select * from facts limit 10), recursive_one as materialized (select 1 as n) select * from "CTE Scan on x" "c (1)", recursive_one`,
    run: everything,
  },
  recursive: {
    sql: `with recursive t(n) as (values (1) union all select n + 1 from t where n < 50) select * from t where n > (select count(*) from keyed where id < 3)`,
    run: everything,
  },
  functions: {
    sql: `select * from rows from (generate_series(1, 3), unnest(array['a, b', 'c'])) as r(x, y), lateral xmltable('/r' passing ('<r a="1"/>'::xml) columns a int path '@a') as xt`,
  },
  set_operations: { sql: `select a from facts except all select b from facts`, run: everything },
  set_intersect: { sql: `select a from facts intersect select id from keyed order by 1`, run: everything },
  window: {
    sql: `select a, row_number() over (w) from facts window w as (partition by a order by v)`,
    run: everything,
  },
  lock_rows: { sql: `select * from keyed where id = 1 for update`, run: everything },
  full_join: {
    sql: `select * from keyed k full join dependent d on k.id = d.id and k.note = d.note`,
    run: everything,
  },
  anti_join: {
    sql: `select * from keyed k where not exists (select from dependent d where d.id = k.id + 1)`,
    run: everything,
  },
  nested_left: {
    sql: `select * from keyed k left join lateral (select * from facts f where f.a = k.id and f.v > 3 limit 2) f on true`,
    run: everything,
  },
  memoize: {
    sql: `select * from facts f join keyed k on k.id = f.a where f.v < 3000`,
    settings: 'set enable_hashjoin = off; set enable_mergejoin = off;',
    run: everything,
  },
  merge_append: {
    sql: `select * from parts order by id`,
    settings: 'set enable_sort = on;',
    run: everything,
  },
  subplans: {
    sql: `select k.id, (select max(v) from facts f where f.a = k.id), k.id in (select b from facts) from keyed k where k.id > (select min(id) from dependent) or k.id = any (select c from facts)`,
    run: everything,
  },
  one_time_filter: { sql: `select * from keyed where false`, run: everything },
  project_set: { sql: `select generate_series(1, 3), id from keyed`, run: everything },
  unique: { sql: `select distinct on (a) a, v from facts order by a, v`, run: everything },
  group_only: {
    sql: `select a from facts group by a`,
    settings: 'set enable_hashagg = off;',
    run: everything,
  },
  parallel_workers: {
    sql: `select a, count(*), array_agg(v order by v) from facts group by a`,
    settings:
      'set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0;',
    run: everything,
  },
  parallel_bitmap: {
    sql: `select count(*) from facts where a = 3 or b = 2`,
    settings:
      'set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set enable_seqscan = off;',
    run: everything,
  },
  single_copy: {
    sql: `select count(*) from facts`,
    settings: 'set force_parallel_mode = on; set debug_parallel_query = on;',
    run: 'analyze, verbose',
  },
  disabled: {
    sql: `select * from facts f join keyed k on k.id = f.a`,
    settings:
      'set enable_hashjoin = off; set enable_mergejoin = off; set enable_nestloop = off; set enable_seqscan = off;',
    run: everything,
  },
  summary_of_17: {
    sql: `select * from facts where a = 3`,
    since: 17,
    run: `${everything}, serialize text, memory`,
  },
  serialize_untimed: {
    sql: `select * from facts where a = 3`,
    since: 17,
    run: `analyze, timing off, serialize binary`,
  },
  costs_off: {
    sql: `select a, count(*) from facts where b = 3 group by a`,
    run: 'analyze, costs off, timing off',
  },
  bare: { sql: `select a, count(*) from facts where b = 3 group by a`, run: 'costs off' },
  overexplain: {
    sql: `select a, count(*) from facts where b = 3 and a in (select id from keyed) group by a`,
    since: 18,
    settings: `load 'pg_overexplain';`,
    run: 'debug, range_table',
  },
};
