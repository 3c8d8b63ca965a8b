/** What is profiled, where it stands, and how: enough to do it again, also after a reload of the window. Plain JSON. */
import { type ProfileReport, valuesHiddenCode } from '../shared/report.ts';
import type { ParameterAnswers } from './parameterMemory.ts';

export interface ProfileTarget {
  /** One statement. */
  readonly sql: string;
  /** One line that names it. */
  readonly title?: string;
  readonly source?: TargetSource;
  readonly analyze: boolean;
  /** How often it runs; once unless said. */
  readonly runs?: number;
  /** As many cold runs after those. */
  readonly cold?: true;
  /** The selected connection when absent. */
  readonly connectionId?: string;
  /** Asked for when absent. */
  readonly parameters?: ParameterAnswers | 'generic';
  /** Signs stand in `sql` where its values were: run, it would find other rows. */
  readonly valuesHidden?: true;
}

/** What a report that was kept or saved says of what was profiled. */
export function targetOfReport(report: ProfileReport): ProfileTarget {
  const isHidden = report.problems.some(({ code }) => code === valuesHiddenCode);
  return {
    sql: report.sql ?? '',
    analyze: report.plan.analyzed,
    ...(isHidden && { valuesHidden: true }),
  };
}

export interface TargetSource {
  readonly uri: string;
  /** The document's last path segment, for reports. */
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  /** The document holds the plan itself, not a statement: nothing is inserted there. */
  readonly holds?: 'plan';
}

/** A finished profile, as the panel shows it. */
export interface Profiled {
  readonly target: ProfileTarget;
  readonly report: ProfileReport;
  /** Of several plans that were opened together: which one, and how many. 1-based. */
  readonly among?: { readonly place: number; readonly count: number };
}

/** Two profiles share a panel when they come from the same place, or are the same statement of one document. */
export function sharePanel(one: ProfileTarget, other: ProfileTarget): boolean {
  if (one.source?.uri !== other.source?.uri) return false;
  if (one.source === undefined || other.source === undefined) return one.sql === other.sql;
  if (one.source.holds === 'plan') return true;
  return one.source.line === other.source.line || one.sql === other.sql;
}
