/** The all-clear for a table that is read in order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOfRaw, rawNode } from '../../support/plans.ts';
import { describeRule, findingsOf, type Raw } from '../../support/findings.ts';

const below = (type: string, relationship: string, fields: Raw = {}) =>
  rawNode(type, { 'Parent Relationship': relationship, ...fields });

/** A scan of 100 of 400 ms that keeps and removes so many rows. */
const clear = (type: string, rows: number, removed: number, more: Raw = {}) => ({
  root: rawNode(type, {
    'Relation Name': 'deployments',
    Schema: 'public',
    'Actual Rows': rows,
    'Rows Removed by Filter': removed,
    'Actual Total Time': 100,
    ...more,
  }),
  top: { 'Execution Time': 400 },
});

const wholeScanBelow = (type: string, rows: number) => ({
  root: rawNode(type, {
    'Actual Total Time': 100,
    'Actual Rows': rows,
    Plans: [below('Seq Scan', 'Outer', { 'Actual Rows': 100_000, 'Actual Total Time': 90 })],
  }),
});

/** Below a Gather of three processes: how the scan was shared, and in how many of them it ran. */
const gathered = (launched: number, loops: number, more: Raw = {}, wanted = 90_000) => ({
  root: rawNode('Gather', {
    'Actual Total Time': 100,
    'Actual Rows': wanted,
    'Workers Planned': 2,
    'Workers Launched': launched,
    Plans: [
      below('Append', 'Outer', {
        'Actual Loops': launched + 1,
        'Actual Rows': wanted / (launched + 1),
        'Actual Total Time': 95,
        Plans: [
          below('Seq Scan', 'Member', {
            'Relation Name': 'deployments',
            'Parallel Aware': true,
            'Actual Loops': loops,
            'Actual Rows': 90_000 / loops,
            'Actual Total Time': (90 * (launched + 1)) / loops,
            ...more,
          }),
        ],
      }),
    ],
  }),
});

const alone = { 'Parallel Aware': false };

describeRule('seq-scan-is-right', {
  fires: clear('Seq Scan', 9200, 800),
  firesToo: {
    'shared among processes': gathered(2, 3),
    'planned for workers that did not come': gathered(0, 1),
    'in one of several processes': gathered(2, 1, alone),
    'grouped into few': wholeScanBelow('Aggregate', 1),
    'joined to as many': wholeScanBelow('Hash Join', 50_000),
  },
  silent: {
    'less than half kept': clear('Seq Scan', 5000, 5001),
    'a small table': clear('Seq Scan', 9999, 0),
    'less than a quarter of the time': { ...clear('Seq Scan', 92_000, 800), top: { 'Execution Time': 401 } },
    'run again and again': clear('Seq Scan', 10_000, 0, { 'Actual Loops': 2, 'Actual Total Time': 200 }),
    'no times': clear('Seq Scan', 92_000, 800, { 'Actual Total Time': undefined }),
    'a join above discards most of it': wholeScanBelow('Hash Join', 49_999),
    'so does a limit': wholeScanBelow('Limit', 10),
    'once in each process': gathered(2, 3, alone, 270_000),
    'a sub-plan, whose rows may not be needed': {
      root: rawNode('Seq Scan', {
        'Actual Total Time': 100,
        Filter: '(NOT (hashed SubPlan 1))',
        Plans: [
          below('Seq Scan', 'SubPlan', {
            'Subplan Name': 'SubPlan 1',
            'Actual Rows': 100_000,
            'Actual Total Time': 90,
          }),
        ],
      }),
    },
  },
});

const advice: readonly (readonly [fix: string, sample: { readonly root: Raw }])[] = [
  ['Only wanting fewer rows makes it faster: it is shared among parallel workers already.', gathered(2, 3)],
  ['Only wanting fewer rows, or all the workers that it was planned for, makes it faster.', gathered(0, 1)],
  [
    'Only wanting fewer rows makes it faster: it ran in 1 of 3 processes, beside the others’ work.',
    gathered(2, 1),
  ],
  [
    'Only wanting fewer rows makes it faster: it ran in 1 of 3 processes, beside the others’ work.',
    gathered(2, 1, alone),
  ],
  [
    'Only wanting fewer rows, or sharing the scan among parallel workers, makes it faster.',
    clear('Seq Scan', 10_000, 0),
  ],
];
for (const [place, [fix, { root }]] of advice.entries()) {
  test(`seq-scan-is-right advises by the processes that ran the scan: case ${place + 1}`, () => {
    const [finding] = findingsOf(planOfRaw(root), 'seq-scan-is-right');
    assert.equal(finding?.fix, fix);
  });
}
