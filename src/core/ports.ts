/**
 * What the engine asks of the world. `src/pg` implements `Server`; hosts hand it to `createProfiler`.
 * A Server is one profile of the user: it opens connections as it needs them and closes them itself.
 */
import type { Environment, RankedStatement } from '../shared/report.ts';
import type { Cancel } from './cancel.ts';

export interface ServerInfo {
  /** "18.4". */
  readonly version: string;
  /** server_version_num: 180004. */
  readonly versionNum: number;
  readonly database: string;
  readonly user: string;
  readonly environment: Environment;
  readonly isSample: boolean;
  readonly isStandby: boolean;
  readonly isSuperuser: boolean;
  /** name → extversion. */
  readonly extensions: Readonly<Record<string, string>>;
}

/** EXPLAIN's options; what the server's version lacks is left out by the implementation. */
export interface ExplainOptions {
  readonly analyze: boolean;
  readonly buffers: boolean;
  readonly verbose: boolean;
  readonly settings: boolean;
  readonly wal: boolean;
  readonly timing: boolean;
  /** 17+ */
  readonly memory: boolean;
  /** 17+ */
  readonly serialize: boolean;
}

export const defaultExplainOptions: ExplainOptions = {
  analyze: true,
  buffers: true,
  verbose: true,
  settings: true,
  wal: true,
  timing: true,
  memory: true,
  serialize: false,
};

/** What a statement does to rows: 'lock' is SELECT … FOR UPDATE and its kin. */
export type Access = 'read' | 'lock' | 'write';

/** Values by position ($1 is the first; null is SQL NULL), or the generic plan. */
export type ParameterValues = readonly (string | null)[] | 'generic';

export interface ExplainRequest {
  /** Exactly one statement, guarded, without EXPLAIN, placeholders as $n. */
  readonly sql: string;
  readonly access: Access;
  readonly parameters: ParameterValues;
  readonly options: ExplainOptions;
  /** statement_timeout. */
  readonly timeoutMs: number;
  /** Asked once, after the estimate, before anything is executed. False: the plan stays without ANALYZE. */
  readonly confirm?: (preflight: Preflight) => Promise<boolean>;
  /** Whether `confirm` is asked at all; absent: it always is. */
  readonly needsConsent?: (preflight: Preflight) => boolean;
  readonly cancel: Cancel;
}

/** What is known before the statement runs. */
export interface Preflight {
  readonly access: Access;
  readonly environment: Environment;
  /** The planner's total cost and rows, from plain EXPLAIN. */
  readonly cost: number;
  readonly planRows: number;
  /** Triggers that would fire: "deployments.audit_ai". */
  readonly triggers: readonly string[];
  /** Volatile functions that the statement calls. */
  readonly volatileFunctions: readonly string[];
  /** Locks that planning already took beyond AccessShare: "RowExclusiveLock on deployments". */
  readonly locks: readonly string[];
  /** What a rollback does not undo, in words; empty for plain reads. */
  readonly notUndone: readonly string[];
}

export interface ExplainOutcome {
  /** Plan as the server's own text, FORMAT JSON. */
  readonly planText: string;
  /** False when only the estimate was taken. */
  readonly analyzed: boolean;
  readonly preflight: Preflight;
}

/** An index built in a transaction, the statement measured before and after (warm), all rolled back. */
export interface TrialRequest extends Omit<ExplainRequest, 'confirm' | 'needsConsent'> {
  /** CREATE INDEX without CONCURRENTLY. */
  readonly ddl: string;
  readonly indexName: string;
}

export interface TrialOutcome {
  readonly beforeText: string;
  readonly afterText: string;
  readonly sizeBytes: number;
  readonly buildMs: number;
}

/** Tables and indexes whose pages are to leave shared_buffers. */
export interface EvictionRequest {
  readonly tables: readonly TableName[];
  /** Names of indexes of those tables; others of theirs stay. */
  readonly indexes: readonly string[];
  readonly timeoutMs: number;
  readonly cancel: Cancel;
}

export interface EvictionOutcome {
  /** How many tables and indexes were found in the catalogue, what belongs to TOAST included. */
  readonly relations: number;
  /** Blocks that stayed, for somebody was using them. */
  readonly keptBlocks: number;
}

export interface TableName {
  readonly schema?: string;
  readonly name: string;
}

/** What the advisor needs to know of a table. */
export interface TableFacts {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'partitioned' | 'view' | 'materialized' | 'foreign' | 'other';
  /** reltuples; undefined when never analysed. */
  readonly rowEstimate?: number;
  readonly sizeBytes: number;
  /** True when the name without schema resolves to this table. */
  readonly visible: boolean;
  readonly columns: readonly ColumnFacts[];
  readonly indexes: readonly IndexFacts[];
}

export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** pg_stats: positive count, or negative share of rows; undefined when unknown. */
  readonly distinct?: number;
  readonly nullFraction?: number;
  readonly averageWidth?: number;
  /** Frequencies of the most common values, highest first. */
  readonly commonFrequencies?: readonly number[];
}

export interface IndexFacts {
  readonly name: string;
  readonly method: string;
  readonly definition: string;
  /** Key columns or expressions in order, as pg_get_indexdef prints each one. */
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly predicate?: string;
  readonly unique: boolean;
  readonly valid: boolean;
  /** Backs a primary key, unique or exclusion constraint. */
  readonly constraint: boolean;
  readonly sizeBytes: number;
}

export interface IndexKey {
  readonly expression: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export type StatementsOrder = 'total' | 'mean' | 'max' | 'calls' | 'rows';

/** What is counted of a statement; its share is known once all are read. */
export type StatementRow = Omit<RankedStatement, 'share'>;

/** The ranking, or the reason why there is none with what would lift it. */
export type StatementsReading =
  | {
      readonly state: 'ok';
      readonly rows: readonly StatementRow[];
      readonly totalMs: number;
      readonly since?: string;
      readonly hiddenTexts: number;
    }
  | {
      readonly state: 'missing' | 'not-loaded' | 'not-permitted' | 'too-old';
      readonly message: string;
      readonly remedy: string;
      readonly remedySql?: string;
    };

export interface ConnectOptions {
  /** Shown to the user; also how reports name the server. */
  readonly name?: string;
  /** A path that begins with "/" is the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string;
  readonly ssl: SslMode;
  /** SET LOCAL ROLE for everything that runs. */
  readonly role?: string;
  /** SET LOCAL search_path, as SQL spells it: "app, public". */
  readonly searchPath?: string;
  /** PEM file of the authority to trust instead of the system's. */
  readonly sslRootCertificate?: string;
  readonly environment: Environment;
  /** Refuses writes and trials whatever the environment. */
  readonly readOnly: boolean;
  readonly isSample: boolean;
}

export type SslMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export interface Server {
  readonly info: ServerInfo;
  readonly options: ConnectOptions;
  /** @throws UserError */
  explain(request: ExplainRequest): Promise<ExplainOutcome>;
  /** @throws UserError. Refused on production, read-only profiles and standbys. */
  tryIndex(request: TrialRequest): Promise<TrialOutcome>;
  /** Resolves where `evict` would work. @throws UserError that says what is missing. */
  assertMayEvict(cancel: Cancel): Promise<void>;
  /** Empties shared buffers of some tables; the operating system may still hold them. Dev profiles only. @throws UserError */
  evict(request: EvictionRequest): Promise<EvictionOutcome>;
  /** Types of $1…$n as PostgreSQL infers them: "integer". @throws UserError */
  describeParameters(sql: string, cancel: Cancel): Promise<readonly string[]>;
  /** Facts of the tables that exist and may be seen; others are left out. */
  tableFacts(tables: readonly TableName[], cancel: Cancel): Promise<readonly TableFacts[]>;
  statements(order: StatementsOrder, limit: number, cancel: Cancel): Promise<StatementsReading>;
  /** Runs DDL outside a transaction (CREATE INDEX CONCURRENTLY). Dev profiles only. @throws UserError */
  applyDdl(ddl: string, cancel: Cancel): Promise<void>;
  close(): Promise<void>;
}
