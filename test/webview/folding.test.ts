/** Like siblings under one row: who is alike, what the row is called, and that its numbers are those of its members. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, PlanNode } from '../../src/shared/report.ts';
import { closedFolds, foldedTree } from '../../webview/folding.ts';
import { buildPlanModel } from '../../webview/planModel.ts';
import { nodeOf, planOfNodes } from '../support/reports.ts';
import { bigPlan, partitioned, recordedPlan } from './panelReports.ts';

/** The folds of a plan, as "12 partitions of events: first words", with ✓ when closed. */
function check(title: string, plan: Plan, expected: readonly string[]): void {
  test(title, () => {
    const model = buildPlanModel(plan, []);
    const tree = foldedTree(model);
    const closed = closedFolds(tree);
    const folds = tree.rows
      .filter(({ fold }) => fold !== undefined)
      .map(({ node, fold }) =>
        [closed.has(node.id) ? 'closed' : 'open', node.type, ...(fold?.words ?? [])].join(' | '),
      );
    assert.deepEqual(folds, expected);
    sound(plan);
  });
}

/** Every node is in the tree once, under its parent or its fold, and folds hold the sums of their members. */
function sound(plan: Plan): void {
  const tree = foldedTree(buildPlanModel(plan, []));
  const own = tree.rows.filter(({ fold }) => fold === undefined).map(({ node }) => node.id);
  assert.deepEqual(own.toSorted(), plan.nodes.map(({ id }) => id).toSorted());
  for (const { node, level, fold } of tree.rows) {
    const parent = node.parentId === null ? undefined : tree.byId.get(node.parentId);
    assert.equal(level, (parent?.level ?? 0) + 1);
    if (fold === undefined) continue;
    const members = plan.nodes.filter(({ id }) => fold.memberIds.includes(id));
    const sum = (of: (each: PlanNode) => number | undefined) =>
      members.reduce((all, each) => all + (each.neverExecuted ? 0 : (of(each) ?? 0)), 0);
    assert.equal(
      node.selfMs ?? 0,
      sum((each) => each.selfMs),
    );
    assert.equal(
      node.totalMs ?? 0,
      sum((each) => each.totalMs),
    );
    assert.equal(
      node.rows ?? 0,
      sum((each) => each.rows),
    );
    assert.equal(
      node.loops ?? 0,
      sum((each) => each.loops),
    );
    for (const name of ['sharedHit', 'sharedRead', 'tempWritten'] as const) {
      assert.equal(
        node.buffers?.[name] ?? 0,
        sum((each) => each.buffers?.[name]),
      );
      assert.equal(
        node.selfBuffers?.[name] ?? 0,
        sum((each) => each.selfBuffers?.[name]),
      );
    }
  }
}

const under = (type: string, children: readonly Partial<PlanNode>[], parent: Partial<PlanNode> = {}): Plan =>
  planOfNodes([
    nodeOf({ ...parent, id: '0', type }),
    ...children.map((child, index) =>
      nodeOf({ type: 'Seq Scan', id: String(index + 1), parentId: '0', ...child }),
    ),
  ]);
const times = (count: number, of: (index: number) => Partial<PlanNode>) =>
  Array.from({ length: count }, (_, index) => of(index + 1));

check('a recorded plan of twelve partitions', recordedPlan('partition_append_all.analyze.json').plan, [
  'closed | 12 partitions of events | events_p1 … events_p12 | Parallel Seq Scan',
]);
check('a thousand partitions, whatever reads them', partitioned(1000).plan, [
  'closed | 1,000 partitions of m | metrics_0001 … metrics_1000 | 750 Seq Scan, 250 Index Scan | 100 never executed',
]);
check(
  'few are not folded',
  under(
    'Append',
    times(3, (n) => ({ relation: `p${n}`, alias: `o_${n}` })),
  ),
  [],
);
check(
  'some start open',
  under(
    'Append',
    times(8, (n) => ({ relation: `p${n}`, alias: `o_${n}` })),
  ),
  ['open | 8 partitions of o | p1 … p8 | Seq Scan'],
);
check(
  'tables with numbers of their own may be partitions, or not',
  under(
    'Append',
    times(9, (n) => ({ relation: `y_${n}`, alias: `y_${n}` })),
  ),
  ['closed | 9 tables y_… | y_1 … y_9 | Seq Scan'],
);
check(
  'one table read many times is no set of partitions',
  under(
    'Append',
    times(9, (n) => ({ relation: 'small', alias: `small_${n}` })),
  ),
  ['closed | 9 × Seq Scan on small | Seq Scan'],
);
check(
  'unlike tables stay',
  under(
    'Append',
    times(9, (n) => ({ relation: `t${n}`, alias: `t${n}` })),
  ),
  [],
);
check(
  'like searches of one index',
  under(
    'BitmapOr',
    times(20, () => ({ type: 'Bitmap Index Scan', index: 'i' })),
  ),
  ['closed | 20 × Bitmap Index Scan | Bitmap Index Scan'],
);
check(
  'chunks of a hypertable keep names of their own',
  under(
    'Custom Scan',
    times(9, (n) => ({ relation: `_hyper_1_${n}_chunk`, alias: `_hyper_1_${n}_chunk` })),
    { relation: 'readings' },
  ),
  ['closed | 9 partitions of readings | _hyper_1_1_chunk … _hyper_1_9_chunk | Seq Scan'],
);
check(
  'what differs below is not alike',
  under(
    'Result',
    times(9, (n) => ({ type: n % 2 ? 'Sort' : 'Hash' })),
  ),
  ['open | 5 × Sort | Sort', 'open | 4 × Hash | Hash'],
);
check('a plan of unlike steps is left as it is', bigPlan(300).plan, []);

test('a tree without likes is the plan’s own', () => {
  const model = buildPlanModel(bigPlan(50).plan, []);
  assert.equal(foldedTree(model), model);
});

test('a fold shows the worst that is inside it', () => {
  const { plan, findings } = partitioned(50);
  const fold = foldedTree(buildPlanModel(plan, findings)).rows.find((row) => row.fold !== undefined);
  assert.equal(fold?.severity, 'warning');
});

test('a deep plan does not overflow the stack', () => {
  const deep = times(20_000, (n) => ({ type: 'Result', id: String(n), parentId: String(n - 1) }));
  const wide = times(9, (n) => ({ id: `w${n}`, parentId: '20000', relation: 'small', alias: 's' }));
  assert.equal(foldedTree(buildPlanModel(under('Result', [...deep, ...wide]), [])).rows.length, 20_011);
});
