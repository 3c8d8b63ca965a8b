/** What is profiled, where it stands, and how: enough to do it again, also after a reload of the window. Plain JSON. */
import type { ProfileReport } from '../shared/report.ts';
import type { ParameterAnswers } from './parameterMemory.ts';

export interface ProfileTarget {
  /** One statement. */
  readonly sql: string;
  /** One line that names it. */
  readonly title?: string;
  readonly source?: TargetSource;
  readonly analyze: boolean;
  /** The selected connection when absent. */
  readonly connectionId?: string;
  /** Asked for when absent. */
  readonly parameters?: ParameterAnswers | 'generic';
}

export interface TargetSource {
  readonly uri: string;
  /** The document's last path segment, for reports. */
  readonly name: string;
  /** 1-based. */
  readonly line: number;
}

/** A finished profile, as the panel shows it. */
export interface Profiled {
  readonly target: ProfileTarget;
  readonly report: ProfileReport;
}

/** Two profiles share a panel when they come from the same place, or are the same statement of one document. */
export function sharePanel(one: ProfileTarget, other: ProfileTarget): boolean {
  if (one.source?.uri !== other.source?.uri) return false;
  if (one.source === undefined || other.source === undefined) return one.sql === other.sql;
  return one.source.line === other.source.line || one.sql === other.sql;
}
