/** How much memory hashing may take for each byte of work_mem: it depends on the server's version. */
import type { Plan, PlanNode } from '../../shared/report.ts';
import { gatherAbove } from './ancestors.ts';
import type { RuleContext } from './rule.ts';
import { numberDetail } from './wording.ts';

/** The default of hash_mem_multiplier from PostgreSQL 15 on; before, it was 1. */
const usualMultiplier = 2;

/** Undefined where the plan does not tell: SETTINGS prints what was changed, and no plan prints its version. */
export function hashMemMultiplier(plan: Plan): number | undefined {
  const set = Number(plan.settings['hash_mem_multiplier']);
  if (set >= 1) return set;
  return plan.nodes.some(isFrom15) || newTopKeys.some((key) => key in plan.details)
    ? usualMultiplier
    : undefined;
}

/** Keys that came with 15 (times of temporary files), 17 (local blocks) and 18 (the others). */
const newKeys: readonly string[] = [
  'Temp I/O Read Time',
  'Local I/O Read Time',
  'Disabled',
  'Index Searches',
  'Storage',
];
/** Memory of planning came with 17. */
const newTopKeys: readonly string[] = ['Planning Memory Used', 'Memory Used'];

function isFrom15({ details, subplanName, rows = 0, loops = 0 }: PlanNode): boolean {
  // Averages have decimals from 18 on; 17 stopped saying what an InitPlan returns.
  const isFractional = loops > 1 && rows % loops !== 0;
  return isFractional || /^InitPlan \d+$/.test(subplanName ?? '') || newKeys.some((key) => key in details);
}

/** Processes whose memory a Parallel Hash pools: those planned, with the leader (ExecChooseHashTableSize). */
export function poolingProcesses(hash: PlanNode, context: RuleContext): number {
  if (hash.details['Parallel Aware'] !== true) return 1;
  const gather = gatherAbove(hash, context);
  return gather === undefined ? 1 : (numberDetail(gather, 'Workers Planned') ?? 0) + 1;
}
