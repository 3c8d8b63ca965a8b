/** What cannot be profiled, in a real VS Code: one sentence that says what is wrong and what to do, and no stack trace. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { startBrokenServer } from '../support/brokenServer.ts';
import { freePort, startServer } from '../support/postgres.ts';
import { rigIsPossible } from './rig/install.ts';
import { inVscode, type Workbench } from './rig/workbench.ts';

const skip = rigIsPossible ? false : 'the VS Code that a test can drive runs on Linux x64';

interface Case {
  /** The file that is profiled; a plain read unless said. */
  readonly file?: keyof typeof files;
  /** The name of the connection that is selected first; whichever was before when absent. */
  readonly on?: string;
  /** What the user does before they profile, and when VS Code asks something. */
  readonly before?: (workbench: Workbench) => Promise<void>;
  readonly answer?: (workbench: Workbench) => Promise<void>;
  /** The whole text of the notification. */
  readonly says: RegExp;
}

const files = {
  'read.sql': 'SELECT 1 AS one;\n',
  'empty.sql': '\n',
  'broken.sql': 'SELECT FROM WHERE;\n',
  'copy.sql': 'COPY t TO STDOUT;\n',
  'two.sql': 'SELECT 1; SELECT 2;\n',
};

const cases: Readonly<Record<string, Case>> = {
  'an empty file': { file: 'empty.sql', says: /^There is no SQL here\. Write a statement/ },
  'what is not SQL': { file: 'broken.sql', says: /^PostgreSQL cannot parse this: syntax error .*\. Correct/ },
  'what cannot be profiled': { file: 'copy.sql', says: /^COPY cannot be profiled: .*\. Profile a SELECT/ },
  'two statements': {
    file: 'two.sql',
    before: async ({ page }) => {
      await page.locator('.editor-instance .view-line').first().click();
      await page.keyboard.press('Control+A');
    },
    says: /^There are 2 statements here\. Select one of them/,
  },
  'no connection': {
    answer: async ({ page }) => {
      await page.locator('.quick-input-widget', { hasText: 'Profile Query' }).waitFor();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Nobody there' }).waitFor();
      await page.keyboard.press('Escape');
    },
    says: /^No connection is selected\. Open the sample database/,
  },
  'a server that is not there': {
    on: 'Nobody there',
    says: /^No server answers at 127\.0\.0\.1:\d+\. Check the host/,
  },
  'TLS that the server does not have': {
    on: 'No TLS',
    says: /^A secure connection could not be made: .*\. Check the ssl mode/,
  },
  'a server that is too old': {
    on: 'Too old',
    says: /^PostgreSQL 9\.6\.24 is too old\. Connect to PostgreSQL 13 or newer\./,
  },
  'a wrong password': {
    on: 'Locked',
    answer: (workbench) => workbench.answer('secret storage', 'not the password'),
    says: /^The server refused the password of "postgres"\. Enter the password again\./,
  },
};

test('what cannot be profiled is told in one sentence', { skip }, async (t) => {
  const [server, old] = await Promise.all([startServer(18), startBrokenServer('old')]);
  const connection = (name: string, port: number, ssl: string) => {
    return {
      id: name,
      name,
      host: '127.0.0.1',
      port,
      database: 'postgres',
      user: 'postgres',
      ssl,
      environment: 'dev',
    };
  };
  const settings = {
    'pgQueryProfiler.connections': [
      connection('Nobody there', await freePort(), 'disable'),
      connection('No TLS', server.port, 'require'),
      connection('Too old', old.port, 'disable'),
      connection('Locked', server.port, 'disable'),
    ],
  };
  try {
    await inVscode({ name: 'bad-input', files, settings }, async (workbench) => {
      const step = workbench.steps(t);
      for (const [what, { file = 'read.sql', on, before, answer, says }] of Object.entries(cases)) {
        await step(what, async () => {
          await workbench.openFile(file);
          if (on !== undefined) {
            await workbench.runCommand('Query Profiler: Select Connection');
            await workbench.pick(on);
            await workbench.page.locator('.part.statusbar', { hasText: on }).waitFor();
          }
          await before?.(workbench);
          await workbench.runCommand('Query Profiler: Profile Query');
          await answer?.(workbench);
          const message = workbench.page.locator('.notifications-toasts .notification-list-item-message');
          await message.filter({ hasText: says }).first().waitFor();
          const told = await message.filter({ hasText: says }).first().innerText();
          assert.doesNotMatch(told, /\bat .*\.js|\n/);
          await workbench.clearNotifications();
        });
      }
    });
  } finally {
    old.stop();
    server.stop();
  }
});
