/** The sentence above a comparison: how much faster or slower, why as far as the numbers tell, and what limits it. */
import type { ChangeKind } from '../../shared/comparison.ts';
import { formatCost, formatCount, formatMs, formatSpeedup } from '../../shared/format.ts';
import { severalRuns } from '../../shared/runSpread.ts';
import type { Contrast, ContrastRow } from './contrast.ts';
import { statementSameness } from './statementChange.ts';
import { differs, noiseShare, type Told } from './telling.ts';
import { cacheWords, coldSide } from './wholeChanges.ts';
import { times } from './words.ts';

/** `told`: all changes, the most important first. */
export function comparisonVerdict(contrast: Contrast, told: readonly Told[]): string {
  const sentence =
    statementSameness(contrast) === 'different' ? ofTwoStatements(contrast) : judged(contrast, told);
  return `${sentence}${cutWords(contrast)}.`;
}

/** What a plan that was cut off lacks is neither new nor gone. */
function cutWords({ before, after }: Contrast): string {
  if (!before.isCut && !after.isCut) return '';
  const limit = 'only the steps that are there count';
  if (before.isCut && after.isCut) return `; both plans are cut off, so ${limit}`;
  return `; the ${before.isCut ? 'first' : 'second'} plan is cut off, so ${limit}`;
}

function judged(contrast: Contrast, told: readonly Told[]): string {
  switch (contrast.basis) {
    case 'time':
      return byTime(contrast, told);
    case 'cost':
      return byCost(contrast, told);
    case 'nothing':
      if (isSamePlan(contrast)) return 'The same plan; there are neither times nor costs to compare';
      return isCutAlike(contrast)
        ? 'There are neither times nor costs to compare'
        : `The plan changed${because(...planChanges(told).slice(0, 1))}; without times or costs it cannot be judged`;
  }
}

function ofTwoStatements({ basis, before, after }: Contrast): string {
  const amounts =
    basis === 'time'
      ? `, so their times do not compare (${formatMs(before.whole)} and ${formatMs(after.whole)})`
      : basis === 'cost'
        ? `, so their costs do not compare (${formatCost(before.whole)} and ${formatCost(after.whole)})`
        : '';
  return `Two different statements${amounts}; if one is a rewrite of the other, check that both return the same rows`;
}

function byTime(contrast: Contrast, told: readonly Told[]): string {
  const [before, after] = [contrast.before.whole, contrast.after.whole];
  const both = `${formatMs(before)} → ${formatMs(after)}`;
  const same = isSamePlan(contrast);
  if (!differs(before, after, 'ms')) {
    const noise = `no difference that ${isRepeated(contrast) ? 'these runs' : 'a single run'} could show`;
    if (same && before === after) return `The same plan with the same time, ${formatMs(after)}`;
    if (same) return `The same plan, ${nearness(before, after)} (${both}): ${noise}`;
    return `${nearness(before, after, 'Within')} (${both}): ${noise}${though(planChanges(told)[0])}`;
  }
  if (contrast.covering !== undefined) {
    const { ms, minMs, maxMs } = contrast.covering;
    const spread = `within the spread of ${formatCount(ms.length)} runs (${formatMs(minMs)} to ${formatMs(maxMs)})`;
    return same
      ? `The same plan; ${both} is ${spread}`
      : `${both} is ${spread}${though(planChanges(told)[0])}`;
  }
  const reasons = reasonsOf(contrast, told);
  const doubt = caveat(contrast, told, reasons);
  const speed = `${formatSpeedup(before, after)} (${both})`;
  if (!same) {
    const unexplained = isCutAlike(contrast) ? '' : '; the plan changed, but no single step explains it';
    const why = reasons.length > 0 ? because(...reasons) : unexplained;
    return `${speed}${why}${doubt}`;
  }
  const workers = told.find(({ change }) => change.kind === 'parallelism');
  const known = doubt === '' && workers !== undefined ? `; ${workers.title()}` : doubt;
  // A step that took longer in the same manner is where it happened, not why.
  const isExplained = known !== '' || reasons.some(({ change }) => change.kind !== 'step-time');
  return `${speed} with the same plan${because(...reasons)}${isExplained ? known : '; the plan does not say why, so measure both again'}`;
}

function isRepeated({ before, after }: Contrast): boolean {
  return severalRuns(before.report) !== undefined && severalRuns(after.report) !== undefined;
}

/** Short times differ by a great part and yet by nothing that counts. */
function nearness(before: number, after: number, within: 'within' | 'Within' = 'within'): string {
  return differs(before, after) ? `${within} a tenth of a millisecond` : `${within} ${noiseShare * 100} %`;
}

function byCost(contrast: Contrast, told: readonly Told[]): string {
  const [before, after] = [contrast.before.whole, contrast.after.whole];
  const both = `cost ${formatCost(before)} → ${formatCost(after)}`;
  const limit = executedWords(contrast);
  if (!differs(before, after)) {
    const amount = before === after ? `the same cost, ${formatCost(after)}` : `about the same cost (${both})`;
    if (isCutAlike(contrast)) return `At ${amount}; ${limit}`;
    return isSamePlan(contrast)
      ? `The same plan at ${amount}; ${limit}`
      : `Another plan at ${amount}${because(...planChanges(told).slice(0, 1))}; ${limit}`;
  }
  const factor = after < before ? `${times(before, after)}× cheaper` : `${times(after, before)}× dearer`;
  return `By the planner’s estimate ${factor} (${both})${because(...reasonsOf(contrast, told))}; ${limit}`;
}

function executedWords({ before, after }: Contrast): string {
  if (before.plan.analyzed && after.plan.analyzed) return 'no time was measured, and a cost is no time';
  if (before.plan.analyzed) return 'the second plan was not executed, and a cost is no time';
  if (after.plan.analyzed) return 'the first plan was not executed, and a cost is no time';
  return 'neither was executed, and a cost is no time';
}

function isSamePlan({ rows, before, after }: Contrast): boolean {
  return !before.isCut && !after.isCut && rows.every(isSameStep);
}

/** The same as far as both go: whether it is the same plan is not known. */
function isCutAlike({ rows, before, after }: Contrast): boolean {
  return (before.isCut || after.isCut) && rows.every((row) => isSameStep(row) || isLackedByOne(row));
}

function isSameStep({ before, after, differences }: ContrastRow): boolean {
  return before >= 0 && after >= 0 && differences.length === 0;
}

function isLackedByOne({ before, after, isCut }: ContrastRow): boolean {
  return isCut && (before < 0 || after < 0);
}

function because(...told: readonly Told[]): string {
  return told.length === 0 ? '' : `: ${told.map(({ title }) => title()).join(', and ')}`;
}

function though(told: Told | undefined): string {
  return told === undefined ? '' : `, though ${told.title()}`;
}

/** Kinds that say how the plan differs, the most telling first. */
const planKinds: readonly ChangeKind[] = [
  'index',
  'scan',
  'join-method',
  'join-order',
  'parallelism',
  'sort',
  'step',
];
/** Those, and what makes one plan take another time. */
const causeKinds: ReadonlySet<ChangeKind> = new Set([
  ...planKinds,
  'spill',
  'jit',
  'data-volume',
  'step-time',
]);

function planChanges(told: readonly Told[]): readonly Told[] {
  const rank = ({ change }: Told) => planKinds.indexOf(change.kind);
  return told.filter((one) => rank(one) >= 0).toSorted((one, other) => rank(one) - rank(other));
}

/** A step that accounts for less of the difference is not named as its reason. */
const leastPartOfReason = 0.2;
/** More reasons than this are the list of changes. */
const mostReasons = 2;

/** What saved (or cost) most of the difference. Of equal ones the first: a method before the mere time. */
function reasonsOf({ before, after }: Contrast, told: readonly Told[]): readonly Told[] {
  const difference = before.whole - after.whole;
  const [first, ...others] = told
    .filter(({ change, saved }) => causeKinds.has(change.kind) && saved / difference >= leastPartOfReason)
    .toSorted((one, other) => Math.abs(other.saved) - Math.abs(one.saved));
  if (first === undefined) return [];
  // That a step took longer is no second reason: it may follow from the first.
  const more = others.filter(
    ({ change }) => planKinds.includes(change.kind) && change.afterId !== first.change.afterId,
  );
  return [first, ...more].slice(0, mostReasons);
}

/** What else may be behind a difference of times; the strongest doubt only. */
function caveat(contrast: Contrast, told: readonly Told[], reasons: readonly Told[]): string {
  const doubt =
    told.find(({ change }) => change.kind === 'result') ??
    told.find(({ change }) => change.kind === 'data-volume');
  if (doubt !== undefined && !reasons.includes(doubt)) return `; but ${doubt.title()}`;
  const slower = contrast.before.whole > contrast.after.whole ? 'before' : 'after';
  const [before, after] = [contrast.before.report, contrast.after.report];
  return coldSide(before, after) === slower
    ? `; part of it may be the cache: ${cacheWords(before, after)}`
    : '';
}
