import { readFile } from 'node:fs/promises';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { Client } from 'pg';
import { userErrors } from '../core/errors.ts';
import type { ConnectOptions } from '../core/ports.ts';
import { Connection, OWN_STATEMENT_MS, SAMPLE_STATEMENT_MS, textOnly } from './connection.ts';
import { toConnectError } from './errors.ts';
import { applicationName } from './ownStatements.ts';

/** TCP, TLS and login together; the same as most drivers' default. */
const CONNECT_MS = 10_000;

/** PostgreSQL 13: the first with BUFFERS of planning, and the oldest that the tests run on. */
const OLDEST_MAJOR = 13;

/** What node-postgres says when the server answers 'N' to an SSLRequest; it has no code (pinned by a test). */
const TLS_NOT_OFFERED = 'The server does not support SSL connections';

/**
 * Opens one connection.
 * @throws UserError
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  try {
    return await attempt(options, await tlsOf(options));
  } catch (error) {
    const notOffered = error instanceof Error && error.message === TLS_NOT_OFFERED;
    if (!notOffered) throw toConnectError(error, options);
    if (options.ssl !== 'prefer') throw userErrors.tlsRefused('the server does not offer TLS', error);
  }
  try {
    return await attempt(options, false);
  } catch (error) {
    throw toConnectError(error, options);
  }
}

async function attempt(options: ConnectOptions, ssl: TlsOptions | false): Promise<Connection> {
  const client = new Client({
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    // A function, for node-postgres would otherwise fall back to PGPASSWORD and ~/.pgpass by itself.
    password: () => {
      if (options.password === undefined || options.password === '')
        throw userErrors.passwordMissing(options.user);
      return options.password;
    },
    ssl,
    sslnegotiation: 'postgres',
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: textOnly,
  });
  let version = '';
  client.connection.on('parameterStatus', (status: { parameterName: string; parameterValue: string }) => {
    if (status.parameterName === 'server_version') version = status.parameterValue;
  });
  const connection = new Connection(client, options.isSample ? SAMPLE_STATEMENT_MS : OWN_STATEMENT_MS);
  try {
    await client.connect();
  } catch (error) {
    connection.destroy();
    throw error;
  }
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) {
    await connection.close();
    throw userErrors.serverTooOld(version);
  }
  return connection;
}

/** libpq's meanings: 'prefer' and 'require' encrypt without checking, unless a root certificate was given to 'require'. */
async function tlsOf(options: ConnectOptions): Promise<TlsOptions | false> {
  if (options.ssl === 'disable' || options.host.startsWith('/')) return false;
  const ca = await rootCertificate(options);
  const trust = ca === undefined ? {} : { ca };
  switch (options.ssl) {
    case 'prefer':
      return { rejectUnauthorized: false };
    case 'require':
      return ca === undefined ? { rejectUnauthorized: false } : { ...trust, checkServerIdentity: anyName };
    case 'verify-ca':
      return { ...trust, checkServerIdentity: anyName };
    case 'verify-full':
      return trust;
  }
}

const anyName = () => undefined;

async function rootCertificate(options: ConnectOptions): Promise<string | undefined> {
  if (options.sslRootCertificate === undefined || options.ssl === 'prefer') return undefined;
  try {
    return await readFile(options.sslRootCertificate, 'utf8');
  } catch (error) {
    throw userErrors.tlsRefused(`the root certificate ${options.sslRootCertificate} cannot be read`, error);
  }
}
