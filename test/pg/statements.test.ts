import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled } from '../../src/core/cancel.ts';
import type { ConnectOptions, StatementsOrder, StatementsReading } from '../../src/core/ports.ts';
import { onEachServer, requestOf, type Fixture } from '../support/servers.ts';

const preloaded = { config: [`shared_preload_libraries = 'pg_stat_statements'`] };

const setup = [
  `
  CREATE SCHEMA "Odd Schema"; CREATE EXTENSION pg_stat_statements SCHEMA "Odd Schema";
  CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 1000);
  CREATE ROLE stranger LOGIN PASSWORD 'stranger';
  CREATE ROLE reader LOGIN PASSWORD 'reader'; GRANT pg_read_all_stats TO reader;
  GRANT USAGE ON SCHEMA "Odd Schema" TO reader`,
  'CREATE DATABASE bare',
  'CREATE DATABASE old',
];

const isOk = (reading: StatementsReading): reading is Extract<StatementsReading, { state: 'ok' }> =>
  reading.state === 'ok';

onEachServer('statements', preloaded, setup, (fixture) => {
  const read = async (profile?: Partial<ConnectOptions>, order: StatementsOrder = 'total', limit = 20) => {
    const server = await fixture.open(profile);
    return server.statements(order, limit, neverCancelled);
  };
  const run = async (sql: string, times: number) => {
    await fixture.server.admin(Array<string>(times).fill(sql).join(';'));
  };

  test('ranked by calls, mean, rows and total, with text, role and database', async () => {
    await run('SELECT id FROM t WHERE id < 500', 5);
    await run('SELECT pg_sleep(0.05)', 1);
    await run('SELECT count(*) FROM t', 9);
    const first = async (order: StatementsOrder) => {
      const reading = await read({}, order);
      assert.ok(isOk(reading));
      const row = reading.rows.find(({ query }) => /FROM t WHERE|pg_sleep|count/.test(query));
      assert.ok(row !== undefined);
      return row;
    };
    const calls = await first('calls');
    assert.match(calls.query, /count/);
    assert.equal(calls.calls, 9);
    assert.equal(calls.role, 'postgres');
    assert.equal(calls.database, 'postgres');
    assert.match(calls.queryId, /^-?\d+$/);
    const slowest = await first('mean');
    assert.match(slowest.query, /pg_sleep\(\$1\)/);
    assert.ok(slowest.meanMs >= 50 && slowest.totalMs >= slowest.meanMs && slowest.maxMs >= slowest.minMs);
    assert.match((await first('max')).query, /pg_sleep/);
    const rows = await first('rows');
    assert.match(rows.query, /FROM t WHERE/);
    assert.equal(rows.rows, 5 * 499);
  });

  test('the limit, and a total of everything', async () => {
    const reading = await read({}, 'total', 2);
    assert.ok(isOk(reading));
    assert.equal(reading.rows.length, 2);
    const [first, second] = reading.rows;
    assert.ok(first !== undefined && second !== undefined && first.totalMs >= second.totalMs);
    assert.ok(reading.totalMs >= first.totalMs + second.totalMs);
    if (fixture.server.version >= 14) assert.match(reading.since ?? '', /^\d{4}-\d\d-\d\dT/);
  });

  test('own statements stay out, profiled ones too', async () => {
    const server = await fixture.open();
    for (let id = 0; id < 10; id++) await server.explain(requestOf(`SELECT pg_sleep(0.01), ${id}`));
    const reading = await server.statements('calls', 1000, neverCancelled);
    assert.ok(isOk(reading));
    assert.deepEqual(
      reading.rows.filter(({ query }) => query.includes('pg-query-profiler')),
      [],
    );
    // A second reading takes the texts from memory.
    const again = await server.statements('calls', 1000, neverCancelled);
    assert.ok(isOk(again));
    assert.deepEqual(
      again.rows.map(({ query }) => query).toSorted(),
      reading.rows.map(({ query }) => query).toSorted(),
    );
  });

  test('a role with pg_read_all_stats sees all texts', async () => {
    const reading = await read({ user: 'reader', password: 'reader' });
    assert.ok(isOk(reading) && reading.hiddenTexts === 0 && reading.rows.length > 0);
  });

  test('another role sees its own, and how many are hidden', async () => {
    await fixture.server.admin(
      'GRANT USAGE ON SCHEMA "Odd Schema" TO stranger; GRANT SELECT ON t TO stranger',
    );
    const stranger = await fixture.open({ user: 'stranger', password: 'stranger' });
    await stranger.explain(requestOf('SELECT 1'));
    const reading = await stranger.statements('total', 20, neverCancelled);
    // Its own are only those of this product, which are left out.
    assert.equal(reading.state, 'not-permitted');
    await fixture.server.admin('SET ROLE stranger; SELECT sum(id) FROM t');
    const own = await stranger.statements('total', 20, neverCancelled);
    assert.ok(isOk(own), JSON.stringify(own));
    assert.deepEqual(
      own.rows.map(({ query }) => query).filter((query) => !query.startsWith('SET')),
      ['SELECT sum(id) FROM t'],
    );
    assert.ok(own.hiddenTexts > 0);
    await fixture.server.admin('REVOKE USAGE ON SCHEMA "Odd Schema" FROM stranger');
  });

  const states: Readonly<
    Record<string, readonly [Partial<ConnectOptions>, StatementsReading['state'], RegExp]>
  > = {
    'not installed': [{ database: 'bare' }, 'missing', /^CREATE EXTENSION pg_stat_statements;$/],
    'no USAGE on its schema': [
      { user: 'stranger', password: 'stranger' },
      'not-permitted',
      /GRANT pg_read_all_stats TO stranger;\nGRANT USAGE ON SCHEMA "Odd Schema" TO stranger;/,
    ],
    'an old version of the extension': [
      { database: 'old' },
      'too-old',
      /ALTER EXTENSION pg_stat_statements UPDATE/,
    ],
  };
  test('the remedies', async () => {
    await fixture.server.admin(`CREATE EXTENSION pg_stat_statements VERSION '1.4'`, 'old');
    for (const [title, [profile, state, sql]] of Object.entries(states))
      await checkState(fixture, title, profile, state, sql);
    await fixture.server.admin('ALTER EXTENSION pg_stat_statements UPDATE', 'old');
    assert.equal((await read({ database: 'old' })).state, 'ok');
  });

  test('an extension of an older version than the server', async () => {
    await fixture.server.admin(
      `DROP EXTENSION pg_stat_statements; CREATE EXTENSION pg_stat_statements VERSION '1.8'`,
      'old',
    );
    assert.equal((await read({ database: 'old' })).state, 'ok');
  });
});

async function checkState(
  fixture: Fixture,
  title: string,
  profile: Partial<ConnectOptions>,
  state: StatementsReading['state'],
  remedySql: RegExp,
): Promise<void> {
  const server = await fixture.open(profile);
  const reading = await server.statements('total', 20, neverCancelled);
  assert.equal(reading.state, state, title);
  assert.ok(!isOk(reading));
  assert.match(reading.remedySql ?? '', remedySql, title);
  assert.ok(reading.message.endsWith('.') && reading.remedy.endsWith('.'), title);
}

const notLoaded = ['CREATE DATABASE created', `CREATE ROLE stranger LOGIN PASSWORD 'stranger'`];

onEachServer(
  'statements without the library',
  { config: [`shared_preload_libraries = 'auto_explain'`] },
  notLoaded,
  (fixture) => {
    test('what to do, keeping the other libraries', async () => {
      const library = /ALTER SYSTEM SET shared_preload_libraries = 'auto_explain', 'pg_stat_statements';/;
      await checkState(
        fixture,
        'not installed',
        {},
        'missing',
        new RegExp(`${library.source}[\\s\\S]*CREATE EXTENSION`),
      );
      await fixture.server.admin('CREATE EXTENSION pg_stat_statements', 'created');
      await checkState(fixture, 'not loaded', { database: 'created' }, 'not-loaded', library);
    });

    test('the remedy is SQL that works', { timeout: 30_000 }, async () => {
      const server = await fixture.open({ database: 'created' });
      const reading = await server.statements('total', 20, neverCancelled);
      assert.ok(!isOk(reading) && reading.remedySql !== undefined);
      await fixture.server.admin(reading.remedySql);
      await fixture.server.kill();
      await fixture.server.start();
      const after = await fixture.open({ database: 'created' });
      assert.equal((await after.statements('total', 20, neverCancelled)).state, 'ok');
    });

    test('a role that may not see the setting is not told to replace it', async () => {
      const server = await fixture.open({ user: 'stranger', password: 'stranger' });
      const reading = await server.statements('total', 20, neverCancelled);
      assert.ok(!isOk(reading));
      assert.equal(reading.remedySql, 'CREATE EXTENSION pg_stat_statements;');
    });
  },
);
