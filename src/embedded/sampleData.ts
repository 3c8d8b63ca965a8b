/** The model registry of the guide as SQL: 2 million rows, the same on every machine but for its dates. */
import { createHash } from 'node:crypto';

/** How much of the data is made; 1 outside tests. */
export type Scale = number;

interface SampleTable {
  readonly name: string;
  readonly rows: number;
  /** The column whose dates run up to now. */
  readonly dates?: string;
  readonly key: string;
  readonly columns: string;
  /** Select list over `g`, the row's number from 1; `n` is the number of rows, `anchor` the newest date. */
  readonly values: (n: number, anchor: string) => string;
}

/** A number in [0, 1) that depends on the row and the seed only. */
const unit = (seed: number) => `(hashint8extended(g, ${seed}) & 4503599627370495)::float8 / 4503599627370496`;

/** Evenly spaced dates up to the anchor with up to one step of noise: tables grow in order of time, as real ones do. */
const dates = (n: number, anchor: string, days: number, seed: number) =>
  `${anchor} - (${n} - g + ${unit(seed)}) * interval '${(days * 86400) / n} seconds'`;

/** Of the versions that existed when row `g` of `n` was written, mostly the newer ones. */
const version = (n: number, versions: number, seed: number) =>
  `1 + floor(g::float8 * ${versions} / ${n + 1} * (1 - power(${unit(seed)}, 3)))::bigint`;

/** Two years of history for everything. */
const historyDays = 730;
const modelRows = 2_000;
const versionRows = 40_000;

const tables: readonly SampleTable[] = [
  {
    name: 'environments',
    rows: 4,
    key: 'environment_id',
    columns: 'environment_id int not null, environment_name text not null',
    values: () => `g, (array['dev', 'staging', 'production', 'canary'])[g]`,
  },
  {
    name: 'models',
    rows: modelRows,
    key: 'model_id',
    columns:
      'model_id bigint not null, model_name text not null, team_id int not null, is_active boolean not null',
    values: () => `g, 'model_' || g, floor(20 * power(${unit(1)}, 2))::int, ${unit(2)} < 0.85`,
  },
  {
    name: 'model_versions',
    rows: versionRows,
    dates: 'created_at',
    key: 'version_id',
    columns:
      'version_id bigint not null, model_id bigint not null, semver text not null, status text not null, framework text not null, artifact_uri text, created_at timestamptz not null',
    // The model's rank is log-uniform, which is Zipf's law: the first of 2,000 models has 9 % of the versions.
    values: (n, anchor) => `g, floor(power(${modelRows + 1}, ${unit(11)}))::bigint,
      floor(5 * ${unit(12)})::int || '.' || floor(20 * ${unit(13)})::int || '.' || floor(40 * ${unit(14)})::int,
      case when ${unit(15)} < 0.62 then 'archived' when ${unit(15)} < 0.88 then 'released' when ${unit(15)} < 0.96 then 'validated' else 'draft' end,
      case when ${unit(16)} < 0.58 then 'pytorch' when ${unit(16)} < 0.8 then 'sklearn' when ${unit(16)} < 0.93 then 'xgboost' else 'tensorflow' end,
      's3://models/' || to_hex(hashint8extended(g, 17)) || '/model.bin', ${dates(n, anchor, historyDays, 18)}`,
  },
  {
    name: 'deployments',
    rows: 400_000,
    dates: 'deployed_at',
    key: 'deployment_id',
    columns:
      'deployment_id bigint not null, version_id bigint not null, environment_id int not null, deployment_name text, status text not null, deployed_at timestamptz not null, replicas int not null',
    // A deployment lives for days: of the last month 6 % still serve, of the older ones almost none.
    values: (n, anchor) => `g, ${version(n, versionRows, 21)},
      case when ${unit(22)} < 0.5 then 1 when ${unit(22)} < 0.8 then 2 when ${unit(22)} < 0.97 then 3 else 4 end, 'dep-' || g,
      case when g > ${n} * 0.959 then
        case when ${unit(23)} < 0.06 then 'healthy' when ${unit(23)} < 0.07 then 'deploying' when ${unit(23)} < 0.08 then 'degraded' when ${unit(23)} < 0.14 then 'failed' else 'retired' end
      else case when ${unit(23)} < 0.002 then 'healthy' when ${unit(23)} < 0.003 then 'degraded' when ${unit(23)} < 0.06 then 'failed' else 'retired' end end,
      ${dates(n, anchor, historyDays, 24)}, 1 + floor(8 * power(${unit(25)}, 3))::int`,
  },
  {
    name: 'training_runs',
    rows: 600_000,
    dates: 'started_at',
    key: 'run_id',
    columns:
      'run_id bigint not null, version_id bigint not null, status text not null, started_at timestamptz not null, hyperparameters jsonb not null',
    values: (n, anchor) => `g, ${version(n, versionRows, 31)},
      case when g > ${n} - 40 then 'running' when ${unit(32)} < 0.83 then 'succeeded' when ${unit(32)} < 0.96 then 'failed' else 'cancelled' end,
      ${dates(n, anchor, historyDays, 33)},
      jsonb_build_object('lr', (array[0.001, 0.0001, 0.0003, 0.01, 0.00003, 0.003, 0.1, 0.000001])[1 + floor(8 * power(${unit(34)}, 2))::int],
        'batch', 16 << floor(5 * ${unit(35)})::int, 'optimizer', case when ${unit(36)} < 0.8 then 'adam' when ${unit(36)} < 0.98 then 'sgd' else 'lamb' end)`,
  },
  {
    name: 'model_metrics',
    rows: 1_000_000,
    dates: 'recorded_at',
    key: 'metric_id',
    columns:
      'metric_id bigint not null, version_id bigint not null, metric_name text not null, dataset_split text not null, metric_value double precision, recorded_at timestamptz not null',
    values: (n, anchor) => `g, ${version(n, versionRows, 41)},
      (array['accuracy', 'loss', 'f1', 'auc'])[1 + floor(4 * power(${unit(42)}, 1.5))::int],
      case when ${unit(43)} < 0.6 then 'train' when ${unit(43)} < 0.9 then 'val' else 'test' end,
      1 - power(${unit(44)}, 2), ${dates(n, anchor, historyDays, 45)}`,
  },
];

export interface SampleStep {
  /** What the user reads while it runs. */
  readonly progress: string;
  readonly sql: string;
}

/** Tables and rows. Each table is made, filled and keyed in one transaction, which then needs no write-ahead log. */
export function sampleSteps(anchor: string, scale: Scale): readonly SampleStep[] {
  return tables.map((table) => {
    const rows = scaledRows(table, scale);
    return {
      progress: `Preparing the sample database: ${table.name}, ${rows.toLocaleString('en-US')} rows`,
      sql: `begin;
        create table ${table.name} (${table.columns});
        insert into ${table.name} select ${table.values(rows, `timestamptz '${anchor}'`)} from generate_series(1, ${rows}) g;
        alter table ${table.name} add primary key (${table.key});
        commit;`,
    };
  });
}

/**
 * Moves every date by whole seconds. A change of type with USING rewrites the table into new files: no dead rows stay,
 * indexes of the user are rebuilt with it, and under `wal_level = minimal` nothing is logged; an UPDATE would double the table.
 */
export function moveDatesSql(seconds: number): string {
  return tables
    .filter((table) => table.dates !== undefined)
    .map(
      (table) =>
        `alter table public.${table.name} alter column ${table.dates} type timestamptz using ${table.dates} + interval '${seconds} seconds';`,
    )
    .join('\n');
}

/**
 * One row when every table is there with its columns and no file is shorter than the last VACUUM left it
 * (`relpages` never exceeds the file of an undamaged table); none otherwise.
 */
export const soundSql = `select 1 as sound where ${tables.length} = (
  select count(*) from (values ${tables.map((t) => `('public.${t.name}', ${t.columns.split(',').length})`).join(', ')}) as wanted (name, columns)
  join pg_class c on c.oid = to_regclass(wanted.name)
  where (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) >= wanted.columns
    and not exists (select from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid
      and pg_relation_size(x.oid) < x.relpages::bigint * current_setting('block_size')::int)
    and pg_relation_size(c.oid) >= c.relpages::bigint * current_setting('block_size')::int)`;

export const tableNames: readonly string[] = tables.map((table) => table.name);

/** Names the data that this version of the product makes; another stamp on disk means: prepare anew. */
export function sampleStamp(scale: Scale): string {
  const text = sampleSteps('', scale)
    .map((step) => step.sql)
    .join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function scaledRows(table: SampleTable, scale: Scale): number {
  // Small tables stay whole, so that joins find their partners at any scale.
  return table.rows <= versionRows ? table.rows : Math.round(table.rows * scale);
}
