/** `profile` and `top` through the built command line, on real servers. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { ProfileReport, RankingReport } from '../../src/shared/report.ts';
import { onEachServer, waitFor } from '../support/servers.ts';
import { assertRefused, type CliOptions, environmentOf, runCli } from './runCli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'pgqp-profile-'));
after(() => rmSync(folder, { recursive: true }));

const setup = [
  `
  CREATE EXTENSION pg_stat_statements;
  CREATE TABLE items (id int PRIMARY KEY, label text);
  INSERT INTO items SELECT n, 'label ' || n FROM generate_series(1, 20000) n;
  ANALYZE items;
  CREATE SEQUENCE tickets;
  CREATE FUNCTION sneaky() RETURNS int LANGUAGE sql VOLATILE AS $$ DELETE FROM items RETURNING 1 $$;`,
];

onEachServer(
  'The command line',
  { config: ["shared_preload_libraries = 'pg_stat_statements'"] },
  setup,
  (fixture) => {
    const profile = (sql: string, args: readonly string[] = [], options: CliOptions = {}) =>
      runCli(['profile', '-', ...args], {
        stdin: sql,
        ...options,
        env: { ...environmentOf(fixture.server), ...options.env },
      });
    const reportOn = async (sql: string, args: readonly string[] = []) => {
      const { code, stdout, stderr } = await profile(sql, ['--format', 'json', ...args]);
      assert.deepEqual([code, stderr], [0, '']);
      return JSON.parse(stdout) as ProfileReport;
    };
    const countItems = async () =>
      Number((await fixture.server.admin('SELECT count(*) FROM items'))[0]?.['count']);

    test('A read is run, measured and rolled back', async () => {
      const report = await reportOn("SELECT * FROM items WHERE label = 'label 7' -- mine");
      assert.equal(report.plan.analyzed, true);
      assert.equal(report.plan.nodes[0]?.rows, 1);
      assert.equal(report.server?.environment, 'production');
      assert.equal(report.execution, 'read-only, rolled back');
      assert.ok(report.rawPlan?.includes('"Plan"'));
      assert.equal(report.source, undefined);
    });

    test('A connection URL does as well, and its password is nowhere', async () => {
      const { port, password } = fixture.server;
      const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
      const { code, stdout, stderr } = await runCli(
        ['profile', '-', '--connection', url, '--format', 'json', '--verbose'],
        { stdin: 'SELECT 1' },
      );
      assert.equal(code, 0, stderr);
      assert.ok(!`${stdout}${stderr}`.includes(password));
      assert.match(stderr, /info connected/);
    });

    test('Production gets no trial; dev gets one, and no index stays', async () => {
      const sql = "SELECT * FROM items WHERE label = 'label 7'";
      const [careful] = (await reportOn(sql)).suggestions;
      assert.equal(careful?.verification.by, 'none');
      assert.match(careful?.verification.why ?? '', /production/);
      const [tried] = (await reportOn(sql, ['--env', 'dev'])).suggestions;
      assert.equal(tried?.verification.by, 'trial');
      assert.deepEqual(tried?.columns, ['label']);
      const [untried] = (await reportOn(sql, ['--env', 'dev', '--what-if', 'none'])).suggestions;
      assert.equal(untried?.verification.by, 'none');
      const indexes = await fixture.server.admin(
        "SELECT indexname FROM pg_indexes WHERE tablename = 'items'",
      );
      assert.deepEqual(indexes, [{ indexname: 'items_pkey' }]);
    });

    test('--runs N --cold tells warm and cold runs apart; production refuses, and nothing runs', async () => {
      await fixture.server.admin('CREATE EXTENSION IF NOT EXISTS pg_buffercache');
      const sql = "SELECT count(*) FROM items WHERE label LIKE '%7'";
      const args = ['--runs', '3', '--cold', '--what-if', 'none'];
      assertRefused(
        await profile(sql, args),
        2,
        /Cold runs are not possible here: they slow others down, and the connection is marked production/,
      );
      const dev = [...args, '--env', 'dev'];
      if (fixture.server.version < 17) {
        assertRefused(await profile(sql, dev), 2, /takes PostgreSQL 17 or newer/);
        return;
      }
      const { runs } = await reportOn(sql, dev);
      assert.deepEqual([runs?.ms.length, runs?.cold?.ms.length], [3, 3]);
      assert.ok((runs?.cold?.readBlocks ?? 0) > 50);
      for (const format of ['text', 'markdown']) {
        const { stdout } = await profile(sql, [...dev, '--format', format]);
        const told = stdout.replaceAll(/\s+/g, ' ');
        assert.match(told, /Cold runs: [\d.]+ ms, .*blocks .*read\)/);
        assert.match(told, /the operating system may still have held them\./);
      }
    });

    test('FILE:LINE chooses the statement, and the report says where it stood', async () => {
      const file = path.join(folder, 'two.sql');
      writeFileSync(file, 'SELECT 1;\n\n-- the second\nSELECT id\nFROM items\nWHERE id = 7;\n');
      const { stdout } = await runCli(['profile', `${file}:5`, '--format', 'json'], {
        env: environmentOf(fixture.server),
      });
      const report = JSON.parse(stdout) as ProfileReport;
      assert.deepEqual(report.source, { name: 'two.sql', line: 4 });
      assert.equal(report.plan.nodes[0]?.relation, 'items');
    });

    test('Parameters by number and by name; the generic plan without', async () => {
      const numbered = await reportOn('SELECT * FROM items WHERE id = $1', ['--param', '1=42']);
      assert.equal(numbered.plan.nodes[0]?.rows, 1);
      const named = await reportOn('SELECT * FROM items WHERE id BETWEEN :low AND :high', [
        '--param',
        'low=1',
        '--param',
        'high=10',
      ]);
      assert.equal(named.plan.nodes[0]?.rows, 10);
      const generic = await reportOn('SELECT * FROM items WHERE id = $1', ['--generic']);
      assert.equal(generic.plan.analyzed, false);
      assertRefused(
        await profile('SELECT * FROM items WHERE id = $1', ['--param', '1=seven']),
        3,
        /invalid input syntax for type integer/,
      );
    });

    test('--plan-only runs nothing, not even what would write', async () => {
      const report = await reportOn('DELETE FROM items', ['--plan-only']);
      assert.equal(report.plan.analyzed, false);
      assert.equal(report.plan.nodes[0]?.type, 'ModifyTable');
      assert.equal((await reportOn('DELETE FROM items', ['--generic'])).plan.analyzed, false);
      assert.equal(await countItems(), 20_000);
    });

    test('A write that is allowed runs and is rolled back', async () => {
      const args = ['--allow-writes', '--env', 'dev', '--format', 'json'];
      const { code, stdout, stderr } = await profile('DELETE FROM items WHERE id <= 10', args);
      assert.equal(code, 0, stderr);
      const report = JSON.parse(stdout) as ProfileReport;
      assert.equal(report.plan.analyzed, true);
      assert.equal(report.execution, 'run, then rolled back');
      assert.equal(await countItems(), 20_000);
    });

    test('What a rollback does not undo is said before the statement runs', async () => {
      const sql = "INSERT INTO items VALUES (nextval('tickets') + 100000, 'new')";
      const { code, stderr } = await profile(sql, ['--allow-writes', '--env', 'dev', '--format', 'json']);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^pg-query-profiler: Values taken from sequences are not given back\.$/m);
      assert.equal(await countItems(), 20_000);
    });

    test('A function that writes inside a SELECT is stopped', async () => {
      assertRefused(await profile('SELECT sneaky()'), 3, /tried to write, and was stopped/);
      assert.equal(await countItems(), 20_000);
    });

    test('--timeout stops the statement', async () => {
      assertRefused(
        await profile('SELECT pg_sleep(60)', ['--timeout', '300']),
        3,
        /^The statement ran longer than 300 ms and was stopped\. Raise --timeout, or use --plan-only\.$/,
      );
    });

    test('--no-timing leaves the nodes untimed', async () => {
      const report = await reportOn('SELECT * FROM items', ['--no-timing']);
      assert.equal(report.plan.nodes[0]?.totalMs, undefined);
      assert.ok((report.plan.executionMs ?? 0) > 0);
    });

    test('What the server does not know is said in its words', async () => {
      assertRefused(await profile('SELECT * FROM nowhere'), 3, /relation "nowhere" does not exist/);
      const wrong = { env: { PGPASSWORD: 'wrong' } };
      assertRefused(
        await profile('SELECT 1', [], wrong),
        3,
        'The server refused the password of "postgres". Set PGPASSWORD.',
      );
      assertRefused(
        await profile('SELECT 1', [], { env: { PGDATABASE: 'nowhere' } }),
        3,
        /no database "nowhere"/,
      );
      assertRefused(
        await profile('SELECT 1', [], { env: { PGSSLMODE: 'require' } }),
        3,
        /^A secure connection could not be made: .*\. Check the ssl mode/,
      );
    });

    test('Ctrl+C cancels on the server within 2 s', async () => {
      const running = async () =>
        (
          await fixture.server.admin(
            "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(61)%' AND pid <> pg_backend_pid()",
          )
        ).length > 0;
      let interruptedAt = 0;
      const result = await profile('SELECT pg_sleep(61)', ['--timeout', '90000'], {
        onStart: (child) => {
          void waitFor(running).then(() => {
            interruptedAt = performance.now();
            child.kill('SIGINT');
          });
        },
      });
      assert.ok(performance.now() - interruptedAt < 2_000);
      assert.equal(await running(), false);
      assert.deepEqual([result.code, result.stdout], [3, '']);
      assert.match(result.stderr, /The statement was cancelled\.\n$/);
    });

    test('Text, Markdown and HTML go to standard output or to a file', async () => {
      const text = await profile('SELECT count(*) FROM items');
      assert.match(text.stdout, /PLAN\n.*Node.*Self ms/);
      const markdown = await profile('SELECT count(*) FROM items', ['--format', 'markdown']);
      assert.match(markdown.stdout, /^### /);
      const page = path.join(folder, 'page.html');
      const html = await profile('SELECT count(*) FROM items', ['--format', 'html', '--output', page]);
      assert.deepEqual(html, { code: 0, stdout: '', stderr: '' });
      assert.match(readFileSync(page, 'utf8'), /^<!doctype html>/i);
    });

    test('top ranks what was counted, and leaves its own statements out', async () => {
      await fixture.server.admin("SELECT count(*) FROM items WHERE label LIKE '%7%'; SELECT pg_sleep(0.05)");
      const { code, stdout, stderr } = await runCli(
        ['top', '--by', 'mean', '--limit', '3', '--format', 'json'],
        { env: environmentOf(fixture.server) },
      );
      assert.deepEqual([code, stderr], [0, '']);
      const ranking = JSON.parse(stdout) as RankingReport;
      assert.equal(ranking.schemaVersion, 1);
      assert.equal(ranking.statements.length, 3);
      const means = ranking.statements.map(({ meanMs }) => meanMs);
      assert.deepEqual(
        means,
        means.toSorted((a, b) => b - a),
      );
      const all = await runCli(['top', '--limit', '1000', '--format', 'json'], {
        env: environmentOf(fixture.server),
      });
      assert.ok(!/EXPLAIN/i.test(all.stdout), 'no EXPLAIN of ours');
      const shares = (JSON.parse(all.stdout) as RankingReport).statements.reduce(
        (sum, { share }) => sum + share,
        0,
      );
      assert.ok(shares > 0.5 && shares <= 1.000001, `shares add up to ${shares}`);
      const text = await runCli(['top'], { env: environmentOf(fixture.server) });
      assert.match(
        text.stdout,
        /^Slow queries of postgres, PostgreSQL .*\n.*Total.*Share.*Mean.*Calls.*Statement\n/,
      );
      assert.match(
        (await runCli(['top', '--format', 'markdown'], { env: environmentOf(fixture.server) })).stdout,
        /^### .*\n\n\| Total \|/,
      );
    });

    test('top says what is missing', async () => {
      await fixture.server.admin('CREATE DATABASE bare');
      const env = { ...environmentOf(fixture.server), PGDATABASE: 'bare' };
      assertRefused(await runCli(['top'], { env }), 3, /pg_stat_statements/);
    });
  },
);
