/** Each rule of the arithmetic on a plan that a careless reader gets wrong, recorded on PostgreSQL 14 and 18. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import {
  assertNear,
  named,
  nodeOfPlan,
  onEachServer,
  onlyPlan,
  planOf,
  planOfRaw,
  planText,
  rawNode,
  recordedVersions,
  scanOf,
  typed,
} from '../../support/plans.ts';

describe('InitPlans are paid by the node that needed them', () => {
  onEachServer('initplan_ten', (plan) => {
    // Of 21 InitPlans only the 19th is slow, and only the index scan on items mentions it; $1 and $18 differ, and so
    // do InitPlan 1 and InitPlan 19.
    const slow = nodeOfPlan(plan, named(/^InitPlan 19\b/));
    const user = nodeOfPlan(plan, typed('Merge Join'));
    const scan = nodeOfPlan(plan, (node) => node.index === 'items_pkey');
    assert.ok(slow.totalMs! > 20);
    assert.ok(scan.totalMs! > slow.totalMs!, 'the scan waited for the InitPlan');
    assertNear(scan.selfMs, scan.totalMs! - slow.totalMs!);
    assert.ok(user.selfMs! < 1);
    assert.equal(scan.selfBuffers!.sharedHit, scan.buffers!.sharedHit - slow.buffers!.sharedHit);
  });
  onEachServer('initplan_under_gather', (plan) => {
    // The leader evaluates it inside the Gather before it starts the workers, though a scan below names it.
    const initPlan = nodeOfPlan(plan, named(/^InitPlan 1\b/));
    const [gather] = plan.nodes.filter((node) => node.type === 'Gather' && node.parentId === '0');
    const input = nodeOfPlan(plan, (node) => node.parentId === gather!.id);
    const scan = nodeOfPlan(plan, (node) => node.parentId === input.id);
    assertNear(gather!.selfMs, gather!.totalMs! - input.totalMs! - initPlan.totalMs!);
    assert.equal(scan.selfMs, scan.totalMs);
  });
  onEachServer('initplan_prunes_append', (plan) => {
    // The Append prunes partitions by it without naming it; the one scan that runs names it and did not pay.
    const append = nodeOfPlan(plan, typed('Append'));
    const initPlan = nodeOfPlan(plan, named(/^InitPlan 1\b/));
    const scans = plan.nodes.filter((node) => node.parentId === append.id);
    const scan = scans.find((node) => !node.neverExecuted)!;
    assert.equal(scans.length, 3);
    assert.equal(scan.selfMs, scan.totalMs);
    assertNear(append.selfMs, append.totalMs! - scan.totalMs! - initPlan.totalMs!);
  });
  test('nobody could have paid it whole: the users pay what they can, the owner the rest', () => {
    const plan = planOfRaw(
      rawNode('Result', {
        'Actual Total Time': 12,
        Plans: [
          rawNode('Seq Scan', {
            'Parent Relationship': 'InitPlan',
            'Subplan Name': 'InitPlan 1 (returns $0)',
            'Actual Total Time': 5,
          }),
          rawNode('Seq Scan', { 'Parent Relationship': 'Outer', Filter: '(a = $0)', 'Actual Total Time': 4 }),
          rawNode('Seq Scan', {
            'Parent Relationship': 'Inner',
            Filter: '(b = $0)',
            'Actual Total Time': 4.5,
          }),
        ],
      }),
    );
    // 12 − 4 − 4.5 = 3.5 is left at the owner, so no single node has 5.
    assert.deepEqual(
      plan.nodes.map((node) => node.selfMs),
      [3.5, 5, 3.5, 0],
    );
  });
  test('a literal, a quoted name or a longer number is not a reference', () => {
    const plan = planOfRaw(
      rawNode('Nested Loop', {
        'Actual Total Time': 30,
        Plans: [
          rawNode('Result', {
            'Parent Relationship': 'InitPlan',
            'Subplan Name': 'InitPlan 1 (returns $1)',
            'Actual Total Time': 5,
            'Actual Startup Time': 5,
          }),
          rawNode('Seq Scan', {
            'Parent Relationship': 'Outer',
            Filter: `(a = 'it''s $1') AND ("$1" = $10) AND (b$1 > 0)`,
            'Actual Total Time': 10,
            'Actual Startup Time': 6,
          }),
          rawNode('Seq Scan', {
            'Parent Relationship': 'Inner',
            Filter: '(b = $1)',
            'Actual Total Time': 10,
            'Actual Startup Time': 6,
          }),
        ],
      }),
    );
    assert.deepEqual(
      plan.nodes.map((node) => node.selfMs),
      [10, 5, 10, 5],
    );
  });
});

describe('SubPlans are inside the node that calls them', () => {
  onEachServer('subplan_correlated', (plan) => {
    const subPlan = nodeOfPlan(plan, named(/^SubPlan 1$/));
    const [root] = plan.nodes;
    assertNear(root!.selfMs, root!.totalMs! - subPlan.totalMs!);
    assert.equal(subPlan.loops, 100);
  });
  onEachServer('subplan_hashed_under_gather', (plan) => {
    // Each of three processes built the hash table: elapsed is the sum divided by the parent's processes.
    const subPlan = nodeOfPlan(plan, named(/^SubPlan 1$/));
    const scan = nodeOfPlan(plan, scanOf('items'));
    assert.equal(subPlan.processes, 3);
    assert.equal(scan.processes, 3);
    assertNear(scan.selfMs, scan.totalMs! - subPlan.totalMs!);
    assert.ok(scan.selfMs! > 0);
  });
  onEachServer('subplan_of_partitions', (plan) => {
    // Printed once, under the first partition, and run by all three.
    const subPlan = nodeOfPlan(plan, named(/^SubPlan 1$/));
    const partitions = ['orders_a', 'orders_b', 'orders_c'].map((name) => nodeOfPlan(plan, scanOf(name)));
    assert.equal(subPlan.loops, 3);
    const self = partitions.reduce((sum, node) => sum + node.selfMs!, 0);
    const total = partitions.reduce((sum, node) => sum + node.totalMs!, 0);
    assertNear(self, total - subPlan.totalMs!);
    for (const node of partitions) assert.ok(node.selfMs! > 0 && node.selfMs! < node.totalMs!);
  });
});

describe('CTEs are paid by their scans', () => {
  onEachServer('cte_twice', (plan) => {
    const cte = nodeOfPlan(plan, named(/^CTE c$/));
    const scans = plan.nodes.filter(typed('CTE Scan'));
    assert.equal(scans.length, 2);
    const total = scans.reduce((sum, scan) => sum + scan.totalMs!, 0);
    for (const scan of scans) {
      assertNear(scan.selfMs, scan.totalMs! * (1 - cte.totalMs! / total));
      assert.equal(scan.selfBuffers!.sharedHit, 0);
      assert.equal(scan.relation, undefined);
    }
  });
  onEachServer('cte_same_name_inside', (plan) => {
    // Two CTEs called c: each scan pays the one of its own query.
    const [outer, inner] = plan.nodes.filter(named(/^CTE c$/));
    const [innerScan, outerScan] = plan.nodes.filter(typed('CTE Scan'));
    assertNear(innerScan!.selfMs, innerScan!.totalMs! - inner!.totalMs!);
    assertNear(outerScan!.selfMs, outerScan!.totalMs! - outer!.totalMs!);
  });
});

describe('what lies outside the root', () => {
  onEachServer('writing_cte_unread', (plan) => {
    const write = nodeOfPlan(plan, named(/^CTE w$/));
    assertNear(plan.afterRoot?.ms, write.totalMs!);
    assert.equal(plan.afterRoot?.buffers?.sharedHit, write.buffers!.sharedHit);
    assert.ok(write.totalMs! > plan.nodes[0]!.totalMs!);
  });
  onEachServer('writing_cte_read_in_part', (plan) => {
    const write = nodeOfPlan(plan, named(/^CTE w$/));
    const scan = nodeOfPlan(plan, typed('CTE Scan'));
    assertNear(plan.afterRoot?.ms, write.totalMs! - scan.totalMs!);
  });
  onEachServer('writing_cte_read', (plan) => assert.equal(plan.afterRoot, undefined));
  onEachServer('triggers', (plan) => {
    assert.deepEqual(
      plan.triggers.map(({ name, runs }) => [name, runs]),
      [
        ['after_it', 'after the root'],
        ['before_it', 'inside the root'],
      ],
    );
    assert.ok(plan.nodes[0]!.selfMs! > plan.triggers[1]!.ms, 'a BEFORE trigger is part of the ModifyTable');
    assert.ok(plan.executionMs! > plan.nodes[0]!.totalMs! + plan.triggers[0]!.ms);
  });
  onEachServer('trigger_of_constraint', (plan) => {
    const [trigger] = plan.triggers;
    assert.equal(trigger!.name, 'child_id_fkey');
    assert.equal(trigger!.runs, 'after the root');
    assert.equal(trigger!.calls, 3000);
    assert.match(JSON.stringify(trigger!.details!['Trigger Name']), /^"RI_ConstraintTrigger/);
  });
  test('JIT is told and not added', () => {
    const plan = planOf('pg15/jit_heavy.analyze');
    assert.equal(plan.jit?.ms, 417.709);
    assert.equal(plan.jit?.functions, 5);
  });
});

describe('options that leave numbers out', () => {
  onEachServer('timing_off', (plan) => {
    const scan = nodeOfPlan(plan, (node) => node.relation === 'items' && node.parentId === '0');
    assert.equal(plan.analyzed, true);
    assert.equal(scan.totalMs, undefined);
    assert.equal(scan.rows, 200_000);
    // Blocks alone tell who paid the InitPlan.
    assert.equal(scan.selfBuffers!.sharedHit, nodeOfPlan(plan, named(/^InitPlan/)).buffers!.sharedHit);
  });
  onEachServer('buffers_off', (plan) => {
    assert.equal(plan.nodes[0]!.buffers, undefined);
    assert.ok(plan.nodes[0]!.selfMs !== undefined);
  });
  onEachServer('costs_off', (plan) => {
    assert.equal(plan.nodes[0]!.cost, 0);
    assert.equal(plan.nodes[0]!.rowsFactor, undefined);
  });
  test('without ANALYZE nothing is measured, and nothing is called never executed', () => {
    const plan = planOf('pg18/initplan.cost');
    assert.equal(plan.analyzed, false);
    for (const node of plan.nodes) {
      assert.deepEqual(
        [node.totalMs, node.rows, node.loops, node.neverExecuted],
        [undefined, undefined, undefined, false],
      );
    }
  });
});

describe('numbers that do not add up are said to', () => {
  test('blocks of workers left out of their Gather (older servers)', () => {
    const { plans, problems } = readPlans(
      JSON.stringify([
        {
          Plan: rawNode('Gather', {
            'Shared Hit Blocks': 10,
            Plans: [
              rawNode('Seq Scan', {
                'Parent Relationship': 'Outer',
                'Actual Loops': 3,
                'Shared Hit Blocks': 30,
              }),
            ],
          }),
        },
      ]),
    );
    assert.equal(plans[0]!.nodes[0]!.selfBuffers!.sharedHit, 0);
    assert.equal(problems[0]!.code, 'buffers-do-not-add-up');
  });
  test('a child that took longer than its parent', () => {
    const { plans, problems } = readPlans(
      JSON.stringify([
        {
          Plan: rawNode('Sort', {
            'Actual Total Time': 5,
            Plans: [rawNode('Seq Scan', { 'Parent Relationship': 'Outer', 'Actual Total Time': 7 })],
          }),
        },
      ]),
    );
    assert.equal(plans[0]!.nodes[0]!.selfMs, -2);
    assert.equal(problems[0]!.code, 'times-do-not-add-up');
  });
  onEachServer('nested_loop_many_rows', (plan) => {
    // 100,000 loops, each printed to the microsecond: known to ± 50 ms, and told so.
    const inner = nodeOfPlan(plan, (node) => node.relationship === 'Inner');
    assertNear(inner.precision?.ms, 50, 0.1);
    assert.ok((nodeOfPlan(plan, typed('Nested Loop')).selfMs ?? -1) >= 0);
  });
});

describe('cost', () => {
  test('a CTE is inside the node that it hangs on', () => {
    const plan = planOf('pg18/materialized_cte_twice.analyze');
    const sum = plan.nodes.reduce((total, node) => total + node.selfCost, 0);
    assertNear(sum, plan.nodes[0]!.cost);
  });
  test('a correlated SubPlan costs its calls', () => {
    const plan = planOf('pg18/seed_correlated_subqueries.analyze');
    assert.ok(plan.nodes[0]!.selfCost < 100);
    assert.ok(plan.nodes[0]!.cost > 400_000);
  });
});

describe('Citus', () => {
  test('remote plans are nodes with their task, outside the local sums', () => {
    const plan = planOf('citus13/seed_slow_deployments.analyze');
    const tasks = new Set(plan.nodes.map((node) => node.distributed?.task).filter(Boolean));
    assert.equal(tasks.size, 32);
    const local = plan.nodes.filter((node) => !node.distributed);
    assert.deepEqual(
      local.map((node) => node.type),
      ['Limit', 'Sort', 'Custom Scan'],
    );
    const remote = plan.nodes.find((node) => node.distributed)!;
    assert.equal(remote.parentId, local[2]!.id);
    assert.match(remote.distributed!.node!, /^host=/);
    assert.equal(typeof remote.details['Execution Time'], 'number');
  });
  test('sub-plans ran before, on their own clock', () => {
    const plan = planOf('citus13/materialized_cte_twice.analyze');
    assert.deepEqual(
      [...new Set(plan.nodes.map((node) => node.distributed?.task))],
      [undefined, 'subplan 1', '1'],
    );
    assert.equal(plan.nodes[0]!.selfMs, plan.nodes[0]!.totalMs);
  });
});

describe('several plans in one text', () => {
  for (const version of recordedVersions) {
    test(`a rule of two actions, ${version}`, () => {
      const { plans } = readPlans(planText(`recorded/${version}/several_plans`));
      assert.deepEqual(
        plans.map((plan) => plan.nodes[0]!.relation),
        ['audit', 'audit'],
      );
    });
  }
  test('Query Identifier keeps all its digits', () => {
    assert.equal(
      onlyPlan('[{"Plan": {"Node Type": "Result"}, "Query Identifier": -2752312922531438488}]').queryId,
      '-2752312922531438488',
    );
  });
});
