/**
 * Two reports side by side: what `compare` prints as JSON and what the panel shows. Plain JSON, like the report;
 * units are those of report.ts.
 */
import type { ProfileReport } from './report.ts';

/** Version of the shape below; raised when a reader of an older one would misread it. */
export const comparisonSchemaVersion = 1;

export interface PlanComparison {
  readonly schemaVersion: number;
  readonly before: ProfileReport;
  readonly after: ProfileReport;
  /** What the two are judged by: measured times, the planner's costs where not both were timed, or nothing at all. */
  readonly basis: ComparisonBasis;
  /** 'unknown': neither text nor query id says whether both are the same statement. */
  readonly statement: 'same' | 'different' | 'unknown';
  /** The figures of the wholes, for a table. Those that neither side has are left out. */
  readonly figures: readonly ComparedFigure[];
  /** Pre-order of the merged tree: the tree of `after`, with what is gone put where it was. */
  readonly rows: readonly AlignedNode[];
  /** What is worth a line, the most important first. Empty when nothing changed. */
  readonly changes: readonly PlanChange[];
  /** One sentence. */
  readonly verdict: string;
}

export type ComparisonBasis = 'time' | 'cost' | 'nothing';

export type FigureName =
  'execution' | 'planning' | 'cost' | 'rows' | 'buffers' | 'read from outside the cache' | 'temporary files';
export type FigureUnit = 'ms' | 'cost' | 'rows' | 'blocks';

export interface ComparedFigure {
  readonly name: FigureName;
  readonly unit: FigureUnit;
  /** Absent where this side does not have it. */
  readonly before?: number;
  readonly after?: number;
}

/** A step of either plan, or the same step of both. Each node of both plans is in exactly one. */
export interface AlignedNode {
  /** Depth in the merged tree; 0 at a root. */
  readonly level: number;
  /** Id in `before.plan`; absent when added. */
  readonly beforeId?: string;
  /** Id in `after.plan`; absent when removed. */
  readonly afterId?: string;
  /** 'unknown': only one plan holds it, and the other was cut off, or it is where that one was cut off itself. */
  readonly change: 'same' | 'changed' | 'added' | 'removed' | 'unknown';
  /** What changed about the step itself; empty unless 'changed'. Other numbers alone are no change of the step. */
  readonly differences: readonly NodeDifference[];
}

export interface NodeDifference {
  readonly what: DifferenceKind;
  /** As a reader names it: "Seq Scan", "orders_pkey"; absent when that side has none. */
  readonly before?: string;
  readonly after?: string;
}

export type DifferenceKind =
  /** Another method: Seq Scan → Index Scan, Hash Join → Nested Loop. */
  | 'type'
  /** The same method in another manner: parallel, partial, backward, hashed. */
  | 'manner'
  | 'relation'
  | 'index'
  /** What is joined from the outer side is now joined from the inner side. */
  | 'order'
  /** A filter, index or join condition. */
  | 'condition'
  /** Sort or group keys. */
  | 'keys';

export interface PlanChange {
  readonly kind: ChangeKind;
  /** How much it matters: "major" could explain the verdict, "note" is worth knowing. */
  readonly weight: ChangeWeight;
  /** Judged by the numbers of the two runs (or costs), never by taste; 'neither' where they do not tell. */
  readonly effect: 'better' | 'worse' | 'neither';
  /** One line in plain words. */
  readonly title: string;
  /** The step that it is about; both, where both plans have it. */
  readonly beforeId?: string;
  readonly afterId?: string;
  /** The two numbers that it rests on. */
  readonly figures?: ComparedNumbers;
}

export type ChangeWeight = 'major' | 'minor' | 'note';

export interface ComparedNumbers {
  readonly unit: FigureUnit | 'factor' | 'workers';
  readonly before?: number;
  readonly after?: number;
}

export type ChangeKind =
  /** The wholes */
  | 'statement'
  | 'server'
  | 'measurement'
  | 'execution-time'
  | 'planning-time'
  | 'cost'
  | 'result'
  | 'buffers'
  | 'cache'
  | 'jit'
  | 'setting'
  | 'finding'
  /** Steps */
  | 'index'
  | 'scan'
  | 'join-method'
  | 'join-order'
  | 'sort'
  | 'parallelism'
  | 'spill'
  | 'step'
  | 'step-time'
  | 'estimates'
  | 'data-volume';
