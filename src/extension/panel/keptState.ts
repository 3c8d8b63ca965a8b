/** What the host takes from the state that a page kept over a restart of the window (webview/savedState.ts). Pure. */
import { reportFault } from '../../core/report/reportShape.ts';
import type { ProfileReport } from '../../shared/report.ts';
import { reportSchemaVersion } from '../../shared/report.ts';

/** The report itself or, of a large one, the time of its run, by which the history finds it. */
export interface KeptState {
  readonly report?: ProfileReport;
  readonly profiledAt?: string;
}

/** Of another version or shape, the report is dropped: nothing of it would be shown rightly. */
export function readKeptState(state: unknown): KeptState {
  if (typeof state !== 'object' || state === null) return {};
  const { report, profiledAt } = state as KeptState;
  if (report?.schemaVersion === reportSchemaVersion && reportFault(report) === undefined) return { report };
  return typeof profiledAt === 'string' ? { profiledAt } : {};
}
