/**
 * Records the plans of test/fixtures/plans/recorded on real servers: `node --import tsx test/record.ts`.
 * One case per trap of the arithmetic; run again when a case is added, then look at what changed in the goldens.
 * Each format is a run of its own. `… test/record.ts traps|odd json|text` records only those.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { oddSchema, oddStatements } from './support/oddStatements.ts';
import { startServer, type TestServer } from './support/postgres.ts';

const folder = join(import.meta.dirname, 'fixtures/plans/recorded');

const schema = `
  create table items (id int primary key, kind int, label text);
  insert into items select g, g % 100, 'label ' || g from generate_series(1, 200000) g;
  create table orders (id int, item_id int, placed date) partition by range (placed);
  create table orders_a partition of orders for values from ('2026-01-01') to ('2026-05-01');
  create table orders_b partition of orders for values from ('2026-05-01') to ('2026-09-01');
  create table orders_c partition of orders for values from ('2026-09-01') to ('2027-01-01');
  insert into orders select g, g % 1000, date '2026-01-01' + g % 360 from generate_series(1, 90000) g;
  create table audit (id int, note text);
  create table small (id int primary key, item_id int);
  insert into small select g, g from generate_series(1, 100) g;
  create function slow_touch() returns trigger language plpgsql as
    $$ begin perform count(*) from items where kind = new.id % 100; return new; end $$;
  create table watched (id int primary key);
  insert into watched select generate_series(1001, 1010);
  create trigger before_it before insert on watched for each row execute function slow_touch();
  create trigger after_it after insert on watched for each row execute function slow_touch();
  create table child (id int references watched);
  create table plain_log (id int);
  create view doubled as select 1 as id;
  create rule doubled_insert as on insert to doubled do instead
    (insert into audit values (new.id, 'first'); insert into audit values (new.id, 'second'));
  analyze;`;

const coldSchema = `create table cold as select g id, repeat('payload', 100) payload from generate_series(1, 30000) g`;

/** Parallel plans on tables this small, and without the noise of JIT. */
const parallel = `set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0;
  set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set jit = off;`;
const serial = 'set max_parallel_workers_per_gather = 0; set jit = off;';
const slowCount = (kind: number) => `(select count(*) from items where label like '%${kind}%')`;

interface Recording {
  readonly settings: string;
  readonly sql: string;
  /** EXPLAIN options in place of the usual ones. */
  readonly options?: string;
}

/** What the command line names, or all. */
function wants(what: string): boolean {
  const kinds = [
    ['traps', 'odd'],
    ['json', 'text'],
  ].find((kind) => kind.includes(what))!;
  return !kinds.some((one) => process.argv.includes(one)) || process.argv.includes(what);
}

/** Format → extension of its files. */
const formats = [
  ['json', 'json'],
  ['text', 'txt'],
].filter(([format]) => wants(format!)) as [string, string][];

const usualOptions = 'analyze, verbose, buffers, settings';

const recordings: Readonly<Record<string, Recording>> = {
  // InitPlan 10 is not InitPlan 1: eleven of them, the tenth slow and used elsewhere than the first.
  initplan_ten: {
    settings: serial,
    sql: `select count(*) from small s join items i on i.id = s.item_id
      where ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `s.id <> (select max(id) + ${n} from small)`).join(' and ')}
      and i.id < ${slowCount(7)} + 1000000 and s.id <> (select max(id) + 11 from small)`,
  },
  initplan_under_gather: {
    settings: parallel,
    sql: `select count(*) from items where kind < (select count(*) / 100000 from items where label like '%7%')`,
  },
  initplan_prunes_append: {
    settings: serial,
    sql: `select count(*) from orders where placed = (select date '2026-06-01' + count(*)::int * 0 from items)`,
  },
  initplan_exists: { settings: serial, sql: `select exists (select from items where kind >= 0)` },
  subplan_hashed_under_gather: {
    settings: parallel,
    sql: `select count(*) from items where id not in (select g * 7 from generate_series(1, 100000) g)`,
  },
  subplan_correlated: {
    settings: serial,
    sql: `select id, (select count(*) from items i where i.id > s.id * 1900) from small s`,
  },
  subplan_of_partitions: {
    settings: serial,
    sql: `select count(*) from orders where item_id not in (select id from items where id % 2 = 0 and kind < 90)`,
  },
  leader_off: {
    settings: `${parallel} set parallel_leader_participation = off;`,
    sql: `select count(*) from items where label like '%7%'`,
  },
  gather_rescanned: {
    settings: `${parallel} set enable_material = off; set enable_hashjoin = off; set enable_mergejoin = off; set enable_indexscan = off; set enable_bitmapscan = off; set enable_memoize = off;`,
    sql: `select sum(n) from (values (1), (2), (3)) v(k) left join (select count(*) n from items) c on c.n > v.k`,
  },
  parallel_append: {
    settings: `${parallel} set enable_partitionwise_aggregate = on;`,
    sql: `select count(*) from (select id from orders_a union all select id from orders_b union all select id from items where id < 50) u`,
  },
  parallel_hash: { settings: parallel, sql: `select count(*) from items a join items b on a.id = b.id + 1` },
  cte_twice: {
    settings: serial,
    sql: `with c as materialized (select kind, count(*) n from items group by kind) select * from c a join c b on a.kind = b.n where a.n > 0`,
  },
  cte_same_name_inside: {
    settings: serial,
    sql: `with c as materialized (select id from items where kind = 1) select (with c as materialized (select id from small) select count(*) from c), count(*) from c`,
  },
  cte_limited: {
    settings: serial,
    sql: `with c as materialized (select id from items where kind = 1) select * from c limit 5`,
  },
  writing_cte_unread: {
    settings: serial,
    sql: `with w as (insert into audit select id, label from items limit 50000) select count(*) from small`,
  },
  writing_cte_read_in_part: {
    settings: serial,
    sql: `with w as (insert into audit select id, label from items limit 50000 returning id) select * from w limit 10`,
  },
  writing_cte_read: {
    settings: serial,
    sql: `with w as (insert into audit select id, label from items limit 50000 returning id) select count(*) from w`,
  },
  triggers: { settings: serial, sql: `insert into watched select generate_series(1, 10)` },
  trigger_of_constraint: {
    settings: serial,
    sql: `insert into child select id from watched, generate_series(1, 300)`,
  },
  merge_join_rereads: {
    settings: `${serial} set enable_hashjoin = off; set enable_nestloop = off;`,
    sql: `select count(*) from items a join items b on a.kind = b.kind where a.id < 400 and b.id < 4000`,
  },
  limit_stops: { settings: serial, sql: `select * from items where kind = 3 limit 10` },
  semi_join_stops: {
    settings: `${serial} set enable_hashjoin = off; set enable_mergejoin = off; set enable_material = off;`,
    sql: `select count(*) from small s where exists (select from orders_a o where o.item_id < s.id + 900)`,
  },
  several_plans: { settings: serial, sql: `insert into doubled values (1)` },
  timing_off: {
    settings: serial,
    sql: `select count(*) from items where kind < ${slowCount(9)}`,
    options: 'analyze, verbose, buffers, timing off',
  },
  buffers_off: {
    settings: serial,
    sql: `select count(*) from items`,
    options: 'analyze, verbose, buffers off',
  },
  costs_off: { settings: serial, sql: `select count(*) from items`, options: 'analyze, costs off' },
  never_executed: {
    settings: `${serial} set enable_hashjoin = off; set enable_mergejoin = off;`,
    sql: `select * from small s join items i on i.id = s.item_id where s.id < 0`,
  },
  sort_spill: { settings: `${serial} set work_mem = '1MB';`, sql: `select * from items order by label` },
  sort_spill_in_workers: {
    settings: `${parallel} set work_mem = '1MB';`,
    sql: `select * from items order by label`,
  },
  incremental_sort_spill: {
    settings: `${serial} set work_mem = '64kB'; set enable_sort = on;`,
    sql: `select * from (select * from items order by id / 50000) i order by id / 50000, label`,
  },
  hash_spill: {
    settings: `${serial} set work_mem = '1MB';`,
    sql: `select count(*) from items a join items b on a.label = b.label`,
  },
  hashagg_spill: {
    settings: `${serial} set work_mem = '1MB'; set enable_sort = off;`,
    sql: `select label, count(*) from items group by label`,
  },
  nested_loop_many_rows: {
    settings: `${serial} set enable_hashjoin = off; set enable_mergejoin = off; set enable_memoize = off;`,
    sql: `select count(*) from items a join items b on b.id = a.id + 1 where a.kind < 50`,
  },
  cross_join_filter: {
    settings: `${serial} set enable_hashjoin = off; set enable_mergejoin = off;`,
    sql: `select count(*) from items i join small s on i.kind <> s.id and i.kind = s.id + 1 where i.id < 5000`,
  },
};

/** On a server whose cache holds a quarter of the table. */
const coldRecordings: Readonly<Record<string, Recording>> = {
  reads_from_disk: {
    settings: `${serial} set track_io_timing = on;`,
    sql: `select count(*) from cold where payload like '%x%'`,
  },
};

/** What PostgreSQL answers to a setting that it does not have. */
const unrecognizedParameter = '42704';

/** memoize and enable_… settings of a newer server are skipped on an older one. */
async function applySettings(client: Client, settings: string): Promise<void> {
  for (const setting of settings.split(';').filter((one) => one.trim() !== '')) {
    await client.query(setting).catch((error: { code?: string }) => {
      if (error.code !== unrecognizedParameter) throw error;
    });
  }
}

async function record(
  version: number,
  setup: readonly string[],
  cases: Readonly<Record<string, Recording>>,
  config: readonly string[] = [],
): Promise<void> {
  const server = await startServer(version, { config });
  try {
    for (const sql of setup) await server.admin(sql);
    mkdirSync(join(folder, `pg${version}`), { recursive: true });
    for (const [name, recording] of Object.entries(cases)) {
      for (const [format, extension] of formats) {
        const text = await explain(server, recording, format);
        writeFileSync(join(folder, `pg${version}`, `${name}.${extension}`), `${text}\n`);
      }
    }
  } finally {
    server.stop();
  }
}

/** The plan as the server's own text: node-postgres would parse it, and lose digits. */
async function explain(
  server: TestServer,
  { settings, sql, options }: Recording,
  format: string,
): Promise<string> {
  const { host, port, password } = server;
  const client = new Client({ host, port, password, user: 'postgres', database: 'postgres' });
  await client.connect();
  await applySettings(client, settings);
  await client.query('begin');
  const { rows } = await client.query<Record<string, string>>({
    text: `explain (${options ?? usualOptions}, format ${format}) ${sql}`,
    types: { getTypeParser: () => (value: string) => value },
  });
  await client.query('rollback');
  await client.end();
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** Each odd statement plain, VERBOSE, and run; names say which. */
function oddRecordings(version: number): Readonly<Record<string, Recording>> {
  const known = Object.entries(oddStatements).filter(([, { since = 0 }]) => version >= since);
  return Object.fromEntries(
    known.flatMap(([name, { sql, settings = '', run }]) => [
      [`odd_${name}_verbose`, { settings, sql, options: 'verbose' }],
      ...(run === undefined ? [] : [[`odd_${name}`, { settings, sql, options: run }] as const]),
    ]),
  );
}

for (const version of [14, 18]) {
  if (wants('traps')) {
    await record(version, [schema, 'vacuum analyze'], recordings);
    await record(version, [coldSchema], coldRecordings, ['shared_buffers = 4MB']);
  }
  if (wants('odd')) await record(version, [oddSchema, 'vacuum analyze'], oddRecordings(version));
}
