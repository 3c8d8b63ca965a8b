/** What real servers log with auto_explain: every destination, format and prefix, nested and at the same time. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { LogEntry } from '../../../src/core/log/logEntry.ts';
import { readLog } from '../../../src/core/log/readLog.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import { serverVersions, startServer, type TestServer } from '../../support/postgres.ts';
import { checkShape, checkSums } from '../../support/soundPlan.ts';

const formats = ['text', 'json', 'yaml', 'xml'] as const;

/** What happens to stand in statements: line breaks, tabs, quotes, markup, characters beyond ASCII, a plan's look. */
const odd = `select '<a b="c">&amp;' as "größe 表", E'x\\ty' -- it's "odd"\n\twhere 'cost=1,  (actual' <> '\n\n{'`;
const statements: Readonly<Record<string, string>> = {
  simple: 'select count(*) from pg_class where relname > $1',
  odd,
  nested: 'select nested_reads(3)',
};

/** The newer a server, the more destinations it has. */
const destinationsOf = (version: number): readonly string[] =>
  version >= 15 ? ['stderr', 'csvlog', 'jsonlog'] : ['stderr', 'csvlog'];
const fileOf = { stderr: 'server.log', csvlog: 'server.csv', jsonlog: 'server.json' } as Readonly<
  Record<string, string>
>;

for (const version of serverVersions) {
  describe(`PostgreSQL ${version}`, () => {
    let server: TestServer | undefined;
    before(async () => {
      server = await startServer(version, {
        config: [
          'session_preload_libraries = auto_explain',
          'auto_explain.log_min_duration = 0',
          'auto_explain.log_analyze = on',
          'auto_explain.log_buffers = on',
          'auto_explain.log_verbose = on',
          'auto_explain.log_nested_statements = on',
          'logging_collector = on',
          `log_destination = '${destinationsOf(version).join(',')}'`,
          `log_filename = 'server.log'`,
          `log_line_prefix = '%m [%p] %q%u@%d '`,
        ],
      });
      await server.admin(`create function nested_reads(times int) returns int language plpgsql as
        $$ begin for i in 1..times loop perform count(*) from pg_type where oid > i; end loop; return times; end $$`);
    });
    after(() => server?.stop());

    /** Runs all statements on a connection of their own; its process. */
    async function runAll(format: (typeof formats)[number]): Promise<number> {
      assert.ok(server);
      const { host, port, password } = server;
      const client = new Client({ host, port, password, user: 'postgres', database: 'postgres' });
      await client.connect();
      await client.query(`set auto_explain.log_format = ${format}`);
      for (const [name, sql] of Object.entries(statements))
        await client.query(sql, name === 'simple' ? ["p'g\n"] : []);
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await client.end();
      return rows[0]?.pid ?? 0;
    }

    /** The collector writes in its own time. */
    async function entriesOf(destination: string, pids: readonly number[]): Promise<readonly LogEntry[]> {
      assert.ok(server);
      const file = join(server.dataFolder, 'log', fileOf[destination]!);
      for (let attempt = 0; ; attempt++) {
        const entries = readLog(readFileSync(file, 'utf8')).filter(({ pid = 0 }) => pids.includes(pid));
        // Three statements, three nested ones, and the one that asks for the process.
        if (entries.length >= 7 * pids.length || attempt === 50) return entries;
        await delay(100);
      }
    }

    test('at the same time, in every format', async () => {
      const pids = await Promise.all(formats.map(runAll));
      const byDestination = new Map<string, readonly LogEntry[]>();
      for (const destination of destinationsOf(version)) {
        const entries = await entriesOf(destination, pids);
        byDestination.set(destination, entries);
        for (const [index, pid] of pids.entries()) {
          const own = entries.filter((entry) => entry.pid === pid);
          const format = formats[index]!;
          assert.deepEqual(
            own.map(({ queryText = '' }) => queryText),
            [
              statements['simple'],
              statements['odd'],
              ...Array.from({ length: 3 }, () => own[2]?.queryText ?? ''),
              statements['nested'],
              'select pg_backend_pid() as pid',
            ],
            `${destination} ${format}`,
          );
          assert.match(own[2]?.queryText ?? '', /count\(\*\) from pg_type where oid > i$/);
          if (version >= 16) assert.equal(own[0]?.parameters, `$1 = 'p''g\n'`);
          for (const entry of own) {
            assert.equal(entry.format, format);
            assert.equal(entry.user, 'postgres');
            assert.equal(entry.database, 'postgres');
            assert.ok(entry.durationMs > 0);
            const { plans, problems } = readPlans(entry.planText);
            assert.deepEqual(problems, [], entry.planText);
            assert.equal(plans.length, 1, entry.planText);
            assert.equal(plans[0]?.format, format);
            checkShape(plans[0]);
            checkSums(plans[0]);
          }
        }
      }
      // The order of the processes may differ between files, and so does how a carriage return is written.
      const plansOf = (destination: string) =>
        (byDestination.get(destination) ?? []).map(({ planText }) => planText.trimEnd()).toSorted();
      for (const destination of destinationsOf(version).slice(1))
        assert.deepEqual(plansOf(destination), plansOf('stderr'), destination);
    });
  });
}
