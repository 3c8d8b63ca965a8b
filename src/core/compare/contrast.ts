/** Both sides of a comparison, aligned and measured: what the changes and the verdict are told from. */
import type { ComparisonBasis, NodeDifference } from '../../shared/comparison.ts';
import type { Plan, PlanNode, ProfileReport, RunTimes } from '../../shared/report.ts';
import { coveringRuns } from '../../shared/runSpread.ts';
import { measuredMs } from '../../shared/verdict.ts';
import { type Alignment, alignPlans } from './alignPlans.ts';
import { isJoin } from './families.ts';
import { tablesUnder } from './words.ts';
import { type MergedRow, mergeTrees } from './mergeTrees.ts';
import { nodeDifferences } from './nodeDifferences.ts';
import { indexPlan, type PlanSide } from './planSide.ts';

export interface Side extends PlanSide {
  readonly report: ProfileReport;
  /** Time or cost of the whole, by the basis; 0 where it is not known. */
  readonly whole: number;
}

export interface ContrastRow extends MergedRow {
  readonly nodeBefore: PlanNode | undefined;
  readonly nodeAfter: PlanNode | undefined;
  readonly differences: readonly NodeDifference[];
  /** One of the plans was cut off here: a step that it lacks may be missing only, and own amounts hold what is below. */
  readonly isCut: boolean;
}

export interface Contrast {
  readonly before: Side;
  readonly after: Side;
  readonly basis: ComparisonBasis;
  /** Runs of one side whose spread covers the difference of the times: then nothing was faster, and nothing slower. */
  readonly covering: RunTimes | undefined;
  readonly alignment: Alignment;
  readonly rows: readonly ContrastRow[];
  /** What a step itself took, by the basis; 0 for none. */
  readonly ownAmount: (node: PlanNode | undefined) => number;
}

export function contrastOf(reportBefore: ProfileReport, reportAfter: ProfileReport): Contrast {
  const basis = basisOf(reportBefore.plan, reportAfter.plan);
  const before = sideOf(reportBefore, basis);
  const after = sideOf(reportAfter, basis);
  const alignment = alignPlans(before, after);
  const rows = mergeTrees(before, after, alignment).map((row): ContrastRow => {
    const nodeBefore = before.nodes[row.before];
    const nodeAfter = after.nodes[row.after];
    const differences =
      nodeBefore && nodeAfter && !isEnd(before, row.before) && !isEnd(after, row.after)
        ? [...nodeDifferences(nodeBefore, nodeAfter), ...orderDifference(before, after, alignment, row)]
        : [];
    const isCut = isCutAt(before, row.before) || isCutAt(after, row.after);
    return { ...row, nodeBefore, nodeAfter, differences, isCut };
  });
  const ownAmount = (node: PlanNode | undefined) =>
    (basis === 'time' ? node?.selfMs : basis === 'cost' ? node?.selfCost : undefined) ?? 0;
  const covering = basis === 'time' ? coveringRuns(reportBefore, reportAfter) : undefined;
  return { before, after, basis, covering, alignment, rows, ownAmount };
}

function isCutAt({ isCut, open }: PlanSide, place: number): boolean {
  return place < 0 ? isCut : open.has(place);
}

/** The step that the text of a plan ends in may lack a part of its own lines. */
function isEnd({ isCut, nodes }: PlanSide, place: number): boolean {
  return isCut && place === nodes.length - 1;
}

/** What EXPLAIN was asked for on one side only; undefined where both measured the same. */
export function measuredByOneSide({
  before,
  after,
}: Contrast): { readonly side: 'first' | 'second'; readonly what: string } | undefined {
  for (const { what, of } of measurements) {
    const [one, other] = [of(before.plan), of(after.plan)];
    if (one !== other) return { side: one ? 'first' : 'second', what };
  }
  return undefined;
}

const measurements: readonly { readonly what: string; readonly of: (plan: Plan) => boolean }[] = [
  { what: 'was executed', of: ({ analyzed }) => analyzed },
  // Not own times: of a plan that was cut off those are left out.
  { what: 'has times of its steps', of: ({ nodes }) => nodes.some(({ totalMs }) => totalMs !== undefined) },
  { what: 'shows buffers', of: ({ nodes }) => nodes.some(({ buffers }) => buffers !== undefined) },
];

function basisOf(before: Plan, after: Plan): ComparisonBasis {
  if (measured(before) !== undefined && measured(after) !== undefined) return 'time';
  // COSTS OFF prints none, which reads as 0.
  return rootCost(before) > 0 && rootCost(after) > 0 ? 'cost' : 'nothing';
}

function sideOf(report: ProfileReport, basis: ComparisonBasis): Side {
  const { plan } = report;
  const whole = { time: measured(plan) ?? 0, cost: rootCost(plan), nothing: 0 }[basis];
  return { ...indexPlan(plan, report.problems), report, whole };
}

function measured(plan: Plan): number | undefined {
  return plan.analyzed ? measuredMs(plan) : undefined;
}

function rootCost(plan: Plan): number {
  return plan.nodes[0]?.cost ?? 0;
}

/** The sides of a join: what was read first is now read second, and the other way round. */
function orderDifference(
  before: PlanSide,
  after: PlanSide,
  { toAfter }: Alignment,
  row: MergedRow,
): readonly NodeDifference[] {
  const node = before.nodes[row.before];
  if (node === undefined || !isJoin(node.type)) return [];
  const [outerBefore, innerBefore] = inputsOf(before, row.before);
  const [outerAfter, innerAfter] = inputsOf(after, row.after);
  if (outerBefore === undefined || innerBefore === undefined) return [];
  if (outerAfter === undefined || innerAfter === undefined) return [];
  const movedTo = (from: number, to: number) => {
    for (let place = from; place < (before.ends[from] ?? from); place++) {
      const partner = toAfter[place] ?? -1;
      if (partner >= 0) return partner >= to && partner < (after.ends[to] ?? to);
    }
    return false;
  };
  const swapped = movedTo(outerBefore, innerAfter) && movedTo(innerBefore, outerAfter);
  return swapped
    ? [{ what: 'order', before: tablesUnder(before, outerBefore), after: tablesUnder(after, outerAfter) }]
    : [];
}

/** The outer and the inner input of a join. */
function inputsOf(side: PlanSide, place: number): readonly number[] {
  return (side.children[place] ?? []).filter((child) => side.nodes[child]?.subplanName === undefined);
}
