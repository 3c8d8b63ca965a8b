/** A step as a box: what it is, what it works on, its figures, and a bar for its own part. Pure. */
import { formatCount } from '../src/shared/format.ts';
import { nodeTitle } from '../src/shared/nodeLabel.ts';
import { boxPx, type Box } from './diagramLayout.ts';
import { fitText, type Mark, type Measure, type Paint, type Shape } from './drawing.ts';
import { qualifiers, rowsCell, selfCell } from './nodeCells.ts';
import { iconShape, markOf, severityShape } from './nodeTints.ts';
import { selfOf, type PlanModel, type PlanRow } from './planModel.ts';

const paddingPx = 8;
const barHeightPx = 4;
/** The lines that letters stand on, from the box's upper edge. */
const baselinesPx = [17, 33, 49] as const;

export function markOfBox(box: Box, model: PlanModel, measure: Measure): Mark {
  const { row, x, y, folded } = box;
  const { width, height } = boxPx;
  const frame: Paint = row.severity === 'critical' || row.severity === 'warning' ? row.severity : 'frame';
  return {
    ...markOf(row, model, folded > 0),
    x,
    y,
    width,
    height,
    shapes: [
      { kind: 'rect', paint: frame, x, y, width, height },
      { kind: 'rect', paint: 'box', x: x + 1, y: y + 1, width: width - 2, height: height - 2 },
      ...ownBar(row, model, x, y),
      ...texts(box, model, measure),
    ],
  };
}

/** The node's own part of the metric, on the scale that all bars of the plan share. */
function ownBar(row: PlanRow, model: PlanModel, x: number, y: number): readonly Shape[] {
  const { barPercent, isElsewhere } = selfCell(row.node, model);
  const width = ((boxPx.width - 2) * Math.min(100, barPercent)) / 100;
  if (width < 1) return [];
  const strong =
    row.severity === 'critical' ? 'bar-red' : row.severity === 'warning' ? 'bar-yellow' : 'bar-blue';
  const top = y + boxPx.height - 1 - barHeightPx;
  const filled = { kind: 'rect', paint: strong, x: x + 1, y: top, width, height: barHeightPx } as const;
  if (!isElsewhere || width <= 2) return [filled];
  const inside = { x: x + 2, y: top + 1, width: width - 2, height: barHeightPx - 2 };
  return [filled, { kind: 'rect', paint: 'box', ...inside }];
}

function texts({ row, x, y, folded }: Box, model: PlanModel, measure: Measure): readonly Shape[] {
  const { node, severity, place, fold } = row;
  const [left, right] = [x + paddingPx, x + boxPx.width - paddingPx];
  const [first, second, third] = baselinesPx.map((line) => y + line) as [number, number, number];
  const shapes: Shape[] = [];
  let start = left;
  if (severity !== undefined) {
    shapes.push(severityShape(severity, severity, left - 2, y + 4));
    start += 17;
  }
  if (fold !== undefined) {
    shapes.push(iconShape('versions', 'dim', start - 2, y + 4));
    start += 17;
  }
  let end = right;
  // A fold is called by its count already.
  if (folded > 0 && fold === undefined) {
    const text = `+${formatCount(folded)}`;
    shapes.push(atEnd(text, 'dim', right, first));
    end -= measure(text, 'small') + paddingPx;
  }
  const [head, rest] = fold === undefined ? [nodeTitle(node)] : wrapped(node.type, end - start, measure);
  const title = fitText(head, end - start, 'bold', measure);
  const titlePaint = node.neverExecuted ? 'dim' : 'strong';
  shapes.push({ kind: 'text', paint: titlePaint, style: 'bold', x: start, y: first, text: title });
  const told = node.relation ?? place ?? qualifiers(node)[0];
  const object = (fold === undefined ? [node.subplanName, told] : [rest, ...fold.words]).filter(
    (part) => part !== undefined,
  );
  const text = fitText(object.join(' · '), right - left, 'usual', measure);
  const paint = node.relation === undefined ? 'dim' : 'strong';
  if (text !== '') shapes.push({ kind: 'text', paint, style: 'usual', x: left, y: second, text });
  const last = text === '' ? second : third;
  shapes.push({ kind: 'text', paint: 'dim', style: 'small', x: left, y: last, text: figures(row, model) });
  const { factor, farOff } = rowsCell(node, model);
  if (farOff) shapes.push(atEnd(`rows ${factor}`, 'far-off', right, last));
  return shapes;
}

/** A count is followed by a name that may be long: as many whole words as fit, and the rest for the next line. */
function wrapped(label: string, widthPx: number, measure: Measure): readonly [head: string, rest?: string] {
  const words = label.split(' ');
  let count = words.length;
  while (count > 1 && measure(words.slice(0, count).join(' '), 'bold') > widthPx) count--;
  const rest = words.slice(count).join(' ');
  return rest === '' ? [label] : [words.slice(0, count).join(' '), rest];
}

/** "53.90 ms · 38 %": the node's own part. */
function figures({ node }: PlanRow, model: PlanModel): string {
  const cell = selfCell(node, model);
  const self = selfOf(node, model);
  const per = model.perLoop && model.metric.isFactor !== true ? ' per loop' : '';
  const figure = self === undefined ? cell.text : `${model.metric.withUnit(self)}${per}`;
  return [figure, cell.share].filter((part) => part !== '').join(' · ');
}

function atEnd(text: string, paint: Paint, x: number, y: number): Shape {
  return { kind: 'text', paint, style: 'small', x, y, text, toLeft: true };
}
