/** The promise of `npm start`: the guide's query on the sample database, from nothing to a proven index. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { splitStatements } from '../../src/core/sql/split.ts';
import { loadParser } from '../../src/core/sql/parser.ts';
import { slowDeploymentsSql } from '../../src/embedded/guide.ts';
import type { ProfileReport, RankingReport } from '../../src/shared/report.ts';
import { assertRefused, type CliResult, root, runCli } from './runCli.ts';

const sampleFile = path.join(root, 'media/sample/slow-deployments.sql');

test('The file of the sample is the guide’s query', async () => {
  const statements = splitStatements(await loadParser(), readFileSync(sampleFile, 'utf8'));
  assert.deepEqual(
    statements.map(({ text }) => text),
    [slowDeploymentsSql],
  );
});

describe('On the sample database', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'pgqp-home-'));
  const env = { HOME: home, USERPROFILE: home, LOCALAPPDATA: home, XDG_CACHE_HOME: home };
  after(() => rmSync(home, { recursive: true, force: true }));

  const profile = (...args: readonly string[]) =>
    runCli(['profile', sampleFile, '--sample', '--format', 'json', ...args], { env });
  const runs: CliResult[] = [];
  before(async () => {
    runs.push(await profile());
    runs.push(await profile());
  });

  for (const [run, name] of ['made on first use', 'used again'].entries()) {
    test(`${name}: the findings, the index, and a second profile at least 20 times faster`, () => {
      const { code, stdout, stderr } = runs[run] ?? assert.fail('it ran');
      assert.equal(code, 0, stderr);
      const report = JSON.parse(stdout) as ProfileReport;
      const titles = report.findings.map(({ title }) => title.toLowerCase());
      assert.ok(
        titles.some((title) => title.includes('sequential scan on deployments')),
        titles.join('\n'),
      );
      assert.ok(
        titles.some((title) => title.includes('rows removed by filter')),
        titles.join('\n'),
      );
      const [best] = report.suggestions;
      assert.equal(best?.rejected, undefined);
      assert.match(best?.ddl ?? '', /ON deployments \(.*deployed_at DESC/);
      const {
        by,
        costBefore = 0,
        costAfter = 0,
        msBefore = 0,
        msAfter = 0,
        planAfter,
      } = best?.verification ?? assert.fail();
      assert.equal(by, 'trial');
      assert.ok(costAfter > 0 && costBefore > costAfter, `cost ${costBefore} → ${costAfter}`);
      assert.ok(msAfter > 0 && msBefore >= 20 * msAfter, `${msBefore} ms → ${msAfter} ms`);
      assert.ok(planAfter?.nodes.some(({ index }) => index !== undefined && best?.ddl.includes(index)));
      assert.deepEqual(report.server?.sample, true);
    });
  }

  test('Both runs say the same', () => {
    const [first, second] = runs.map(({ stdout }) => {
      const { findings, suggestions } = JSON.parse(stdout) as ProfileReport;
      return {
        rules: findings.map(({ ruleId }) => ruleId).toSorted(),
        ddl: suggestions.map(({ ddl }) => ddl),
      };
    });
    assert.deepEqual(second, first);
  });

  test('The first use says what takes long; the second is silent', () => {
    assert.match(runs[0]?.stderr ?? '', /^(pg-query-profiler: [^\n]+ …\n)+$/);
  });

  test('No index stays behind', async () => {
    const sql = "SELECT count(*) FROM pg_indexes WHERE tablename = 'deployments'";
    const { stdout } = await runCli(['profile', '-', '--sample', '--format', 'json'], {
      env,
      stdin: "SELECT * FROM pg_indexes WHERE tablename = 'deployments'",
    });
    assert.equal((JSON.parse(stdout) as ProfileReport).plan.nodes[0]?.rows, 1, sql);
  });

  test('top ranks the small workload', async () => {
    const { code, stdout, stderr } = await runCli(['top', '--sample', '--format', 'json'], { env });
    assert.equal(code, 0, stderr);
    const { statements } = JSON.parse(stdout) as RankingReport;
    assert.ok(statements.some(({ query }) => query.includes('deployments')));
  });

  test('A statement that takes too long is stopped there too', async () => {
    const result = await runCli(['profile', '-', '--sample', '--timeout', '500'], {
      env,
      stdin: 'SELECT pg_sleep(60)',
    });
    assertRefused(result, 3, /longer than 500 ms/);
  });
});
