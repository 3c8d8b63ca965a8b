/** What changed about how tables are read: indexes gained and lost, other scans, more or fewer rows. */
import { formatRows } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import type { Contrast, ContrastRow, Side } from './contrast.ts';
import { familyOf } from './families.ts';
import { sourceOf } from './planSide.ts';
import { tellPart, type Told } from './telling.ts';
import { bitmapPlaces, indexesOf, readingOf, readName, times } from './words.ts';

/** Rows of one scan: less is what a table grows by in a day, and changes nothing about the comparison. */
const volumeFactor = 1.2;

export function readerChanges(contrast: Contrast): readonly Told[] {
  return contrast.rows.flatMap((row) => {
    const { nodeBefore, nodeAfter, isCut } = row;
    if (nodeBefore === undefined || nodeAfter === undefined || isCut) return [];
    if (sourceOf(nodeBefore) === undefined || nodeBefore.type === 'Bitmap Index Scan') return [];
    return [...methodChange(contrast, row), ...volumeChange(contrast, row, nodeBefore, nodeAfter)];
  });
}

function methodChange(contrast: Contrast, row: ContrastRow): readonly Told[] {
  const { before, after } = contrast;
  const indexesBefore = indexesOf(before, row.before);
  const indexesAfter = indexesOf(after, row.after);
  const sameIndexes = indexesBefore.toSorted().join('\0') === indexesAfter.toSorted().join('\0');
  if (sameIndexes && row.nodeBefore?.type === row.nodeAfter?.type) return [];
  const name = row.nodeAfter === undefined ? '' : readName(row.nodeAfter);
  return [
    tellPart(contrast, {
      kind: sameIndexes ? 'scan' : 'index',
      title: () =>
        `${name} is now read by ${readingOf(after, row.after)} instead of ${readingOf(before, row.before)}`,
      row,
      before: readingAmount(contrast, before, row.before),
      after: readingAmount(contrast, after, row.after),
    }),
  ];
}

/** Of a scan together with the bitmap that it follows. */
function readingAmount({ ownAmount }: Contrast, side: Side, place: number): number {
  const node = side.nodes[place];
  const bitmap = node?.type === 'Bitmap Heap Scan' ? bitmapPlaces(side, place) : [];
  return bitmap.reduce((sum, at) => sum + ownAmount(side.nodes[at]), ownAmount(node));
}

/** A sequential scan reads all there is: another number of rows is another table, unless it was stopped early. */
function volumeChange(
  contrast: Contrast,
  row: ContrastRow,
  before: PlanNode,
  after: PlanNode,
): readonly Told[] {
  if (before.type !== 'Seq Scan' || after.type !== 'Seq Scan') return [];
  // A shard is not the table, and another one may be shown.
  if (before.distributed !== undefined || after.distributed !== undefined) return [];
  const rowsBefore = rowsOfOneRun(contrast.before, row.before);
  const rowsAfter = rowsOfOneRun(contrast.after, row.after);
  if (rowsBefore === undefined || rowsAfter === undefined) return [];
  const [less, more] = [Math.min(rowsBefore, rowsAfter), Math.max(rowsBefore, rowsAfter)];
  if (more <= less * volumeFactor || more - less < 1) return [];
  const factor = less > 0 ? ` (${times(more, less)} times as many)` : '';
  return [
    tellPart(contrast, {
      kind: 'data-volume',
      title: () =>
        `the scan of ${readName(after)} read ${formatRows(rowsBefore)} ${rowsBefore === 1 ? 'row' : 'rows'} before and ${formatRows(rowsAfter)} now${rowsAfter > rowsBefore ? factor : ''}`,
      row,
      before: contrast.ownAmount(before),
      after: contrast.ownAmount(after),
      figures: { unit: 'rows', before: rowsBefore, after: rowsAfter },
    }),
  ];
}

function rowsOfOneRun(side: Side, place: number): number | undefined {
  const node = side.nodes[place];
  if (node?.rows === undefined || node.neverExecuted) return undefined;
  const runs = runsOfScan(side, place);
  return runs > 0 ? Math.round((node.rows + (node.rowsRemoved ?? 0)) / runs) : undefined;
}

/**
 * A parallel scan is made once for each run of its Gather, by as many processes as came to it: below a Parallel Append not
 * all do. Any other scan is made by each process.
 */
function runsOfScan({ nodes, parents }: Side, place: number): number {
  const node = nodes[place];
  if (node?.details['Parallel Aware'] !== true) return node?.loops ?? 1;
  let above = parents[place] ?? -1;
  while (above >= 0 && familyOf(nodes[above]?.type ?? '') !== 'Gather') above = parents[above] ?? -1;
  return nodes[above]?.loops ?? 1;
}
