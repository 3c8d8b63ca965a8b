/** The steps that only one of the plans has. Those of a kind are told together: hundreds of partitions are one line. */
import type { ChangeKind } from '../../shared/comparison.ts';
import { formatCount } from '../../shared/format.ts';
import { nodeTitle } from '../../shared/nodeLabel.ts';
import type { PlanNode } from '../../shared/report.ts';
import { groupBy } from '../../shared/groupBy.ts';
import { list } from '../rules/wording.ts';
import type { Contrast, ContrastRow } from './contrast.ts';
import { familyOf, isJoin } from './families.ts';
import { sourceOf } from './planSide.ts';
import { tellPart, type Told } from './telling.ts';
import { readName, stepName, tablesUnder, workerCount, workersOf } from './words.ts';

/** Told with the scan or the join that they are part of. */
const partOfOthers: ReadonlySet<string> = new Set(['Bitmap Index Scan', 'BitmapAnd', 'BitmapOr', 'Hash']);

export function passingSteps(contrast: Contrast): readonly Told[] {
  const passing = contrast.rows.filter(
    (row) => (row.before < 0 || row.after < 0) && !row.isCut && !partOfOthers.has(nodeIn(row).type),
  );
  const order = joinOrderChange(contrast, passing);
  const others = order === undefined ? passing : passing.filter((row) => !isJoin(nodeIn(row).type));
  const groups = groupBy(others, (row) => {
    const node = nodeIn(row);
    return [row.after < 0, nodeTitle(node), sourceOf(node) !== undefined].join();
  });
  return [
    ...(order === undefined ? [] : [order]),
    ...[...groups.values()].flatMap((alike) => tellTogether(contrast, alike)),
  ];
}

/** Of the two plans, the one that has the step. */
function nodeIn({ nodeBefore, nodeAfter }: ContrastRow): PlanNode {
  const node = nodeAfter ?? nodeBefore;
  if (node === undefined) throw new Error('a row of the merged tree has a node');
  return node;
}

/** Joins of one plan only on both sides: the same tables, put together in another order. */
function joinOrderChange(contrast: Contrast, passing: readonly ContrastRow[]): Told | undefined {
  const joins = passing.filter((row) => isJoin(nodeIn(row).type));
  // The deepest join is the first to be made.
  const gone = joins.findLast(({ after }) => after < 0);
  const come = joins.findLast(({ before }) => before < 0);
  if (gone === undefined || come === undefined) return undefined;
  const sum = (rows: readonly ContrastRow[]) =>
    rows.reduce((total, row) => total + contrast.ownAmount(nodeIn(row)), 0);
  return tellPart(contrast, {
    kind: 'join-order',
    title: () =>
      `the tables are joined in another order: first ${tablesUnder(contrast.after, come.after)}, ` +
      `no longer ${tablesUnder(contrast.before, gone.before)}`,
    row: { ...come, nodeBefore: gone.nodeBefore },
    before: sum(joins.filter(({ after }) => after < 0)),
    after: sum(joins.filter(({ before }) => before < 0)),
  });
}

function tellTogether(contrast: Contrast, alike: readonly ContrastRow[]): readonly Told[] {
  const [first] = alike;
  if (first === undefined) return [];
  const isNew = first.before < 0;
  const sum = alike.reduce((total, row) => total + contrast.ownAmount(nodeIn(row)), 0);
  const told = tellPart(contrast, {
    kind: kindOf(nodeIn(first)),
    title: () => titleOf(contrast, alike, isNew),
    row: first,
    before: isNew ? 0 : sum,
    after: isNew ? sum : 0,
  });
  // Its own time cannot tell whether a step is worth having: a Memoize takes some to save more below it.
  return [{ ...told, change: { ...told.change, effect: 'neither' } }];
}

function kindOf({ type }: PlanNode): ChangeKind {
  if (familyOf(type) === 'Sort') return 'sort';
  return familyOf(type) === 'Gather' ? 'parallelism' : 'step';
}

function titleOf({ before, after }: Contrast, alike: readonly ContrastRow[], isNew: boolean): string {
  const nodes = alike.map(nodeIn);
  const [node] = nodes;
  const [first] = alike;
  if (node === undefined || first === undefined) return '';
  const name = nodeTitle(node);
  const fate = `${nodes.length === 1 ? 'is' : 'are'} ${isNew ? 'new' : 'gone'}`;
  const workers = workersOf(node);
  if (workers !== undefined) {
    const who = `${name}, ${workerCount(workers)}`;
    return isNew ? `parallel workers are new (${who})` : `parallel workers are gone (${who} before)`;
  }
  if (nodes.length === 1) {
    return `the ${isNew ? stepName(after, first.after) : stepName(before, first.before)} ${fate}`;
  }
  const many = `${formatCount(nodes.length)} steps ${fate}: ${name}`;
  return sourceOf(node) === undefined ? many : `${many} on ${list([...new Set(nodes.map(readName))])}`;
}
