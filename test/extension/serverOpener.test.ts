/** Passwords against a real server: asked for, kept once they worked, never erased by a failure. */
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { createCancel, neverCancelled } from '../../src/core/cancel.ts';
import { isUserError, type UserErrorCode } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Server } from '../../src/core/ports.ts';
import type { Connection } from '../../src/extension/connectionProfile.ts';
import { Passwords } from '../../src/extension/passwords.ts';
import { ServerOpener } from '../../src/extension/serverOpener.ts';
import { openServer } from '../../src/pg/openServer.ts';
import { startServer, type TestServer } from '../support/postgres.ts';

let server: TestServer;
before(async () => {
  server = await startServer(18);
});
after(() => server.stop());

const connection = (changes: Partial<Connection> = {}): Connection => ({
  id: 'test',
  name: 'Test',
  host: server.host,
  port: server.port,
  database: 'postgres',
  user: 'postgres',
  ssl: 'disable',
  environment: 'dev',
  readOnly: false,
  origin: 'settings',
  ...changes,
});

/** VS Code's SecretStorage keeps strings by key; so does this. */
function passwordsWith(stored: string | undefined) {
  const secrets = new Map<string, string>(stored === undefined ? [] : [['password:test', stored]]);
  const passwords = new Passwords({
    get: (key) => Promise.resolve(secrets.get(key)),
    store: (key, value) => Promise.resolve(void secrets.set(key, value)),
    delete: (key) => Promise.resolve(void secrets.delete(key)),
  });
  return { secrets, passwords };
}

interface Case {
  readonly stored?: 'right' | 'wrong';
  readonly entered?: 'right' | 'wrong' | 'left';
  readonly connection?: Partial<Connection>;
  readonly interactive?: boolean;
  readonly fails?: UserErrorCode;
  /** Entered in the questions that describe the connection. */
  readonly described?: 'right' | 'wrong';
  readonly asks: number;
  readonly storedAfter?: 'right' | 'wrong';
}

describe('opening a server', () => {
  const check = (
    title: string,
    { stored, entered, interactive = true, fails, asks, storedAfter, ...rest }: Case,
  ) =>
    test(title, async () => {
      const textOf = (kind?: string) =>
        kind === 'right' ? server.password : kind === 'wrong' ? 'no' : undefined;
      const { secrets, passwords } = passwordsWith(textOf(stored));
      let asked = 0;
      const opener = new ServerOpener({
        passwords,
        openSample: () => assert.fail('no sample here'),
        openServer,
        askPassword: () => {
          asked++;
          return Promise.resolve(textOf(entered));
        },
        log: silentLog,
      });
      const password = textOf(rest.described);
      const request = {
        interactive,
        onProgress: () => undefined,
        cancel: neverCancelled,
        ...(password !== undefined && { password }),
      };
      const work = opener.use(connection(rest.connection), request, ({ info }) => Promise.resolve(info.user));
      if (fails === undefined) assert.equal(await work, 'postgres');
      else await assert.rejects(work, (error) => isUserError(error, fails));
      assert.equal(asked, asks);
      assert.equal(secrets.get('password:test'), textOf(storedAfter));
    });

  check('takes the stored password', { stored: 'right', asks: 0, storedAfter: 'right' });
  check('asks when none is stored, and keeps what worked', {
    entered: 'right',
    asks: 1,
    storedAfter: 'right',
  });
  check('asks when the stored one is refused', {
    stored: 'wrong',
    entered: 'right',
    asks: 1,
    storedAfter: 'right',
  });
  check('asks once more only, and keeps nothing that failed', {
    entered: 'wrong',
    fails: 'wrongPassword',
    asks: 1,
  });
  check('leaves the stored one alone when the user leaves', {
    stored: 'wrong',
    entered: 'left',
    fails: 'cancelled',
    asks: 1,
    storedAfter: 'wrong',
  });
  check('keeps the described password when it works', { described: 'right', asks: 0, storedAfter: 'right' });
  check('keeps the one that worked, not the described one that did not', {
    described: 'wrong',
    entered: 'right',
    asks: 1,
    storedAfter: 'right',
  });
  check('never asks unbidden', {
    stored: 'wrong',
    interactive: false,
    fails: 'wrongPassword',
    asks: 0,
    storedAfter: 'wrong',
  });
  check('leaves the password alone when the database is not there', {
    stored: 'right',
    connection: { database: 'nowhere' },
    fails: 'noSuchDatabase',
    asks: 0,
    storedAfter: 'right',
  });
  check('leaves the password alone when nobody answers', {
    stored: 'right',
    connection: { port: 1 },
    fails: 'unreachable',
    asks: 0,
    storedAfter: 'right',
  });
});

test('Cancel is answered while the connection is still being made, and what comes late is closed', async () => {
  let arrive: (late: Server) => void = () => undefined;
  let closed = 0;
  const { passwords } = passwordsWith(undefined);
  const opener = new ServerOpener({
    passwords,
    openSample: () => assert.fail('no sample here'),
    // A server that does not answer: failure injection.
    openServer: () => new Promise((resolve) => (arrive = resolve)),
    askPassword: () => Promise.resolve(undefined),
    log: silentLog,
  });
  const cancel = createCancel();
  const request = { interactive: true, onProgress: () => undefined, cancel };
  const work = opener.use(connection(), request, () => assert.fail('cancelled before'));
  const refused = assert.rejects(work, (error) => isUserError(error, 'cancelled'));
  setImmediate(() => cancel.request());
  await refused;
  const late = await openServer({ ...server.options(), isSample: false }, silentLog);
  const close = late.close.bind(late);
  arrive({
    ...late,
    close: async () => {
      closed++;
      await close();
    },
  });
  await new Promise(setImmediate);
  assert.equal(closed, 1);
  await close();
});
