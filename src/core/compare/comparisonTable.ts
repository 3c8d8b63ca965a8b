/** The two plans side by side as lines of text: the same step on the same line, each side with a tree of its own. */
import type { AlignedNode, ComparisonBasis, PlanComparison } from '../../shared/comparison.ts';
import { hasEstimates } from '../../shared/estimates.ts';
import { formatCost, formatRows } from '../../shared/format.ts';
import type { Plan, PlanNode } from '../../shared/report.ts';
import { milliseconds, treeLabels } from '../report/planTable.ts';
import { type Ink, padEnd, padStart, type Paint, truncate, widest } from '../report/textLayout.ts';

export interface ComparisonTableOptions {
  readonly width: number;
  readonly paint: Paint;
}

/** What stands before a line. */
const marks: Readonly<Record<AlignedNode['change'], string>> = {
  same: ' ',
  changed: '~',
  added: '+',
  removed: '-',
  unknown: '?',
};
const inks: Readonly<Record<AlignedNode['change'], Ink | undefined>> = {
  same: undefined,
  changed: 'warning',
  added: 'info',
  removed: 'dim',
  unknown: undefined,
};
const markWords: Readonly<Record<AlignedNode['change'], string>> = {
  same: '',
  changed: 'changed',
  added: 'only after',
  removed: 'only before',
  unknown: 'not known, for a plan is cut off',
};
const usualMarks: readonly AlignedNode['change'][] = ['changed', 'added', 'removed'];

/** What the marks mean, for the line below the table. */
export function markLegend({ rows }: PlanComparison): string {
  const isCut = rows.some(({ change }) => change === 'unknown');
  const shown = isCut ? [...usualMarks, 'unknown' as const] : usualMarks;
  return shown.map((change) => `${marks[change]} ${markWords[change]}`).join(', ');
}

/** Rows are left out for a tree that would be narrower than this. */
const narrowestTree = 26;
const markCells = 2;
const middle = ' │ ';

interface Column {
  readonly head: string;
  readonly cell: (node: PlanNode) => string;
}

/** The lines of the table, its head first. */
export function renderComparisonTable(
  comparison: PlanComparison,
  { width, paint }: ComparisonTableOptions,
): readonly string[] {
  const { before, after, basis, rows } = comparison;
  const sideCells = Math.floor((width - markCells - middle.length) / 2);
  const left = sideOf(before.plan, 'Before', basis, sideCells);
  const right = sideOf(after.plan, 'After', basis, sideCells);
  const lines = rows.map(({ beforeId, afterId, change }) => {
    const line = `${marks[change]} ${left.line(beforeId)}${middle}${right.line(afterId)}`.trimEnd();
    const ink = inks[change];
    return ink === undefined ? line : paint(ink, line);
  });
  const head = `${' '.repeat(markCells)}${left.head}${middle}${right.head}`.trimEnd();
  return [paint('dim', head), ...lines];
}

interface SideOfTable {
  readonly head: string;
  /** Blanks where this side has no such step. */
  readonly line: (id: string | undefined) => string;
}

function sideOf(plan: Plan, title: string, basis: ComparisonBasis, cells: number): SideOfTable {
  const labels = treeLabels(plan, 1);
  const filled = columnsOf(basis).map(({ head, cell }) => {
    const texts = plan.nodes.map(cell);
    return { head, texts, width: widest([head, ...texts]) };
  });
  const room = (kept: typeof filled) => cells - kept.reduce((sum, column) => sum + 2 + column.width, 0);
  const kept = room(filled) < narrowestTree ? filled.slice(0, 1) : filled;
  const treeCells = Math.max(1, Math.min(room(kept), widest([title, ...labels])));
  const places = new Map(plan.nodes.map(({ id }, place) => [id, place]));
  const put = (tree: string, texts: readonly string[]) =>
    padEnd(truncate(tree, treeCells), treeCells) +
    kept.map((column, at) => `  ${padStart(texts[at] ?? '', column.width)}`).join('');
  return {
    head: put(
      title,
      kept.map(({ head }) => head),
    ),
    line: (id) => {
      const place = id === undefined ? undefined : places.get(id);
      return place === undefined
        ? put('', [])
        : put(
            labels[place] ?? '',
            kept.map(({ texts }) => texts[place] ?? ''),
          );
    },
  };
}

/** The first stays on narrow terminals. */
function columnsOf(basis: ComparisonBasis): readonly Column[] {
  return basis === 'time'
    ? [
        { head: 'Self ms', cell: (node) => milliseconds(node, 'selfMs') },
        {
          head: 'Rows',
          cell: ({ rows, neverExecuted }) => (neverExecuted || rows === undefined ? '' : formatRows(rows)),
        },
      ]
    : [
        { head: 'Self cost', cell: (node) => (hasEstimates(node) ? formatCost(node.selfCost) : '') },
        { head: 'Planned', cell: (node) => (hasEstimates(node) ? formatRows(node.planRows) : '') },
      ];
}
