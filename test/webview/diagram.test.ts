/** The diagram: boxes that keep apart, and as many of them as a page can bear. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProfileReport } from '../../src/shared/report.ts';
import { drawDiagram, edgeWidthPx, type DiagramFrame } from '../../webview/diagramDrawing.ts';
import { boxAt, boxBeside, boxPx, layoutDiagram } from '../../webview/diagramLayout.ts';
import { closedFolds, foldedTree } from '../../webview/folding.ts';
import { buildPlanModel } from '../../webview/planModel.ts';
import { bigPlan, hostileReport, partitioned, reportOfRecorded, slowDeployments } from './panelReports.ts';

const measure = (text: string) => text.length * 7;
const modelOf = ({ plan, findings }: ProfileReport) => buildPlanModel(plan, findings);
const nothingFolded: ReadonlySet<string> = new Set();

const reports: Readonly<Record<string, ProfileReport>> = {
  slow: slowDeployments(),
  'init plan': reportOfRecorded('initplan.analyze.json'),
  partitions: reportOfRecorded('partition_append_all.analyze.json'),
  'cost only': reportOfRecorded('seed_join_order.cost.json'),
  hostile: hostileReport(),
  big: bigPlan(2000),
};

describe('a picture of all of it', () => {
  for (const [name, report] of Object.entries(reports)) {
    test(name, () => {
      const model = modelOf(report);
      const diagram = layoutDiagram(model, nothingFolded);
      const { marks, widthPx, heightPx, under } = drawDiagram(model, diagram, measure);
      assert.equal(marks.length, report.plan.nodes.length, 'every step is drawn');
      for (const { x, y, width, height, shapes } of marks) {
        assert.ok(x >= 0 && y >= 0 && x + width <= widthPx + 0.01 && y + height <= heightPx + 0.01);
        for (const shape of shapes) {
          if (shape.kind === 'rect') assert.ok(shape.width > 0 && shape.x + shape.width <= x + width + 0.01);
          if (shape.kind === 'text' && shape.toLeft !== true) {
            assert.ok(shape.x + measure(shape.text) <= x + width || shape.style === 'small', shape.text);
          }
        }
      }
      for (const level of diagram.levels) {
        for (let at = 1; at < level.length; at++) assert.ok(level[at]!.x >= level[at - 1]!.x + boxPx.width);
      }
      assert.ok(report.plan.nodes.length === 1 || under.some(({ kind }) => kind === 'line'));
    });
  }
});

describe('what is seen', () => {
  const model = modelOf(bigPlan(10_000));
  const diagram = layoutDiagram(model, nothingFolded);
  const focusedId = diagram.boxes.at(-1)!.row.node.id;
  const check = (title: string, part: Partial<DiagramFrame>, most: number) =>
    test(title, () => {
      const frame = { left: 0, top: 0, right: 1500, bottom: 1000, scaleX: 1, scaleY: 1, focusedId, ...part };
      const { marks, under } = drawDiagram(model, diagram, measure, frame);
      const elements = under.length + marks.reduce((sum, { shapes }) => sum + shapes.length + 3, 0);
      assert.ok(elements <= most, `${elements} elements`);
      assert.ok(
        marks.some(({ node }) => node.id === focusedId),
        'the focused one is always drawn',
      );
    });
  check('a window of boxes', {}, 1500);
  check(
    'all of it, as marks',
    { right: diagram.widthPx, bottom: diagram.heightPx, scaleX: 0.005, scaleY: 0.1 },
    20,
  );
  check('on an enormous screen', { right: 20_000, bottom: 4000 }, 20);
});

test('lines grow with the power of ten of the rows', () => {
  assert.deepEqual([0, 1, 10, 1000, 1_000_000, 1e9].map(edgeWidthPx), [1, 1, 2, 5, 8, 12]);
});

test('a folded step stands for what is in it', () => {
  const model = modelOf(slowDeployments());
  const diagram = layoutDiagram(model, new Set(['2']));
  assert.deepEqual(
    diagram.boxes.map(({ folded }) => folded),
    [0, 0, model.rows.length - 3],
  );
  assert.match(drawDiagram(model, diagram, measure).marks[2]?.name ?? '', /10 steps folded into it/);
});

test('like steps are one box while they are closed, and boxes of their own below it when it is open', () => {
  const tree = foldedTree(modelOf(partitioned(1000)));
  const closed = drawDiagram(tree, layoutDiagram(tree, closedFolds(tree)), measure);
  assert.deepEqual(
    closed.marks.map(({ isOpen }) => isOpen),
    [true, true, false],
  );
  const texts = closed.marks[2]!.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
  assert.deepEqual(texts, ['1,000 partitions of', 'm · metrics_0001 … metri…', '246.3 ms · 98 %']);
  assert.match(
    closed.marks[2]!.name,
    /metrics_0001 … metrics_1000 · 750 Seq Scan.*1,000 steps folded into it/s,
  );
  const open = layoutDiagram(tree, nothingFolded);
  assert.equal(open.boxes.length, 1003);
  assert.equal(boxBeside(open, closed.marks[2]!.node.id, 'ArrowDown')?.row.node.relation, 'metrics_0001');
});

test('arrow keys follow the lines, and points find their boxes', () => {
  const diagram = layoutDiagram(modelOf(slowDeployments()), nothingFolded);
  const way = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowUp', 'Home'];
  let at = '0';
  const seen = way.map((key) => (at = boxBeside(diagram, at, key)?.row.node.id ?? at));
  assert.deepEqual(seen.slice(0, 4), ['1', '2', '3', '4']);
  assert.equal(seen.at(-1), '0');
  assert.equal(diagram.byId.get(seen[4]!)?.row.level, diagram.byId.get('4')?.row.level);
  for (const box of diagram.boxes) assert.equal(boxAt(diagram, box.x + 5, box.y + 5), box);
  assert.equal(boxAt(diagram, -5, -5), undefined);
});
