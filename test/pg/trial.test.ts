import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'pg';
import { neverCancelled } from '../../src/core/cancel.ts';
import type { UserErrorCode } from '../../src/core/errors.ts';
import type { ConnectOptions, TrialRequest } from '../../src/core/ports.ts';
import {
  assertFails,
  cancelWhen,
  onEachServer,
  requestOf,
  waitFor,
  type Fixture,
} from '../support/servers.ts';

const setup = `CREATE SCHEMA far; CREATE TABLE far.orders (id int, customer int, at timestamptz);
  INSERT INTO far.orders SELECT i, i % 1000, now() - i * interval '1 min' FROM generate_series(1, 50000) i;
  CREATE TABLE hot (id int, v int) WITH (fillfactor = 50); INSERT INTO hot SELECT i, i FROM generate_series(1, 5000) i;
  CREATE TABLE audit (note text);
  CREATE FUNCTION writes_when_run() RETURNS int VOLATILE LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO audit VALUES ('run'); RETURN 1; END $$;
  CREATE FUNCTION writes_while_planning() RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM writes_when_run(); RETURN 1; END $$;
  ALTER TABLE hot SET (autovacuum_enabled = off);
  ANALYZE`;

const indexes = `SELECT n.nspname || '.' || c.relname AS name, i.indisvalid AS valid FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('far', 'public')`;

const trialOf = (changes: Partial<TrialRequest> = {}): TrialRequest => ({
  ...requestOf('SELECT * FROM far.orders WHERE customer = $1', { parameters: ['7'] }),
  ddl: 'CREATE INDEX orders_customer ON far.orders (customer)',
  indexName: 'orders_customer',
  ...changes,
});

const measured = (planText: string) => planText.includes('"Actual Rows"');

interface Case {
  readonly trial?: Partial<TrialRequest>;
  readonly profile?: Partial<ConnectOptions>;
  readonly expect: 'measured' | 'estimated' | UserErrorCode;
}

function check(fixture: Fixture, title: string, { trial, profile, expect }: Case): void {
  test(title, async () => {
    const server = await fixture.open(profile);
    if (expect === 'measured' || expect === 'estimated') {
      const { beforeText, afterText, sizeBytes, buildMs } = await server.tryIndex(trialOf(trial));
      assert.ok(!beforeText.includes('orders_customer'), beforeText);
      assert.ok(afterText.includes('orders_customer'), afterText);
      assert.equal(measured(beforeText), expect === 'measured');
      assert.equal(measured(afterText), expect === 'measured');
      assert.ok(sizeBytes > 100_000 && buildMs > 0);
    } else {
      await assertFails(server.tryIndex(trialOf(trial)), expect);
    }
    assert.deepEqual(await fixture.server.admin(indexes), [], 'an index was left');
    assert.deepEqual(await fixture.server.admin('SELECT * FROM audit'), [], 'something was written');
  });
}

onEachServer('trials', {}, [setup], (fixture) => {
  const cases: Readonly<Record<string, Case>> = {
    'a read is measured before and after': { expect: 'measured' },
    'a generic plan is estimated': { trial: { parameters: 'generic' }, expect: 'estimated' },
    'a write is estimated': {
      trial: { sql: 'DELETE FROM far.orders WHERE customer = $1', access: 'write' },
      expect: 'estimated',
    },
    'a locking read is estimated': {
      trial: { sql: 'SELECT * FROM far.orders WHERE customer = $1 FOR UPDATE', access: 'lock' },
      expect: 'estimated',
    },
    'a read that writes is stopped': {
      trial: { sql: 'SELECT writes_when_run()', parameters: [] },
      expect: 'writesInReadOnly',
    },
    'a write whose planning writes is stopped': {
      trial: {
        sql: 'DELETE FROM far.orders WHERE customer = writes_while_planning()',
        parameters: [],
        access: 'write',
      },
      expect: 'writesInReadOnly',
    },
    'production refuses': { profile: { environment: 'production' }, expect: 'changesNotAllowed' },
    'staging refuses': { profile: { environment: 'staging' }, expect: 'changesNotAllowed' },
    'a read-only profile refuses': { profile: { readOnly: true }, expect: 'changesNotAllowed' },
    'the sample database allows it': {
      profile: { isSample: true, environment: 'staging' },
      expect: 'measured',
    },
    'no such column': {
      trial: { ddl: 'CREATE INDEX orders_customer ON far.orders (nothing)' },
      expect: 'serverRefused',
    },
    'two statements do not pass': {
      trial: { ddl: 'CREATE INDEX orders_customer ON far.orders (customer); COMMIT' },
      expect: 'notSql',
    },
    'CONCURRENTLY cannot be rolled back': {
      trial: { ddl: 'CREATE INDEX CONCURRENTLY orders_customer ON far.orders (customer)' },
      expect: 'serverRefused',
    },
  };
  for (const [title, testCase] of Object.entries(cases)) check(fixture, title, testCase);

  test('an index that its own transaction may not use yet says so', async () => {
    const server = await fixture.open();
    const reader = new Client({ ...fixture.server.options(), ssl: false });
    await reader.connect();
    try {
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await reader.query('SELECT count(*) FROM hot');
      await fixture.server.admin('UPDATE hot SET v = v + 1');
      const trial = trialOf({
        sql: 'SELECT * FROM hot WHERE v = 7',
        parameters: [],
        ddl: 'CREATE INDEX hot_v ON hot (v)',
        indexName: 'hot_v',
      });
      await assertFails(server.tryIndex(trial), 'trialInconclusive');
    } finally {
      await reader.end();
    }
    assert.deepEqual(await fixture.server.admin(indexes), []);
  });

  test('a table that another session writes to is not waited for long', { timeout: 15_000 }, async () => {
    const server = await fixture.open();
    const holder = fixture.server.admin(
      `BEGIN; UPDATE hot SET v = v WHERE id = 1; SELECT pg_sleep(5); COMMIT`,
    );
    await waitFor(
      async () =>
        (await fixture.server.admin(`SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)).length >
        0,
    );
    const ddl = 'CREATE INDEX orders_customer ON hot (v)';
    await assertFails(server.tryIndex(trialOf({ ddl })), 'lockTimeout');
    await holder;
  });
});

onEachServer('applying DDL', {}, [setup], (fixture) => {
  const ddl = 'CREATE INDEX CONCURRENTLY orders_at ON far.orders (at DESC)';

  for (const profile of [
    { environment: 'production' },
    { environment: 'staging' },
    { readOnly: true },
  ] as const) {
    test(`refused: ${JSON.stringify(profile)}`, async () => {
      const server = await fixture.open(profile);
      await assertFails(server.applyDdl(ddl, neverCancelled), 'changesNotAllowed');
      assert.deepEqual(await fixture.server.admin(indexes), []);
    });
  }

  test('two statements do not pass', async () => {
    const server = await fixture.open();
    await assertFails(server.applyDdl(`${ddl}; DROP TABLE hot`, neverCancelled), 'notSql');
  });

  test('a failed build leaves no invalid index', async () => {
    const server = await fixture.open();
    const unique = 'CREATE UNIQUE INDEX CONCURRENTLY orders_customer ON far.orders (customer)';
    await assertFails(server.applyDdl(unique, neverCancelled), 'serverRefused');
    assert.deepEqual(await fixture.server.admin(indexes), []);
  });

  const waitsForWriter = async () =>
    (await fixture.server.admin(`SELECT 1 FROM pg_stat_progress_create_index WHERE lockers_total > 0`))
      .length > 0;

  test('a cancelled build leaves no invalid index', { timeout: 20_000 }, async () => {
    const server = await fixture.open();
    const writer = await openWriter(fixture);
    const { cancel, done } = await cancelWhen(waitsForWriter);
    const applying = assertFails(server.applyDdl(ddl, cancel), 'cancelled');
    await done;
    // Without its writer the build would be done before the cancel reaches it; with it the clean-up has to wait.
    await waitFor(async () => !(await waitsForWriter()));
    await writer.end();
    await applying;
    assert.deepEqual(await fixture.server.admin(indexes), []);
  });

  test('what cannot be removed yet is named with its DROP', { timeout: 20_000 }, async () => {
    const server = await fixture.open();
    const writer = await openWriter(fixture);
    const { cancel, done } = await cancelWhen(waitsForWriter);
    const error = await assertFails(server.applyDdl(ddl, cancel), 'unfinishedIndex');
    await done;
    await writer.end();
    assert.match(error.remedy, /DROP INDEX CONCURRENTLY IF EXISTS far\.orders_at;/);
    await fixture.server.admin('DROP INDEX CONCURRENTLY IF EXISTS far.orders_at');
    assert.deepEqual(await fixture.server.admin(indexes), []);
  });

  test('an index is built and is valid', async () => {
    const server = await fixture.open();
    await server.applyDdl(ddl, neverCancelled);
    assert.deepEqual(await fixture.server.admin(indexes), [{ name: 'far.orders_at', valid: true }]);
    await server.applyDdl('DROP INDEX CONCURRENTLY far.orders_at', neverCancelled);
    assert.deepEqual(await fixture.server.admin(indexes), []);
  });
});

/** A session with a row written and not committed: CONCURRENTLY waits for it. */
async function openWriter(fixture: Fixture): Promise<Client> {
  const writer = new Client({ ...fixture.server.options(), ssl: false });
  await writer.connect();
  await writer.query('BEGIN; UPDATE far.orders SET at = at WHERE id = 1');
  return writer;
}
