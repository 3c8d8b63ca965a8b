import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import type { Connection } from '../../src/extension/connectionProfile.ts';
import {
  applyRefusal,
  environmentConnection,
  parseProfiles,
  sampleConnection,
  toConnectOptions,
  writeRefusal,
} from '../../src/extension/connectionProfile.ts';

const complete = {
  id: 'a1',
  name: 'Registry',
  host: 'db.example.org',
  port: 6432,
  database: 'registry',
  user: 'app',
  ssl: 'verify-full',
  role: 'app_reader',
  searchPath: 'app, public',
  environment: 'staging',
  readOnly: true,
} as const;

const connection: Connection = { ...complete, origin: 'settings' };

describe('profiles of the settings', () => {
  const check = (title: string, value: unknown, names: readonly string[], problems: readonly RegExp[]) =>
    test(title, () => {
      const parsed = parseProfiles(value);
      assert.deepEqual(
        parsed.profiles.map(({ name }) => name),
        names,
      );
      assert.equal(parsed.problems.length, problems.length, parsed.problems.join('\n'));
      for (const [index, problem] of problems.entries()) assert.match(parsed.problems[index] ?? '', problem);
    });

  check('are read as written', [complete], ['Registry'], []);
  check('are none by default', [], [], []);
  check('must be a list', { registry: complete }, [], [/not a list/]);
  check('need a database', [{ host: 'x' }, complete], ['Registry'], [/Connection 1 .*no database/]);
  check('are objects', ['postgres://x', null], [], [/not an object/, /not an object/]);
  check('have ids of their own', [complete, { ...complete, name: 'Other' }], ['Registry'], [/"a1"/]);
  check('do not take the sample’s id', [{ ...complete, id: 'sample' }], [], [/taken/]);
  check(
    'carry no password',
    [{ ...complete, password: 'secret' }],
    ['Registry'],
    [/password .* is not read/],
  );

  test('keep every field', () => {
    assert.deepEqual(parseProfiles([complete]).profiles, [complete]);
  });

  test('are production until they say otherwise, and have a stable id without one', () => {
    const [profile] = parseProfiles([
      { database: 'registry', environment: 'developement', port: '1' },
    ]).profiles;
    assert.deepEqual(profile, {
      id: 'postgres@localhost:5432/registry',
      name: 'registry',
      host: 'localhost',
      port: 5432,
      database: 'registry',
      user: 'postgres',
      ssl: 'prefer',
      environment: 'production',
      readOnly: false,
    });
  });

  test('never show the password in a problem', () => {
    assert.ok(
      !parseProfiles([{ ...complete, password: 'secret' }])
        .problems.join()
        .includes('secret'),
    );
  });
});

test('an empty password is not sent', () => {
  assert.ok(!('password' in toConnectOptions(connection, '')));
  assert.ok(!('password' in toConnectOptions(connection, undefined)));
  const { password, role, searchPath } = toConnectOptions(connection, 'x');
  assert.deepEqual(
    { password, role, searchPath },
    { password: 'x', role: 'app_reader', searchPath: 'app, public' },
  );
});

describe('what a connection refuses', () => {
  const check = (changes: Partial<Connection>, write: RegExp | undefined, apply: RegExp | undefined) =>
    test(JSON.stringify(changes), () => {
      const changed = { ...connection, readOnly: false, ...changes };
      assertMatches(writeRefusal(changed), write);
      assertMatches(applyRefusal(changed), apply);
    });

  check({ environment: 'dev' }, undefined, undefined);
  check({ environment: 'dev', readOnly: true }, /read-only/, /read-only/);
  check({ environment: 'staging' }, undefined, /development connections only/);
  check({ environment: 'production' }, /production/, /production/);
  check(sampleConnection, undefined, undefined);
  test('a connection that is gone', () => assertMatches(applyRefusal(undefined), /gone/));
});

function assertMatches(text: string | undefined, expected: RegExp | undefined): void {
  if (expected === undefined) assert.equal(text, undefined);
  else assert.match(text ?? '', expected);
}

test('the PG* variables reach the server whole: the certificate too, the password only when it is handed over', () => {
  const options = {
    host: 'db.example.org',
    port: 5432,
    database: 'registry',
    user: 'app',
    password: 'secret',
    ssl: 'verify-full',
    sslRootCertificate: '/etc/ca.pem',
    environment: 'production',
    readOnly: false,
    isSample: false,
  } as const;
  const fromEnvironment = environmentConnection(options);
  assert.ok(!JSON.stringify(fromEnvironment).includes('secret'));
  assert.deepEqual(toConnectOptions(fromEnvironment, 'secret'), { ...options, name: 'PG* variables' });
});
