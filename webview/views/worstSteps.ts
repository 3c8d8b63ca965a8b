/** The three dearest steps of a plan, for the strip of figures: their share, and what they are called. Pure. */
import { formatCost, formatMs } from '../../src/shared/format.ts';
import { nodeTitle, sourceName } from '../../src/shared/nodeLabel.ts';
import type { Plan, PlanNode } from '../../src/shared/report.ts';
import { measuredMs } from '../../src/shared/verdict.ts';
import { lacksInputs } from '../cutOff.ts';

export interface WorstStep {
  readonly nodeId: string;
  /** "38 %" */
  readonly share: string;
  /** "Parallel Seq Scan deployments" */
  readonly name: string;
  /** The exact figure. */
  readonly title: string;
}

/** The eye takes in three; more is what the table is for. */
const steps = 3;
/** A step below this share is not what makes a plan slow. */
const worthNaming = 0.05;

/**
 * By own time where it was measured, else by own cost. Left out: remote nodes, whose clocks are others, and nodes whose
 * inputs were cut away, whose own part is not known.
 */
export function worstSteps(plan: Plan): readonly WorstStep[] {
  const isTimed = plan.nodes.some(({ selfMs }) => selfMs !== undefined);
  const own = (node: PlanNode): number => (isTimed ? (node.selfMs ?? 0) : node.selfCost);
  const whole = isTimed ? (measuredMs(plan) ?? 0) : (plan.nodes[0]?.cost ?? 0);
  if (whole <= 0 || plan.nodes.length < 2) return [];
  return plan.nodes
    .filter(
      (node) => node.distributed === undefined && !lacksInputs(node) && own(node) >= whole * worthNaming,
    )
    .toSorted((one, other) => own(other) - own(one))
    .slice(0, steps)
    .map((node) => ({
      nodeId: node.id,
      share: `${Math.round((own(node) / whole) * 100)} %`,
      name: [nodeTitle(node), node.relation ?? sourceName(node)].filter(Boolean).join(' '),
      title: isTimed
        ? `${formatMs(own(node))} of ${formatMs(whole)} in this step alone`
        : `${formatCost(own(node))} of a cost of ${formatCost(whole)} in this step alone`,
    }));
}
