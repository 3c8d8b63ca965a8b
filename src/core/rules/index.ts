/** The list of all rules, and the ranking of what they find. */
import type { Finding, Plan, Severity } from '../../shared/report.ts';
import { blocksReadFromDisk } from './blocksReadFromDisk.ts';
import { hashSpill } from './hashSpill.ts';
import { lowCacheHit } from './lowCacheHit.ts';
import { nestedLoopManyRows } from './nestedLoopManyRows.ts';
import { rowMisestimate } from './rowMisestimate.ts';
import { rowsRemovedByFilter } from './rowsRemovedByFilter.ts';
import type { Rule, RuleOptions } from './rule.ts';
import { RuleContext } from './rule.ts';
import { seqScanDiscardsRows } from './seqScanDiscardsRows.ts';
import { slowExecution } from './slowExecution.ts';
import { sortSpill } from './sortSpill.ts';

/** In the order in which findings of equal weight are shown. */
export const rules: readonly Rule[] = [
  slowExecution,
  seqScanDiscardsRows,
  rowsRemovedByFilter,
  nestedLoopManyRows,
  sortSpill,
  hashSpill,
  blocksReadFromDisk,
  lowCacheHit,
  rowMisestimate,
];

/**
 * Everything that the rules find, the most savable time first. Severity follows from that time, so ordering by it
 * first only gives findings without one (a limit exceeded, a wrong estimate) their place among the others.
 */
export function findAll(plan: Plan, options: RuleOptions): readonly Finding[] {
  const context = new RuleContext(plan, options);
  return rules
    .flatMap((rule) => rule.check(context).map((discovery) => ({ ruleId: rule.id, ...discovery })))
    .toSorted(
      (a, b) =>
        severityRank[a.severity] - severityRank[b.severity] || (b.savableMs ?? 0) - (a.savableMs ?? 0),
    );
}

const severityRank: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };
