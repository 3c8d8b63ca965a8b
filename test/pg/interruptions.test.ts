import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import type { ConnectOptions } from '../../src/core/ports.ts';
import {
  assertFails,
  cancelWhen,
  onEachServer,
  requestOf,
  waitFor,
  type Fixture,
} from '../support/servers.ts';

const setup = `CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT i, i FROM generate_series(1, 100) i;
  CREATE ROLE lonely LOGIN CONNECTION LIMIT 1 PASSWORD 'lonely'; GRANT SELECT ON t TO lonely`;

const sleeping = `SELECT pid FROM pg_stat_activity
  WHERE application_name = 'PostgreSQL Query Profiler' AND state = 'active' AND wait_event = 'PgSleep'`;

/** DESIGN.md: the server stops a cancelled statement within two seconds. */
const CANCEL_MS = 2_000;

const isSleeping = async (fixture: Fixture) => (await fixture.server.admin(sleeping)).length > 0;
const sleepRequest = requestOf('SELECT pg_sleep(60)', { timeoutMs: 60_000 });

onEachServer('interruptions', {}, [setup], (fixture) => {
  const profiles: Readonly<Record<string, Partial<ConnectOptions>>> = {
    'a second connection': {},
    'the wire-level request of the sample database': { isSample: true },
    'the wire-level request when no second connection is free': { user: 'lonely', password: 'lonely' },
  };
  for (const [title, profile] of Object.entries(profiles)) {
    test(`cancel by ${title}`, { timeout: 15_000 }, async () => {
      const server = await fixture.open(profile);
      const { cancel, done } = await cancelWhen(() => isSleeping(fixture));
      const explaining = assertFails(server.explain({ ...sleepRequest, cancel }), 'cancelled');
      await done;
      const requestedMs = performance.now();
      await waitFor(async () => !(await isSleeping(fixture)));
      assert.ok(performance.now() - requestedMs < CANCEL_MS, 'the server went on');
      await explaining;
      const { analyzed } = await server.explain(requestOf('SELECT * FROM t'));
      assert.ok(analyzed);
    });
  }

  test('a statement that came after the cancelled one is not touched', { timeout: 15_000 }, async () => {
    const server = await fixture.open();
    const { cancel, done } = await cancelWhen(() => isSleeping(fixture));
    const cancelled = assertFails(server.explain({ ...sleepRequest, cancel }), 'cancelled');
    await done;
    const other = await server.explain(requestOf('SELECT pg_sleep(1)'));
    assert.ok(other.analyzed);
    await cancelled;
  });

  test('cancelled before it began', async () => {
    const server = await fixture.open();
    const { cancel, done } = await cancelWhen(() => Promise.resolve(true));
    await done;
    await assertFails(server.explain({ ...sleepRequest, cancel }), 'cancelled');
  });

  test('close() stops what runs, and does not wait for it', { timeout: 15_000 }, async () => {
    const server = await fixture.open();
    const explaining = assertFails(server.explain(sleepRequest), 'cancelled');
    await waitFor(() => isSleeping(fixture));
    const startedMs = performance.now();
    await server.close();
    assert.ok(performance.now() - startedMs < CANCEL_MS + 1_000);
    await explaining;
    await waitFor(async () => !(await isSleeping(fixture)));
    await assertFails(server.explain(sleepRequest), 'connectionClosed');
  });

  test('statement timeout', async () => {
    const server = await fixture.open();
    await assertFails(server.explain({ ...sleepRequest, timeoutMs: 300 }), 'timeout');
  });

  test('lock timeout', { timeout: 15_000 }, async () => {
    const holder = fixture.server.admin('BEGIN; LOCK TABLE t; SELECT pg_sleep(5); COMMIT');
    await waitFor(
      async () =>
        (await fixture.server.admin(`SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock'`)).length > 0,
    );
    const server = await fixture.open();
    const startedMs = performance.now();
    await assertFails(server.explain(requestOf('SELECT * FROM t')), 'lockTimeout');
    assert.ok(performance.now() - startedMs < 4_500);
    await holder;
  });

  test('backend terminated in mid-query', { timeout: 15_000 }, async () => {
    const server = await fixture.open();
    const explaining = assertFails(server.explain(sleepRequest), 'serverLost');
    await waitFor(() => isSleeping(fixture));
    await fixture.server.admin(`SELECT pg_terminate_backend(pid) FROM (${sleeping}) s`);
    await explaining;
    assert.ok((await server.explain(requestOf('SELECT * FROM t'))).analyzed);
  });

  test('an idle connection that the server ends is replaced', { timeout: 15_000 }, async () => {
    const server = await fixture.open();
    await server.explain(requestOf('SELECT * FROM t'));
    await fixture.server.admin(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'PostgreSQL Query Profiler'`,
    );
    await waitFor(async () => {
      const rows = await fixture.server.admin(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'PostgreSQL Query Profiler'`,
      );
      return rows.length === 0;
    });
    assert.ok((await server.explain(requestOf('SELECT * FROM t'))).analyzed);
  });

  test('no transaction is open while the user is asked', async () => {
    const server = await fixture.open();
    const confirm = async () => {
      const rows = await fixture.server.admin(
        `SELECT state FROM pg_stat_activity WHERE application_name = 'PostgreSQL Query Profiler' AND xact_start IS NOT NULL`,
      );
      assert.deepEqual(rows, []);
      return true;
    };
    const request = requestOf('UPDATE t SET v = 0', { access: 'write', confirm });
    assert.ok((await server.explain(request)).analyzed);
  });

  // The last: the server is another one afterwards.
  test('the whole server killed in mid-query', { timeout: 30_000 }, async () => {
    const server = await fixture.open();
    const explaining = assertFails(server.explain(sleepRequest), 'serverLost');
    await waitFor(() => isSleeping(fixture));
    const startedMs = performance.now();
    await fixture.server.kill();
    await explaining;
    assert.ok(performance.now() - startedMs < 5_000, 'it hung');
    await assertFails(server.explain(sleepRequest), 'unreachable');
    await fixture.server.start();
    assert.ok((await server.explain(requestOf('SELECT * FROM t'))).analyzed);
  });
});
