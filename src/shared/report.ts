/**
 * The report: the one object that every host renders (panel, terminal, HTML, Markdown, JSON).
 * Everything here is plain JSON. Times are milliseconds, sizes bytes, buffers blocks of the server (8 KiB unless built otherwise).
 */

/** Version of the shape below; raised when a reader of an older one would misread it. */
export const reportSchemaVersion = 1;

export interface ProfileReport {
  readonly schemaVersion: number;
  /** Absent when only a plan was given. */
  readonly sql?: string;
  readonly source?: ReportSource;
  readonly server?: ReportServer;
  /** ISO 8601 with zone, when the statement ran. */
  readonly profiledAt?: string;
  /** What was done with the statement on the server, in words a user reads: "read-only, rolled back". */
  readonly execution?: string;
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly suggestions: readonly Suggestion[];
  readonly problems: readonly Problem[];
  /** Present when the statement was run several times: `plan` is that of the run with the median time. */
  readonly runs?: RunTimes;
  /** The plan exactly as the server gave it. */
  readonly rawPlan?: string;
}

/** Execution times of runs right after one another, so all but the first on a warm cache. */
export interface RunTimes {
  /** In the order of the runs. */
  readonly ms: readonly number[];
  /** Of an even number of runs the lower of the two in the middle: a time that was measured. */
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** The same number of runs again, each after shared buffers were emptied of the plan's tables and indexes. */
  readonly cold?: ColdRuns;
}

/** The operating system may still have held what the server had to read: it is not emptied. */
export interface ColdRuns extends Omit<RunTimes, 'cold'> {
  /** Blocks that the run with the median time read into shared buffers. */
  readonly readBlocks?: number;
}

/** Several plans in one input. */
export interface ProfileReports {
  readonly schemaVersion: number;
  readonly reports: readonly ProfileReport[];
}

export interface ReportSource {
  /** File name or document title, never an absolute path (reports are shared). */
  readonly name: string;
  /** 1-based. */
  readonly line?: number;
}

export type Environment = 'dev' | 'staging' | 'production';

export interface ReportServer {
  /** As `server_version` says it: "18.4". */
  readonly version: string;
  readonly environment?: Environment;
  /** The user's own name of the connection. */
  readonly connection?: string;
  readonly database?: string;
  readonly sample?: boolean;
}

export interface Plan {
  /** Pre-order; nodes[0] is the root. Never empty. */
  readonly nodes: readonly PlanNode[];
  readonly planningMs?: number;
  readonly executionMs?: number;
  readonly triggers: readonly Trigger[];
  readonly jit?: Jit;
  readonly settings: Readonly<Record<string, string>>;
  /** A string: exceeds 2^53. */
  readonly queryId?: string;
  readonly format: 'json' | 'text' | 'yaml' | 'xml';
  /** True when the plan holds measurements (EXPLAIN ANALYZE). */
  readonly analyzed: boolean;
  /** Buffers of planning, when printed. */
  readonly planningBuffers?: Buffers;
  readonly serialization?: Serialization;
  /** What data-modifying CTEs did after the root had finished: part of their nodes, outside the root's totals. */
  readonly afterRoot?: { readonly ms?: number; readonly buffers?: Buffers };
  /** Every other top-level key, kept. */
  readonly details: Details;
}

export type Details = Readonly<Record<string, Json>>;
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface PlanNode {
  readonly id: string;
  /** null at the root. */
  readonly parentId: string | null;
  /** Parent Relationship: Outer, Inner, Member, InitPlan, SubPlan, Subquery, … */
  readonly relationship?: string;
  /** Node Type of the JSON format, in every format ("Aggregate", never "HashAggregate"). */
  readonly type: string;
  readonly relation?: string;
  readonly schema?: string;
  readonly alias?: string;
  readonly index?: string;
  readonly subplanName?: string;
  /** Elapsed share, all loops. */
  readonly startupMs?: number;
  /** Elapsed share, all loops, children included. */
  readonly totalMs?: number;
  /** Elapsed share, all loops, children taken out. */
  readonly selfMs?: number;
  readonly loops?: number;
  /** Rows actually returned, all loops. */
  readonly rows?: number;
  /** Rows expected per loop, as the planner printed them. */
  readonly planRows: number;
  /**
   * Rows expected of all runs and processes together, where that is not planRows times loops: a partial node's estimate
   * is for one process, by the planner's own divisor.
   */
  readonly planRowsTotal?: number;
  /** Actual ÷ planned with the planner's own divisor for partial nodes; absent where the two may differ honestly (early stop). */
  readonly rowsFactor?: number;
  /** All loops. */
  readonly rowsRemoved?: number;
  /** Total cost. */
  readonly cost: number;
  readonly selfCost: number;
  readonly neverExecuted: boolean;
  readonly buffers?: Buffers;
  readonly selfBuffers?: Buffers;
  /** Time waiting for blocks, summed over processes (may exceed totalMs), children included. */
  readonly ioMs?: number;
  /** The same, children taken out. */
  readonly selfIoMs?: number;
  /** Processes that shared the loops, where more than one (below a Gather); fewer `loops` than that: not all of them ran it. */
  readonly processes?: number;
  /**
   * What the server rounded before it printed may have moved totalMs (`ms`), selfMs and rows by this much either way.
   * Absent where less than a report shows.
   */
  readonly precision?: { readonly ms?: number; readonly selfMs?: number; readonly rows?: number };
  readonly workers?: readonly PlanWorker[];
  /**
   * Of a plan that was cut off: details of the node that the text ends in, or nodes below one. Without its inputs a node
   * has no own share.
   */
  readonly missing?: readonly ('details' | 'inputs')[];
  /** Set on nodes of remote plans (Citus): outside every sum of the local plan. */
  readonly distributed?: Distributed;
  /** Every other key, kept under the server's own spelling. */
  readonly details: Details;
}

export interface Buffers {
  readonly sharedHit: number;
  readonly sharedRead: number;
  readonly sharedDirtied: number;
  readonly sharedWritten: number;
  readonly localHit: number;
  readonly localRead: number;
  readonly localDirtied: number;
  readonly localWritten: number;
  readonly tempRead: number;
  readonly tempWritten: number;
}

export interface PlanWorker {
  readonly number: number;
  readonly ms?: number;
  readonly rows?: number;
  readonly loops?: number;
  readonly details: Details;
}

export interface Distributed {
  readonly task?: string;
  readonly node?: string;
  /** At the first node of a sub-plan: how long that took, tasks included, by the clock of the plan that it is part of. */
  readonly durationMs?: number;
}

export interface Trigger {
  readonly name: string;
  readonly relation?: string;
  /** 0 when the plan was not timed. */
  readonly ms: number;
  readonly calls: number;
  /** Whether `ms` is part of the root's totalMs (BEFORE) or comes on top of it (AFTER); absent when the plan does not tell. */
  readonly runs?: 'inside the root' | 'after the root';
  /** Set on the triggers of constraints (foreign keys above all): `name` is the constraint's then. */
  readonly isConstraint?: true;
  /** Every other key, kept. */
  readonly details?: Details;
}

export interface Jit {
  readonly functions: number;
  readonly ms: number;
  readonly details: Details;
}

export interface Serialization {
  readonly ms?: number;
  readonly outputBytes?: number;
  readonly details: Details;
}

export type Severity = 'critical' | 'warning' | 'info';

export interface Finding {
  /** Stable, kebab-case: "seq-scan-discards-rows". */
  readonly ruleId: string;
  readonly severity: Severity;
  readonly nodeId?: string;
  /** One line. */
  readonly title: string;
  /** One or two sentences: the number, the threshold, what it means. */
  readonly detail: string;
  /** Named numbers and texts that the finding rests on. */
  readonly evidence: Readonly<Record<string, number | string>>;
  /** Upper bound of the elapsed time that fixing this could save. */
  readonly savableMs?: number;
  /** What to do, in words. */
  readonly fix?: string;
  /** The clause of the report's `sql` that causes it, where it could be found. */
  readonly sqlRange?: TextRange;
}

/** UTF-16 offsets, as JavaScript and editors count; `end` is behind the last character. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type SuggestionKind =
  'create-index' | 'drop-index' | 'replace-index' | 'analyze' | 'vacuum' | 'rewrite' | 'setting';

export interface Suggestion {
  readonly id: string;
  readonly kind: SuggestionKind;
  /** Qualified where the schema is not on the default path. */
  readonly table?: string;
  readonly ddl: string;
  readonly undoDdl?: string;
  /** Access method: "btree". */
  readonly method?: string;
  /** Key columns in order, with direction where it matters: "deployed_at DESC". */
  readonly columns?: readonly string[];
  readonly include?: readonly string[];
  readonly predicate?: string;
  readonly reason: string;
  /** The finding's node that the suggestion speaks of. */
  readonly nodeId?: string;
  readonly verification: Verification;
  readonly sizeBytes?: number;
  readonly writeCost?: string;
  /** Existing indexes that share its leading columns. */
  readonly overlaps?: readonly string[];
  /** Present when the candidate lost: why. */
  readonly rejected?: string;
}

export interface Verification {
  readonly by: 'hypopg' | 'shadow' | 'trial' | 'none';
  readonly costBefore?: number;
  readonly costAfter?: number;
  readonly msBefore?: number;
  readonly msAfter?: number;
  readonly buffersBefore?: number;
  readonly buffersAfter?: number;
  readonly plannerVersion?: string;
  readonly calibrated?: boolean;
  /** Why it is not verified, or what limits it. */
  readonly why?: string;
  /** The statement's plan with the suggestion in place, measured. */
  readonly planAfter?: Plan;
}

export interface Problem {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
  /** 1-based line of the input. */
  readonly line?: number;
}

/** One row of the ranking; `top` prints `{ schemaVersion, server, since?, statements }`. */
export interface RankedStatement {
  /** A string: exceeds 2^53. */
  readonly queryId: string;
  readonly query: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly stddevMs: number;
  readonly rows: number;
  /** Share of the total time of everything that was ranked, 0 to 1. */
  readonly share: number;
  readonly sharedHit: number;
  readonly sharedRead: number;
  readonly tempWritten: number;
  readonly database?: string;
  readonly role?: string;
}

export interface RankingReport {
  readonly schemaVersion: number;
  readonly server: ReportServer;
  /** ISO 8601: when the counters were last reset, if the server tells. */
  readonly since?: string;
  readonly statements: readonly RankedStatement[];
}
