/** Triggers, and whether their time is inside the root's. */
import type { Trigger } from '../../shared/report.ts';
import type { RawPlan } from './raw.ts';
import { readNumber, readObjects, readText } from './raw.ts';

const modelledKeys: readonly string[] = ['Relation', 'Time', 'Calls'];

/**
 * BEFORE and INSTEAD OF triggers run inside ModifyTable; AFTER triggers, among them all of constraints, once the root
 * has finished. EXPLAIN does not say which is which, but only the latter fit between the root's time and the
 * execution time. `outsideMs` is that gap without serialization; undefined when the plan does not tell.
 */
export function readTriggers(raw: RawPlan, outsideMs: number | undefined): readonly Trigger[] {
  const triggers = readObjects(raw, 'Triggers').map((trigger) => ({
    trigger,
    ms: readNumber(trigger, 'Time') ?? 0,
    isConstraint: readText(trigger, 'Constraint Name') !== undefined,
  }));
  let gap = outsideMs ?? 0;
  const after = new Set<unknown>();
  // Constraints first, they are certain; then the longest, of which the gap is the best proof.
  for (const entry of triggers.toSorted(
    (a, b) => Number(b.isConstraint) - Number(a.isConstraint) || b.ms - a.ms,
  )) {
    if (!entry.isConstraint && entry.ms > gap) continue;
    after.add(entry);
    gap -= entry.ms;
  }
  return triggers.map((entry) => {
    const { trigger } = entry;
    const relation = readText(trigger, 'Relation');
    // A constraint's trigger has a name that only the server knows; the constraint's is the user's own.
    const nameKey = entry.isConstraint ? 'Constraint Name' : 'Trigger Name';
    const details = Object.fromEntries(
      Object.entries(trigger).filter(([key]) => key !== nameKey && !modelledKeys.includes(key)),
    );
    return {
      name: readText(trigger, nameKey) ?? 'unnamed trigger',
      ...(relation === undefined ? {} : { relation }),
      ms: entry.ms,
      calls: readNumber(trigger, 'Calls') ?? 0,
      ...(entry.isConstraint ? { isConstraint: true } : {}),
      ...(outsideMs === undefined ? {} : { runs: after.has(entry) ? 'after the root' : 'inside the root' }),
      details,
    };
  });
}
