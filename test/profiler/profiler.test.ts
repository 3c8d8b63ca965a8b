/** The whole engine on real servers: guard, run, read, advise. What it must refuse, and what it must leave behind: nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCancel } from '../../src/core/cancel.ts';
import type { UserErrorCode } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { type ConnectOptions, defaultExplainOptions } from '../../src/core/ports.ts';
import { createProfiler, type ProfileInput } from '../../src/core/profiler.ts';
import { loadParser } from '../../src/core/sql/parser.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import { assertFails, type Fixture, onEachServer } from '../support/servers.ts';

const parser = await loadParser();

const setup = `
  CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, status text NOT NULL, at timestamptz NOT NULL, note text);
  INSERT INTO orders SELECT i, i % 900, CASE WHEN i % 50 = 0 THEN 'open' ELSE 'done' END,
    '2026-01-01'::timestamptz + i * interval '1 minute', repeat('x', 100) FROM generate_series(1, 60000) i;
  CREATE TABLE tiny (id int, kind text);
  INSERT INTO tiny SELECT i, 'a' FROM generate_series(1, 20) i;
  CREATE TABLE indexed (id int, kind int, pad text);
  INSERT INTO indexed SELECT i, i % 3, repeat('x', 50) FROM generate_series(1, 30000) i;
  CREATE INDEX indexed_kind_idx ON indexed (kind);
  CREATE FUNCTION writes() RETURNS int VOLATILE LANGUAGE plpgsql AS $$ BEGIN DELETE FROM tiny; RETURN 1; END $$;
  ANALYZE;`;

const traces = `SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM tiny) AS tiny,
  (SELECT count(*) FROM pg_class) AS relations,
  (SELECT count(*) FROM pg_locks l WHERE l.pid <> pg_backend_pid() AND l.locktype <> 'virtualxid') AS locks`;

interface Case {
  readonly sql: string;
  readonly input?: Partial<ProfileInput>;
  readonly profile?: Partial<ConnectOptions>;
  readonly fails?: UserErrorCode;
  readonly sees?: (report: ProfileReport) => void;
}

function check(fixture: Fixture, title: string, { sql, input, profile, fails, sees }: Case): void {
  test(title, async () => {
    const server = await fixture.open(profile);
    const before = await fixture.server.admin(traces);
    const profiler = createProfiler({ server, parser, log: silentLog, now: () => new Date() });
    const running = profiler.profile({
      sql,
      options: defaultExplainOptions,
      timeoutMs: 30_000,
      slaMs: 1000,
      whatIf: 'auto',
      onProgress: () => undefined,
      cancel: createCancel(),
      ...input,
    });
    if (fails !== undefined) await assertFails(running, fails);
    else sees?.(await running);
    await server.close();
    assert.deepEqual(await fixture.server.admin(traces), before, 'something was left behind');
  });
}

const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);
const mustNotAsk = () => Promise.reject(new Error('asked'));

const openOrders =
  "SELECT id FROM orders WHERE status = 'open' AND at > '2026-01-10' ORDER BY at DESC LIMIT 20";

const cases: Readonly<Record<string, Case>> = {
  'several runs: the report is on the median one, and tells the spread': {
    sql: `SELECT count(*) FROM orders WHERE note LIKE 'y%'`,
    input: { runs: 3, whatIf: 'none' },
    sees: ({ runs, plan }) => {
      assert.equal(runs?.ms.length, 3);
      assert.equal(runs.medianMs, runs.ms.toSorted((a, b) => a - b)[1]);
      assert.equal(plan.executionMs, runs.medianMs);
      assert.ok(runs.minMs <= runs.medianMs && runs.medianMs <= runs.maxMs);
    },
  },
  'what writes runs once, and that is said': {
    sql: 'DELETE FROM tiny',
    input: { runs: 3 },
    sees: ({ runs, problems }) => {
      assert.equal(runs, undefined);
      assert.ok(problems.some(({ code }) => code === 'ran-once'));
    },
  },
  'two statements are refused': { sql: 'SELECT 1; DROP TABLE tiny', fails: 'severalStatements' },
  'EXPLAIN ANALYZE DELETE is a DELETE: on production refused': {
    sql: 'EXPLAIN (ANALYZE) DELETE FROM tiny',
    profile: { environment: 'production' },
    input: { confirm: yes },
    fails: 'writesNotAllowed',
  },
  'EXPLAIN ANALYZE DELETE without a yes is only planned': {
    sql: 'EXPLAIN ANALYZE DELETE FROM tiny',
    input: { confirm: no },
    sees: ({ plan, execution }) => {
      assert.equal(plan.analyzed, false);
      assert.equal(execution, 'planned, not run');
      assert.equal(plan.nodes[0]?.type, 'ModifyTable');
    },
  },
  'DELETE after a yes runs and is rolled back': {
    sql: 'DELETE FROM tiny',
    input: { confirm: yes },
    sees: ({ plan, execution }) => {
      assert.equal(plan.analyzed, true);
      assert.equal(execution, 'run, then rolled back');
      assert.equal(plan.nodes[1]?.rows, 20);
    },
  },
  'SELECT FOR UPDATE after a yes leaves no lock': {
    sql: 'SELECT * FROM tiny FOR UPDATE',
    input: { confirm: yes },
    sees: ({ plan }) => assert.equal(plan.nodes[0]?.type, 'LockRows'),
  },
  'a read-only connection does not delete': {
    sql: 'DELETE FROM tiny',
    profile: { readOnly: true },
    input: { confirm: yes },
    fails: 'writesNotAllowed',
  },
  'on production a DELETE can still be planned': {
    sql: 'DELETE FROM tiny',
    profile: { environment: 'production' },
    input: { options: { ...defaultExplainOptions, analyze: false } },
    sees: ({ plan }) => assert.equal(plan.analyzed, false),
  },
  'a function that writes inside a SELECT is stopped': { sql: 'SELECT writes()', fails: 'writesInReadOnly' },
  'a plain read on dev asks nothing': {
    sql: 'SELECT * FROM tiny',
    input: { confirm: mustNotAsk },
    sees: ({ plan }) => assert.equal(plan.analyzed, true),
  },
  'a read whose effects no rollback undoes is asked for on dev too; a no leaves the plan': {
    sql: 'SELECT pg_stat_reset()',
    input: { confirm: no },
    sees: ({ plan }) => assert.equal(plan.analyzed, false),
  },
  'after a yes it is run once, and not again for a trial': {
    sql: "SELECT id, pg_stat_reset() FROM orders WHERE status = 'open' ORDER BY at DESC LIMIT 1",
    input: { confirm: yes },
    sees: ({ plan, suggestions }) => {
      assert.equal(plan.analyzed, true);
      assert.ok(suggestions.length > 0);
      for (const { verification } of suggestions) assert.match(verification.why ?? '', /not run again/);
    },
  },
  'production asks each time; a no leaves the plan': {
    sql: 'SELECT * FROM tiny',
    profile: { environment: 'production' },
    input: { confirm: no },
    sees: ({ plan }) => assert.equal(plan.analyzed, false),
  },
  'parameters are bound by name': {
    sql: 'SELECT * FROM orders WHERE customer = :customer AND status = :status',
    input: { parameters: { customer: '7', status: 'done' } },
    sees: ({ plan }) => assert.equal(plan.analyzed, true),
  },
  'a parameter without a value is named': {
    sql: 'SELECT * FROM orders WHERE customer = :customer AND status = $1',
    input: { parameters: { '1': 'done' } },
    fails: 'missingParameters',
  },
  'the generic plan is never run': {
    sql: 'SELECT * FROM orders WHERE customer = $1',
    input: { parameters: 'generic' },
    sees: ({ plan, suggestions }) => {
      assert.equal(plan.analyzed, false);
      assert.match(suggestions[0]?.verification.why ?? '', /generic plan/);
    },
  },
  'an index is suggested, proven by a trial, and gone': {
    sql: openOrders,
    sees: ({ plan, suggestions, findings }) => {
      const [best, ...others] = suggestions;
      assert.deepEqual(best?.columns, ['status', 'at DESC']);
      assert.equal(best.rejected, undefined);
      assert.equal(best.verification.by, 'trial');
      const {
        costBefore = 0,
        costAfter = Infinity,
        msBefore = 0,
        msAfter = Infinity,
        planAfter,
      } = best.verification;
      assert.ok(costAfter < costBefore / 10, `cost ${costBefore} → ${costAfter}`);
      assert.ok(msAfter < msBefore / 2, `${msBefore} → ${msAfter} ms`);
      assert.ok(planAfter?.nodes.some((node) => node.index === 'orders_status_at_idx'));
      assert.ok((best.sizeBytes ?? 0) > 100_000);
      assert.equal(best.nodeId, plan.nodes.find((node) => node.relation === 'orders')?.id);
      assert.ok(others.every((other) => other.rejected !== undefined));
      assert.ok(findings.length > 0);
    },
  },
  'on staging nothing is built, and that is said': {
    sql: openOrders,
    profile: { environment: 'staging' },
    sees: ({ suggestions }) => {
      assert.equal(suggestions[0]?.verification.by, 'none');
      assert.match(suggestions[0].verification.why ?? '', /dev connections only; this one is staging/);
    },
  },
  'an index that exists is not suggested again': {
    sql: 'SELECT count(pad) FROM indexed WHERE kind >= 1',
    sees: ({ suggestions }) => {
      assert.deepEqual(
        suggestions.map(({ rejected, overlaps }) => [overlaps?.[0], rejected]),
        [
          [
            'indexed_kind_idx',
            'indexed_kind_idx already begins with these columns; the planner did not choose it.',
          ],
        ],
      );
    },
  },
  'an index that keeps most rows is tried and rejected': {
    sql: "SELECT sum(length(note)) FROM orders WHERE status = 'done'",
    sees: ({ suggestions }) => {
      assert.deepEqual(
        suggestions.map(({ columns }) => columns),
        [['status']],
      );
      assert.match(suggestions[0]?.rejected ?? '', /does not use it|instead of|lowers/);
    },
  },
  'a small table needs no index': {
    sql: "SELECT * FROM tiny WHERE kind = 'b'",
    sees: ({ suggestions }) => assert.ok(suggestions.every(({ rejected }) => rejected !== undefined)),
  },
};

onEachServer('profiler', {}, [setup], (fixture) => {
  for (const [title, testCase] of Object.entries(cases)) check(fixture, title, testCase);
});
