/** Where the boxes of the diagram stand, and which of them lies where. Pure. */
import { stepsBelow, visibleRows, type PlanModel, type PlanRow } from './planModel.ts';
import { tidyPositions } from './tidyTree.ts';

/** All boxes are alike, so that only what is in them differs. */
export const boxPx = { width: 196, height: 60 } as const;
const columnPx = boxPx.width + 20;
/** From one level to the next. */
export const levelPx = boxPx.height + 36;

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

export function layoutDiagram(model: PlanModel, collapsed: ReadonlySet<string>): Diagram {
  const rows = visibleRows(model, collapsed);
  const indexes = new Map(rows.map(({ node }, index) => [node.id, index]));
  const positions = tidyPositions(
    rows.map(({ node }) => (node.parentId === null ? -1 : (indexes.get(node.parentId) ?? -1))),
  );
  const byId = new Map<string, Box>();
  const levels: Box[][] = [];
  const below = stepsBelow(model);
  const boxes = rows.map((row, index): Box => {
    const box = {
      row,
      x: (positions[index] ?? 0) * columnPx,
      y: (row.level - 1) * levelPx,
      parent: row.node.parentId === null ? undefined : byId.get(row.node.parentId),
      folded: collapsed.has(row.node.id) ? (below.get(row.node.id) ?? 0) : 0,
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
