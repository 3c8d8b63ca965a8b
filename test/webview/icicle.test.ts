/** The icicle: rectangles of every recorded plan, and the cases that a total alone would draw wrongly. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Plan } from '../../src/shared/report.ts';
import { barAt, barPitchPx, drawIcicle, icicleNotes } from '../../webview/icicleDrawing.ts';
import { layoutIcicle, type Bar } from '../../webview/icicleLayout.ts';
import { closedFolds, foldedTree } from '../../webview/folding.ts';
import { availableMetrics, metricOf, type MetricId } from '../../webview/metrics.ts';
import { buildPlanModel, measuredBy, type PlanModel } from '../../webview/planModel.ts';
import { planNames, planText } from '../support/plans.ts';
import { readPlans } from '../../src/core/plan/readPlans.ts';
import { nodeOf, planOfNodes } from '../support/reports.ts';
import { bigPlan, hostileReport, partitioned } from './panelReports.ts';

const modelOf = (plan: Plan, metric: MetricId) =>
  measuredBy(buildPlanModel(plan, []), metricOf(metric), false);
const measure = (text: string) => text.length * 7;
const slack = 1e-9;

/** Children lie side by side inside their parent, own parts are what they leave, and nothing is negative. */
function checkRectangles(model: PlanModel): void {
  const { bars, byId } = layoutIcicle(model);
  const ends = new Map<Bar, number>();
  for (const bar of bars) {
    const { row, left, width, ownWidth, depth } = bar;
    assert.ok(width > 0 && ownWidth >= 0 && ownWidth <= width + slack, `${row.node.type} has a width`);
    const parent = byId.get(row.node.parentId ?? '');
    if (parent === undefined) {
      assert.deepEqual([left, width, depth], [0, 1, 0], 'only the root has no parent');
      continue;
    }
    assert.equal(depth, parent.depth + 1);
    assert.ok(left >= (ends.get(parent) ?? parent.left) - slack, 'siblings do not overlap');
    assert.ok(left + width <= parent.left + parent.width + slack, `${row.node.type} is inside its parent`);
    ends.set(parent, left + width);
  }
  for (const bar of bars) {
    const local = bars.filter(
      ({ row, remote }) => row.node.parentId === bar.row.node.id && remote === bar.remote,
    );
    const taken = local.reduce((sum, { width }) => sum + width, 0);
    assert.ok(
      Math.abs(bar.width - bar.ownWidth - taken) < 1e-6,
      `${bar.row.node.type}: own part and children fill it`,
    );
  }
}

describe('rectangles of every recorded plan, by every metric', () => {
  for (const name of planNames) {
    test(name, () => {
      for (const plan of readPlans(planText(name)).plans) {
        for (const { id } of availableMetrics(plan)) {
          checkRectangles(modelOf(plan, id));
          checkRectangles(foldedTree(modelOf(plan, id)));
        }
      }
    });
  }
});

test('300 leaves, 400 levels and 10,000 nodes keep inside, too', () => {
  const timed = { type: 'Seq Scan', rows: 1, loops: 1, totalMs: 1, selfMs: 1, cost: 1, selfCost: 1 } as const;
  const wide = Array.from({ length: 300 }, (_, index) =>
    nodeOf({ ...timed, id: String(index + 1), parentId: '0' }),
  );
  checkRectangles(modelOf(planOfNodes([nodeOf({ ...timed, id: '0' }), ...wide]), 'time'));
  const deep = Array.from({ length: 400 }, (_, index) =>
    nodeOf({ ...timed, id: String(index), parentId: index === 0 ? null : String(index - 1) }),
  );
  checkRectangles(modelOf(planOfNodes(deep), 'time'));
  const { bars, byId } = layoutIcicle(modelOf(bigPlan(10_000).plan, 'time'));
  assert.ok(
    bars.every(({ row, left, width }) => {
      const parent = byId.get(row.node.parentId ?? '');
      return parent === undefined || left + width <= parent.left + parent.width + slack;
    }),
  );
});

/** The widths of a hand-made plan, as shares in percent, by node id. */
function checkWidths(
  title: string,
  nodes: readonly Parameters<typeof nodeOf>[0][],
  metric: MetricId,
  expected: Readonly<Record<string, number>>,
): void {
  test(title, () => {
    const plan = planOfNodes(nodes.map(nodeOf));
    const { bars } = layoutIcicle(modelOf(plan, metric));
    const widths = Object.fromEntries(bars.map(({ row, width }) => [row.node.id, Math.round(width * 100)]));
    assert.deepEqual(widths, expected);
  });
}

describe('widths', () => {
  checkWidths(
    'an InitPlan that a child waited for takes from the root, once',
    [
      { id: '0', type: 'Result', totalMs: 100, selfMs: 10, loops: 1 },
      {
        id: '1',
        parentId: '0',
        type: 'Aggregate',
        relationship: 'InitPlan',
        totalMs: 60,
        selfMs: 60,
        loops: 1,
      },
      { id: '2', parentId: '0', type: 'Seq Scan', totalMs: 90, selfMs: 30, loops: 1 },
    ],
    'time',
    { '0': 100, '1': 60, '2': 30 },
  );
  checkWidths(
    'never executed and nothing: no width',
    [
      { id: '0', type: 'Append', totalMs: 10, selfMs: 4, loops: 1 },
      { id: '1', parentId: '0', type: 'Seq Scan', totalMs: 6, selfMs: 6, loops: 1 },
      { id: '2', parentId: '0', type: 'Seq Scan', neverExecuted: true },
      { id: '3', parentId: '0', type: 'Seq Scan', totalMs: 0, selfMs: 0, loops: 1 },
    ],
    'time',
    { '0': 100, '1': 60 },
  );
  checkWidths(
    'remote parts are fitted into what waited for them',
    [
      { id: '0', type: 'Custom Scan', totalMs: 100, selfMs: 50, loops: 1 },
      {
        id: '1',
        parentId: '0',
        type: 'Seq Scan',
        totalMs: 200,
        selfMs: 200,
        loops: 1,
        distributed: { task: '1' },
      },
      { id: '2', parentId: '0', type: 'Sort', totalMs: 50, selfMs: 50, loops: 1 },
    ],
    'time',
    { '0': 100, '1': 50, '2': 50 },
  );
  checkWidths(
    'a cost under LIMIT is what the LIMIT pays',
    [
      { id: '0', type: 'Limit', cost: 10, selfCost: 0 },
      { id: '1', parentId: '0', type: 'Sort', cost: 1000, selfCost: 500 },
      { id: '2', parentId: '1', type: 'Seq Scan', cost: 500, selfCost: 500 },
    ],
    'cost',
    { '0': 100, '1': 100, '2': 50 },
  );
  checkWidths(
    'a SubPlan that is called for each row takes all its calls',
    [
      { id: '0', type: 'Seq Scan', cost: 1000, selfCost: 100 },
      { id: '1', parentId: '0', type: 'Aggregate', relationship: 'SubPlan', cost: 9, selfCost: 9 },
    ],
    'cost',
    { '0': 100, '1': 90 },
  );
  checkWidths(
    'rows have no sum: widths are times',
    [
      { id: '0', type: 'Sort', totalMs: 10, selfMs: 8, rows: 1, loops: 1 },
      { id: '1', parentId: '0', type: 'Seq Scan', totalMs: 2, selfMs: 2, rows: 1_000_000, loops: 1 },
    ],
    'rows',
    { '0': 100, '1': 20 },
  );
});

describe('the drawing', () => {
  const model = modelOf(bigPlan(2000).plan, 'time');
  const icicle = layoutIcicle(model);
  const rootId = icicle.bars[0]!.row.node.id;

  test('marks are few, the focused one is always among them, the rest one shape per colour', () => {
    const focusedId = icicle.bars.at(-1)!.row.node.id;
    const { marks, under } = drawIcicle(
      model,
      icicle,
      { widthPx: 20_000, zoomedId: rootId, focusedId, seen: { topPx: 0, bottomPx: 2000 } },
      measure,
    );
    assert.ok(marks.length <= 701, `${marks.length} marks`);
    assert.ok(marks.some(({ node }) => node.id === focusedId));
    assert.ok(under.length < 20);
  });
  test('texts stay inside their bars, and every mark has a name', () => {
    const { marks } = drawIcicle(model, icicle, { widthPx: 9000, zoomedId: rootId, focusedId: '' }, measure);
    for (const { x, width, shapes, name } of marks) {
      assert.match(name, /Self ms: /);
      for (const shape of shapes) {
        if (shape.kind !== 'text') continue;
        const textPx = measure(shape.text);
        const left = shape.toLeft === true ? shape.x - textPx : shape.x;
        assert.ok(left >= x && left + textPx <= x + width + 1, `${shape.text} is inside`);
      }
    }
  });
  test('a zoomed step takes the whole width, and points find their bars', () => {
    const zoomed = icicle.bars.find(({ depth, row }) => depth === 1 && row.childIds.length > 0)!;
    const frame = { widthPx: 1000, zoomedId: zoomed.row.node.id, focusedId: '' };
    const { marks } = drawIcicle(model, icicle, frame, measure);
    assert.deepEqual([marks[0]?.node.id, marks[0]?.x, marks[0]?.y], [zoomed.row.node.id, 0, 0]);
    assert.equal(barAt(icicle, frame, 999, 5), zoomed);
    assert.equal(barAt(icicle, frame, 0.01, 30)?.row.node.id, zoomed.row.childIds[0]);
    assert.equal(barAt(icicle, frame, 999, 5000), undefined);
  });
  test('hostile names are cut like others', () => {
    const hostile = modelOf(hostileReport().plan, 'time');
    const drawn = drawIcicle(
      hostile,
      layoutIcicle(hostile),
      { widthPx: 200, zoomedId: '0', focusedId: '0' },
      measure,
    );
    const texts = drawn.marks.flatMap(({ shapes }) => shapes).filter((shape) => shape.kind === 'text');
    assert.ok(texts.length > 0 && texts.every(({ text }) => text.length < 30));
  });
});

describe('like steps', () => {
  const tree = foldedTree(modelOf(partitioned(1000).plan, 'time'));
  const icicle = layoutIcicle(tree);
  const fold = tree.rows.find((row) => row.fold !== undefined)!;
  const whole = { widthPx: 1000, zoomedId: '0', focusedId: '' };

  test('are one bar with their count and sum while they are closed', () => {
    const { marks, under } = drawIcicle(tree, icicle, { ...whole, collapsed: closedFolds(tree) }, measure);
    assert.deepEqual(
      marks.map(({ node, isOpen }) => [node.id, isOpen]),
      [
        ['0', true],
        ['1', true],
        [fold.node.id, false],
      ],
    );
    assert.deepEqual(under, []);
    const texts = marks[2]!.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
    assert.equal(texts[0], '1,000 partitions of m');
    assert.equal(texts[1], '246.3 ms');
    assert.match(marks[2]!.name, /^1,000 partitions of m.*1,000 steps folded into it$/s);
  });
  test('are as wide as those that ran, which lie below when it is open', () => {
    const { marks } = drawIcicle(tree, icicle, { ...whole, widthPx: 10_000 }, measure);
    assert.equal(marks.length, 3 + 900);
    const inside = icicle.bars.filter(({ row }) => row.node.parentId === fold.node.id);
    const sum = inside.reduce((all, { width }) => all + width, 0);
    assert.ok(Math.abs(sum - icicle.byId.get(fold.node.id)!.width) < 1e-6);
    assert.equal(icicle.omitted, 100, 'never executed; the fold itself is no step');
  });
  test('points inside a closed one find it, and below it nothing', () => {
    const frame = { ...whole, collapsed: closedFolds(tree) };
    assert.equal(barAt(icicle, frame, 500, 2 * barPitchPx + 5)?.row.node.id, fold.node.id);
    assert.equal(barAt(icicle, frame, 500, 3 * barPitchPx + 5), undefined);
  });
});

describe('notes', () => {
  const check = (title: string, plan: Plan, metric: MetricId, expected: RegExp) =>
    test(title, () => {
      const model = modelOf(plan, metric);
      assert.match(icicleNotes(model, layoutIcicle(model)).join(' · '), expected);
    });
  const root = nodeOf({ type: 'ModifyTable', totalMs: 90, selfMs: 90, loops: 1, rows: 1 });
  check(
    'what lies outside the root is named',
    planOfNodes([root], { executionMs: 100 }),
    'time',
    /10\.00 ms outside the steps/,
  );
  check(
    'what ran after the root is named',
    planOfNodes([root], { afterRoot: { ms: 5 } }),
    'time',
    /5\.00 ms of it after the root/,
  );
  check(
    'a metric without sums says what the widths are',
    planOfNodes([root]),
    'rows',
    /Width: time, for rows have no sum/,
  );
  check(
    'steps without a width are counted',
    planOfNodes([root, nodeOf({ id: '1', parentId: '0', type: 'Seq Scan', neverExecuted: true })]),
    'time',
    /1 of 2 steps have no width/,
  );
});
