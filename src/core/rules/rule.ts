/** What a rule is, and what it may ask. One rule, one file; index.ts lists them all. */
import type { Finding, Plan, PlanNode, Severity } from '../../shared/report.ts';
import { formatPercent } from '../../shared/format.ts';

export interface RuleOptions {
  /** The user's limit for one execution. */
  readonly slaMs: number;
}

/** What a rule says; the list adds the rule's id. */
export type Discovery = Omit<Finding, 'ruleId'>;

export interface Rule {
  /** Stable, kebab-case: users silence rules and scripts match findings by it. */
  readonly id: string;
  check(context: RuleContext): readonly Discovery[];
}

/** Gives a rule its shape; the doc comment above the call says what it looks for and how savable time is bounded. */
export function defineRule(rule: Rule): Rule {
  return rule;
}

/** A plan as rules look at it: the local nodes that ran, their neighbours, and the whole they are a part of. */
export class RuleContext {
  readonly plan: Plan;
  readonly slaMs: number;
  /**
   * Nodes that were executed here. Never executed ones have nothing to tell, and those of remote plans (Citus) ran on
   * another clock, so that their times do not compare with this plan's.
   */
  readonly nodes: readonly PlanNode[];
  /** What shares are shares of: the execution time, else the root's. */
  readonly totalMs: number | undefined;
  readonly #byId: ReadonlyMap<string, PlanNode>;
  readonly #children: ReadonlyMap<string, readonly PlanNode[]>;

  constructor(plan: Plan, options: RuleOptions) {
    this.plan = plan;
    this.slaMs = options.slaMs;
    const local = plan.nodes.filter((node) => node.distributed === undefined);
    this.nodes = local.filter((node) => (node.loops ?? 0) > 0);
    this.totalMs = plan.executionMs ?? local[0]?.totalMs;
    this.#byId = new Map(local.map((node) => [node.id, node]));
    const children = new Map<string, PlanNode[]>(local.map((node) => [node.id, []]));
    for (const node of local) if (node.parentId !== null) children.get(node.parentId)?.push(node);
    this.#children = children;
  }

  get root(): PlanNode | undefined {
    return this.plan.nodes[0];
  }

  parentOf(node: PlanNode): PlanNode | undefined {
    return node.parentId === null ? undefined : this.#byId.get(node.parentId);
  }

  /** Inputs, InitPlans, SubPlans and CTEs of a node. */
  childrenOf(node: PlanNode): readonly PlanNode[] {
    return this.#children.get(node.id) ?? [];
  }

  /** The input with this Parent Relationship. */
  inputOf(node: PlanNode, relationship: 'Outer' | 'Inner'): PlanNode | undefined {
    return this.childrenOf(node).find((child) => child.relationship === relationship);
  }

  shareOf(ms: number): number | undefined {
    return this.totalMs === undefined || this.totalMs <= 0 ? undefined : Math.min(1, ms / this.totalMs);
  }

  /** " (47 % of the time)", or nothing where the plan has no times. */
  shareText(ms: number): string {
    const share = this.shareOf(ms);
    return share === undefined ? '' : ` (${formatPercent(share)} of the time)`;
  }

  /** Severity by the time at stake. Without times it cannot be weighed: a warning. */
  severityOf(savableMs: number | undefined): Severity {
    const share = savableMs === undefined ? undefined : this.shareOf(savableMs);
    if (savableMs === undefined || share === undefined) return 'warning';
    if (share >= criticalShare && savableMs >= criticalMs) return 'critical';
    return share >= warningShare && savableMs >= warningMs ? 'warning' : 'info';
  }
}

/** pgAdmin, PEV2 and depesz call a node bad from 40–50 % of the time, and remarkable from 10 %. */
const criticalShare = 0.4;
const warningShare = 0.1;
/** Below these a person cannot notice the gain of one execution, whatever its share. */
const criticalMs = 10;
const warningMs = 1;
