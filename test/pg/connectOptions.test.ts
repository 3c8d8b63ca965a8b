import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userInfo } from 'node:os';
import type { ConnectOptions } from '../../src/core/ports.ts';
import {
  connectOptionsFromEnv,
  connectOptionsFromUrl,
  type ConnectDefaults,
} from '../../src/pg/connectOptions.ts';

const defaults: ConnectDefaults = { host: 'fallback', user: 'me' };

function check(
  input: string | Record<string, string>,
  expected: Partial<ConnectOptions> | string,
  base = defaults,
): void {
  test(typeof input === 'string' ? input : JSON.stringify(input), () => {
    const result =
      typeof input === 'string' ? connectOptionsFromUrl(input, base) : connectOptionsFromEnv(input, base);
    if (typeof expected === 'string') {
      assert.ok(!result.ok, 'it was read');
      assert.ok(result.error.sentence.includes(expected), result.error.sentence);
      assert.ok(!result.error.sentence.includes('s3cret'), 'the password is in the sentence');
    } else {
      assert.ok(result.ok, result.ok ? '' : result.error.sentence);
      assert.deepEqual({ ...result.value, ...expected }, result.value);
    }
  });
}

check('postgresql://ann:s3cret@db.example:6543/shop', {
  host: 'db.example',
  port: 6543,
  database: 'shop',
  user: 'ann',
  password: 's3cret',
  ssl: 'prefer',
  environment: 'production',
  readOnly: false,
  isSample: false,
});
check('postgres://db.example', { host: 'db.example', port: 5432, database: 'me', user: 'me' });
check('POSTGRES://a:p%40ss%2Fw%25rd@h/d%20b', { user: 'a', password: 'p@ss/w%rd', database: 'd b' });
check('postgresql://%2Fvar%2Frun%2Fpostgresql/shop', { host: '/var/run/postgresql', database: 'shop' });
check('postgresql:///shop?host=/tmp/my%20socket&port=5433&user=bob', {
  host: '/tmp/my socket',
  port: 5433,
  user: 'bob',
  database: 'shop',
});
check('postgresql://[::1]:5433/shop', { host: '::1', port: 5433 });
check('postgresql:///?dbname=x&password=s3cret', { host: 'fallback', database: 'x', password: 's3cret' });
check('postgresql://h/d?schema=public&pgbouncer=true', { host: 'h' });
for (const mode of ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const) {
  check(`postgresql://h/d?sslmode=${mode}`, { ssl: mode });
}
check('postgresql://h/d?sslmode=allow', { ssl: 'prefer' });
check('postgresql://h/d?sslmode=no-verify', { ssl: 'require' });
check('postgresql://h/d?sslmode=verify', { ssl: 'verify-full' });
check('postgresql://h/d?ssl=true', { ssl: 'verify-full' });
check('postgresql://h/d?ssl=false', { ssl: 'disable' });
check('postgresql://h/d?sslrootcert=/etc/ca.pem', { sslRootCertificate: '/etc/ca.pem' });
check(
  'postgresql://h/d',
  { environment: 'dev', readOnly: true, ssl: 'require', name: 'Shop' },
  {
    environment: 'dev',
    readOnly: true,
    ssl: 'require',
    name: 'Shop',
  },
);
check('postgresql://h/d', { user: userInfo().username }, {});
check('postgresql://a:s3cret@h/d?sslmode=maybe', 'is not an ssl mode');
check('postgresql://a:s3cret@h:port/d', 'percent-encoded');
check('postgresql://a:s3cret@h:99999/d', 'cannot be read');
check('postgresql://a:s3cret@h/d?port=0', 'is not a port');
check('postgresql://a:s3cret%zz@h/d', 'percent-encoded');
check('postgresql://a:s3cret@h1,h2/d', 'several hosts');
check('postgresql:///d?host=h1,h2', 'several hosts');
check('mysql://a:s3cret@h/d', 'postgresql://');
check('s3cret', 'postgresql://');
check(
  {
    PGHOST: 'h',
    PGPORT: '6000',
    PGDATABASE: 'd',
    PGUSER: 'u',
    PGPASSWORD: 's3cret',
    PGSSLMODE: 'require',
    PGSSLROOTCERT: '/ca',
  },
  {
    host: 'h',
    port: 6000,
    database: 'd',
    user: 'u',
    password: 's3cret',
    ssl: 'require',
    sslRootCertificate: '/ca',
  },
);
check({ PGDATABASE: 'd' }, { host: 'fallback', database: 'd', user: 'me' });
check({ PGPORT: 'x' }, 'is not a port', {});
check({}, 'no connection', {});
check({ PGHOST: '', PGPASSWORD: 's3cret' }, 'no connection', {});
