import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import type { UserErrorCode } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import type { ConnectOptions } from '../../src/core/ports.ts';
import { openServer } from '../../src/pg/openServer.ts';
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

/** One protocol message: type, length, body. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const oldServerGreeting = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('S', Buffer.from('server_version\x009.6.24\x00')),
  message('Z', Buffer.from('I')),
]);

describe('what only a broken server does', { concurrency: true }, () => {
  const sockets = new Set<Socket>();
  const answers: Readonly<Record<string, (socket: Socket) => void>> = {
    old: (socket) => socket.once('data', () => socket.write(oldServerGreeting)),
    silent: () => undefined,
    rude: (socket) => socket.once('data', () => socket.destroy()),
    'not PostgreSQL': (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  };
  const servers = Object.entries(answers).map(([name, answer]) => {
    const listener = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      answer(socket);
    });
    return { name, listener };
  });
  before(() =>
    Promise.all(
      servers.map(({ listener }) => new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))),
    ),
  );
  after(() => {
    for (const socket of sockets) socket.destroy();
    for (const { listener } of servers) listener.close();
  });

  const expected: Readonly<Record<string, readonly UserErrorCode[]>> = {
    old: ['serverTooOld'],
    silent: ['unreachable'],
    rude: ['unreachable', 'connectionRefused'],
    'not PostgreSQL': ['unreachable', 'connectionRefused', 'tlsRefused'],
  };
  for (const { name, listener } of servers) {
    for (const ssl of name === 'old' ? (['disable'] as const) : (['disable', 'require'] as const)) {
      test(`a server that is ${name}, ssl ${ssl}`, { timeout: 15_000 }, async () => {
        const { port } = listener.address() as AddressInfo;
        const error = await openServer(fakeOptions({ port, ssl }), silentLog).then(
          () => assert.fail('it connected'),
          (reason: { code: UserErrorCode }) => reason,
        );
        assert.ok(expected[name]?.includes(error.code), error.code);
      });
    }
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
