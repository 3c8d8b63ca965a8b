/** What clients of the sample database may rely on, as on a server with a backend for each of them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connectTarget } from '../../src/embedded/endpoint.ts';
import {
  cancel,
  type Client,
  codeOf,
  connect,
  type OpenedSample,
  openSample,
  temporaryFolder,
} from './sampleHarness.ts';

/** A cancelled or timed-out statement answers within this (the figure). */
const stopsWithinMs = 2_000;

let sample: OpenedSample;
const open: Client[] = [];

before(async () => {
  sample = await openSample(path.join(await temporaryFolder(), 'sample'));
});
after(async () => {
  await Promise.all(open.map((each) => each.end()));
  await sample.release();
});

async function client(more = {}): Promise<Client> {
  const connected = await connect(sample.options, more);
  open.push(connected);
  return connected;
}

const one = async (of: Client, sql: string): Promise<unknown> =>
  Object.values((await of.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];

async function timed<T>(work: Promise<T>): Promise<readonly [T, number]> {
  const startedMs = performance.now();
  const result = await work;
  return [result, performance.now() - startedMs];
}

test('cancel stops a statement, and only that of the client it names', async () => {
  const [slow, other] = [await client(), await client()];
  assert.notEqual(slow.processID, other.processID);
  assert.notEqual(slow.secretKey, other.secretKey);
  const sleeping = codeOf(slow.query('select pg_sleep(60)'));
  await delay(200);
  const waiting = one(other, 'select 42');
  // A wrong secret, and a client that does nothing: no effect.
  await cancel(sample.options, { processID: slow.processID, secretKey: slow.secretKey ^ 1 });
  await delay(100);
  await cancel(sample.options, slow);
  const [code, ms] = await timed(sleeping);
  assert.equal(code, '57014');
  assert.ok(ms < stopsWithinMs, `answered after ${ms} ms`);
  assert.equal(await waiting, 42);
  assert.equal(await one(slow, 'select 1'), 1);
});

test('cancel reaches a statement that burns the processor', async () => {
  const slow = await client();
  const burning = codeOf(
    slow.query('select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b'),
  );
  await delay(300);
  await cancel(sample.options, slow);
  const [code, ms] = await timed(burning);
  assert.equal(code, '57014');
  assert.ok(ms < stopsWithinMs, `answered after ${ms} ms`);
});

test('cancel reaches a statement that waits for its turn', async () => {
  const [holder, waiter] = [await client(), await client()];
  await holder.query('begin');
  const waiting = codeOf(waiter.query('select 1'));
  await delay(50);
  await cancel(sample.options, waiter);
  assert.equal(await waiting, '57014');
  await holder.query('commit');
  assert.equal(await one(waiter, 'select 2'), 2);
});

test('a transaction whose statement was cancelled stays failed until its ROLLBACK, and nothing of it is kept', async () => {
  const writer = await client();
  await writer.query('create table kept (a int)');
  await writer.query('begin');
  await writer.query('insert into kept values (1)');
  const sleeping = codeOf(writer.query('select pg_sleep(60)'));
  await delay(200);
  await cancel(sample.options, writer);
  assert.equal(await sleeping, '57014');
  assert.equal(await codeOf(writer.query('insert into kept values (2)')), '25P02');
  await writer.query('rollback');
  assert.equal(await one(writer, 'select count(*)::int from kept'), 0);
  await writer.query('drop table kept');
});

const timeouts: readonly { readonly name: string; readonly run: () => Promise<string> }[] = [
  {
    name: 'SET LOCAL in a transaction',
    run: async () => {
      const slow = await client();
      await slow.query('begin');
      await slow.query(`set local statement_timeout = '300ms'`);
      const code = await codeOf(slow.query('select pg_sleep(60)'));
      await slow.query('rollback');
      assert.equal(await one(slow, 'show statement_timeout'), '0');
      return code;
    },
  },
  {
    name: 'SET for the session, extended protocol',
    run: async () => {
      const slow = await client();
      await slow.query(`set statement_timeout = 300`);
      return codeOf(slow.query('select pg_sleep($1)', [60]));
    },
  },
  {
    name: 'set_config with the name as a value',
    run: async () => {
      const slow = await client();
      await slow.query('select set_config($1, $2, false)', ['statement_timeout', '300ms']);
      return codeOf(slow.query('select pg_sleep(60)'));
    },
  },
  {
    name: 'startup parameter',
    run: async () => codeOf((await client({ statement_timeout: 300 })).query('select pg_sleep(60)')),
  },
  {
    name: 'startup options',
    run: async () =>
      codeOf((await client({ options: '-c statement_timeout=300ms' })).query('select pg_sleep(60)')),
  },
];

for (const { name, run } of timeouts) {
  test(`statement_timeout by ${name}`, async () => {
    const [code, ms] = await timed(run());
    assert.equal(code, '57014');
    // The reopening for a ROLLBACK after it included.
    assert.ok(ms < 15_000, `${ms} ms`);
  });
}

test('a statement shorter than its timeout is left alone', async () => {
  const quick = await client();
  await quick.query(`set statement_timeout = '5s'`);
  assert.equal(await one(quick, 'select 7'), 7);
  await quick.query('reset statement_timeout');
  await quick.query('select pg_sleep(0.2)');
});

test('a client that idles in its transaction past the timeout it set is sent away', async () => {
  const [idler, other] = [await client(), await client()];
  const ended = new Promise<void>((resolve) => {
    idler.once('end', () => resolve());
  });
  await idler.query('begin');
  await idler.query(`set local idle_in_transaction_session_timeout = '300ms'`);
  assert.equal(await one(other, 'select 3'), 3);
  await ended;
});

test('a session timeout that one client set does not hit the next', async () => {
  const [careless, other] = [await client(), await client()];
  await careless.query(`set idle_session_timeout = '100ms'`);
  await delay(300);
  assert.equal(await one(other, 'select 4'), 4);
  assert.equal(await one(other, 'show idle_session_timeout'), '0');
});

test('sessions do not see each other', async () => {
  const [first, second] = [
    await client({ application_name: 'first' }),
    await client({ application_name: 'second' }),
  ];
  await first.query(`set work_mem = '7MB'`);
  await first.query('create temp table mine (a int)');
  await first.query('prepare mine as select 1');
  await first.query('select pg_advisory_lock(1)');
  assert.equal(await one(second, 'show work_mem'), '4MB');
  assert.equal(await one(second, `select to_regclass('pg_temp.mine')`), null);
  assert.equal(await codeOf(second.query('execute mine')), '26000');
  assert.equal(await one(second, `select count(*)::int from pg_locks where locktype = 'advisory'`), 0);
  assert.equal(await one(second, 'show application_name'), 'second');
  // Startup settings are a client's own: they come back with its turn.
  assert.equal(await one(first, 'show application_name'), 'first');
});

test('a transaction has the session to itself', async () => {
  const [holder, waiter] = [await client(), await client()];
  await holder.query('create table counted (a int)');
  await holder.query('begin');
  await holder.query('insert into counted values (1)');
  let answered = false;
  const waiting = one(waiter, 'select count(*)::int from counted').finally(() => {
    answered = true;
  });
  await delay(200);
  assert.equal(answered, false);
  await holder.query('rollback');
  assert.equal(await waiting, 0);
  await holder.query('drop table counted');
});

test('the transaction of a client that hangs up is rolled back at once', async () => {
  const [quitter, other] = [await client(), await client()];
  await other.query('create table left_behind (a int)');
  await quitter.query('begin');
  await quitter.query('insert into left_behind values (1)');
  const waiting = one(other, 'select count(*)::int from left_behind');
  await quitter.end();
  assert.equal(await waiting, 0);
  await other.query('drop table left_behind');
});

test('a client that hangs up in mid-query does not keep the others waiting', async () => {
  const [quitter, other] = [await client(), await client()];
  void codeOf(quitter.query('select pg_sleep(60)'));
  await delay(200);
  const waiting = timed(one(other, 'select 5'));
  quitter.connection.stream.destroy();
  const [five, ms] = await waiting;
  assert.equal(five, 5);
  assert.ok(ms < 15_000, `${ms} ms`);
});

test('an extended exchange is not broken by other clients, nor by the owner’s own questions', async () => {
  const [prepared, other] = [await client(), await client()];
  await prepared.query('begin');
  await prepared.query(`set local statement_timeout = '20s'`);
  const query = { name: 'named', text: 'select $1::int + 1 as sum' };
  assert.equal((await prepared.query({ ...query, values: [1] })).rows[0].sum, 2);
  const waiting = one(other, 'select 6');
  assert.equal((await prepared.query({ ...query, values: [2] })).rows[0].sum, 3);
  await prepared.query('commit');
  assert.equal(await waiting, 6);
});

test('large answers arrive whole', async () => {
  const reader = await client();
  const { rows } = await reader.query(
    'select version_id, artifact_uri from model_versions order by version_id',
  );
  assert.equal(rows.length, 40_000);
  assert.equal(rows.at(-1).version_id, '40000');
});

test('errors keep their code, and the session goes on', async () => {
  const erring = await client();
  assert.equal(await codeOf(erring.query('selec 1')), '42601');
  assert.equal(await codeOf(erring.query('select $1::int / 0', [1])), '22012');
  assert.equal(await codeOf(erring.query('select 1; select 1/0; select 2')), '22012');
  assert.equal(await one(erring, 'select 9'), 9);
});

test('a statement that ends the backend costs its client the connection, and nobody else', async () => {
  const [breaker, other] = [await client(), await client()];
  // PGlite has no COPY FROM STDIN: the backend takes it for the end of its connection.
  await breaker.query('create table copied (a int)');
  assert.notEqual(await codeOf(breaker.query('copy copied from stdin')), 'no error');
  assert.equal(await one(other, 'select 8'), 8);
  await other.query('drop table copied');
});

test('another database, another user, and other protocols are refused', async () => {
  assert.equal(await codeOf(connect(sample.options, { database: 'other' })), '3D000');
  assert.equal(await codeOf(connect(sample.options, { user: 'other' })), '28000');
  const socket = connectSocket(connectTarget(sample.options));
  socket.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString('latin1'), /^E.*08P01/s);
  assert.equal(await one(await client(), 'select 1'), 1);
});

test('the write-ahead log stays small', async () => {
  const writer = await client();
  await writer.query(
    'create table churned as select g as a, md5(g::text) as b from generate_series(1, 100000) g',
  );
  for (let round = 0; round < 12; round += 1) await writer.query('update churned set a = a + 1');
  const megabytes = await one(writer, 'select (sum(size) / 1048576)::int from pg_ls_waldir()');
  assert.ok(Number(megabytes) <= 96, `${String(megabytes)} MB of log`);
  await writer.query('drop table churned');
});
