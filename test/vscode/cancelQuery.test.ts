/** Cancel in a real VS Code stops the query on a real server. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { startServer, type TestServer } from '../support/postgres.ts';
import { rigIsPossible } from './rig/install.ts';
import { inVscode } from './rig/workbench.ts';

/** From the click to a server that runs the statement no more. */
const cancelLimitMs = 2000;
const skip = rigIsPossible ? false : 'the VS Code that a test can drive runs on Linux x64';

test('Cancel, a closed panel and a closed window stop the query on the server', { skip }, async (t) => {
  const server = await startServer(18);
  // A nap whose length a second profile of the same statement finds changed.
  await server.admin('create table nap as select 0.01::float8 as seconds');
  const settings = {
    'pgQueryProfiler.statementTimeoutMs': 120_000,
    'pgQueryProfiler.connections': [
      {
        id: 'test',
        name: 'Test server',
        host: server.host,
        port: server.port,
        database: 'postgres',
        user: 'postgres',
        ssl: 'disable',
        environment: 'dev',
      },
    ],
  };
  const stopsInTime = async (after: string) => {
    const since = Date.now();
    await untilSleeping(server, 0, 30_000);
    const tookMs = Date.now() - since;
    t.diagnostic(`the server had stopped ${tookMs} ms after ${after}`);
    assert.ok(tookMs <= cancelLimitMs, `the server stopped ${tookMs} ms after ${after}`);
  };
  try {
    const files = {
      'sleep.sql': 'select pg_sleep(60);\n',
      'nap.sql': 'select pg_sleep(seconds) from nap;\n',
    };
    await inVscode({ name: 'cancel-query', files, settings }, async (workbench) => {
      const step = workbench.steps(t);

      await step('the query runs on the server', async () => {
        await workbench.openFile('sleep.sql');
        await workbench.lens('Profile').first().waitFor();
        await workbench.runCommand('Query Profiler: Select Connection');
        await workbench.pick('Test server');
        await workbench.lens('Profile').first().click();
        await workbench.answer('secret storage', server.password);
        await untilSleeping(server, 1, 30_000);
      });

      await step(`Cancel stops it within ${cancelLimitMs} ms`, async () => {
        const cancel = workbench
          .notification('Profiling the query')
          .locator('.monaco-button', { hasText: 'Cancel' });
        await cancel.click();
        await stopsInTime('the click on Cancel');
      });

      await step('the next profile works', async () => {
        await workbench.openFile('nap.sql');
        await workbench.lens('Profile').first().click();
        const panel = await workbench.webview('[role=treegrid] [role=row][data-node]');
        assert.match(await panel.locator('[role=row][data-node]').first().innerText(), /Seq Scan/);
        await server.admin('update nap set seconds = 60');
        await panel.getByRole('button', { name: 'Profile again' }).click();
        await untilSleeping(server, 1, 30_000);
      });

      await step('closing the panel stops it', async () => {
        await workbench.tab('Query Profile').locator('.tab-actions .action-label').click();
        await stopsInTime('closing the panel');
      });

      await step('closing the window stops it', async () => {
        await workbench.openFile('sleep.sql');
        await workbench.lens('Profile').first().click();
        await untilSleeping(server, 1, 30_000);
        await workbench.closeWindow();
        await stopsInTime('closing the window');
      });
    });
  } finally {
    server.stop();
  }
});

/** Waits until that many backends are in pg_sleep(60). */
async function untilSleeping(server: TestServer, wanted: number, limitMs: number): Promise<void> {
  const endsAt = Date.now() + limitMs;
  for (;;) {
    const rows = await server.admin(
      `select query from pg_stat_activity where state = 'active' and wait_event = 'PgSleep'`,
    );
    if (rows.length === wanted) return;
    if (Date.now() > endsAt)
      throw new Error(`${rows.length} backends sleep after ${limitMs} ms, not ${wanted}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
