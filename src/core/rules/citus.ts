/** What Citus says of a distributed query, in its own words. */
import type { Json, PlanNode } from '../../shared/report.ts';

type Fields = Readonly<Record<string, Json>>;

/** A node that Citus answers from its workers. */
export function isCitus({ type, details }: PlanNode): boolean {
  const provider = details['Custom Plan Provider'];
  return type === 'Custom Scan' && typeof provider === 'string' && provider.startsWith('Citus');
}

/** A part that was computed before, and sent to the workers. */
export interface CitusSubplan {
  readonly ms: number;
  /** In Citus' own words: "137 kB". */
  readonly size: string | undefined;
  readonly destination: string | undefined;
}

/** The parts that ran, by the coordinator's clock, before the node did. */
export function subplansOf(node: PlanNode): readonly CitusSubplan[] {
  const subplans = fields(node.details['Distributed Query'])?.['Subplans'];
  return (Array.isArray(subplans) ? (subplans as readonly Json[]) : []).flatMap((subplan) => {
    const ms = Number(fields(subplan)?.['Subplan Duration'] ?? 0) || 0;
    const size = fields(subplan)?.['Intermediate Data Size'];
    const destination = fields(subplan)?.['Result destination'];
    return {
      ms,
      size: typeof size === 'string' ? size : undefined,
      destination: typeof destination === 'string' ? destination : undefined,
    };
  });
}

/** The job of a Citus Adaptive node. */
export function jobOf(node: PlanNode): Fields | undefined {
  return fields(fields(node.details['Distributed Query'])?.['Job']);
}

/** Jobs that move rows between workers before this one can run: each splits rows by the joined column. */
export function repartitionJobsOf(job: Fields): readonly Fields[] {
  const found: Fields[] = [];
  const pending: Json[] = [job];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const each = fields(next);
    if (each === undefined) continue;
    if (each['Map Task Count'] !== undefined) found.push(each);
    const dependent = each['Dependent Jobs'];
    if (Array.isArray(dependent)) for (const one of dependent as readonly Json[]) pending.push(one);
  }
  return found;
}

function fields(value: Json | undefined): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
