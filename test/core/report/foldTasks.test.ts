/** Remote tasks in the terminal: where they ran, no shares of a clock that is not theirs, and their like told once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldTasks } from '../../../src/core/report/foldTasks.ts';
import { nodeLabel, renderPlanTable } from '../../../src/core/report/planTable.ts';
import { createPaint } from '../../../src/core/report/textLayout.ts';
import type { PlanNode } from '../../../src/shared/report.ts';
import { planOf } from '../../support/plans.ts';
import { nodeOf } from '../../support/reports.ts';

const citus = planOf('citus13/seed_slow_deployments.analyze');
const linesOf = (marked: readonly string[], plan = citus) =>
  renderPlanTable(plan, {
    width: 120,
    paint: createPaint(false),
    marks: new Map(marked.map((id) => [id, { letters: 'A', severity: 'info' as const }])),
  });

test('of 32 tasks that are alike the slowest is shown, and the others are counted', () => {
  const lines = linesOf([]);
  assert.ok(lines.length < 25, `${lines.length} lines`);
  assert.equal(lines.filter((line) => /Task \d+ on 127\.0\.0\.1:\d+: Limit/.test(line)).length, 1);
  assert.match(lines.at(-1) ?? '', /^ +31 more tasks like this, [\d.]+ ms to [\d.]+ ms$/);
});

test('a task that a finding speaks of is shown, too', () => {
  const marked = citus.nodes.filter(({ relation }) => relation?.startsWith('deployments'))[7]!;
  assert.match(linesOf([marked.id]).join('\n'), /30 more tasks like this/);
});

test('remote steps have their times, and no share of the local time', () => {
  const remote = linesOf([]).filter((line) => / on (models|deployments)_\d+/.test(line));
  assert.ok(remote.length >= 2);
  for (const line of remote) {
    assert.match(line, /\d\.\d\d/);
    assert.doesNotMatch(line, /%|[▏▎▍▌▋▊▉█]/);
  }
});

const task = (id: string, number: number, relation: string): readonly PlanNode[] => [
  nodeOf({ id, parentId: '0', type: 'Limit', distributed: { task: `${number}` } }),
  nodeOf({ id: `${id}a`, parentId: id, type: 'Seq Scan', relation, distributed: { task: `${number}` } }),
];

test('tasks of another shape, or on another table, are not alike', () => {
  const root = nodeOf({ id: '0', type: 'Custom Scan' });
  const nodes = [
    root,
    ...task('1', 1, 'events_102008'),
    ...task('2', 2, 'events_102009'),
    ...task('3', 3, 'users_102040'),
  ];
  const shown = foldTasks(nodes, new Set());
  assert.deepEqual(
    shown.nodes.map(({ id }) => id),
    ['0', '1', '1a', '3', '3a'],
  );
  assert.deepEqual([...shown.notes], [['1a', '1 more task like this']]);
  const two = [root, ...task('1', 1, 'events_p1'), ...task('2', 2, 'events_p2')];
  assert.equal(foldTasks(two, new Set()).nodes.length, two.length, 'partitions are no shards');
});

/** Own time, share and time of each sub-plan, as recorded; of tasks only that they are told. */
const subplanRows: Readonly<Record<string, readonly string[]>> = {
  set_operations: [
    'Subplan 1: 259.68 26 % 259.68',
    'Task 1',
    'Subplan 2: 363.57 36 % 363.57',
    'Task 1',
    'Task 1',
  ],
  seed_cte_rewrite: [
    'Subplan 1: 140.87 27 % 140.87',
    'Task 1',
    'Subplan 2: 357.15 68 % 357.15',
    'Task 1',
    'Task 1',
  ],
};

for (const [name, rows] of Object.entries(subplanRows)) {
  test(`sub-plans are never folded, and each shows how long it took: ${name}`, () => {
    const lines = linesOf([], planOf(`citus13/${name}.analyze`));
    const told = lines.flatMap((line) => {
      const [, place] =
        /└(Subplan \d|Task \d)/.exec(line) ?? (/more tasks?/.exec(line) && ['', 'folded']) ?? [];
      if (place === undefined) return [];
      const times = /([\d.]+) [▏▎▍▌▋▊▉█]+ +(\d+ %) +([\d.]+)/.exec(line)?.slice(1);
      return times === undefined ? place : `${place}: ${times.join(' ')}`;
    });
    assert.deepEqual(told, rows);
  });
}

test('a step of a sub-plan that Citus did not time has no time', () => {
  const scan = linesOf([], planOf('citus13/seed_cte_rewrite.analyze')).find((line) =>
    /^ +└Custom Scan/.test(line),
  );
  assert.match(scan ?? '', /\(Citus Adaptive\) +30\.2 k \/ 100 k/);
});

test('a finding’s place names the task and its server', () => {
  const distributed = { task: '3', node: 'host=10.0.0.7 port=5432 dbname=postgres' };
  const label = (place: PlanNode['distributed'] & object) =>
    nodeLabel(nodeOf({ type: 'Seq Scan', relation: 'events_102008', distributed: place }));
  assert.equal(label(distributed), 'Seq Scan on events_102008 (task 3 on 10.0.0.7:5432)');
  assert.equal(label({ task: 'subplan 1' }), 'Seq Scan on events_102008 (subplan 1)');
  assert.equal(label({ task: '1', node: '\u202e' }), 'Seq Scan on events_102008 (task 1 on \\u{202e})');
});
