/** Triggers, and whether their time is inside the root's. */
import type { Trigger } from '../../shared/report.ts';
import type { RawPlan } from './raw.ts';
import { readNumber, readObjects, readText } from './raw.ts';

const modelledKeys: readonly string[] = ['Relation', 'Time', 'Calls'];

/** A trigger that leaves more than this of the gap unexplained may as well not be part of it. */
const explainedShare = 0.5;

/**
 * BEFORE and INSTEAD OF triggers run inside ModifyTable; AFTER triggers, among them all of constraints, once the root
 * has finished. EXPLAIN does not say which is which, but only the latter fit between the root's time and the
 * execution time, and only they explain it: a short one may fit by chance, and nothing is said of where it ran.
 * `outsideMs` is that gap without serialization; undefined when the plan does not tell.
 */
export function readTriggers(raw: RawPlan, outsideMs: number | undefined): readonly Trigger[] {
  const triggers = readObjects(raw, 'Triggers').map((trigger) => ({
    trigger,
    ms: readNumber(trigger, 'Time') ?? 0,
    isConstraint: readText(trigger, 'Constraint Name') !== undefined,
  }));
  let gap = outsideMs ?? 0;
  const fitting = new Set<unknown>();
  // Constraints first, they are certain; then the longest, of which the gap is the best proof.
  for (const entry of triggers.toSorted(
    (a, b) => Number(b.isConstraint) - Number(a.isConstraint) || b.ms - a.ms,
  )) {
    if (!entry.isConstraint && entry.ms > gap) continue;
    fitting.add(entry);
    gap -= entry.ms;
  }
  const runs = (entry: (typeof triggers)[number]): Trigger['runs'] => {
    if (outsideMs === undefined) return undefined;
    if (!fitting.has(entry)) return 'inside the root';
    const explains = entry.ms >= (gap + entry.ms) * explainedShare;
    return entry.isConstraint || explains ? 'after the root' : undefined;
  };
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
      ...withRuns(runs(entry)),
      details,
    };
  });
}

function withRuns(runs: Trigger['runs']): Pick<Trigger, 'runs'> {
  return runs === undefined ? {} : { runs };
}
