/** The data that a user finds, at its full size: what the guide needs, on disk and in time. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { slowDeploymentsSql, workload } from '../../src/embedded/guide.ts';
import { defaultSampleDirectory } from '../../src/embedded/sampleDirectory.ts';
import { directoryBytes } from '../../src/embedded/sampleFiles.ts';
import { type OpenedSample, openSample, ownerGone, temporaryFolder, withClient } from './sampleHarness.ts';

/** The limits. */
const mostBytes = 300_000_000;
const mostStartMs = 4_000;
const leastSpeedup = 20;

let directory: string;
let sample: OpenedSample;

before(async () => {
  directory = path.join(await temporaryFolder(), 'sample');
  sample = await openSample(directory, { scale: 1 });
});
after(() => sample.release());

const rowsOf = (sql: string): Promise<readonly Record<string, unknown>[]> =>
  withClient(sample.options, async (client) => (await client.query(sql)).rows);

const numberOf = async (sql: string): Promise<number> =>
  Number(Object.values((await rowsOf(sql))[0] ?? {})[0]);

async function reopen(): Promise<void> {
  await sample.release();
  await ownerGone(directory);
  sample = await openSample(directory, { scale: 1 });
}

/** Milliseconds of a fixed piece of arithmetic: how much slower than alone this machine works just now. */
function paceMs(): number {
  const startedMs = performance.now();
  let sum = 0;
  for (let i = 0; i < 50_000_000; i += 1) sum = (sum + i * 31) | 0;
  return sum === 1 ? 0 : performance.now() - startedMs;
}

test('the preparation tells each long step', (t) => {
  t.diagnostic(`prepared in ${Math.round(sample.openMs)} ms`);
  assert.deepEqual(sample.progress, [
    'Preparing the sample database: the server’s own files',
    'Preparing the sample database: environments, 4 rows',
    'Preparing the sample database: models, 2,000 rows',
    'Preparing the sample database: model_versions, 40,000 rows',
    'Preparing the sample database: deployments, 400,000 rows',
    'Preparing the sample database: training_runs, 600,000 rows',
    'Preparing the sample database: model_metrics, 1,000,000 rows',
    'Preparing the sample database: statistics',
  ]);
});

test('tables have the guide’s columns, their rows and a primary key, and no other index', async () => {
  const found = await rowsOf(`
    select c.relname as name, c.reltuples::int as rows,
      (select string_agg(a.attname, ' ' order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns,
      (select string_agg(i.indexrelid::regclass::text, ' ') from pg_index i where i.indrelid = c.oid) as indexes
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname`);
  assert.deepEqual(
    found.map((table) => Object.values(table).join(' | ')),
    [
      'deployments | 400000 | deployment_id version_id environment_id deployment_name status deployed_at replicas | deployments_pkey',
      'environments | 4 | environment_id environment_name | environments_pkey',
      'model_metrics | 1000000 | metric_id version_id metric_name dataset_split metric_value recorded_at | model_metrics_pkey',
      'model_versions | 40000 | version_id model_id semver status framework artifact_uri created_at | model_versions_pkey',
      'models | 2000 | model_id model_name team_id is_active | models_pkey',
      'training_runs | 600000 | run_id version_id status started_at hyperparameters | training_runs_pkey',
    ],
  );
  assert.equal(await numberOf('select count(*) from training_runs'), 600_000);
});

/** What a query of the guide, or a planner, must find in the rows: [lowest, highest]. */
const shapes: readonly {
  readonly name: string;
  readonly sql: string;
  readonly within: readonly [number, number];
}[] = [
  {
    name: 'most deployments are retired',
    sql: `select avg((status = 'retired')::int) from deployments`,
    within: [0.9, 0.97],
  },
  {
    name: 'a few percent of the recent are healthy',
    sql: `select avg((status = 'healthy')::int) from deployments where deployed_at > now() - interval '30 days'`,
    within: [0.03, 0.09],
  },
  {
    name: 'the guide’s 30 days hold many times its 50 rows',
    sql: `select count(*) from deployments where status = 'healthy' and deployed_at > now() - interval '30 days'`,
    within: [500, 2_000],
  },
  {
    name: 'deployments run up to now (seconds)',
    sql: 'select extract(epoch from now() - max(deployed_at)) from deployments',
    within: [0, 1_800],
  },
  {
    name: 'runs run up to now (seconds)',
    sql: 'select extract(epoch from now() - max(started_at)) from training_runs',
    within: [0, 1_800],
  },
  {
    name: 'nothing lies in the future',
    sql: `select count(*) from model_metrics where recorded_at > now()`,
    within: [0, 0],
  },
  {
    name: 'one model in 2,000 has a large share of the versions',
    sql: 'select max(n) / 40000.0 from (select count(*) as n from model_versions group by model_id) as per_model',
    within: [0.05, 0.15],
  },
  {
    name: 'every version that is named exists',
    sql: 'select count(*) from deployments d left join model_versions v using (version_id) where v.version_id is null',
    within: [0, 0],
  },
  {
    name: 'every model that is named exists',
    sql: 'select count(*) from model_versions v left join models m using (model_id) where m.model_id is null',
    within: [0, 0],
  },
  {
    name: 'a hyperparameter search finds a small share',
    sql: `select avg((hyperparameters @> '{"lr": 0.001, "optimizer": "lamb"}')::int) from training_runs`,
    within: [0.001, 0.02],
  },
  {
    name: 'the rows are the same everywhere, but for their dates',
    sql: `select sum(hashtext(concat_ws(' ', deployment_id, version_id, environment_id, status, replicas))::bigint) from deployments`,
    within: [-387_530_879_292, -387_530_879_292],
  },
];

for (const { name, sql, within } of shapes) {
  test(name, async () => {
    const value = await numberOf(sql);
    assert.ok(value >= within[0] && value <= within[1], `${value} is not within ${within.join(' and ')}`);
  });
}

test('the ranking is filled with the guide’s queries, and with nothing of ours', async () => {
  await reopen();
  const ranked = await rowsOf(
    'select query, calls::int as calls from pg_stat_statements order by total_exec_time desc',
  );
  assert.deepEqual(
    ranked.map((row) => Number(row['calls'])).toSorted((a, b) => a - b),
    workload.map(({ calls }) => calls).toSorted((a, b) => a - b),
  );
  const text = ranked.map((row) => String(row['query'])).join('\n');
  assert.match(text, /d\.deployed_at > NOW\(\) - INTERVAL \$1/);
  assert.doesNotMatch(text, /set_config|pg_stat|pg_database/i);
});

test('the guide’s query scans all deployments, and with its index is at least 20 times faster', async (t) => {
  await withClient(sample.options, async (client) => {
    const measure = async () => {
      const times: number[] = [];
      let plan = '';
      for (let run = 0; run < 5; run += 1) {
        const { rows } = await client.query(`explain (analyze, costs off) ${slowDeploymentsSql}`);
        plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        times.push(Number(/Execution Time: ([\d.]+)/.exec(plan)?.[1]));
      }
      // The first run reads what later ones find in memory.
      return { plan, ms: Math.min(...times.slice(1)) };
    };
    const bare = await measure();
    assert.match(bare.plan, /Seq Scan on deployments/);
    assert.match(bare.plan, /Rows Removed by Filter: 39\d{4}/);
    await client.query('begin');
    await client.query('create index on deployments (status, deployed_at desc)');
    const indexed = await measure();
    await client.query('rollback');
    assert.doesNotMatch(indexed.plan, /Seq Scan on deployments/);
    t.diagnostic(
      `${bare.ms} ms, with the index ${indexed.ms} ms: ${Math.round(bare.ms / indexed.ms)} times faster`,
    );
    assert.ok(bare.ms / indexed.ms >= leastSpeedup);
  });
});

test('a later start takes under 4 seconds, and the data under 300 MB', async (t) => {
  // On a machine that others keep busy a second is worth less: the limit is for this one alone (60 ms for the same sum).
  const idlePaceMs = 60;
  const starts: number[] = [];
  let slowdown = 1;
  for (let start = 0; start < 3; start += 1) {
    slowdown = Math.max(slowdown, paceMs() / idlePaceMs);
    await reopen();
    starts.push(sample.openMs);
    assert.deepEqual(sample.progress, []);
  }
  const bytes = await directoryBytes(directory);
  t.diagnostic(
    `starts: ${starts.map(Math.round).join(', ')} ms at a slowdown of ${slowdown.toFixed(1)}; ${Math.round(bytes / 1e6)} MB`,
  );
  assert.ok(Math.min(...starts) < mostStartMs * slowdown);
  assert.ok(bytes <= mostBytes, `${bytes} bytes`);
});

test('dates older than a day are moved up to now; what the user made stays', async (t) => {
  const [newest] = await rowsOf('select max(deployed_at) as at from deployments');
  await withClient(sample.options, async (client) => {
    await client.query('create index kept_index on deployments (status, deployed_at)');
    // As if the copy had been prepared three days ago.
    const { rows } = await client.query(
      `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = current_database()`,
    );
    const comment = String(rows[0].comment).replace(/\S+$/, (date) =>
      new Date(Date.parse(date) - 3 * 86_400_000).toISOString(),
    );
    await client.query(`comment on database ml_registry is '${comment}'`);
  });
  await reopen();
  t.diagnostic(`moved in ${Math.round(sample.openMs)} ms`);
  assert.deepEqual(sample.progress, ['Moving the dates of the sample database up to today']);
  const [moved] = await rowsOf(`select max(deployed_at) as at from deployments`);
  const movedMs = Number(moved?.['at']) - Number(newest?.['at']);
  assert.ok(Math.abs(movedMs - 3 * 86_400_000) < 3_600_000, `moved by ${movedMs} ms`);
  assert.equal(await numberOf(`select count(*) from pg_class where relname = 'kept_index'`), 1);
  assert.equal(await numberOf('select sum(n_dead_tup) from pg_stat_user_tables'), 0);
  await rowsOf('drop index kept_index');
  await reopen();
  assert.deepEqual(sample.progress, [], 'once is enough');
  const bytes = await directoryBytes(directory);
  assert.ok(bytes <= mostBytes, `${bytes} bytes`);
});

const folders: readonly (readonly [NodeJS.Platform, Readonly<Record<string, string>>, string])[] = [
  ['linux', { HOME: '/home/ann' }, '/home/ann/.cache/pg-query-profiler/sample'],
  ['linux', { HOME: '/home/ann', XDG_CACHE_HOME: '/cache' }, '/cache/pg-query-profiler/sample'],
  ['linux', { HOME: '/home/ann', XDG_CACHE_HOME: 'relative' }, '/home/ann/.cache/pg-query-profiler/sample'],
  ['darwin', { HOME: '/Users/ann' }, '/Users/ann/Library/Caches/pg-query-profiler/sample'],
  [
    'win32',
    { USERPROFILE: 'C:/Users/ann', LOCALAPPDATA: 'C:/Users/ann/Local' },
    'C:/Users/ann/Local/pg-query-profiler/sample',
  ],
];

for (const [platform, env, expected] of folders) {
  test(`the command line’s folder on ${platform} with ${Object.keys(env).join(', ')}`, () => {
    assert.equal(defaultSampleDirectory(env, platform), expected);
  });
}
