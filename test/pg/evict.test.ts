/** Cold runs on real servers: what they show, what they leave, and each reason why there are none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'pg';
import { createCancel } from '../../src/core/cancel.ts';
import { silentLog } from '../../src/core/log.ts';
import { type ConnectOptions, defaultExplainOptions } from '../../src/core/ports.ts';
import { createProfiler, type ProfileInput } from '../../src/core/profiler.ts';
import { loadParser } from '../../src/core/sql/parser.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import { assertFails, type Fixture, onEachServer } from '../support/servers.ts';

const parser = await loadParser();

const setup = [
  // TOAST holds what a row of 20,000 random letters cannot.
  `CREATE SCHEMA "Shop";
  CREATE TABLE "Shop".items (id int PRIMARY KEY, label text);
  INSERT INTO "Shop".items SELECT n, 'label ' || n FROM generate_series(1, 40000) n;
  CREATE TABLE letters (id int PRIMARY KEY, body text);
  INSERT INTO letters SELECT n, (SELECT string_agg(md5((n * 1000 + k)::text), '') FROM generate_series(1, 600) k)
    FROM generate_series(1, 50) n;
  CREATE TABLE other AS SELECT * FROM "Shop".items;
  CREATE ROLE plain LOGIN PASSWORD 'plain';
  GRANT USAGE ON SCHEMA "Shop" TO plain;
  GRANT SELECT ON ALL TABLES IN SCHEMA "Shop", public TO plain;`,
  'VACUUM ANALYZE',
  'CREATE DATABASE bare',
];

const scan = `SELECT count(*) FROM "Shop".items WHERE label LIKE '%7'`;
async function profile(
  fixture: Fixture,
  sql: string,
  changes: { readonly profile?: Partial<ConnectOptions>; readonly input?: Partial<ProfileInput> } = {},
): Promise<ProfileReport> {
  const server = await fixture.open(changes.profile);
  return createProfiler({ server, parser, log: silentLog, now: () => new Date() }).profile({
    sql,
    options: defaultExplainOptions,
    timeoutMs: 30_000,
    slaMs: 1000,
    whatIf: 'none',
    runs: 3,
    cold: true,
    onProgress: () => undefined,
    cancel: createCancel(),
    ...changes.input,
  });
}

onEachServer('Cold runs', {}, setup, (fixture) => {
  const one = async (sql: string) => Object.values((await fixture.server.admin(sql))[0] ?? {})[0];
  /** Blocks of a table or index that shared buffers hold. */
  const held = async (relation: string) =>
    Number(
      await one(`SELECT count(*) FROM pg_buffercache b JOIN pg_class c
        ON b.relfilenode = pg_relation_filenode(c.oid) WHERE c.relname = '${relation}'`),
    );
  const toastOf = async (table: string) =>
    String(
      await one(`SELECT t.relname FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid
        WHERE c.relname = '${table}'`),
    );
  /** The sentence with which they are refused, and that the statement itself did not run. */
  const refused = async (sentence: RegExp, connection: Partial<ConnectOptions>): Promise<void> => {
    let asked = false;
    const confirm = async () => (asked = true);
    const running = profile(fixture, scan, { profile: connection, input: { confirm } });
    const error = await assertFails(running, 'coldRunsNotPossible');
    assert.match(error.sentence, sentence);
    assert.equal(asked, false);
  };
  const isOld = () => fixture.server.version < 17;
  const tooOld = /PostgreSQL 1\d\.\d+ cannot empty.*takes PostgreSQL 17 or newer/;
  /** With the extension, on servers whose extension can do it; the others say that they are too old. */
  const whereItCan = (title: string, body: () => Promise<void>) => {
    test(title, async () => {
      await fixture.server.admin('CREATE EXTENSION IF NOT EXISTS pg_buffercache');
      await (isOld() ? refused(tooOld, {}) : body());
    });
  };

  test('are for dev connections only, on any version', async () => {
    await refused(/marked production\. Use a dev connection/, { environment: 'production' });
    await refused(/marked staging/, { environment: 'staging' });
  });

  test('without the extension it is said how to get it, and none is created', async () => {
    const sentence = isOld()
      ? tooOld
      : /not installed in the database bare\. Run there as a superuser: CREATE EXTENSION pg_buffercache;/;
    await refused(sentence, { database: 'bare' });
    const extensions = await fixture.server.admin(
      "SELECT 1 FROM pg_extension WHERE extname = 'pg_buffercache'",
      'bare',
    );
    assert.deepEqual(extensions, []);
  });

  whereItCan('an extension older than its server is to be updated', async () => {
    await fixture.server.admin("CREATE EXTENSION pg_buffercache VERSION '1.4'", 'bare');
    await refused(/pg_buffercache 1\.4 .*Run as a superuser: ALTER EXTENSION pg_buffercache UPDATE;/, {
      database: 'bare',
    });
    await fixture.server.admin('DROP EXTENSION pg_buffercache', 'bare');
  });

  whereItCan('a role that is no superuser is told so, also one that was only assumed', async () => {
    const sentence = /only a superuser may empty shared buffers, and the role plain is none\. Connect as/;
    await refused(sentence, { user: 'plain', password: 'plain' });
    await refused(sentence, { role: 'plain' });
  });

  whereItCan('show the blocks that warm runs find in the cache', async () => {
    const { runs, plan, problems } = await profile(fixture, scan);
    assert.deepEqual(problems, []);
    assert.equal(runs?.ms.length, 3);
    assert.equal(plan.executionMs, runs.medianMs, 'the report is on a warm run');
    assert.equal(plan.nodes[0]?.buffers?.sharedRead, 0);
    const { cold } = runs;
    assert.equal(cold?.ms.length, 3);
    assert.equal(cold.readBlocks, await one(`SELECT relpages FROM pg_class WHERE relname = 'items'`));
    assert.equal(cold.medianMs, cold.ms.toSorted((a, b) => a - b)[1]);
    assert.ok(cold.minMs <= cold.medianMs && cold.medianMs <= cold.maxMs);
  });

  whereItCan('throw out what the plan reads, its indexes and TOAST as well, and nothing else', async () => {
    await fixture.server.admin('SELECT count(*) FROM other');
    const { runs } = await profile(fixture, 'SELECT sum(length(body)) FROM letters WHERE id = 7', {
      input: { runs: 2 },
    });
    // Planning may have read pages of the index; the body of the row is in TOAST, behind an index of its own.
    assert.ok((runs?.cold?.readBlocks ?? 0) >= 3, JSON.stringify(runs));
    const server = await fixture.open();
    const request = { tables: [{ name: 'letters' }], timeoutMs: 10_000, cancel: createCancel() };
    assert.equal((await server.evict({ ...request, indexes: [] })).relations, 3);
    assert.ok((await held('letters_pkey')) > 0, 'an index that the plan does not read stays');
    assert.equal((await server.evict({ ...request, indexes: ['letters_pkey'] })).relations, 4);
    assert.deepEqual([await held('letters_pkey'), await held('letters')], [0, 0]);
    assert.equal(await held(await toastOf('letters')), 0);
    assert.ok((await held('other')) > 100, 'other tables stay');
  });

  whereItCan(
    'a name without its schema is found as the statement finds it; VERBOSE off changes nothing',
    async () => {
      const { runs } = await profile(fixture, `SELECT count(*) FROM items`, {
        profile: { searchPath: '"Shop"' },
        input: { runs: 2, options: { ...defaultExplainOptions, verbose: false } },
      });
      assert.ok((runs?.cold?.readBlocks ?? 0) > 100, JSON.stringify(runs));
    },
  );

  whereItCan('blocks that others hold stay, and that is said', async () => {
    const { host, port, password } = fixture.server;
    const holder = new Client({ host, port, user: 'postgres', password, database: 'postgres' });
    await holder.connect();
    try {
      await holder.query('BEGIN; DECLARE held CURSOR FOR SELECT * FROM "Shop".items; FETCH 1 FROM held;');
      const { problems } = await profile(fixture, scan, { input: { runs: 2 } });
      assert.match(
        problems.map(({ message }) => message).join('\n'),
        /^Up to \d blocks of the plan’s tables were in use by other sessions and stayed in shared buffers: the cold runs/,
      );
    } finally {
      await holder.end();
    }
  });

  whereItCan('a statement without tables has none, and what writes runs once', async () => {
    const plain = await profile(fixture, 'SELECT sum(n) FROM generate_series(1, 10) n');
    assert.equal(plain.runs?.ms.length, 3);
    assert.equal(plain.runs.cold, undefined);
    assert.deepEqual(
      plain.problems.map(({ code }) => code),
      ['no-cold-runs'],
    );
    const writes = await profile(fixture, 'DELETE FROM other WHERE id = 1');
    assert.equal(writes.runs, undefined);
    assert.ok(writes.problems.some(({ code }) => code === 'ran-once'));
  });
});
