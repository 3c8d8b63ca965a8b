/** The user's own server in a real VS Code: added, profiled on, helped by an index, and its slow queries read. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from 'playwright-core';
import { startServer } from '../support/postgres.ts';
import { waitFor } from '../support/servers.ts';
import { rigIsPossible } from './rig/install.ts';
import { inVscode } from './rig/workbench.ts';

const skip = rigIsPossible ? false : 'the VS Code that a test can drive runs on Linux x64';

const setup = `
  CREATE EXTENSION pg_stat_statements;
  CREATE TABLE orders (id int PRIMARY KEY, status text NOT NULL, at timestamptz NOT NULL, note text);
  INSERT INTO orders SELECT i, CASE WHEN i % 50 = 0 THEN 'open' ELSE 'done' END,
    '2026-01-01'::timestamptz + i * interval '1 minute', repeat('x', 100) FROM generate_series(1, 60000) i;
  ANALYZE;`;
const slowQuery = `SELECT count(*) FROM orders WHERE at > now() - INTERVAL '9000 days' AND note LIKE 'y%'`;

const files = {
  'open.sql': `SELECT id FROM orders WHERE status = :status AND at > '2026-01-10' ORDER BY at DESC LIMIT 20;\n`,
  'count.sql': `SELECT count(*) FROM orders WHERE note LIKE 'y%';\n`,
  'close.sql': `DELETE FROM orders WHERE status = 'open';\n`,
};
const countOrders = 'SELECT count(*)::int AS orders FROM orders';
const indexNames = `SELECT indexname AS name FROM pg_indexes WHERE tablename = 'orders' ORDER BY 1`;

test('profiles on a server of the user’s own', { skip }, async (t) => {
  const server = await startServer(18, { config: [`shared_preload_libraries = 'pg_stat_statements'`] });
  try {
    await server.admin(setup);
    for (let call = 0; call < 5; call++) await server.admin(slowQuery);
    await inVscode({ name: 'own-server', files }, async (workbench) => {
      const step = workbench.steps(t);
      const { page } = workbench;
      let panel: Frame;

      await step('a connection is added by its URL, and tested', async () => {
        await workbench.runCommand('Query Profiler: Add Connection');
        const { host, port, password } = server;
        await workbench.answer(
          'Host, or a connection URL',
          `postgresql://postgres:${password}@${host}:${port}/postgres?sslmode=disable`,
        );
        await workbench.pick('Development');
        await workbench.pick('After asking');
        await workbench.answer('Name of the connection', 'Shop');
        const told = await workbench.notification('Connected to PostgreSQL 18').innerText();
        assert.match(told, /pg_stat_statements/);
        assert.ok(!told.includes(password), 'the password is not told');
        await page.locator('.part.statusbar', { hasText: 'dev · Shop' }).waitFor();
      });

      await step('a parameter is asked for with its type, and bound', async () => {
        await workbench.openFile('open.sql');
        await workbench.lens('Profile').first().click();
        await workbench.pick('Enter values');
        await workbench.answer('Value of :status (text)', 'open');
        panel = await workbench.webview('[aria-label=Suggestions] .suggestion');
        const suggestion = await panel.locator('[aria-label=Suggestions] .suggestion').first().innerText();
        assert.match(suggestion, /orders \(status, at DESC\)/);
        assert.match(suggestion, /faster/);
      });

      await step('Copy puts the index on the clipboard', async () => {
        await panel.locator('[aria-label=Suggestions]').getByRole('button', { name: 'Copy' }).first().click();
        await waitFor(async () =>
          (await page.evaluate(() => navigator.clipboard.readText())).includes('CREATE INDEX'),
        );
      });

      await step('Apply… asks with the statement, and builds the index', async () => {
        await panel.getByRole('button', { name: 'Apply…' }).click();
        const dialog = page.locator('.monaco-dialog-box');
        assert.match(await dialog.innerText(), /CREATE INDEX CONCURRENTLY orders_status_at_idx/);
        await dialog.getByRole('button', { name: 'Apply' }).click();
        await workbench.notification('The suggestion was applied').waitFor();
        const names = (await server.admin(indexNames)).map(({ name }) => name);
        assert.deepEqual(names, ['orders_pkey', 'orders_status_at_idx']);
      });

      await step('Insert into editor writes the index into the file', async () => {
        await panel.getByRole('button', { name: 'Insert into editor' }).click();
        await workbench.line('CREATE INDEX CONCURRENTLY').waitFor();
      });

      await step('profiled again, it is compared with the run before', async () => {
        await workbench.openFile('open.sql');
        await workbench.lens('Profile').first().click();
        await workbench.pick('Enter values');
        await workbench.answer('Value of :status (text)', 'open');
        panel = await workbench.webview('vscode-button:has-text("Compare with the run before")');
        await panel.locator('vscode-button', { hasText: 'Compare with the run before' }).click();
        const comparison = await workbench.webview('.comparison');
        assert.match(await comparison.locator('h1').innerText(), /faster.*orders_status_at_idx/);
        await workbench.screenshot('compared');
      });

      await step('both runs are in the history, without their values', async () => {
        await workbench.viewContainer().click();
        const pane = page.locator('.part.sidebar .pane', {
          has: page.locator('.pane-header', { hasText: 'History' }),
        });
        await pane.locator('.pane-header').click();
        const statement = pane.locator('.monaco-list-row', { hasText: 'SELECT id FROM orders' }).first();
        assert.match(await statement.innerText(), /2 runs/);
        assert.doesNotMatch(await statement.innerText(), /2026-01-10/);
        await statement.locator('.monaco-tl-twistie').click();
        await pane.locator('.monaco-list-row', { hasText: 'ms' }).last().click();
        panel = await workbench.webview('[role=row][data-node]:has-text("Seq Scan")');
        await page.locator('.activitybar .action-label[aria-label^="Explorer"]').click();
      });

      await step('a DELETE asks, runs, and is rolled back', async () => {
        await workbench.openFile('close.sql');
        await workbench.lens('Profile').first().click();
        const dialog = page.locator('.monaco-dialog-box');
        assert.match(await dialog.innerText(), /changes rows while it runs; then everything is rolled back/);
        await dialog.getByRole('button', { name: 'Run It' }).click();
        panel = await workbench.webview('[role=row][data-node]:has-text("Delete")');
        assert.match(await panel.locator('header').innerText(), /run, then rolled back/);
        assert.deepEqual(await server.admin(countOrders), [{ orders: 60_000 }]);
      });

      await step(
        'several runs may be cold as well; without pg_buffercache it is said what is missing',
        async () => {
          await workbench.openFile('count.sql');
          const severalTimes = async () => {
            await workbench.runCommand('Query Profiler: Profile Query Several Times');
            await workbench.answer('How many runs?', '3');
            await workbench.pick('Warm, then cold');
          };
          await severalTimes();
          await workbench.notification('Run there as a superuser: CREATE EXTENSION pg_buffercache').waitFor();
          await server.admin('CREATE EXTENSION pg_buffercache');
          await workbench.tab('count.sql').click();
          await severalTimes();
          panel = await workbench.webview('.cold-runs');
          assert.match(
            await panel.locator('main').innerText(),
            /Cold runs: .*blocks .*read\)[\s\S]*the operating system may still have held them/,
          );
          await workbench.screenshot('cold-runs');
          await workbench.openFile('close.sql');
        },
      );

      await step('a slow query is listed, opened, and profiled from its row', async () => {
        await workbench.viewContainer().click();
        const row = page.locator('.part.sidebar .monaco-list-row', { hasText: 'SELECT count' }).first();
        await row.waitFor();
        await row.click();
        // The constant behind INTERVAL became $1, which only parses as a cast.
        await workbench.line('$1::INTERVAL').waitFor();
        await row.hover();
        await row.locator('.action-label[aria-label^="Profile"]').first().click();
        await workbench.pick('Generic plan');
        // The statement's own document is named after its first line, too.
        await workbench.tab('Query Profile: SELECT count').waitFor();
      });
    });
  } finally {
    server.stop();
  }
});
