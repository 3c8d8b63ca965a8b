import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled } from '../../src/core/cancel.ts';
import type { UserErrorCode } from '../../src/core/errors.ts';
import type { ConnectOptions, TableFacts, TableName } from '../../src/core/ports.ts';
import { assertFails, onEachServer, type Fixture } from '../support/servers.ts';

const hostile = '<img src=x onerror=alert("1")>';
const quoted = `"${hostile.replaceAll('"', '""')}"`;

const setup = `
  CREATE SCHEMA far; CREATE SCHEMA hidden; CREATE TYPE mood AS ENUM ('sad', 'ok');
  CREATE TABLE orders (id int PRIMARY KEY, customer text NOT NULL, at timestamptz, email text UNIQUE, note text, mood mood);
  INSERT INTO orders SELECT i, 'c' || i % 10, now(), NULLIF('e' || i, 'e1'), NULL FROM generate_series(1, 1000) i;
  CREATE INDEX orders_odd ON orders (customer DESC, at NULLS FIRST, lower(note)) INCLUDE (email) WHERE note IS NOT NULL;
  CREATE INDEX orders_hash ON orders USING hash (customer);
  CREATE TABLE far.orders (id int); CREATE TABLE far.events (id int, day date) PARTITION BY RANGE (day);
  CREATE TABLE far.events_1 PARTITION OF far.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  CREATE INDEX events_day ON far.events (day);
  INSERT INTO far.events SELECT i, '2020-06-01' FROM generate_series(1, 500) i;
  CREATE TABLE ${quoted} ("a ""quote""" int); CREATE TABLE never_analyzed (id int);
  CREATE VIEW a_view AS SELECT 1 AS one; CREATE MATERIALIZED VIEW a_copy AS SELECT 1 AS one;
  CREATE TABLE hidden.secrets (id int);
  ANALYZE orders; ANALYZE far.events;
  CREATE ROLE stranger LOGIN PASSWORD 'stranger';`;

const stranger: Partial<ConnectOptions> = { user: 'stranger', password: 'stranger' };

onEachServer('tableFacts', {}, [setup], (fixture) => {
  const read = async (tables: readonly TableName[], profile?: Partial<ConnectOptions>) => {
    const server = await fixture.open(profile);
    return server.tableFacts(tables, neverCancelled);
  };
  const only = async (table: TableName, profile?: Partial<ConnectOptions>): Promise<TableFacts> => {
    const [facts, ...more] = await read([table], profile);
    assert.ok(facts !== undefined && more.length === 0);
    return facts;
  };

  test('columns, with statistics', async () => {
    const facts = await only({ name: 'orders' });
    assert.deepEqual(
      { ...facts, columns: [], indexes: [], sizeBytes: 0 },
      {
        schema: 'public',
        name: 'orders',
        kind: 'table',
        rowEstimate: 1000,
        sizeBytes: 0,
        visible: true,
        columns: [],
        indexes: [],
      },
    );
    assert.ok(facts.sizeBytes > 8192);
    const [id, customer, at, email, note, mood] = facts.columns;
    assert.deepEqual(id, {
      name: 'id',
      type: 'integer',
      notNull: true,
      distinct: -1,
      nullFraction: 0,
      averageWidth: 4,
    });
    assert.equal(customer?.notNull, true);
    assert.equal(customer?.distinct, 10);
    assert.equal(customer?.commonFrequencies?.length, 10);
    assert.equal(at?.type, 'timestamp with time zone');
    assert.equal(email?.nullFraction, 0.001);
    assert.equal(note?.nullFraction, 1);
    assert.equal(mood?.type, 'mood');
  });

  test('indexes, key by key', async () => {
    const { indexes } = await only({ schema: 'public', name: 'orders' });
    assert.deepEqual(
      indexes.map(({ name, method, unique, constraint }) => ({ name, method, unique, constraint })),
      [
        { name: 'orders_email_key', method: 'btree', unique: true, constraint: true },
        { name: 'orders_hash', method: 'hash', unique: false, constraint: false },
        { name: 'orders_odd', method: 'btree', unique: false, constraint: false },
        { name: 'orders_pkey', method: 'btree', unique: true, constraint: true },
      ],
    );
    const odd = indexes[2];
    assert.deepEqual(odd?.keys, [
      { expression: 'customer', descending: true, nullsFirst: true },
      { expression: 'at', descending: false, nullsFirst: true },
      { expression: 'lower(note)', descending: false, nullsFirst: false },
    ]);
    assert.deepEqual(odd.include, ['email']);
    assert.equal(odd.predicate, 'note IS NOT NULL');
    assert.ok(odd.valid && odd.sizeBytes > 0);
    assert.match(odd.definition, /^CREATE INDEX orders_odd ON public\.orders/);
  });

  test('the search_path decides what a name without schema means', async () => {
    assert.equal((await only({ schema: 'far', name: 'orders' })).visible, false);
    assert.deepEqual(await read([{ name: 'events' }]), []);
    assert.deepEqual((await read([{ name: 'orders' }, { schema: 'public', name: 'orders' }])).length, 1);
  });

  test('kinds', async () => {
    const kinds = await read([{ name: 'a_view' }, { name: 'a_copy' }, { schema: 'far', name: 'events' }]);
    assert.deepEqual(
      kinds.map(({ name, kind }) => `${name} ${kind}`),
      ['events partitioned', 'a_copy materialized', 'a_view view'],
    );
  });

  test('a partitioned table has the size and the statistics of its partitions', async () => {
    const { sizeBytes, columns, indexes } = await only({ schema: 'far', name: 'events' });
    assert.ok(sizeBytes >= 8192);
    assert.equal(columns[1]?.distinct, 1);
    assert.equal(indexes[0]?.name, 'events_day');
  });

  test('never analysed is unknown, not empty', async () => {
    assert.equal((await only({ name: 'never_analyzed' })).rowEstimate, undefined);
  });

  test('hostile names', async () => {
    const facts = await only({ name: hostile });
    assert.equal(facts.name, hostile);
    assert.equal(facts.columns[0]?.name, 'a "quote"');
    assert.deepEqual(await read([{ name: "x'; DROP TABLE orders; --" }]), []);
  });

  test('without privileges the statistics are unknown', async () => {
    const facts = await only({ name: 'orders' }, stranger);
    assert.equal(facts.columns[1]?.name, 'customer');
    assert.equal(facts.columns[1].distinct, undefined);
    assert.equal(facts.indexes.length, 4);
    assert.equal((await only({ schema: 'hidden', name: 'secrets' }, stranger)).columns.length, 1);
  });

  test('nothing asked, nothing answered', async () => {
    assert.deepEqual(await read([]), []);
  });
});

function checkDescribe(fixture: Fixture, sql: string, expected: readonly string[] | UserErrorCode): void {
  test(sql, async () => {
    const server = await fixture.open();
    const describing = server.describeParameters(sql, neverCancelled);
    if (typeof expected === 'string') await assertFails(describing, expected);
    else assert.deepEqual(await describing, expected);
    const left = await fixture.server.admin(`SELECT 1 FROM pg_class WHERE relname = 'made'`);
    assert.deepEqual(left, []);
  });
}

onEachServer('describeParameters', {}, [setup], (fixture) => {
  checkDescribe(fixture, 'SELECT 1', []);
  checkDescribe(
    fixture,
    'SELECT * FROM orders WHERE id = $1 AND at > $2 AND mood = $3 AND customer = ANY ($4)',
    ['integer', 'timestamp with time zone', 'mood', 'text[]'],
  );
  checkDescribe(fixture, 'INSERT INTO far.events VALUES ($1, $2)', ['integer', 'date']);
  checkDescribe(fixture, 'SELECT $2::int', 'serverRefused');
  checkDescribe(fixture, 'SELECT 1; CREATE TABLE made ()', 'notSql');
  checkDescribe(fixture, 'SELECT nothing FROM orders', 'serverRefused');
});
