/** What the thread that reads plans is asked, and what it answers. Plain data: it crosses between threads. */
import type { LogRanking, RankedEntry } from '../../core/log/rankEntries.ts';
import type { Problem, ProfileReport } from '../../shared/report.ts';

interface JobOptions {
  /** File name or "Clipboard", never a path. */
  readonly name: string;
  readonly slaMs: number;
}

export type PlanJob =
  | ({ readonly kind: 'text'; readonly text: string } & JobOptions)
  /** A file of this machine: a log in it may be larger than memory. */
  | ({ readonly kind: 'file'; readonly file: string } & JobOptions)
  /** An entry of a log that was listed before. */
  | ({ readonly kind: 'entry'; readonly file: string; readonly entry: RankedEntry } & JobOptions);

export type PlanAnswer =
  | { readonly kind: 'progress'; readonly bytes: number; readonly totalBytes: number }
  | {
      readonly kind: 'reports';
      readonly reports: readonly ProfileReport[];
      readonly problems: readonly Problem[];
    }
  | { readonly kind: 'ranking'; readonly ranking: LogRanking }
  | {
      readonly kind: 'failed';
      /** Of a UserError; absent for what nobody expected. */
      readonly code?: string;
      readonly message: string;
      readonly remedy: string;
    };
