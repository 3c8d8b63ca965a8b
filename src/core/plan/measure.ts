/**
 * One thing that EXPLAIN measures with children included (elapsed time, each buffer counter), and the ledger that
 * takes the children's part out of it.
 */
import type { PlanTree, TreeNode } from './planTree.ts';

export interface Measure {
  /** By node index, children included; 0 where nothing was measured. */
  readonly totals: readonly number[];
  /** By node index: how far the total may be off by the server's rounding. */
  readonly slack: readonly number[];
  /** Counters are whole numbers, and shares of them too. */
  readonly whole: boolean;
}

/** What remains of each node's total as others' parts are taken from it; starts with the ordinary children out. */
export class Ledger {
  readonly #measure: Measure;
  readonly #remaining: number[];
  readonly #slack: number[];

  constructor(tree: PlanTree, measure: Measure) {
    this.#measure = measure;
    this.#remaining = [...measure.totals];
    this.#slack = [...measure.slack];
    for (const node of tree.nodes) {
      if (node.role === 'child' && node.parent) this.#take(node.parent, node, this.#total(node));
    }
  }

  remaining(node: TreeNode): number {
    return this.#remaining[node.index] ?? 0;
  }

  /** The rounding of everything that went into what remains. */
  slack(node: TreeNode): number {
    return this.#slack[node.index] ?? 0;
  }

  /** True when `payer` has at least as much left as `part` took, give or take rounding. */
  canBear(payer: TreeNode, part: TreeNode): boolean {
    return (
      this.remaining(payer) + this.slack(payer) + (this.#measure.slack[part.index] ?? 0) >= this.#total(part)
    );
  }

  /** Takes `part` from the payers in order, each as far as it goes, and the rest from the last. */
  chargeInOrder(part: TreeNode, payers: readonly TreeNode[]): void {
    let due = this.#total(part);
    for (const [index, payer] of payers.entries()) {
      const paid = index === payers.length - 1 ? due : Math.min(due, Math.max(0, this.remaining(payer)));
      this.#take(payer, part, paid);
      due -= paid;
    }
  }

  /** Takes `part` from the payers in proportion to what each has left; returns what they could not pay. */
  chargeInProportion(part: TreeNode, payers: readonly TreeNode[]): number {
    const total = this.#total(part);
    const weights = payers.map((payer) => Math.max(0, this.remaining(payer)));
    const available = weights.reduce((sum, weight) => sum + weight, 0);
    const due = Math.min(total, available);
    let unpaid = due;
    for (const [index, payer] of payers.entries()) {
      const weight = weights[index] ?? 0;
      const exact = available > 0 ? (due * weight) / available : 0;
      // Rounded up, whole shares use up the sum a little early: the last payer gives less, never too much.
      const paid = this.#measure.whole ? Math.min(Math.ceil(exact), weight, unpaid) : exact;
      this.#take(payer, part, paid);
      unpaid -= paid;
    }
    return total - due;
  }

  /** Takes what others could not pay of `part` from its owner. */
  chargeRest(part: TreeNode, owner: TreeNode, rest: number): void {
    this.#take(owner, part, rest);
  }

  /** Takes from the children what they were rounded up by, in proportion to how far each may be off. */
  returnToChildren(node: TreeNode, excess: number): void {
    const children = node.children.filter((child) => child.role === 'child');
    const slackOf = (child: TreeNode) => this.#measure.slack[child.index] ?? 0;
    const slack = children.reduce((sum, child) => sum + slackOf(child), 0);
    if (slack === 0) return;
    for (const child of children) {
      this.#remaining[child.index] = this.remaining(child) - (excess * slackOf(child)) / slack;
      this.#slack[child.index] = this.slack(child) + excess;
    }
  }

  #take(payer: TreeNode, part: TreeNode, amount: number): void {
    this.#remaining[payer.index] = this.remaining(payer) - amount;
    this.#slack[payer.index] = this.slack(payer) + (this.#measure.slack[part.index] ?? 0);
  }

  #total(node: TreeNode): number {
    return this.#measure.totals[node.index] ?? 0;
  }
}
