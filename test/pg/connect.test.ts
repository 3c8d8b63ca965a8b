import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { join } from 'node:path';
import type { UserErrorCode } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import type { ConnectOptions } from '../../src/core/ports.ts';
import { openServer } from '../../src/pg/openServer.ts';
import { startBrokenServer } from '../support/brokenServer.ts';
import { freePort } from '../support/postgres.ts';
import { assertFails, onEachServer, type Fixture } from '../support/servers.ts';

const tlsFile = (name: string) => join(import.meta.dirname, 'tls', name);
const certificate = tlsFile('server.crt');
const otherAuthority = tlsFile('otherAuthority.crt');
const wrong = 'wr0ng-pa55word';

interface Case {
  readonly options: Partial<ConnectOptions>;
  /** "tls" or "plain" when the connection is made. */
  readonly expect: 'tls' | 'plain' | UserErrorCode;
}

const isMade = (expected: Case['expect']): expected is 'tls' | 'plain' =>
  expected === 'tls' || expected === 'plain';

function check(fixture: Fixture, title: string, { options, expect }: Case): void {
  test(title, async () => {
    if (!isMade(expect)) {
      await assertFails(fixture.open(options), expect, wrong);
      return;
    }
    const server = await fixture.open(options);
    assert.equal(Math.floor(server.info.versionNum / 10_000), fixture.server.version);
    const [row] = await fixture.server.admin(
      `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'PostgreSQL Query Profiler'`,
    );
    assert.equal(row?.['ssl'], expect === 'tls');
    await server.close();
  });
}

const roles = `CREATE ROLE nologin PASSWORD 'x'; CREATE ROLE few LOGIN CONNECTION LIMIT 0 PASSWORD 'few'`;

onEachServer('connecting without TLS', {}, [roles], (fixture) => {
  const cases: Readonly<Record<string, Case>> = {
    'prefer falls back': { options: { ssl: 'prefer' }, expect: 'plain' },
    'require is refused': { options: { ssl: 'require' }, expect: 'tlsRefused' },
    'verify-full is refused': { options: { ssl: 'verify-full' }, expect: 'tlsRefused' },
    'wrong password': { options: { password: wrong }, expect: 'wrongPassword' },
    'wrong password with prefer': { options: { password: wrong, ssl: 'prefer' }, expect: 'wrongPassword' },
    'no such role': { options: { user: 'nobody', password: wrong }, expect: 'wrongPassword' },
    'role without LOGIN': { options: { user: 'nologin', password: 'x' }, expect: 'connectionRefused' },
    'no such database': { options: { database: 'nowhere' }, expect: 'noSuchDatabase' },
    'too many connections': { options: { user: 'few', password: 'few' }, expect: 'connectionRefused' },
    'no such host': { options: { host: 'nowhere.invalid' }, expect: 'unreachable' },
    'no socket there': { options: { host: '/nowhere' }, expect: 'unreachable' },
    'no password': { options: { password: '' }, expect: 'passwordMissing' },
  };
  for (const [title, testCase] of Object.entries(cases)) check(fixture, title, testCase);

  test('no password given, though PGPASSWORD has one', async () => {
    process.env['PGPASSWORD'] = fixture.server.password;
    try {
      const { password: _, ...options } = fixture.server.options();
      await assertFails(openServer(options, silentLog), 'passwordMissing');
    } finally {
      delete process.env['PGPASSWORD'];
    }
  });

  test('a unix socket, whatever the ssl mode', { skip: process.platform === 'win32' }, async () => {
    const server = await fixture.open({ host: fixture.server.socketFolder, ssl: 'verify-full' });
    assert.equal(server.info.user, 'postgres');
    assert.equal(server.info.isSuperuser, true);
  });
});

const withTls = {
  config: ['ssl = on'],
  files: {
    'server.crt': readFileSync(certificate, 'utf8'),
    'server.key': readFileSync(tlsFile('server.key'), 'utf8'),
  },
};

onEachServer('connecting with a self-signed certificate', withTls, [], (fixture) => {
  const trusted = { sslRootCertificate: certificate };
  const cases: Readonly<Record<string, Case>> = {
    disable: { options: { ssl: 'disable' }, expect: 'plain' },
    prefer: { options: { ssl: 'prefer' }, expect: 'tls' },
    require: { options: { ssl: 'require' }, expect: 'tls' },
    'require with another root': {
      options: { ssl: 'require', sslRootCertificate: otherAuthority },
      expect: 'tlsRefused',
    },
    'verify-ca, not trusted': { options: { ssl: 'verify-ca' }, expect: 'tlsRefused' },
    'verify-full, not trusted': { options: { ssl: 'verify-full', host: 'localhost' }, expect: 'tlsRefused' },
    'verify-ca, trusted': { options: { ssl: 'verify-ca', ...trusted }, expect: 'tls' },
    'verify-full, trusted': { options: { ssl: 'verify-full', host: 'localhost', ...trusted }, expect: 'tls' },
    'verify-full, another name': {
      options: { ssl: 'verify-full', host: '127.0.0.1', ...trusted },
      expect: 'tlsRefused',
    },
    'no such root certificate': {
      options: { ssl: 'verify-full', sslRootCertificate: '/nowhere.pem' },
      expect: 'tlsRefused',
    },
    'wrong password over TLS': { options: { ssl: 'require', password: wrong }, expect: 'wrongPassword' },
  };
  for (const [title, testCase] of Object.entries(cases)) check(fixture, title, testCase);
});

/** What each may be told as; the wire does not always say which. */
const misbehaviours: readonly (readonly [
  kind: Parameters<typeof startBrokenServer>[0],
  ssl: ConnectOptions['ssl'],
  codes: readonly UserErrorCode[],
])[] = [
  ['old', 'disable', ['serverTooOld']],
  ['silent', 'disable', ['unreachable']],
  ['silent', 'require', ['unreachable']],
  ['rude', 'disable', ['unreachable', 'connectionRefused']],
  ['rude', 'require', ['unreachable', 'connectionRefused']],
  ['not PostgreSQL', 'disable', ['unreachable', 'connectionRefused', 'tlsRefused']],
  ['not PostgreSQL', 'require', ['unreachable', 'connectionRefused', 'tlsRefused']],
];

describe('what only a broken server does', { concurrency: true }, () => {
  for (const [kind, ssl, codes] of misbehaviours) {
    test(`a server that is ${kind}, ssl ${ssl}`, { timeout: 15_000 }, async () => {
      const { port, stop } = await startBrokenServer(kind);
      try {
        const error = await openServer(fakeOptions({ port, ssl }), silentLog).then(
          () => assert.fail('it connected'),
          (reason: { code: UserErrorCode }) => reason,
        );
        assert.ok(codes.includes(error.code), error.code);
      } finally {
        stop();
      }
    });
  }

  test('nobody listens', async () => {
    await assertFails(openServer(fakeOptions({ port: await freePort() }), silentLog), 'unreachable', wrong);
  });
});

const fakeOptions = (changes: Partial<ConnectOptions>): ConnectOptions => ({
  host: '127.0.0.1',
  port: 1,
  database: 'd',
  user: 'u',
  password: wrong,
  ssl: 'disable',
  environment: 'dev',
  readOnly: false,
  isSample: false,
  ...changes,
});
