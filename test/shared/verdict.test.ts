import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, Plan, PlanNode } from '../../src/shared/report.ts';
import { verdict } from '../../src/shared/verdict.ts';
import { findingsIn } from '../support/findings.ts';
import { planOf } from '../support/plans.ts';
import { nodeOf, noBuffers, planOfNodes, reportOf } from '../support/reports.ts';

/** One step under a Limit that costs nothing itself. */
function check(
  expected: string,
  step: Partial<PlanNode> & { readonly type: string },
  plan: Partial<Plan> = {},
): void {
  test(expected, () => {
    const root = nodeOf({
      type: 'Limit',
      id: '0',
      rows: 50,
      selfMs: 0.01,
      totalMs: 156.7,
      planRows: 50,
      cost: 9542.53,
    });
    const measured = plan.analyzed === false ? {} : { executionMs: 156.7 };
    const nodes = [root, nodeOf({ id: '1', parentId: '0', ...step })];
    assert.equal(verdict(reportOf(planOfNodes(nodes, { ...measured, ...plan }))), expected);
  });
}

const scan = { type: 'Seq Scan', relation: 'deployments', rows: 6232, rowsRemoved: 393_768, selfMs: 74.25 };

check('156.7 ms, and 47 % of it reads 400,000 deployments to keep 6,232', scan);
check('156.7 ms, and 47 % of it reads 400,000 rows of user_account to keep 6,232', {
  ...scan,
  relation: 'user_account',
});
check('156.7 ms, and 47 % of it reads 1 row of deployments', { ...scan, rows: 1, rowsRemoved: 0 });
check('156.7 ms, and 47 % of it reads 2 rows of address', {
  ...scan,
  relation: 'address',
  rows: 2,
  rowsRemoved: 0,
});
check('156.7 ms, and nearly all of it sorts 1.2 M rows on disk', {
  type: 'Sort',
  rows: 1_200_000,
  selfMs: 150,
  selfBuffers: { ...noBuffers, tempWritten: 5 },
});
check('156.7 ms, and 64 % of it joins 1,000 pairs of rows to keep 10', {
  type: 'Nested Loop',
  rows: 10,
  rowsRemoved: 990,
  selfMs: 100,
});
check('156.7 ms, and 64 % of it runs generate_series', {
  type: 'Function Scan',
  rows: 10,
  selfMs: 100,
  details: { 'Function Name': 'generate_series' },
});
check('156.7 ms, and 64 % of it is the Hash Left Join', {
  type: 'Hash Join',
  selfMs: 100,
  details: { 'Join Type': 'Left' },
});
check('156.7 ms, spread over 2 steps', { ...scan, selfMs: 15 });
check(
  '156.7 ms, and 77 % of it runs the trigger RI_ConstraintTrigger_a_1',
  { ...scan, selfMs: 15 },
  { triggers: [{ name: 'RI_ConstraintTrigger_a_1', ms: 120, calls: 3 }] },
);
const insert = { type: 'ModifyTable', relation: 'audited', selfMs: 150, details: { Operation: 'Insert' } };
check('156.7 ms, and nearly all of it inserts into audited', insert);
check('156.7 ms, and 64 % of it runs the trigger audited_bi', insert, {
  triggers: [{ name: 'audited_bi', relation: 'audited', ms: 100, calls: 3, runs: 'inside the root' }],
});
check('156.7 ms, and 64 % of it inserts into audited', insert, {
  triggers: [{ name: 'audited_bi', relation: 'audited', ms: 50, calls: 3, runs: 'inside the root' }],
});
check(
  '156.7 ms, and 77 % of it checks the constraint audited_fk',
  { ...scan, selfMs: 15 },
  { triggers: [{ name: 'audited_fk', ms: 120, calls: 3, isConstraint: true }] },
);
check(
  '156.7 ms, and 51 % of it turns the result into what is sent',
  { ...scan, selfMs: 15 },
  { serialization: { ms: 80, details: {} } },
);
check('2.00 ms, after 10.00 ms of planning', scan, { executionMs: 2, planningMs: 10 });
check(
  'Not executed: an estimated cost of 9,542.53 for 50 rows; the costliest step reads deployments',
  { type: 'Seq Scan', relation: 'deployments', cost: 6819, selfCost: 6819 },
  { analyzed: false },
);

test('COSTS OFF leaves no costs to tell', () => {
  const node = nodeOf({ type: 'Sort', planRows: 0, cost: 0, selfCost: 0 });
  const said = (more: Partial<PlanNode>) =>
    verdict(reportOf(planOfNodes([{ ...node, ...more }], { analyzed: false })));
  assert.equal(said({}), 'Not executed, and costs were not printed');
  assert.equal(
    said({ details: { 'Startup Cost': 0 } }),
    'Not executed: an estimated cost of 0.00 for 0 rows',
  );
});

/** What is said of a step whose name says nothing, by the finding and the step that it is on. */
const causes: readonly (readonly [
  said: string,
  type: string,
  finding?: Partial<Finding> & { readonly title: string },
])[] = [
  ['the Nested Loop', 'Nested Loop'],
  [
    'the Nested Loop: join without a condition',
    'Nested Loop',
    { title: 'Join without a condition: 2 × 2 rows' },
  ],
  ['the Nested Loop: JIT compiles', 'Nested Loop', { title: 'JIT compiles' }],
  [
    'the Hash Join: Hash Join multiplies rows',
    'Hash Join',
    { title: 'Hash Join multiplies rows: 1 become 9' },
  ],
  ['the Merge Join', 'Merge Join', { title: 'Sequential scan on b keeps 0.1 %', nodeId: '7' }],
  ['the Nested Loop', 'Nested Loop', { title: 'Rows removed: 5', severity: 'info' }],
  // Its time is not the step's own.
  ['the Custom Scan', 'Custom Scan', { title: '1 part is computed first', ruleId: 'citus-subplans' }],
];

for (const [said, type, finding] of causes) {
  test(`the cause of a step is a finding on it: ${said}, ${finding?.title ?? 'no finding'}`, () => {
    const step = nodeOf({ type, selfMs: 90, rows: 5 });
    const findings: readonly Finding[] =
      finding === undefined
        ? []
        : [
            {
              ruleId: 'x',
              severity: 'warning',
              detail: '',
              evidence: {},
              nodeId: step.id,
              savableMs: 5,
              ...finding,
            },
          ];
    const report = reportOf(planOfNodes([step], { executionMs: 100 }), { findings });
    assert.equal(verdict(report), `100.0 ms, and 90 % of it is ${said}`);
  });
}

/** Of recorded distributed queries: sub-plans are a step, for they are over before the plan's own begins. */
const ofSubplans: Readonly<Record<string, string>> = {
  initplan: '200.5 ms, and 74 % of it computes 1 part of the distributed query first',
  seed_cte_rewrite: '526.1 ms, and 95 % of it computes 2 parts of the distributed query first',
  set_operations: '1.01 s, and 62 % of it computes 2 parts of the distributed query first',
  distinct_sort_spill: '3.23 s, and 43 % of it is the Custom Scan (Citus Adaptive)',
};

for (const [name, said] of Object.entries(ofSubplans)) {
  test(`a distributed query is told by its longest step: ${name}`, () => {
    const plan = planOf(`citus13/${name}.analyze`);
    assert.equal(verdict(reportOf(plan, { findings: findingsIn(plan) })), said);
  });
}

test('counts that the server rounded are said to be about right', () => {
  const rounded = nodeOf({
    ...scan,
    loops: 100_000,
    rows: 200_000,
    rowsRemoved: 0,
    precision: { rows: 50_000 },
  });
  assert.equal(
    verdict(reportOf(planOfNodes([rounded], { executionMs: 100 }))),
    '100.0 ms, and 74 % of it reads about 200,000 deployments',
  );
});

test('a sort below a limit is told by what it sorted', () => {
  const plan = planOfNodes(
    [
      nodeOf({ type: 'Sort', id: '0', rows: 10, selfMs: 90 }),
      nodeOf({ type: 'Seq Scan', id: '1', parentId: '0', rows: 5000, selfMs: 10 }),
    ],
    { executionMs: 100 },
  );
  assert.equal(verdict(reportOf(plan)), '100.0 ms, and 90 % of it sorts 5,000 rows');
});

test('without per-node times, the verdict does not invent a worst step', () => {
  const plan = planOfNodes([nodeOf({ type: 'Seq Scan', rows: 3 })], { executionMs: 12 });
  assert.equal(verdict(reportOf(plan)), '12.00 ms; the time of each step was not measured');
});

test('without any time, the verdict says so', () => {
  const plan = planOfNodes([nodeOf({ type: 'Result', rows: 1 })]);
  assert.equal(verdict(reportOf(plan)), '1 row returned; the time was not measured');
});
