/** The plan as boxes and lines: where they stand, which are seen, how they look. Pure. */
import { formatRows } from '../src/shared/format.ts';
import { nodeTitle } from '../src/shared/nodeLabel.ts';
import {
  fitText,
  PathBatch,
  px,
  rectPath,
  type Drawing,
  type Mark,
  type Measure,
  type Paint,
  type Shape,
} from './drawing.ts';
import { qualifiers, rowsCell, selfCell } from './nodeCells.ts';
import { markOf, severityShape, tintOf } from './nodeTints.ts';
import { selfOf, visibleRows, type PlanModel, type PlanRow } from './planModel.ts';
import { tidyPositions } from './tidyTree.ts';

/** All boxes are alike, so that only their marks differ. */
export const boxPx = { width: 196, height: 60 } as const;
const columnPx = boxPx.width + 20;
const levelPx = boxPx.height + 36;
const paddingPx = 8;
const barHeightPx = 4;
/** Smaller than this, letters cannot be read: boxes become marks. */
const readableScale = 0.5;
/** More boxes than this at once make a page slow: they become marks, too. */
const mostBoxes = 300;
/** Marks closer together than this on screen are drawn once. */
const togetherPx = 1;
/** A line grows by this much with each power of ten of rows. */
const pxPerPowerOfTen = 1.2;

export interface Box {
  readonly row: PlanRow;
  /** Left upper corner, in pixels at full size. */
  readonly x: number;
  readonly y: number;
  readonly parent: Box | undefined;
  /** Steps that are folded into it. */
  readonly folded: number;
}

export interface Diagram {
  readonly boxes: readonly Box[];
  readonly byId: ReadonlyMap<string, Box>;
  /** Boxes of each level, left to right. */
  readonly levels: readonly (readonly Box[])[];
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The part that is seen, in pixels at full size, and how large it is drawn. */
export interface DiagramFrame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly scale: number;
  readonly focusedId: string;
}

export function layoutDiagram(model: PlanModel, collapsed: ReadonlySet<string>): Diagram {
  const rows = visibleRows(model, collapsed);
  const indexes = new Map(rows.map(({ node }, index) => [node.id, index]));
  const positions = tidyPositions(
    rows.map(({ node }) => (node.parentId === null ? -1 : (indexes.get(node.parentId) ?? -1))),
  );
  const byId = new Map<string, Box>();
  const levels: Box[][] = [];
  const order = new Map(model.rows.map(({ node }, index) => [node.id, index]));
  const boxes = rows.map((row, index): Box => {
    const after = rows[index + 1];
    const next = order.get(after?.node.id ?? '') ?? model.rows.length;
    const box = {
      row,
      x: (positions[index] ?? 0) * columnPx,
      y: (row.level - 1) * levelPx,
      parent: row.node.parentId === null ? undefined : byId.get(row.node.parentId),
      folded: next - (order.get(row.node.id) ?? 0) - 1,
    };
    byId.set(row.node.id, box);
    (levels[row.level - 1] ??= []).push(box);
    return box;
  });
  return {
    boxes,
    byId,
    levels,
    widthPx: boxes.reduce((most, { x }) => Math.max(most, x), 0) + boxPx.width,
    heightPx: levels.length * levelPx - (levelPx - boxPx.height),
  };
}

/** Without a frame: all of it at full size, as a picture has it. */
export function drawDiagram(
  model: PlanModel,
  diagram: Diagram,
  measure: Measure,
  frame?: DiagramFrame,
): Drawing {
  const seen = frame === undefined ? diagram.boxes : boxesIn(diagram, frame);
  const asMarks = frame !== undefined && (frame.scale < readableScale || seen.length > mostBoxes);
  const focused = diagram.byId.get(frame?.focusedId ?? '');
  const drawn = asMarks && frame !== undefined ? thinned(seen, frame.scale) : seen;
  const boxes = asMarks ? (focused === undefined ? [] : [focused]) : withFocused(seen, focused);
  const { widthPx, heightPx } = diagram;
  return {
    widthPx,
    heightPx,
    under: [
      ...edges(frame === undefined ? diagram.boxes : edgesIn(diagram, frame, drawn), model, !asMarks),
      ...(asMarks ? smallMarks(drawn, model, frame?.scale ?? 1) : []),
    ],
    marks: boxes.map((box) => markOfBox(box, model, measure)),
  };
}

/** The box at a point, in pixels at full size. */
export function boxAt({ levels }: Diagram, x: number, y: number): Box | undefined {
  const level = levels[Math.floor(y / levelPx)];
  return level?.find(
    (box) => x >= box.x && x < box.x + boxPx.width && y >= box.y && y < box.y + boxPx.height,
  );
}

/** The box that an arrow key leads to: up to the parent, down to the first child, sideways along the level. */
export function boxBeside(diagram: Diagram, id: string, key: string): Box | undefined {
  const box = diagram.byId.get(id);
  if (box === undefined) return undefined;
  const level = diagram.levels[box.row.level - 1] ?? [];
  switch (key) {
    case 'ArrowUp':
      return box.parent;
    case 'ArrowDown':
      return diagram.levels[box.row.level]?.find(({ parent }) => parent === box);
    case 'ArrowLeft':
      return level[level.indexOf(box) - 1];
    case 'ArrowRight':
      return level[level.indexOf(box) + 1];
    case 'Home':
      return diagram.boxes[0];
    default:
      return undefined;
  }
}

/** The width of the line that carries so many rows. */
export function edgeWidthPx(rows: number): number {
  return Math.round(1 + pxPerPowerOfTen * Math.log10(1 + Math.max(0, rows)));
}

function boxesIn({ levels }: Diagram, { left, top, right, bottom }: DiagramFrame): readonly Box[] {
  const first = Math.max(0, Math.floor((top - boxPx.height) / levelPx));
  const last = Math.min(levels.length - 1, Math.floor(bottom / levelPx));
  return levels
    .slice(first, last + 1)
    .flatMap((level) => level.filter(({ x }) => x + boxPx.width >= left && x <= right));
}

/** Lines that cross what is seen: those of the boxes in it, and those that pass. */
function edgesIn({ levels }: Diagram, frame: DiagramFrame, drawn: readonly Box[]): readonly Box[] {
  const { left, top, right, bottom, scale } = frame;
  if (scale < readableScale) return drawn;
  const first = Math.max(0, Math.floor(top / levelPx));
  const last = Math.min(levels.length - 1, Math.floor(bottom / levelPx) + 1);
  return levels.slice(first, last + 1).flatMap((level) =>
    level.filter(({ x, parent }) => {
      if (parent === undefined) return false;
      const [from, to] = x < parent.x ? [x, parent.x] : [parent.x, x];
      return to + boxPx.width >= left && from <= right;
    }),
  );
}

function withFocused(seen: readonly Box[], focused: Box | undefined): readonly Box[] {
  return focused === undefined || seen.includes(focused) ? seen : [...seen, focused];
}

/** Of boxes that would lie on each other on screen, the first. */
function thinned(boxes: readonly Box[], scale: number): readonly Box[] {
  const lastX = new Map<number, number>();
  return boxes.filter(({ x, y }) => {
    const before = lastX.get(y);
    if (before !== undefined && (x - before) * scale < togetherPx) return false;
    lastX.set(y, x);
    return true;
  });
}

/** From a parent's lower edge to the child's upper one. Lines of one width and kind are one shape. */
function edges(boxes: readonly Box[], model: PlanModel, numbered: boolean): readonly Shape[] {
  const lines = new Map<
    string,
    { readonly widthPx: number; readonly dashed: boolean; readonly paths: string[] }
  >();
  const numbers: Shape[] = [];
  for (const { row, x, y, parent } of boxes) {
    if (parent === undefined) continue;
    const { node } = row;
    const rows = node.neverExecuted ? 0 : (node.rows ?? node.planRows);
    const [widthPx, dashed] = [edgeWidthPx(rows), isAside(row)];
    const key = `${widthPx} ${dashed}`;
    const line = lines.get(key) ?? { widthPx, dashed, paths: [] };
    lines.set(key, line);
    const [fromX, toX] = [parent.x + boxPx.width / 2, x + boxPx.width / 2];
    const fromY = parent.y + boxPx.height;
    const middle = (fromY + y) / 2;
    line.paths.push(
      `M${px(fromX)} ${px(fromY)}C${px(fromX)} ${px(middle)} ${px(toX)} ${px(middle)} ${px(toX)} ${px(y)}`,
    );
    if (numbered && !node.neverExecuted) {
      const text = `${model.plan.analyzed ? '' : '~'}${formatRows(rows)}`;
      numbers.push({ kind: 'text', paint: 'dim', style: 'small', x: toX + 5 + widthPx / 2, y: y - 5, text });
    }
  }
  return [
    ...[...lines.values()].map(({ widthPx, dashed, paths }): Shape => ({
      kind: 'line',
      paint: 'edge',
      path: paths.join(''),
      widthPx,
      dashed,
    })),
    ...numbers,
  ];
}

/** Not part of the stream of rows: sub-plans give a value, remote plans are another server's, and some never ran. */
function isAside({ node }: PlanRow): boolean {
  return (
    node.relationship === 'InitPlan' ||
    node.relationship === 'SubPlan' ||
    node.distributed !== undefined ||
    node.neverExecuted
  );
}

function smallMarks(boxes: readonly Box[], model: PlanModel, scale: number): readonly Shape[] {
  const batch = new PathBatch();
  // At least two pixels on screen, or they cannot be seen.
  const width = Math.max(boxPx.width, 2 / scale);
  const height = Math.max(boxPx.height, 2 / scale);
  for (const { row, x, y } of boxes) batch.add(tintOf(row, model), rectPath(x, y, width, height));
  return batch.shapes();
}

function markOfBox({ row, x, y, folded }: Box, model: PlanModel, measure: Measure): Mark {
  const { width, height } = boxPx;
  const frame: Paint = row.severity === 'critical' || row.severity === 'warning' ? row.severity : 'frame';
  const mark = markOf(row, model);
  return {
    ...mark,
    name: folded > 0 ? `${mark.name}\n${folded} steps folded into it` : mark.name,
    x,
    y,
    width,
    height,
    shapes: [
      { kind: 'rect', paint: frame, x, y, width, height },
      { kind: 'rect', paint: 'box', x: x + 1, y: y + 1, width: width - 2, height: height - 2 },
      ...ownBar(row, model, x, y),
      ...texts({ row, x, y, folded }, model, measure),
    ],
  };
}

/** The node's own part of the metric, on the scale that all bars of the plan share. */
function ownBar(row: PlanRow, model: PlanModel, x: number, y: number): readonly Shape[] {
  const { barPercent } = selfCell(row.node, model);
  const width = ((boxPx.width - 2) * Math.min(100, barPercent)) / 100;
  if (width < 1) return [];
  const strong =
    row.severity === 'critical' ? 'bar-red' : row.severity === 'warning' ? 'bar-yellow' : 'bar-blue';
  const top = y + boxPx.height - 1 - barHeightPx;
  return [{ kind: 'rect', paint: strong, x: x + 1, y: top, width, height: barHeightPx }];
}

function texts(
  { row, x, y, folded }: Pick<Box, 'row' | 'x' | 'y' | 'folded'>,
  model: PlanModel,
  measure: Measure,
): readonly Shape[] {
  const { node, severity } = row;
  const [left, right] = [x + paddingPx, x + boxPx.width - paddingPx];
  const shapes: Shape[] = [];
  let start = left;
  if (severity !== undefined) {
    shapes.push(severityShape(severity, severity, left - 2, y + 4));
    start += 17;
  }
  const foldedText = folded > 0 ? `+${folded}` : '';
  const foldedPx = folded > 0 ? measure(foldedText, 'small') + paddingPx : 0;
  const title = fitText(nodeTitle(node), right - start - foldedPx, 'bold', measure);
  const dim = node.neverExecuted ? 'dim' : 'strong';
  shapes.push({ kind: 'text', paint: dim, style: 'bold', x: start, y: y + 17, text: title });
  if (folded > 0) shapes.push(number(foldedText, 'dim', right, y + 17));
  const object = [node.subplanName, node.relation ?? qualifiers(node)[0]]
    .filter((part) => part !== undefined)
    .join(' · ');
  const paint = node.relation === undefined ? 'dim' : 'strong';
  const second = fitText(object, right - left, 'usual', measure);
  if (second !== '') shapes.push({ kind: 'text', paint, style: 'usual', x: left, y: y + 33, text: second });
  const self = selfOf(node, model);
  const figure = self === undefined ? selfCell(node, model).text : model.metric.withUnit(self);
  const { share } = selfCell(node, model);
  const text = [figure, share].filter((part) => part !== '').join(' · ');
  shapes.push({ kind: 'text', paint: 'dim', style: 'small', x: left, y: y + 49, text });
  const { factor, farOff } = rowsCell(node, model);
  if (farOff) shapes.push(number(`rows ${factor}`, 'far-off', right, y + 49));
  return shapes;
}

function number(text: string, paint: Paint, x: number, y: number): Shape {
  return { kind: 'text', paint, style: 'small', x, y, text, toLeft: true };
}
