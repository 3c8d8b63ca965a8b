/** The icicle as a drawing: which bars are seen, how they look, what they are called. Pure. */
import { formatBlocks, formatCount, formatMs } from '../src/shared/format.ts';
import { nodeTitle } from '../src/shared/nodeLabel.ts';
import { measuredMs } from '../src/shared/verdict.ts';
import {
  fitText,
  PathBatch,
  rectPath,
  type Drawing,
  type Mark,
  type Measure,
  type Shape,
} from './drawing.ts';
import type { Bar, Icicle } from './icicleLayout.ts';
import { touchedBlocks, type Metric } from './metrics.ts';
import { iconShape, markOf, severityShape, tintOf } from './nodeTints.ts';
import { selfOf, totalOf, type PlanModel } from './planModel.ts';

/** From one bar to the one below it; a pixel of it stays empty. */
export const barPitchPx = 22;
const gapPx = 1;
const paddingPx = 6;
/** Narrower bars carry no text. */
const textFromPx = 28;
/** Bars that are drawn as things of their own; the narrower rest is one shape per colour, so that pages stay light. */
const mostMarks = 400;
/** Neighbours narrower than this are drawn together where they have one colour. */
const togetherPx = 1.5;

export interface IcicleFrame {
  readonly widthPx: number;
  /** The part that is seen; absent for all of it. */
  readonly seen?: { readonly topPx: number; readonly bottomPx: number };
  /** The node that takes the whole width. */
  readonly zoomedId: string;
  /** Always drawn as a thing of its own, for it holds the keyboard's focus. */
  readonly focusedId: string;
  /** Steps of which nothing below is drawn; none unless said otherwise. */
  readonly collapsed?: ReadonlySet<string>;
}

interface PlacedBar {
  readonly bar: Bar;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface Look {
  readonly model: PlanModel;
  readonly measure: Measure;
  readonly frame: IcicleFrame;
}

export function drawIcicle(model: PlanModel, icicle: Icicle, frame: IcicleFrame, measure: Measure): Drawing {
  const placed = placeBars(icicle, frame);
  const seen = placed.filter(({ y, bar }) => isSeen(y, frame) || bar.row.node.id === frame.focusedId);
  const wide = seen.filter(({ width }) => width >= togetherPx);
  const own = new Set(
    frame.seen === undefined || wide.length <= mostMarks
      ? wide
      : wide.toSorted((one, other) => other.width - one.width).slice(0, mostMarks),
  );
  const batch = new PathBatch();
  const marks: Mark[] = [];
  let open: { paint: ReturnType<typeof tintOf>; x: number; y: number; end: number } | undefined;
  const close = () => {
    if (open !== undefined)
      batch.add(open.paint, rectPath(open.x, open.y, open.end - open.x, barPitchPx - gapPx));
    open = undefined;
  };
  // By rows, left to right, so that slivers of one colour can be joined.
  for (const each of byRows(seen)) {
    if (own.has(each) || each.bar.row.node.id === frame.focusedId) {
      marks.push(markOfBar(each, icicle, { model, measure, frame }));
      continue;
    }
    const paint = tintOf(each.bar.row, model);
    const end = each.x + each.width;
    if (open !== undefined && open.paint === paint && open.y === each.y && each.x - open.end < togetherPx) {
      open.end = end;
    } else {
      close();
      open = { paint, x: each.x, y: each.y, end };
    }
    if (each.width >= togetherPx) close();
  }
  close();
  const depth = placed.reduce((deepest, { y }) => (y > deepest ? y : deepest), 0);
  return { widthPx: frame.widthPx, heightPx: depth + barPitchPx, under: batch.shapes(), marks };
}

/** The bar at a point of the drawing, also where it is too narrow to be a thing of its own. */
export function barAt(icicle: Icicle, frame: IcicleFrame, x: number, y: number): Bar | undefined {
  const row = Math.floor(y / barPitchPx) * barPitchPx;
  return placeBars(icicle, frame).find(
    (placed) => placed.y === row && x >= placed.x && x < placed.x + placed.width,
  )?.bar;
}

/** What the widths are, and what of the plan they leave out: sentences under the drawing's name. */
export function icicleNotes(model: PlanModel, icicle: Icicle): readonly string[] {
  const { sizeBy } = icicle;
  const { plan, metric } = model;
  const notes = [
    sizeBy === metric
      ? `Width: ${sizeBy.label.toLowerCase()}${sizeBy.id === 'io' ? ', summed over processes' : ''}`
      : `Width: ${sizeBy.label.toLowerCase()}, for ${metric.label.toLowerCase()} have no sum`,
  ];
  const { afterRoot } = plan;
  if (sizeBy.id === 'time') {
    if ((afterRoot?.ms ?? 0) > 0) {
      notes.push(
        `${formatMs(afterRoot?.ms ?? 0)} of it after the root had finished, by WITH queries that write`,
      );
    }
    const outsideMs = (measuredMs(plan) ?? 0) - (plan.nodes[0]?.totalMs ?? 0) - (afterRoot?.ms ?? 0);
    if (outsideMs > 0 && outsideMs >= worthNotingShare * (measuredMs(plan) ?? 0)) {
      notes.push(`${formatMs(outsideMs)} outside the steps (start, end, triggers, sending)`);
    }
  }
  if (sizeBy.id === 'buffers' && afterRoot?.buffers !== undefined) {
    const blocks = touchedBlocks(afterRoot.buffers);
    if (blocks > 0) notes.push(`${formatBlocks(blocks)} of it after the root had finished`);
  }
  const isPaidOtherwise = ({ row, width, remote }: Bar) =>
    !remote && Math.abs(width * icicle.whole - row.node.cost) > worthNotingShare * row.node.cost;
  if (sizeBy.id === 'cost' && icicle.bars.some(isPaidOtherwise)) {
    notes.push('as the step above pays it: less under LIMIT, more for a sub-plan called again');
  }
  if (icicle.bars.some(({ remote }) => remote)) {
    notes.push('Hollow: ran on other servers, fitted into the step that waited for them');
  }
  if (icicle.omitted > 0) {
    notes.push(
      `${formatCount(icicle.omitted)} of ${formatCount(plan.nodes.length)} steps have no width: the table has them`,
    );
  }
  return notes;
}

/** Time outside the steps is named from this share of the whole on: below, it is the executor's usual start and end. */
const worthNotingShare = 0.01;

/** Bars of the zoomed subtree that are not inside a closed one, in pixels. */
function placeBars({ bars, byId }: Icicle, frame: IcicleFrame): readonly PlacedBar[] {
  const { zoomedId, widthPx } = frame;
  const top = byId.get(zoomedId) ?? bars[0];
  if (top === undefined) return [];
  const placed: PlacedBar[] = [];
  const scale = widthPx / top.width;
  let hiddenBelow = Infinity;
  for (let index = bars.indexOf(top); index < bars.length; index++) {
    const bar = bars[index]!;
    // Pre-order: the subtree ends where the depth returns to that of its top.
    if (bar !== top && bar.depth <= top.depth) break;
    if (bar.depth > hiddenBelow) continue;
    hiddenBelow = isClosed(bar, frame) ? bar.depth : Infinity;
    const x = (bar.left - top.left) * scale;
    placed.push({ bar, x, y: (bar.depth - top.depth) * barPitchPx, width: bar.width * scale });
  }
  return placed;
}

function isClosed({ row }: Bar, { collapsed }: IcicleFrame): boolean {
  return row.childIds.length > 0 && collapsed?.has(row.node.id) === true;
}

/** Row by row; in each they are from left to right already, for pre-order has them so. */
function byRows(placed: readonly PlacedBar[]): readonly PlacedBar[] {
  const rows: PlacedBar[][] = [];
  for (const each of placed) (rows[each.bar.depth] ??= []).push(each);
  return rows.flat();
}

function isSeen(y: number, { seen }: IcicleFrame): boolean {
  return seen === undefined || (y + barPitchPx > seen.topPx && y < seen.bottomPx);
}

function markOfBar(placed: PlacedBar, icicle: Icicle, look: Look): Mark {
  const { bar, x, y, width } = placed;
  const { model } = look;
  const paint = tintOf(bar.row, model);
  const drawnPx = Math.max(width - gapPx, Math.min(width, 1));
  const heightPx = barPitchPx - gapPx;
  const rect = { kind: 'rect', x, y, width: drawnPx, height: heightPx, paint } as const;
  const shapes: Shape[] = [rect];
  if (bar.remote && drawnPx > 2) {
    shapes[0] = { ...rect, paint: `${hueOfPaint(paint)}-4` };
    shapes.push({ ...rect, x: x + 1, y: y + 1, width: drawnPx - 2, height: heightPx - 2, paint: 'ground' });
  }
  if (drawnPx >= textFromPx) shapes.push(...labels({ ...placed, width: drawnPx }, icicle, look));
  return {
    ...markOf(bar.row, model, isClosed(bar, look.frame)),
    x,
    y,
    width: drawnPx,
    height: heightPx,
    shapes,
  };
}

function hueOfPaint(paint: ReturnType<typeof tintOf>) {
  return paint.startsWith('red') ? 'red' : paint.startsWith('yellow') ? 'yellow' : 'blue';
}

/** Icons, name, the number at the end, and what else is told between them: as much as fits, in this order. */
function labels(placed: PlacedBar, { whole, sizeBy }: Icicle, look: Look): readonly Shape[] {
  const { bar, x, y, width } = placed;
  const { row } = bar;
  const { node } = row;
  const baseline = y + 15;
  const shapes: Shape[] = [];
  let start = x + paddingPx;
  if (isClosed(bar, look.frame)) {
    shapes.push(iconShape('chevron-right', 'strong', start - 4, y + 3));
    start += 12;
  }
  if (row.severity !== undefined) {
    shapes.push(severityShape(row.severity, 'strong', start - 2, y + 3));
    start += 16;
  }
  if (row.fold !== undefined) {
    shapes.push(iconShape('versions', 'strong', start - 2, y + 3));
    start += 18;
  }
  const end = x + width - paddingPx;
  const name = [node.subplanName, nodeTitle(node), node.relation]
    .filter((part) => part !== undefined)
    .join(' ');
  const text = fitText(name, end - start, 'usual', look.measure);
  if (text !== '')
    shapes.push({ kind: 'text', paint: 'strong', style: 'usual', x: start, y: baseline, text });
  const number = numberOf(bar, whole, sizeBy, look.model);
  const taken = look.measure(name, 'usual') + look.measure(number, 'small') + 2 * paddingPx;
  if (taken <= end - start) {
    const at = { x: end, y: baseline, toLeft: true };
    shapes.push({ kind: 'text', paint: 'strong', style: 'small', text: number, ...at });
    const more = (row.fold?.words ?? [row.place]).filter((word) => word !== undefined).join(' · ');
    const room = fitText(more, end - start - taken - paddingPx, 'small', look.measure);
    const from = start + look.measure(name, 'usual') + paddingPx;
    if (room !== '')
      shapes.push({ kind: 'text', paint: 'strong', style: 'small', x: from, y: baseline, text: room });
  }
  return shapes;
}

/** What the width stands for; where colours tell the metric, that. */
function numberOf({ row, width, remote }: Bar, whole: number, sizeBy: Metric, model: PlanModel): string {
  const { metric } = model;
  const value =
    sizeBy !== metric
      ? selfOf(row.node, model)
      : remote
        ? totalOf(row.node, { metric, perLoop: false })
        : width * whole;
  return value === undefined ? '' : metric.withUnit(value);
}
