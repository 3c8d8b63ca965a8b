/** Partitions of one table, as a plan shows them: inputs of an Append that read different tables under one alias. */
import type { PlanNode } from '../../shared/report.ts';
import type { RuleContext } from './rule.ts';
import { numberDetail } from './wording.ts';

export interface PartitionedScan {
  readonly append: PlanNode;
  /** The alias that the statement gives the partitioned table. */
  readonly name: string;
  /** Those that were scanned. */
  readonly scans: readonly PlanNode[];
  /** Those that were planned: scanned, skipped at run time, or never reached. */
  readonly planned: number;
}

/** Appends over the partitions of one table; a UNION ALL of different tables is none. */
export function partitionedScans(context: RuleContext): readonly PartitionedScan[] {
  return context.ofType('Append', 'Merge Append').flatMap((append) => {
    const inputs = context.inputsOf(append);
    const scans = inputs.filter(({ relation }) => relation !== undefined);
    const name = scans[0] && partitionAlias(scans[0]);
    const removed = numberDetail(append, 'Subplans Removed') ?? 0;
    if (
      name === undefined ||
      scans.length < inputs.length ||
      scans.some((scan) => partitionAlias(scan) !== name)
    )
      return [];
    if (inputs.length + removed < 2) return [];
    const executed = scans.filter((scan) => !scan.neverExecuted);
    return { append, name, scans: executed, planned: inputs.length + removed };
  });
}

/** PostgreSQL numbers the aliases of partitions: "events" is scanned as "events_1", "events_2", … */
export function partitionAlias({ alias, relation }: PlanNode): string | undefined {
  const name = alias ?? relation;
  const cut = name?.lastIndexOf('_') ?? -1;
  const number = name?.slice(cut + 1) ?? '';
  return cut > 0 && /^\d+$/.test(number) ? name?.slice(0, cut) : undefined;
}
