/** A connection as the user keeps it: everything but the password. */
import type { ConnectOptions, SslMode } from '../core/ports.ts';
import type { Environment } from '../shared/report.ts';

export interface ConnectionProfile {
  /** Stable: the key of the password in SecretStorage. */
  readonly id: string;
  readonly name: string;
  /** A path that begins with "/" is the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly ssl: SslMode;
  /** Path of the certificate that the server's is checked against; the system's own ones otherwise. */
  readonly sslRootCertificate?: string;
  /** SET ROLE for everything that runs. */
  readonly role?: string;
  /** As SQL spells it: "app, public". */
  readonly searchPath?: string;
  readonly environment: Environment;
  readonly readOnly: boolean;
}

/** What can be selected: a profile of the settings, the PG* environment variables, or the sample database. */
export interface Connection extends ConnectionProfile {
  readonly origin: 'settings' | 'environment' | 'sample';
}

/** Ids of the connections that are not in the settings; a profile cannot take them. */
export const environmentConnectionId = 'environment';
export const sampleConnectionId = 'sample';

export const sampleConnection: Connection = {
  id: sampleConnectionId,
  name: 'Sample database',
  // Where it listens is known once it runs; SampleHolder gives the real options.
  host: '',
  port: 0,
  database: 'model registry',
  user: '',
  ssl: 'disable',
  environment: 'dev',
  readOnly: false,
  origin: 'sample',
};

export const sslModes: readonly SslMode[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];
export const environments: readonly Environment[] = ['dev', 'staging', 'production'];

/** What holds where nothing is said. A database is production until its profile says otherwise. */
export const profileDefaults = {
  host: 'localhost',
  port: 5432,
  user: 'postgres',
  ssl: 'prefer',
  environment: 'production',
  readOnly: false,
} as const satisfies Partial<ConnectionProfile>;

/** Without a host: libpq's own defaults hold, and no variable at all means no connection. */
export const environmentDefaults = { environment: 'production', readOnly: false } as const;

/** The connection that the PG* variables describe. */
export function environmentConnection(options: ConnectOptions): Connection {
  const { password: _password, isSample: _isSample, ...address } = options;
  return { ...address, id: environmentConnectionId, name: 'PG* variables', origin: 'environment' };
}

export interface ParsedProfiles {
  readonly profiles: readonly ConnectionProfile[];
  /** Sentences for the log: what was ignored, and why. */
  readonly problems: readonly string[];
}

/** The profiles of a settings value; entries that cannot be used are left out with the reason. */
export function parseProfiles(value: unknown): ParsedProfiles {
  const problems: string[] = [];
  if (!Array.isArray(value)) return { profiles: [], problems: ['The setting "connections" is not a list.'] };
  const byId = new Map<string, ConnectionProfile>();
  for (const [index, entry] of value.entries()) {
    const parsed = parseProfile(entry, `Connection ${index + 1}`, problems);
    if (!parsed) continue;
    if (parsed.id === environmentConnectionId || parsed.id === sampleConnectionId)
      problems.push(`Connection ${index + 1} is ignored: the id "${parsed.id}" is taken.`);
    else if (byId.has(parsed.id))
      problems.push(`Connection ${index + 1} is ignored: another one has the id "${parsed.id}".`);
    else byId.set(parsed.id, parsed);
  }
  return { profiles: [...byId.values()], problems };
}

function parseProfile(entry: unknown, label: string, problems: string[]): ConnectionProfile | undefined {
  if (typeof entry !== 'object' || entry === null) {
    problems.push(`${label} is ignored: it is not an object.`);
    return undefined;
  }
  const fields = entry as Readonly<Record<string, unknown>>;
  if ('password' in fields)
    problems.push(`${label}: the password in the settings is not read; use "Set Password…" and remove it.`);
  const database = text(fields.database);
  if (database === undefined) {
    problems.push(`${label} is ignored: it names no database.`);
    return undefined;
  }
  const host = text(fields.host) ?? profileDefaults.host;
  const port = isPort(fields.port) ? fields.port : profileDefaults.port;
  const user = text(fields.user) ?? profileDefaults.user;
  const sslRootCertificate = text(fields.sslRootCertificate);
  const role = text(fields.role);
  const searchPath = text(fields.searchPath);
  return {
    // Hand-written entries may lack an id: where they lead to is as stable.
    id: text(fields.id) ?? `${user}@${host}:${port}/${database}`,
    name: text(fields.name) ?? database,
    host,
    port,
    database,
    user,
    ssl: oneOf(sslModes, fields.ssl) ?? profileDefaults.ssl,
    ...(sslRootCertificate !== undefined && { sslRootCertificate }),
    ...(role !== undefined && { role }),
    ...(searchPath !== undefined && { searchPath }),
    environment: oneOf(environments, fields.environment) ?? profileDefaults.environment,
    readOnly: fields.readOnly === true,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
}

function oneOf<T>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((candidate) => candidate === value);
}

export function toConnectOptions(connection: Connection, password: string | undefined): ConnectOptions {
  const { id: _id, origin: _origin, ...settings } = connection;
  const options = { ...settings, isSample: false };
  // An empty password is never sent: servers count it as a failed login and lock accounts.
  return password === undefined || password === '' ? options : { ...options, password };
}

/** "app@db.example.org:5432/registry". */
export function addressOf(connection: Connection): string {
  if (connection.origin === 'sample') return 'embedded in this extension';
  return `${connection.user}@${connection.host}:${connection.port}/${connection.database}`;
}

/** Why changes are refused on this connection, as the sentence that says what to do; undefined where they may be asked for. */
export function writeRefusal(
  connection: Pick<ConnectionProfile, 'name' | 'environment' | 'readOnly'>,
): string | undefined {
  if (connection.environment === 'production')
    return `"${connection.name}" is a production connection: profile it on a development copy.`;
  if (connection.readOnly)
    return `"${connection.name}" is marked read-only: edit the connection, or profile it elsewhere.`;
  return undefined;
}

/** Why a suggestion cannot be applied here; undefined where it can. */
export function applyRefusal(connection: Connection | undefined): string | undefined {
  if (!connection) return 'The connection that this was profiled on is gone.';
  const refusal = writeRefusal(connection);
  if (refusal !== undefined) return `Not applied from here: ${refusal}`;
  if (connection.environment !== 'dev')
    return 'Suggestions are applied from here on development connections only: copy the statement and have it reviewed.';
  return undefined;
}
