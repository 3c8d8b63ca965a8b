/** What changed about the steps that both plans have: joins, workers, spills, estimates, times. */
import { formatBlocks, formatCount, formatFactor, formatMs } from '../../shared/format.ts';
import { nodeTitle } from '../../shared/nodeLabel.ts';
import type { PlanNode } from '../../shared/report.ts';
import { countInAllProcesses, numberDetail, runsOf, textDetail } from '../rules/wording.ts';
import type { Contrast, ContrastRow, Side } from './contrast.ts';
import { isJoin } from './families.ts';
import { tellPart, type Told } from './telling.ts';
import { article, stepName, tablesUnder, workerCount, workersOf } from './words.ts';

export function stepChanges(contrast: Contrast): readonly Told[] {
  return contrast.rows.flatMap((row) => [
    ...joinChange(contrast, row),
    ...workerChange(contrast, row),
    ...spillChange(contrast, row),
    ...estimateChange(contrast, row),
    ...timeChange(contrast, row),
  ]);
}

function joinChange(contrast: Contrast, row: ContrastRow): readonly Told[] {
  const { nodeBefore, nodeAfter, differences } = row;
  if (nodeBefore === undefined || nodeAfter === undefined || !isJoin(nodeAfter.type)) return [];
  const order = differences.find(({ what }) => what === 'order');
  const otherMethod = nodeBefore.type !== nodeAfter.type;
  if (!otherMethod && order === undefined) return [];
  const joined = () => `the join of ${tablesUnder(contrast.after, row.after)}`;
  const swapped = `with ${order?.after ?? ''} as its outer side (was ${order?.before ?? ''})`;
  const method = `is now ${article(nodeAfter.type)} instead of ${article(nodeBefore.type)}`;
  return [
    tellPart(contrast, {
      kind: otherMethod ? 'join-method' : 'join-order',
      title: () =>
        otherMethod
          ? `${joined()} ${method}${order === undefined ? '' : `, ${swapped}`}`
          : `${joined()} is now made ${swapped}`,
      row,
      before: joinAmount(contrast, contrast.before, row.before),
      after: joinAmount(contrast, contrast.after, row.after),
    }),
  ];
}

/** What makes the input of a join ready for it is part of its method. */
const preparations: ReadonlySet<string> = new Set(['Hash', 'Sort', 'Materialize', 'Memoize']);

function joinAmount({ ownAmount }: Contrast, side: Side, place: number): number {
  return (side.children[place] ?? []).reduce((sum, child) => {
    const node = side.nodes[child];
    return node !== undefined && preparations.has(node.type) ? sum + ownAmount(node) : sum;
  }, ownAmount(side.nodes[place]));
}

function workerChange(contrast: Contrast, row: ContrastRow): readonly Told[] {
  const { nodeBefore, nodeAfter } = row;
  if (nodeBefore === undefined || nodeAfter === undefined) return [];
  const [before, after] = [workersOf(nodeBefore), workersOf(nodeAfter)];
  if (before === undefined || after === undefined || before === after) return [];
  return [
    tellPart(contrast, {
      kind: 'parallelism',
      title: () =>
        `the ${nodeTitle(nodeAfter)} had ${workerCount(before)} before and ${workerCount(after)} now`,
      row,
      before: contrast.ownAmount(nodeBefore),
      after: contrast.ownAmount(nodeAfter),
      figures: { unit: 'workers', before, after },
    }),
  ];
}

function spillChange(contrast: Contrast, row: ContrastRow): readonly Told[] {
  const { nodeBefore, nodeAfter } = row;
  const [before, after] = [spilledBlocks(nodeBefore), spilledBlocks(nodeAfter)];
  if (before === undefined || after === undefined || row.isCut) return [];
  if (before > 0 === after > 0) return [];
  return [
    tellPart(contrast, {
      kind: 'spill',
      title: () => titleOfSpill(contrast, row, { before, after }),
      row,
      before: contrast.ownAmount(nodeBefore),
      after: contrast.ownAmount(nodeAfter),
      figures: { unit: 'blocks', before, after },
    }),
  ];
}

function titleOfSpill(
  contrast: Contrast,
  row: ContrastRow,
  { before, after }: { readonly before: number; readonly after: number },
): string {
  const name = nameOf(contrast, row);
  const size = formatBlocks(Math.max(before, after));
  if (after > 0) return `the ${name} now spills ${size} to disk`;
  return row.after < 0
    ? `the ${name}, which spilled ${size} to disk, is gone`
    : `the ${name} no longer spills to disk (${size} before)`;
}

/** Kilobytes of a block, unless the server was built otherwise. */
const blockKilobytes = 8;

/** 0 for a step that is not there; undefined where it is and does not tell. Sorts and aggregates do without BUFFERS. */
function spilledBlocks(node: PlanNode | undefined): number | undefined {
  if (node === undefined) return 0;
  if (node.selfBuffers !== undefined) return node.selfBuffers.tempWritten;
  const sortSpace = textDetail(node, 'Sort Space Type');
  const tells = sortSpace !== undefined || numberDetail(node, 'HashAgg Batches') !== undefined;
  if (!tells) return undefined;
  const sorted = sortSpace === 'Disk' ? (numberDetail(node, 'Sort Space Used') ?? 0) : 0;
  return Math.ceil((sorted + countInAllProcesses(node, 'Disk Usage')) / blockKilobytes);
}

/** Estimates wrong by this factor mislead the planner; a smaller error seldom changes a plan. */
const badEstimate = 10;

function estimateChange(contrast: Contrast, row: ContrastRow): readonly Told[] {
  const { nodeBefore, nodeAfter } = row;
  const [before, after] = [errorOf(nodeBefore), errorOf(nodeAfter)];
  if (nodeAfter === undefined || before === undefined || after === undefined) return [];
  // An order of magnitude apart, and one of the two is bad: both are when they differ so much.
  if (Math.max(before, after) < badEstimate * Math.min(before, after)) return [];
  const now = formatFactor(nodeAfter.rowsFactor ?? 1);
  const was = formatFactor(nodeBefore?.rowsFactor ?? 1);
  const told = tellPart(contrast, {
    kind: 'estimates',
    title: () =>
      `rows of the ${nameOf(contrast, row)} are estimated ${after < before ? 'better' : 'worse'}: actual to planned is ${now}, was ${was}`,
    row,
    before,
    after,
    figures: { unit: 'factor', before: nodeBefore?.rowsFactor ?? 1, after: nodeAfter.rowsFactor ?? 1 },
  });
  return [
    {
      ...told,
      saved: 0,
      change: { ...told.change, weight: 'minor', effect: after < before ? 'better' : 'worse' },
    },
  ];
}

/** 1 is exact; too many and too few alike. No row at all counts as less than one. */
function errorOf(node: PlanNode | undefined): number | undefined {
  const factor = node?.rowsFactor;
  if (node === undefined || factor === undefined || node.neverExecuted) return undefined;
  const bounded = factor > 0 ? factor : 1 / Math.max(1, node.planRows);
  return Math.max(bounded, 1 / bounded);
}

/** The same step, in the same manner, and yet its time is another. */
function timeChange(contrast: Contrast, row: ContrastRow): readonly Told[] {
  const { nodeBefore, nodeAfter } = row;
  if (contrast.basis !== 'time' || nodeBefore === undefined || nodeAfter === undefined) return [];
  const { selfMs: before } = nodeBefore;
  const { selfMs: after } = nodeAfter;
  if (before === undefined || after === undefined) return [];
  // One shard against the whole table.
  if ((nodeBefore.distributed === undefined) !== (nodeAfter.distributed === undefined)) return [];
  // Another method has a line of its own.
  if (nodeBefore.type !== nodeAfter.type || nodeBefore.index !== nodeAfter.index) return [];
  const told = tellPart(contrast, {
    kind: 'step-time',
    title: () =>
      `the ${nameOf(contrast, row)} itself took ${formatMs(after)} instead of ${formatMs(before)}${loopWords(nodeBefore, nodeAfter)}`,
    row,
    before,
    after,
  });
  return told.change.weight === 'major' ? [told] : [];
}

/** As it is now; as it was, when it is gone. */
function nameOf({ before, after }: Contrast, row: ContrastRow): string {
  return row.after >= 0 ? stepName(after, row.after) : stepName(before, row.before);
}

/** A step that is run half as often is not what made it faster, and is told apart. */
const otherLoops = 2;

/** How often it ran, or in how many processes, where that is another number. */
function loopWords(before: PlanNode, after: PlanNode): string {
  const [one, other] = [(before.processes ?? 1) > 1, (after.processes ?? 1) > 1];
  const runs = [runsOf(before), runsOf(after)] as const;
  if (one === other) {
    if (Math.max(...runs) < otherLoops * Math.min(...runs)) return '';
    return `, in ${formatCount(runs[1])} runs instead of ${formatCount(runs[0])}`;
  }
  return other ? ', now shared by several processes' : ', now in one process';
}
