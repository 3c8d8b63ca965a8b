/** The tests of src/pg: each on every server version of this run, against one started for the file. */
import { after, before, describe } from 'node:test';
import assert from 'node:assert/strict';
import { createCancel, neverCancelled, type Cancel } from '../../src/core/cancel.ts';
import { UserError, type UserErrorCode } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import {
  defaultExplainOptions,
  type ConnectOptions,
  type ExplainRequest,
  type Server,
} from '../../src/core/ports.ts';
import { openServer } from '../../src/pg/openServer.ts';
import { serverVersions, startServer, type ServerSettings, type TestServer } from './postgres.ts';

export interface Fixture {
  readonly server: TestServer;
  /** A Server as the superuser of a dev profile, with `changes`; closed at the end of the file. */
  open(changes?: Partial<ConnectOptions>): Promise<Server>;
}

export function onEachServer(
  title: string,
  settings: ServerSettings,
  /** Texts that run one after another: CREATE DATABASE stands alone. */
  setup: readonly string[],
  body: (fixture: Fixture) => void,
): void {
  for (const version of serverVersions) {
    describe(`${title} on PostgreSQL ${version}`, () => {
      let started: TestServer | undefined;
      const opened: Server[] = [];
      before(async () => {
        started = await startServer(version, settings);
        for (const sql of setup) await started.admin(sql);
      });
      after(async () => {
        await Promise.all(opened.map((server) => server.close()));
        started?.stop();
      });
      body({
        get server() {
          assert.ok(started !== undefined, 'the server runs');
          return started;
        },
        async open(changes) {
          const server = await openServer(this.server.options(changes), silentLog);
          opened.push(server);
          return server;
        },
      });
    });
  }
}

/** A plain read with ANALYZE and all options, with `changes`. */
export const requestOf = (sql: string, changes: Partial<ExplainRequest> = {}): ExplainRequest => ({
  sql,
  access: 'read',
  parameters: [],
  options: defaultExplainOptions,
  timeoutMs: 10_000,
  cancel: neverCancelled,
  ...changes,
});

/** The UserError with which `action` fails: its code is `code`, its sentence has no secret, and says what to do. */
export async function assertFails(
  action: Promise<unknown>,
  code: UserErrorCode,
  secret?: string,
): Promise<UserError> {
  const error: unknown = await action.then(
    () => assert.fail(`expected ${code}, but it passed`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, `expected a UserError, got ${String(error)}`);
  assert.equal(error.code, code, `${error.code}: ${error.sentence}`);
  assert.ok(!error.sentence.includes('\n'), error.sentence);
  if (secret !== undefined) assert.ok(!error.sentence.includes(secret), 'the sentence holds the password');
  return error;
}

/** Requests cancellation once `condition` holds. */
export async function cancelWhen(
  condition: () => Promise<boolean>,
): Promise<{ readonly cancel: Cancel; readonly done: Promise<void> }> {
  const source = createCancel();
  const done = waitFor(condition).then(() => source.request());
  return { cancel: source, done };
}

const POLL_MS = 20;
const WAIT_MS = 10_000;

/** Waits for what another process does; fails loudly when it does not happen. */
export async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const giveUpMs = Date.now() + WAIT_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < giveUpMs, 'what the test waits for did not happen');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
