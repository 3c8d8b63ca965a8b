/** Processes are counted, rows compared with what the planner meant. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  assertNear,
  named,
  nodeOfPlan,
  onEachServer,
  planOf,
  planOfRaw,
  rawNode,
  scanOf,
  typed,
} from '../../support/plans.ts';

describe('processes are counted, not assumed', () => {
  onEachServer('leader_off', (plan) => {
    const scan = nodeOfPlan(plan, scanOf('items'));
    assert.equal(plan.settings['parallel_leader_participation'], 'off');
    assert.equal(scan.processes, 2);
    assertNear(scan.rowsFactor, scan.rows! / (scan.planRows * 2), 0.001);
  });
  onEachServer('gather_rescanned', (plan) => {
    const gather = nodeOfPlan(plan, typed('Gather'));
    const scan = nodeOfPlan(plan, scanOf('items'));
    assert.equal(gather.loops, 3);
    assert.equal(scan.loops, 9);
    assert.equal(scan.processes, 3);
    assertNear(scan.rowsFactor, 1, 0.01);
  });
  onEachServer('parallel_append', (plan) => {
    // A child that one process ran on its own is divided like the rest, or sums break.
    const alone = nodeOfPlan(plan, (node) => node.index === 'items_pkey');
    assert.equal(alone.loops, 1);
    assert.equal(alone.processes, 3);
    // Rows are never divided, and each factor is near 1 whoever did the work.
    for (const name of ['orders_a', 'orders_b'])
      assertNear(nodeOfPlan(plan, scanOf(name)).rowsFactor, 1, 0.01);
    assertNear(nodeOfPlan(plan, typed('Append')).rowsFactor, 1, 0.01);
    assertNear(alone.rowsFactor, 1, 0.1);
  });
  onEachServer('parallel_hash', (plan) => {
    for (const node of plan.nodes.filter(scanOf('items'))) assertNear(node.rowsFactor, 1, 0.01);
    assertNear(nodeOfPlan(plan, typed('Hash')).rowsFactor, 1, 0.01);
  });
  test('the panel’s plan: read whole by each process, or dealt out', () => {
    const plan = planOf('panel');
    assertNear(nodeOfPlan(plan, scanOf('deployments')).rowsFactor, 6232 / (2556 * 2.4), 0.001);
    assertNear(nodeOfPlan(plan, scanOf('model_versions')).rowsFactor, 1);
    assert.equal(nodeOfPlan(plan, scanOf('deployments')).rowsRemoved, 393_768);
    assert.deepEqual(
      nodeOfPlan(plan, scanOf('deployments')).workers!.map((worker) => worker.ms),
      [60.062, 80.438],
    );
  });
});

describe('what a partial node’s estimate was divided by', () => {
  /** A parallel scan of two workers and no SETTINGS; it ran in so many processes. */
  const gathered = (planned: readonly [gather: number, scan: number], loops: number) =>
    planOfRaw(
      rawNode('Gather', {
        'Plan Rows': planned[0],
        'Actual Rows': 1000,
        'Workers Planned': 2,
        'Workers Launched': 2,
        Plans: [
          rawNode('Seq Scan', {
            'Parent Relationship': 'Outer',
            'Relation Name': 't',
            'Parallel Aware': true,
            'Plan Rows': planned[1],
            'Actual Rows': 1000 / loops,
            'Actual Loops': loops,
          }),
        ],
      }),
    ).nodes[1]!;
  test('a leader that stayed out by its setting, as the Gather’s own estimate tells', () => {
    assert.equal(gathered([1000, 500], 2).rowsFactor, 1);
    assert.equal(gathered([1000, 500], 2).planRowsTotal, 1000);
  });
  test('or by chance', () => assertNear(gathered([1200, 500], 2).rowsFactor, 1000 / 1200, 0.001));
  test('one that took part helped, whatever the ratio', () =>
    assertNear(gathered([1000, 500], 3).rowsFactor, 1000 / 1200, 0.001));

  for (const version of ['pg15', 'pg18']) {
    test(`members of a Parallel Append that are worth one worker each, ${version}`, () => {
      const plan = planOf(`${version}/partition_append_all.analyze`);
      const members = plan.nodes.filter(({ relation }) => relation?.startsWith('events_p'));
      assert.equal(members.length, 12);
      for (const member of members) assertNear(member.rowsFactor, 1, 0.01);
      assertNear(nodeOfPlan(plan, typed('Append')).rowsFactor, 1, 0.01);
    });
  }
  /** Two tables below an Append of two workers, each with its rows planned by its own divisor. */
  const appended = (parallelAware: boolean, appendRows: number, ...memberRows: readonly number[]) =>
    planOfRaw(
      rawNode('Gather', {
        'Workers Planned': 2,
        'Workers Launched': 2,
        Plans: [
          rawNode('Append', {
            'Parent Relationship': 'Outer',
            'Parallel Aware': parallelAware,
            'Plan Rows': appendRows,
            'Actual Loops': 3,
            Plans: memberRows.map((rows) =>
              rawNode('Seq Scan', {
                'Parent Relationship': 'Member',
                'Parallel Aware': true,
                'Plan Rows': rows,
                'Actual Rows': 1000,
                'Actual Loops': 3,
              }),
            ),
          }),
        ],
      }),
      { Settings: {} },
    ).nodes.map(({ rowsFactor }) => rowsFactor);
  test('members of as many workers as the Append, or all of one', () => {
    assertNear(appended(true, 2500, 1250, 1250)[2], 1, 0.001);
    assertNear(appended(true, 2500, 1765, 1765)[2], 1, 0.001);
  });
  test('where members may differ there is no factor', () => {
    const factors = appended(true, 2500, 1250, 1765);
    assert.deepEqual(factors.slice(2), [undefined, undefined]);
    assert.notEqual(factors[1], undefined, 'the Append’s own divisor is known');
    assert.deepEqual(appended(false, 3015, 1250, 1765).slice(1), [undefined, undefined, undefined]);
  });
  test('where a factor says nothing, the expected rows are still those of all processes', () => {
    const scan = nodeOfPlan(planOf('pg18/never_executed.analyze'), scanOf('deployments'));
    assert.equal(scan.rows, 0);
    assertNear(scan.planRowsTotal, 17 * 2.4);
  });
});

describe('where fewer rows say nothing there is no factor', () => {
  onEachServer('limit_stops', (plan) => {
    assert.equal(nodeOfPlan(plan, scanOf('items')).rowsFactor, undefined);
    assert.equal(nodeOfPlan(plan, typed('Limit')).rowsFactor, 1);
  });
  onEachServer('cte_limited', (plan) =>
    assert.equal(nodeOfPlan(plan, named(/^CTE c$/)).rowsFactor, undefined),
  );
  onEachServer('initplan_exists', (plan) =>
    assert.equal(nodeOfPlan(plan, named(/^InitPlan/)).rowsFactor, undefined),
  );
  onEachServer('semi_join_stops', (plan) =>
    assert.equal(nodeOfPlan(plan, scanOf('orders_a')).rowsFactor, undefined),
  );
  onEachServer('never_executed', (plan) => {
    const inner = nodeOfPlan(plan, (node) => node.index === 'items_pkey');
    assert.deepEqual(
      [inner.neverExecuted, inner.loops, inner.rowsFactor, inner.totalMs],
      [true, 0, undefined, undefined],
    );
  });
  onEachServer('merge_join_rereads', (plan) => {
    // 3,999 rows sorted, 15,954 returned: the inner side went back to its mark.
    const join = nodeOfPlan(plan, typed('Merge Join'));
    const inner = nodeOfPlan(plan, (node) => node.parentId === join.id && node.relationship === 'Inner');
    assert.equal(inner.rowsFactor, undefined);
    assert.ok(inner.rows! > inner.planRows * 3);
  });
  test('a limit that was not reached stopped nothing', () => {
    const plan = planOfRaw(
      rawNode('Limit', {
        'Plan Rows': 50,
        'Actual Rows': 3,
        Plans: [rawNode('Seq Scan', { 'Parent Relationship': 'Outer', 'Plan Rows': 300, 'Actual Rows': 3 })],
      }),
    );
    assert.equal(plan.nodes[1]!.rowsFactor, 0.01);
  });
  test('more rows than planned are an under-estimate also below a limit', () => {
    const plan = planOfRaw(
      rawNode('Limit', {
        'Plan Rows': 50,
        'Actual Rows': 50,
        Plans: [rawNode('Seq Scan', { 'Parent Relationship': 'Outer', 'Plan Rows': 5, 'Actual Rows': 50 })],
      }),
    );
    assert.equal(plan.nodes[1]!.rowsFactor, 10);
  });
});
