/** Connection URLs and PG* variables, with libpq's meanings. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { userErrors } from '../core/errors.ts';
import type { ConnectOptions, SslMode } from '../core/ports.ts';
import { fail, succeed, type Result } from '../core/result.ts';

/** What holds where the URL or the environment says nothing. */
export type ConnectDefaults = Partial<ConnectOptions>;

const DEFAULT_PORT = 5432;
const HIGHEST_PORT = 65_535;

/** Where Debian's and the original libpq look for the server's socket. */
const socketFolders = ['/var/run/postgresql', '/tmp'];

const variables = ['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGDATABASE', 'PGUSER'] as const;

/** Reads `postgresql://user:password@host:port/database?sslmode=…`. The URL never stands in an error: it may hold a password. */
export function connectOptionsFromUrl(url: string, defaults: ConnectDefaults): Result<ConnectOptions> {
  const trimmed = url.trim();
  if (!/^postgres(ql)?:\/\//i.test(trimmed)) {
    return unreadable('it does not begin with postgresql://');
  }
  const authority = trimmed.slice(trimmed.indexOf('//') + 2).split(/[/?#]/, 1)[0] ?? '';
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(',')) {
    return unreadable('it names several hosts');
  }
  try {
    const parsed = new URL(trimmed);
    const query = parsed.searchParams;
    return completeOptions(
      {
        host: query.get('host') ?? decodeHost(parsed.hostname),
        port: query.get('port') ?? parsed.port,
        database: query.get('dbname') ?? decodeURIComponent(parsed.pathname.slice(1)),
        user: query.get('user') ?? decodeURIComponent(parsed.username),
        password: query.get('password') ?? decodeURIComponent(parsed.password),
        sslmode: query.get('sslmode') ?? sslFlag(query.get('ssl')),
        sslrootcert: query.get('sslrootcert') ?? '',
      },
      defaults,
    );
  } catch {
    return unreadable('a part of it is not percent-encoded, or the port is not a number');
  }
}

/** Reads PGHOST and its kin; `noConnection` where none of them is set and the defaults name no host. */
export function connectOptionsFromEnv(
  env: Readonly<Record<string, string | undefined>>,
  defaults: ConnectDefaults,
): Result<ConnectOptions> {
  if (defaults.host === undefined && variables.every((name) => (env[name] ?? '') === '')) {
    return fail(userErrors.noConnection());
  }
  return completeOptions(
    {
      host: env['PGHOST'] ?? env['PGHOSTADDR'] ?? '',
      port: env['PGPORT'] ?? '',
      database: env['PGDATABASE'] ?? '',
      user: env['PGUSER'] ?? '',
      password: env['PGPASSWORD'] ?? '',
      sslmode: env['PGSSLMODE'] ?? '',
      sslrootcert: env['PGSSLROOTCERT'] ?? '',
    },
    defaults,
  );
}

/** As written; '' is "not given", as in libpq. */
interface Given {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly sslmode: string;
  readonly sslrootcert: string;
}

function completeOptions(given: Given, defaults: ConnectDefaults): Result<ConnectOptions> {
  const port = given.port === '' ? (defaults.port ?? DEFAULT_PORT) : Number(given.port);
  if (!Number.isInteger(port) || port < 1 || port > HIGHEST_PORT) {
    return fail(userErrors.badUsage(`"${given.port}" is not a port.`, 'Give a number from 1 to 65535.'));
  }
  const ssl = given.sslmode === '' ? (defaults.ssl ?? 'prefer') : sslModeOf(given.sslmode);
  if (ssl === undefined) {
    return fail(
      userErrors.badUsage(
        `"${given.sslmode}" is not an ssl mode.`,
        'Use disable, prefer, require, verify-ca or verify-full.',
      ),
    );
  }
  if (given.host.includes(',')) return unreadable('it names several hosts');
  const user = given.user || defaults.user || userInfo().username;
  const password = given.password || defaults.password;
  const sslRootCertificate = given.sslrootcert || defaults.sslRootCertificate;
  return succeed({
    ...(defaults.name === undefined ? {} : { name: defaults.name }),
    host: given.host || defaults.host || defaultHost(port),
    port,
    database: given.database || defaults.database || user,
    user,
    ...(password === undefined ? {} : { password }),
    ssl,
    ...(sslRootCertificate === undefined ? {} : { sslRootCertificate }),
    // A server is production until its profile says otherwise.
    environment: defaults.environment ?? 'production',
    readOnly: defaults.readOnly ?? false,
    isSample: defaults.isSample ?? false,
  });
}

/** 'allow' tries plain first, which nobody should; other words that begin with "verify" mean the full check. */
function sslModeOf(text: string): SslMode | undefined {
  switch (text.toLowerCase()) {
    case 'disable':
    case 'prefer':
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return text.toLowerCase() as SslMode;
    case 'allow':
      return 'prefer';
    case 'no-verify':
      return 'require';
    case 'verify':
    case 'verify_full':
    case 'verify-identity':
      return 'verify-full';
    default:
      return undefined;
  }
}

/** `ssl=true` of JDBC and others asks for TLS, and TLS is verified when asked for. */
function sslFlag(value: string | null): string {
  if (value === null) return '';
  if (['true', '1', 'on'].includes(value.toLowerCase())) return 'verify-full';
  return ['false', '0', 'off'].includes(value.toLowerCase()) ? 'disable' : value;
}

/** The host of a URL may be a percent-encoded socket folder; IPv6 addresses stand in brackets. */
const decodeHost = (hostname: string): string => decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1');

function defaultHost(port: number): string {
  const folder = socketFolders.find((path) => existsSync(`${path}/.s.PGSQL.${port}`));
  return folder ?? 'localhost';
}

const unreadable = (why: string): Result<never> =>
  fail(
    userErrors.badUsage(
      `The connection URL cannot be read: ${why}.`,
      'Write postgresql://user:password@host:5432/database.',
    ),
  );
