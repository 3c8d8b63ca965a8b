/** The annotated plan as aligned lines of text: one line per node, the tree at the left, its numbers at the right. */
import { hasEstimates } from '../../shared/estimates.ts';
import { formatCost, formatCount, formatFactor, formatMsPlain, formatRows } from '../../shared/format.ts';
import { nodeTitle, sourceName } from '../../shared/nodeLabel.ts';
import { beginsRemotePlan, isSubplan, placeName } from '../../shared/remotePlace.ts';
import { plannedRows } from '../../shared/plannedRows.ts';
import { aboutSign } from '../../shared/precision.ts';
import type { Buffers, Plan, PlanNode, Severity } from '../../shared/report.ts';
import { measuredMs } from '../../shared/verdict.ts';
import { type Ink, padEnd, padStart, type Paint, truncate, widest } from './textLayout.ts';
import { foldTasks } from './foldTasks.ts';
import { visibleLine } from './visibleText.ts';

/** What stands beside a node: the letters of its findings, in the colour of the worst of them. */
export interface NodeMark {
  readonly letters: string;
  readonly severity: Severity;
}

export interface PlanTableOptions {
  readonly width: number;
  readonly paint: Paint;
  readonly marks: ReadonlyMap<string, NodeMark>;
}

/** Below this the tree is cut rather than its column made narrower: names are what one looks for. */
const narrowestTree = 28;
/** Columns are dropped for the tree up to here: a scan's name with its table at the depth of ordinary plans. */
const comfortableTree = 38;
/** Deeper levels are not indented further but numbered, or a plan of hundreds of levels would be one of blanks. */
const deepestDrawn = 30;
/** Cells of the longest bar; a cell is drawn in eighths. */
const barCells = 4;
const columnGap = '  ';

interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
  /** What parts it from the column before; columnGap unless the two belong together. */
  readonly gap?: string;
  /** Columns that may go when the terminal is narrow: the highest number first. Absent: never. */
  readonly expendable?: number;
  readonly cell: (node: PlanNode) => string;
  readonly ink?: (node: PlanNode) => Ink | undefined;
}

/** The lines of the table, its head first. */
export function renderPlanTable(whole: Plan, options: PlanTableOptions): readonly string[] {
  const { paint, marks } = options;
  const { nodes, notes } = foldTasks(whole.nodes, new Set(marks.keys()));
  const plan = { ...whole, nodes };
  const markCells = widest([...marks.values()].map(({ letters }) => letters));
  const margin = markCells === 0 ? '' : ' '.repeat(markCells + 1);
  const columns = (plan.analyzed ? measuredColumns(plan, marks) : estimatedColumns(plan)).map((column) =>
    fill(column, plan),
  );
  const { tree, kept } = fit(plan, columns, options.width - margin.length);

  const head =
    margin +
    padEnd('Node', tree.cells) +
    kept.map((column) => column.gap + aligned(column, column.head)).join('');
  const lines = plan.nodes.flatMap((node, row) => {
    const mark = marks.get(node.id);
    const letters = margin === '' ? '' : `${padEnd(mark?.letters ?? '', markCells)} `;
    const label = padEnd(truncate(tree.labels[row] ?? '', tree.cells), tree.cells);
    const numbers = kept.map((column) => {
      const ink = column.ink?.(node);
      const text = column.gap + aligned(column, column.cells[row] ?? '');
      return ink === undefined ? text : paint(ink, text);
    });
    const name = mark === undefined ? letters + label : paint(mark.severity, letters + label);
    const note = notes.get(node.id);
    const line = (name + numbers.join('')).trimEnd();
    return note === undefined ? [line] : [line, paint('dim', `${margin}  ${visibleLine(note)}`)];
  });
  return [paint('dim', head.trimEnd()), ...lines];
}

interface FilledColumn extends Column {
  readonly gap: string;
  readonly cells: readonly string[];
  readonly width: number;
}

function fill(column: Column, plan: Plan): FilledColumn {
  const cells = plan.nodes.map((node) => column.cell(node));
  return { gap: columnGap, ...column, cells, width: widest([column.head, ...cells]) };
}

function aligned({ align, width }: FilledColumn, text: string): string {
  return align === 'left' ? padEnd(text, width) : padStart(text, width);
}

interface Tree {
  readonly labels: readonly string[];
  readonly cells: number;
}

/** Narrow terminals: first the indent shrinks, then columns go, then labels are cut. */
function fit(
  plan: Plan,
  columns: readonly FilledColumn[],
  width: number,
): { readonly tree: Tree; readonly kept: readonly FilledColumn[] } {
  const room = (kept: readonly FilledColumn[]) =>
    width - kept.reduce((sum, column) => sum + column.gap.length + column.width, 0);

  const roomy = treeLabels(plan, 2);
  const roomyCells = widest(['Node', ...roomy]);
  if (roomyCells <= room(columns)) return { tree: { labels: roomy, cells: roomyCells }, kept: columns };

  const tight = treeLabels(plan, 1);
  const tightCells = widest(['Node', ...tight]);
  let kept = columns;
  for (const column of columns
    .filter(({ expendable }) => expendable !== undefined)
    .toSorted((a, b) => (b.expendable ?? 0) - (a.expendable ?? 0))) {
    if (Math.min(tightCells, comfortableTree) <= room(kept)) break;
    kept = kept.filter((other) => other !== column);
  }
  return { tree: { labels: tight, cells: Math.min(tightCells, Math.max(narrowestTree, room(kept))) }, kept };
}

/** One for each node of the plan: its name behind its place in the tree. */
export function treeLabels(plan: Plan, indent: 1 | 2): readonly string[] {
  const depths = new Map<string, number>();
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  return plan.nodes.map((node) => {
    const depth = node.parentId === null ? 0 : (depths.get(node.parentId) ?? 0) + 1;
    depths.set(node.id, depth);
    return (
      branch(depth, indent) + labelInTree(node, node.parentId === null ? undefined : byId.get(node.parentId))
    );
  });
}

/** Nodes of a task stand below its first, which says where they ran. */
function labelInTree(node: PlanNode, parent: PlanNode | undefined): string {
  if (node.distributed === undefined || !beginsRemotePlan(node, parent)) return ownLabel(node);
  const place = placeName(node.distributed);
  return visibleLine(`${place.charAt(0).toUpperCase()}${place.slice(1)}: ${ownLabel(node)}`);
}

function branch(depth: number, indent: 1 | 2): string {
  if (depth === 0) return '';
  const drawn = Math.min(depth, deepestDrawn);
  const level = depth > deepestDrawn ? `${depth}` : '';
  return `${' '.repeat((drawn - 1) * indent)}└${level}${indent === 2 || level !== '' ? ' ' : ''}`;
}

/** "Seq Scan on deployments d", "Index Scan using deployments_pkey on deployments", "InitPlan 1: Limit"; of a remote node also where it ran. */
export function nodeLabel(node: PlanNode): string {
  const place = node.distributed === undefined ? '' : ` (${placeName(node.distributed)})`;
  return visibleLine(`${ownLabel(node)}${place}`);
}

function ownLabel(node: PlanNode): string {
  const using = node.index === undefined ? '' : ` using ${node.index}`;
  const source = node.relation ?? sourceName(node);
  const on = source === undefined ? '' : ` on ${source}`;
  const alias = node.alias === undefined || node.alias === source ? '' : ` ${node.alias}`;
  const role = node.subplanName === undefined ? '' : `${node.subplanName}: `;
  return visibleLine(`${role}${nodeTitle(node)}${using}${on}${alias}`);
}

function measuredColumns(plan: Plan, marks: ReadonlyMap<string, NodeMark>): readonly Column[] {
  const wholeMs = measuredMs(plan) ?? 0;
  const timed = plan.nodes.some((node) => node.selfMs !== undefined);
  const buffered = plan.nodes.some((node) => node.selfBuffers !== undefined);
  // Remote nodes ran beside each other, by clocks of their own: neither bars nor shares compare them with the others.
  const localMs = ({ selfMs, distributed }: PlanNode) =>
    distributed === undefined ? selfMs : distributed.durationMs;
  const worstMs = plan.nodes.reduce((worst, node) => Math.max(worst, localMs(node) ?? 0), 0);
  const severity = (node: PlanNode) => marks.get(node.id)?.severity;
  const time: readonly Column[] = [
    { head: 'Self ms', align: 'right', cell: (node) => milliseconds(node, 'selfMs') },
    {
      head: '',
      align: 'left',
      gap: ' ',
      expendable: 3,
      cell: (node) => (worstMs === 0 ? '' : bar((localMs(node) ?? 0) / worstMs)),
      ink: (node) => severity(node) ?? 'dim',
    },
    {
      head: 'Share',
      align: 'right',
      gap: ' ',
      expendable: 1,
      cell: (node) => (wholeMs <= 0 || node.neverExecuted ? '' : share((localMs(node) ?? 0) / wholeMs)),
    },
    { head: 'Total ms', align: 'right', expendable: 2, cell: (node) => milliseconds(node, 'totalMs') },
  ];
  const rows: readonly Column[] = [
    {
      head: plan.nodes.some(hasEstimates) ? 'Rows / planned' : 'Rows',
      align: 'left',
      cell: (node) => rowsText(node),
    },
    {
      head: 'Loops',
      align: 'right',
      expendable: 5,
      cell: (node) => (node.loops === undefined ? '' : formatCount(node.loops)),
    },
  ];
  const buffers: Column = {
    head: 'Buffers',
    align: 'right',
    expendable: 4,
    cell: (node) => (node.selfBuffers === undefined ? '' : formatCount(blocks(node.selfBuffers))),
  };
  return [...(timed ? time : []), ...rows, ...(buffered ? [buffers] : [])];
}

/** Blank where what it consists of is missing. */
function ownCost({ selfCost, missing }: PlanNode): string {
  return missing?.includes('inputs') === true ? '' : formatCost(selfCost);
}

/** None where costs were not printed: the tree is all there is. */
function estimatedColumns({ nodes }: Plan): readonly Column[] {
  if (!nodes.some(hasEstimates)) return [];
  const estimate = (text: (node: PlanNode) => string) => (node: PlanNode) =>
    hasEstimates(node) ? text(node) : '';
  return [
    { head: 'Self cost', align: 'right', cell: estimate(ownCost) },
    { head: 'Cost', align: 'right', expendable: 1, cell: estimate((node) => formatCost(node.cost)) },
    { head: 'Planned rows', align: 'right', cell: estimate((node) => formatRows(node.planRows)) },
  ];
}

/** Blank where nothing was measured. */
export function milliseconds(node: PlanNode, field: 'selfMs' | 'totalMs'): string {
  if (isSubplan(node) && !node.totalMs) return untimedMilliseconds(node);
  const ms = node[field];
  return ms === undefined || node.neverExecuted ? '' : aboutSign(node, field) + formatMsPlain(ms);
}

/** Citus counts the rows of a sub-plan's steps, and prints 0 for their times: only the whole is known. */
function untimedMilliseconds({ distributed }: PlanNode): string {
  return distributed?.durationMs === undefined ? '' : formatMsPlain(distributed.durationMs);
}

/** Whole percent are enough beside the number itself; what rounds to nothing is left blank. */
function share(part: number): string {
  return part < 0.005 ? '' : `${Math.round(part * 100)} %`;
}

/** "6,232 / 7,694 ×0.8": both over all loops and processes. A factor of 1 goes without saying. */
function rowsText(node: PlanNode): string {
  if (node.neverExecuted) return 'never executed';
  const known = hasEstimates(node);
  if (node.rows === undefined) return known ? `? / ${formatRows(node.planRows)}` : '?';
  const rows = `${aboutSign(node, 'rows')}${formatRows(node.rows)}`;
  if (!known) return rows;
  const factor = node.rowsFactor === undefined ? '' : formatFactor(node.rowsFactor);
  return `${rows} / ${formatRows(Math.round(plannedRows(node)))}${factor === '' || factor === '×1' ? '' : ` ${factor}`}`;
}

/** Every block that the node itself touched, in any pool. */
export function blocks(buffers: Buffers): number {
  return (
    buffers.sharedHit +
    buffers.sharedRead +
    buffers.localHit +
    buffers.localRead +
    buffers.tempRead +
    buffers.tempWritten
  );
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(part: number): string {
  const units = Math.round(Math.min(1, Math.max(0, part)) * barCells * 8);
  return '█'.repeat(Math.floor(units / 8)) + (eighths[units % 8] ?? '');
}
