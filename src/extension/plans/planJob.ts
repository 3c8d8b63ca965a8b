/** What the thread that reads plans is asked, and what it answers. Plain data: it crosses between threads. */
import type { PlanComparison } from '../../shared/comparison.ts';
import type { LogRanking, RankedEntry } from '../../core/log/rankEntries.ts';
import type { Problem, ProfileReport } from '../../shared/report.ts';

interface JobOptions {
  /** File name or "Clipboard", never a path. */
  readonly name: string;
  readonly slaMs: number;
}

/** `psql`: the plan alone, as psql prints it. */
export type ExportFormat = 'html' | 'markdown' | 'json' | 'psql';

export type PlanJob =
  | ({ readonly kind: 'text'; readonly text: string } & JobOptions)
  /** A file of this machine: a log in it may be larger than memory. */
  | ({ readonly kind: 'file'; readonly file: string } & JobOptions)
  /** An entry of a log that was listed before. */
  | ({ readonly kind: 'entry'; readonly file: string; readonly entry: RankedEntry } & JobOptions)
  /** What the history keeps of a run. */
  | {
      readonly kind: 'keep';
      readonly report: ProfileReport;
      readonly literals: boolean;
      readonly name: string;
    }
  | {
      readonly kind: 'export';
      readonly report: ProfileReport;
      readonly format: ExportFormat;
      readonly masked: boolean;
      readonly name: string;
    }
  | {
      readonly kind: 'compare';
      readonly before: ProfileReport;
      readonly after: ProfileReport;
      readonly name: string;
    };

export type PlanAnswer =
  | { readonly kind: 'progress'; readonly bytes: number; readonly totalBytes: number }
  | {
      readonly kind: 'reports';
      readonly reports: readonly ProfileReport[];
      readonly problems: readonly Problem[];
    }
  | { readonly kind: 'ranking'; readonly ranking: LogRanking }
  | {
      readonly kind: 'kept';
      /** The report as JSON. */
      readonly text: string;
      /** One line of the statement. */
      readonly title: string;
      /** The same for all runs of one statement, whatever its values. */
      readonly statement: string;
    }
  | { readonly kind: 'comparison'; readonly comparison: PlanComparison }
  | { readonly kind: 'exported'; readonly text: string }
  | {
      readonly kind: 'failed';
      /** Of a UserError; absent for what nobody expected. */
      readonly code?: string;
      readonly message: string;
      readonly remedy: string;
    };
