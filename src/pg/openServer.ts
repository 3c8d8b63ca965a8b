import type { Cancel } from '../core/cancel.ts';
import { neverCancelled } from '../core/cancel.ts';
import type { Log } from '../core/log.ts';
import type {
  ConnectOptions,
  EvictionOutcome,
  EvictionRequest,
  ExplainOutcome,
  ExplainRequest,
  Server,
  ServerInfo,
  StatementsOrder,
  StatementsReading,
  TableFacts,
  TableName,
  TrialOutcome,
  TrialRequest,
} from '../core/ports.ts';
import { applyDdl } from './applyDdl.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { describeParameters } from './describe.ts';
import { toConnectError } from './errors.ts';
import { assertMayEvict, evict } from './evict.ts';
import { ownMarker } from './ownStatements.ts';
import { explain } from './safeExplain.ts';
import type { ServerContext } from './session.ts';
import { StatementsReader } from './statements.ts';
import { tableFacts } from './tableFacts.ts';
import { tryIndex } from './trial.ts';

const infoSql = `SELECT ${ownMarker} current_setting('server_version') AS version,
  current_setting('server_version_num') AS version_num, current_database() AS database, current_user AS user,
  pg_is_in_recovery() AS standby, current_setting('is_superuser') AS superuser,
  (SELECT coalesce(json_object_agg(extname, extversion), '{}') FROM pg_extension) AS extensions`;

/**
 * Connects once to learn who answers; later calls open connections as they need them.
 * @throws UserError
 */
export async function openServer(options: ConnectOptions, log: Log): Promise<Server> {
  const connections = new Connections(options);
  const connection = await connections.take(neverCancelled);
  let info: ServerInfo;
  try {
    info = await readInfo(connection, options);
  } catch (error) {
    await connections.giveBack(connection, false);
    throw toConnectError(error, options);
  }
  await connections.giveBack(connection, true);
  log('info', 'connected', {
    version: info.version,
    environment: info.environment,
    extensions: info.extensions,
  });
  return new PostgresServer({ info, options, connections, log });
}

async function readInfo(connection: Connection, options: ConnectOptions): Promise<ServerInfo> {
  const [row] = await connection.query(infoSql);
  return {
    // Debian adds its own: "15.8 (Debian 15.8-0+deb12u1)".
    version: (row?.['version'] ?? '').split(' ')[0] ?? '',
    versionNum: Number(row?.['version_num']),
    database: row?.['database'] ?? '',
    user: row?.['user'] ?? '',
    environment: options.environment,
    isSample: options.isSample,
    isStandby: row?.['standby'] === 't',
    isSuperuser: row?.['superuser'] === 'on',
    extensions: JSON.parse(row?.['extensions'] ?? '{}') as Record<string, string>,
  };
}

class PostgresServer implements Server {
  readonly #context: ServerContext;
  readonly #statements: StatementsReader;

  constructor(context: ServerContext) {
    this.#context = context;
    this.#statements = new StatementsReader(context);
  }

  get info(): ServerInfo {
    return this.#context.info;
  }

  get options(): ConnectOptions {
    return this.#context.options;
  }

  explain(request: ExplainRequest): Promise<ExplainOutcome> {
    return explain(this.#context, request);
  }

  tryIndex(request: TrialRequest): Promise<TrialOutcome> {
    return tryIndex(this.#context, request);
  }

  assertMayEvict(cancel: Cancel): Promise<void> {
    return assertMayEvict(this.#context, cancel);
  }

  evict(request: EvictionRequest): Promise<EvictionOutcome> {
    return evict(this.#context, request);
  }

  describeParameters(sql: string, cancel: Cancel): Promise<readonly string[]> {
    return describeParameters(this.#context, sql, cancel);
  }

  tableFacts(tables: readonly TableName[], cancel: Cancel): Promise<readonly TableFacts[]> {
    return tableFacts(this.#context, tables, cancel);
  }

  statements(order: StatementsOrder, limit: number, cancel: Cancel): Promise<StatementsReading> {
    return this.#statements.read(order, limit, cancel);
  }

  applyDdl(ddl: string, cancel: Cancel): Promise<void> {
    return applyDdl(this.#context, ddl, cancel);
  }

  close(): Promise<void> {
    return this.#context.connections.close();
  }
}
