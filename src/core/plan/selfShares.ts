/** A measure without the parts of other nodes: what each node used itself. */
import type { Attribution } from './attribution.ts';
import type { Measure } from './measure.ts';
import { Ledger } from './measure.ts';
import type { PlanTree, TreeNode } from './planTree.ts';
import { isLocal } from './planTree.ts';

export interface SelfShares {
  /** By node index. Below zero only where the server's own numbers do not add up (see `shortfalls`). */
  readonly self: readonly number[];
  /** By node index: how far `self` may be off by the rounding of all that it was made from. */
  readonly slack: readonly number[];
  /** Used by data-modifying CTEs after the root had finished. */
  readonly afterRoot: number;
  /** Nodes whose parts exceed the whole by more than rounding explains. */
  readonly shortfalls: readonly TreeNode[];
}

/**
 * Every total is taken from exactly one place (or shared out completely), so the shares of a plan add up to its
 * root's total plus `afterRoot`, by construction. A share that rounding made negative is zero, and the children, whose
 * totals were rounded up, have that much less.
 */
export function shareOut(tree: PlanTree, attribution: Attribution, measure: Measure): SelfShares {
  const ledger = new Ledger(tree, measure);
  // 1. SubPlans ran inside the nodes that call them.
  for (const [subPlan, users] of attribution.subPlans) chargeShared(ledger, subPlan, users, users[0]!);
  // 2. InitPlans ran inside the node that needed them first.
  for (const [initPlan, payers] of attribution.initPlans) ledger.chargeInOrder(initPlan, payers);
  // 3. CTEs ran inside the scans that read them; a writing CTE also by itself, after the root (ExecPostprocessPlan).
  let afterRoot = 0;
  for (const [cte, scans] of attribution.ctes) {
    if (cte.type === 'ModifyTable') {
      const rest = ledger.chargeInProportion(cte, scans);
      if (isLocal(cte)) afterRoot += rest;
    } else {
      chargeShared(ledger, cte, scans, cte.parent!);
    }
  }
  // 4. Parents first, rounding is evened out, so that the shares still add up.
  const shortfalls: TreeNode[] = [];
  const self = tree.nodes.map((node) => {
    const remaining = ledger.remaining(node);
    if (remaining >= 0) return remaining;
    if (remaining < -ledger.slack(node) - floatingPointError) {
      shortfalls.push(node);
      return remaining;
    }
    ledger.returnToChildren(node, -remaining);
    return 0;
  });
  return { self, slack: tree.nodes.map((node) => ledger.slack(node)), afterRoot, shortfalls };
}

/** Sums of decimal fractions in binary are off by less than this for any plan of sane length. */
const floatingPointError = 1e-6;

function chargeShared(ledger: Ledger, part: TreeNode, payers: readonly TreeNode[], owner: TreeNode): void {
  if (payers.length === 1) {
    ledger.chargeInOrder(part, payers);
    return;
  }
  const rest = ledger.chargeInProportion(part, payers);
  if (rest > 0) ledger.chargeRest(part, owner, rest);
}
