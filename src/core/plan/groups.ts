/**
 * Which keys hold groups. JSON says so with its brackets; an empty group in YAML, and one with a single member in
 * XML, look like something else. Names are those of ExplainOpenGroup in PostgreSQL 9.6–18, pg_overexplain and Citus.
 */
import type { RawValue } from './raw.ts';

/** Groups whose members have no names. */
export const listGroups: ReadonlySet<string> = new Set([
  'Plans',
  'Workers',
  'Triggers',
  'Output',
  'Sort Key',
  'Presorted Key',
  'Group Key',
  'Grouping Sets',
  'Hash Key',
  'Hash Keys',
  'Group Keys',
  'Target Tables',
  'Conflict Arbiter Indexes',
  'Sampling Parameters',
  'Params Evaluated',
  // pg_overexplain
  'Range Table',
  // Citus
  'Subplans',
  'PlannedStmt',
  'Tasks',
  'Dependent Jobs',
  'Remote Plan',
]);

/** Groups whose members have names. */
const objectGroups: ReadonlySet<string> = new Set(['Settings', 'Planning', 'JIT', 'Serialization', 'Job']);

/** What JSON says where YAML and XML print only the key. */
export function emptyValue(key: string): RawValue | undefined {
  if (listGroups.has(key)) return [];
  return objectGroups.has(key) ? {} : undefined;
}
