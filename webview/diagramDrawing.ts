/** The plan as boxes and lines: which of them are seen, and in how much detail. Pure. */
import { formatRows } from '../src/shared/format.ts';
import { markOfBox } from './diagramBox.ts';
import { boxPx, levelPx, type Box, type Diagram } from './diagramLayout.ts';
import { PathBatch, px, rectPath, type Drawing, type Mark, type Measure, type Shape } from './drawing.ts';
import { markOf, tintOf } from './nodeTints.ts';
import { loopsToShare, type PlanModel, type PlanRow } from './planModel.ts';

/** Smaller than this, letters cannot be read: boxes become marks. */
const readableScale = 0.5;
/** More boxes than this at once make a page slow: they become marks, too. */
const mostBoxes = 300;
/** A mark is at least this wide and high on screen, or it cannot be seen. */
const smallestPx = 2;
/** A line grows by this much with each power of ten of rows. */
const pxPerPowerOfTen = 1.2;

/** Children further aside than this hang on a common rail instead of a curve. */
const farAsidePx = 900;
const stubPx = 18;

/** The part that is seen, in pixels at full size, and how large it is drawn across and down. */
export interface DiagramFrame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly scaleX: number;
  readonly scaleY: number;
  /** Always drawn as a thing of its own, for it holds the keyboard's focus. */
  readonly focusedId: string;
}

/** Without a frame: all of it at full size, as a picture has it. */
export function drawDiagram(
  model: PlanModel,
  diagram: Diagram,
  measure: Measure,
  frame?: DiagramFrame,
): Drawing {
  const { widthPx, heightPx, boxes } = diagram;
  const boxed = (some: readonly Box[]) => some.map((box) => markOfBox(box, model, measure));
  if (frame === undefined) {
    return {
      widthPx,
      heightPx,
      under: [...lines(boxes, model), ...rowCounts(boxes, model)],
      marks: boxed(boxes),
    };
  }
  const seen = boxesIn(diagram, frame);
  const focused = diagram.byId.get(frame.focusedId);
  if (frame.scaleX < readableScale || seen.length > mostBoxes) {
    const drawn = thinned(seen, frame.scaleX);
    const under = [...thinLines(drawn), ...smallMarks(drawn, model, frame)];
    return {
      widthPx,
      heightPx,
      under,
      marks: focused === undefined ? [] : [smallMark(focused, model, frame)],
    };
  }
  return {
    widthPx,
    heightPx,
    under: [...lines(passing(diagram, frame), model), ...rowCounts(seen, model)],
    marks: boxed(focused === undefined || seen.includes(focused) ? seen : [...seen, focused]),
  };
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

/** Boxes whose lines to their parents cross what is seen, though both ends may lie outside. */
function passing({ levels }: Diagram, { left, top, right, bottom }: DiagramFrame): readonly Box[] {
  const first = Math.max(0, Math.floor(top / levelPx));
  const last = Math.min(levels.length - 1, Math.floor(bottom / levelPx) + 1);
  return levels.slice(first, last + 1).flatMap((level) =>
    level.filter(({ x, parent = { x } }) => {
      return Math.max(x, parent.x) + boxPx.width >= left && Math.min(x, parent.x) <= right;
    }),
  );
}

/** Of boxes that would lie on each other on screen, the first. */
function thinned(boxes: readonly Box[], scale: number): readonly Box[] {
  const lastX = new Map<number, number>();
  return boxes.filter(({ x, y }) => {
    const before = lastX.get(y);
    if (before !== undefined && (x - before) * scale < smallestPx) return false;
    lastX.set(y, x);
    return true;
  });
}

/** From a parent's lower edge to the child's upper one, as wide as the rows; lines of one width and kind are one shape. */
function lines(boxes: readonly Box[], model: PlanModel): readonly Shape[] {
  const kinds = new Map<string, { widthPx: number; dashed: boolean; paths: string[] }>();
  const add = (widthPx: number, dashed: boolean, path: string) => {
    const key = `${widthPx} ${dashed}`;
    const kind = kinds.get(key) ?? { widthPx, dashed, paths: [] };
    kinds.set(key, kind);
    kind.paths.push(path);
  };
  const rails = new Map<Box, { left: number; right: number; y: number }>();
  for (const box of boxes) {
    const { parent, row, x, y } = box;
    if (parent === undefined) continue;
    const [widthPx, dashed] = [edgeWidthPx(rowsOf(row, model)), isAside(row)];
    if (Math.abs(x - parent.x) <= farAsidePx) {
      add(widthPx, dashed, linePath(box));
      continue;
    }
    // Hundreds of wide lines side by side would be a slab: they share a thin rail, and only their ends show their rows.
    add(widthPx, dashed, `M${px(x + boxPx.width / 2)} ${px(y - stubPx)}V${px(y)}`);
    const rail = rails.get(parent) ?? { left: parent.x, right: parent.x, y: y - stubPx };
    rails.set(parent, { ...rail, left: Math.min(rail.left, x), right: Math.max(rail.right, x) });
  }
  const middle = boxPx.width / 2;
  for (const [{ x, y }, rail] of rails) {
    const down = `M${px(x + middle)} ${px(y + boxPx.height)}V${px(rail.y)}`;
    add(1, false, `${down}M${px(rail.left + middle)} ${px(rail.y)}H${px(rail.right + middle)}`);
  }
  return [...kinds.values()].map(({ paths, ...look }) => ({
    kind: 'line',
    paint: 'edge',
    path: paths.join(''),
    ...look,
  }));
}

function thinLines(boxes: readonly Box[]): readonly Shape[] {
  return [{ kind: 'line', paint: 'edge', path: boxes.map(linePath).join(''), widthPx: 1 }];
}

function linePath({ x, y, parent }: Box): string {
  if (parent === undefined) return '';
  const [fromX, toX] = [px(parent.x + boxPx.width / 2), px(x + boxPx.width / 2)];
  const fromY = parent.y + boxPx.height;
  const middle = px((fromY + y) / 2);
  return `M${fromX} ${px(fromY)}C${fromX} ${middle} ${toX} ${middle} ${toX} ${px(y)}`;
}

/** Beside each line's lower end, on the side that it does not come from. */
function rowCounts(boxes: readonly Box[], model: PlanModel): readonly Shape[] {
  return boxes.flatMap(({ row, x, y, parent }): readonly Shape[] => {
    if (parent === undefined || row.node.neverExecuted) return [];
    const toLeft = x < parent.x;
    const rows = rowsOf(row, model);
    const aside = 5 + edgeWidthPx(rows) / 2;
    const at = { x: x + boxPx.width / 2 + (toLeft ? -aside : aside), y: y - 5 };
    const text = `${model.plan.analyzed ? '' : '~'}${formatRows(rows)}`;
    return [{ kind: 'text', paint: 'dim', style: 'small', ...at, text, toLeft }];
  });
}

function rowsOf({ node }: PlanRow, model: PlanModel): number {
  if (node.neverExecuted) return 0;
  return node.rows === undefined ? node.planRows : node.rows / loopsToShare(node, model);
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

function smallMarks(boxes: readonly Box[], model: PlanModel, frame: DiagramFrame): readonly Shape[] {
  const batch = new PathBatch();
  const { width, height } = markSize(frame);
  for (const { row, x, y } of boxes) batch.add(tintOf(row, model), rectPath(x, y, width, height));
  return batch.shapes();
}

function smallMark({ row, x, y, folded }: Box, model: PlanModel, frame: DiagramFrame): Mark {
  const at = { x, y, ...markSize(frame) };
  return {
    ...markOf(row, model, folded > 0),
    ...at,
    shapes: [{ kind: 'rect', paint: tintOf(row, model), ...at }],
  };
}

function markSize({ scaleX, scaleY }: DiagramFrame) {
  return {
    width: Math.max(boxPx.width, smallestPx / scaleX),
    height: Math.max(boxPx.height, smallestPx / scaleY),
  };
}
