/** What must hold of every plan, whatever it is of: one tree, whose parts add up to the whole. */
import assert from 'node:assert/strict';
import { bufferNames } from '../../src/core/plan/buffers.ts';
import type { Plan, PlanNode } from '../../src/shared/report.ts';

/** Half of the last digit that EXPLAIN prints, per loop and node. */
const printedHalfStepMs = 0.0005;

function localNodes(plan: Plan): readonly PlanNode[] {
  return plan.nodes.filter((node) => node.distributed === undefined);
}

function sumOf(nodes: readonly PlanNode[], value: (node: PlanNode) => number | undefined): number {
  return nodes.reduce((sum, node) => sum + (value(node) ?? 0), 0);
}

/** How far the printed numbers of the whole plan can be off together. */
function roundingOf(nodes: readonly PlanNode[]): number {
  return sumOf(nodes, (node) => (printedHalfStepMs * (node.loops ?? 0)) / (node.processes ?? 1));
}

/** Each remote plan has a root of its own, and its nodes add up to that. */
function trees(plan: Plan): readonly (readonly PlanNode[])[] {
  const remote = new Map<unknown, PlanNode[]>();
  for (const node of plan.nodes) {
    if (node.distributed) remote.set(node.distributed, [...(remote.get(node.distributed) ?? []), node]);
  }
  return [localNodes(plan), ...remote.values()];
}

/** Own times and blocks of each tree add up to those of its root, within what printing rounded. */
export function checkSums(plan: Plan): void {
  for (const nodes of trees(plan)) {
    const root = nodes[0]!;
    const isLocal = root.distributed === undefined;
    const afterRoot = isLocal ? plan.afterRoot : undefined;
    const rounding = roundingOf(nodes);
    if (root.totalMs !== undefined) {
      const sum = sumOf(nodes, (node) => node.selfMs);
      const expected = root.totalMs + (afterRoot?.ms ?? 0);
      assert.ok(
        Math.abs(sum - expected) <= rounding + 1e-6,
        `Σ selfMs ${sum}, root ${expected} ± ${rounding}`,
      );
    }
    for (const node of nodes) {
      assert.ok((node.selfMs ?? 0) >= 0, `selfMs ${node.selfMs} of node ${node.id}`);
      assert.ok(
        (node.selfMs ?? 0) <= (node.totalMs ?? 0) + rounding,
        `selfMs above totalMs of node ${node.id}`,
      );
      assert.ok(node.selfCost >= 0, `selfCost ${node.selfCost} of node ${node.id}`);
    }
    if (!root.buffers) continue;
    for (const name of bufferNames) {
      const expected: number = root.buffers[name] + (afterRoot?.buffers?.[name] ?? 0);
      assert.equal(
        sumOf(nodes, (node) => node.selfBuffers?.[name]),
        expected,
        `Σ self ${name}`,
      );
      for (const node of nodes)
        assert.ok((node.selfBuffers?.[name] ?? 0) >= 0, `self ${name} of node ${node.id}`);
    }
  }
}

/** Pre-order, unique ids, and no numbers for what never ran. */
export function checkShape(plan: Plan): void {
  const seen = new Set<string>();
  for (const [index, node] of plan.nodes.entries()) {
    assert.equal(node.parentId === null, index === 0, 'one root, and it comes first');
    assert.ok(node.parentId === null || seen.has(node.parentId), 'parents come before their children');
    assert.ok(!seen.has(node.id), 'ids are unique');
    seen.add(node.id);
    if (!node.neverExecuted) continue;
    assert.equal(node.totalMs, undefined, 'a node that never ran has no times');
    assert.equal(node.rowsFactor, undefined, 'a node that never ran has no factor');
  }
}
