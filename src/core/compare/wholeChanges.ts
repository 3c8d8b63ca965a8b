/** What changed about the plans as wholes: times, costs, buffers, and what is around the measurement. */
import type { ComparedFigure, FigureName, FigureUnit, PlanChange } from '../../shared/comparison.ts';
import { formatBlocks, formatCount, formatCounted, formatMs } from '../../shared/format.ts';
import type { Plan, ProfileReport } from '../../shared/report.ts';
import { measuredMs } from '../../shared/verdict.ts';
import { blocks } from '../report/planTable.ts';
import { type Contrast, measuredByOneSide, type Side } from './contrast.ts';
import { differs, tellPart, tellWhole, type Told } from './telling.ts';
import { formatAmount, rowCount } from './words.ts';

interface FigureSpec {
  readonly name: FigureName;
  readonly unit: FigureUnit;
  readonly of: (plan: Plan) => number | undefined;
}

const figureSpecs: readonly FigureSpec[] = [
  { name: 'execution', unit: 'ms', of: (plan) => (plan.analyzed ? measuredMs(plan) : undefined) },
  { name: 'planning', unit: 'ms', of: ({ planningMs }) => planningMs },
  // COSTS OFF prints none, which reads as 0.
  { name: 'cost', unit: 'cost', of: ({ nodes }) => nodes[0]?.cost || undefined },
  { name: 'rows', unit: 'rows', of: ({ nodes }) => nodes[0]?.rows },
  { name: 'buffers', unit: 'blocks', of: ({ nodes }) => nodes[0]?.buffers && blocks(nodes[0].buffers) },
  { name: 'read from outside the cache', unit: 'blocks', of: readBlocks },
  {
    name: 'temporary files',
    unit: 'blocks',
    of: ({ nodes }) => nodes[0]?.buffers && nodes[0].buffers.tempRead + nodes[0].buffers.tempWritten,
  },
];

function readBlocks({ nodes }: Plan): number | undefined {
  const buffers = nodes[0]?.buffers;
  return buffers && buffers.sharedRead + buffers.localRead;
}

/** The figures that at least one side has. */
export function comparedFigures(before: Plan, after: Plan): readonly ComparedFigure[] {
  return figureSpecs.flatMap(({ name, unit, of }) => {
    const [one, other] = [of(before), of(after)];
    if (one === undefined && other === undefined) return [];
    return [
      { name, unit, ...(one !== undefined && { before: one }), ...(other !== undefined && { after: other }) },
    ];
  });
}

interface KnownFigure {
  readonly unit: FigureUnit;
  readonly before: number;
  readonly after: number;
}

export function wholeChanges(contrast: Contrast): readonly Told[] {
  const { before, after, basis, covering } = contrast;
  const [planBefore, planAfter] = [before.plan, after.plan];
  const figures = new Map(
    comparedFigures(planBefore, planAfter).flatMap(({ name, unit, before: one, after: other }) =>
      one === undefined || other === undefined ? [] : [[name, { unit, before: one, after: other }] as const],
    ),
  );
  const lines = [
    ...measurementChange(contrast),
    ...(covering === undefined
      ? figureChange('execution-time', 'major', 'the execution took', figures.get('execution'))
      : []),
    ...resultChange(figures.get('rows')),
    ...(basis === 'cost' ? figureChange('cost', 'major', 'the planner’s cost is', figures.get('cost')) : []),
    ...figureChange(
      'planning-time',
      'minor',
      'planning took',
      atLeast(feltPlanningMs, figures.get('planning')),
    ),
    ...(isDistributed(planBefore) === isDistributed(planAfter)
      ? figureChange('buffers', 'minor', 'blocks touched:', atLeast(feltBlocks, figures.get('buffers')))
      : []),
    ...cacheChange(before.report, after.report),
    ...serverChange(before.report, after.report),
    ...settingChanges(contrast),
  ];
  return [...lines.map(tellWhole), ...jitChange(contrast)];
}

/** Blocks that other servers touched are not among those of the plan. */
function isDistributed({ nodes }: Plan): boolean {
  return nodes.some(({ distributed }) => distributed !== undefined);
}

/** A gain in planning below this cannot be felt. */
const feltPlanningMs = 1;
/** 800 KiB: fewer blocks more or less are a matter of a vacuum. */
const feltBlocks = 100;

function atLeast(least: number, figure: KnownFigure | undefined): KnownFigure | undefined {
  return figure && Math.abs(figure.before - figure.after) >= least ? figure : undefined;
}

function figureChange(
  kind: PlanChange['kind'],
  weight: PlanChange['weight'],
  what: string,
  figure: KnownFigure | undefined,
): readonly PlanChange[] {
  if (figure === undefined || !differs(figure.before, figure.after, figure.unit === 'ms' ? 'ms' : 'exact'))
    return [];
  const { unit, before, after } = figure;
  return [
    {
      kind,
      weight,
      effect: after < before ? 'better' : 'worse',
      title: `${what} ${formatAmount(unit, after)} instead of ${formatAmount(unit, before)}`,
      figures: figure,
    },
  ];
}

/** Findings of what only one side measured are no news. */
function measurementChange(contrast: Contrast): readonly PlanChange[] {
  const only = measuredByOneSide(contrast);
  if (only === undefined) return [];
  const title = `only the ${only.side} plan ${only.what}, so findings do not compare`;
  return [{ kind: 'measurement', weight: 'note', effect: 'neither', title }];
}

function resultChange(rows: KnownFigure | undefined): readonly PlanChange[] {
  if (rows === undefined || Math.round(rows.before) === Math.round(rows.after)) return [];
  return [
    {
      kind: 'result',
      weight: 'major',
      effect: 'neither',
      title: `the result has ${rowCount(rows.after)} instead of ${formatAmount('rows', rows.before)}: other data, other values or another statement`,
      figures: rows,
    },
  ];
}

/** A difference of a tenth of all blocks moves times; it is a matter of what ran before, and not of the plan. */
const cacheShare = 0.1;

/** Undefined where both found about the same part of their blocks in the cache. */
export function coldSide(before: ProfileReport, after: ProfileReport): 'before' | 'after' | undefined {
  const [one, other] = [missesOf(before.plan), missesOf(after.plan)];
  if (one === undefined || other === undefined) return undefined;
  if (Math.abs(one.share - other.share) < cacheShare) return undefined;
  const cold = one.share > other.share ? 'before' : 'after';
  return Math.abs(one.blocks - other.blocks) >= feltBlocks ? cold : undefined;
}

function missesOf(plan: Plan): { readonly blocks: number; readonly share: number } | undefined {
  const buffers = plan.nodes[0]?.buffers;
  const read = readBlocks(plan);
  if (buffers === undefined || read === undefined) return undefined;
  const touched = read + buffers.sharedHit + buffers.localHit;
  return { blocks: read, share: touched > 0 ? read / touched : 0 };
}

/** "4,319 blocks (33.7 MiB) came from outside the cache before, 0 now" */
export function cacheWords(before: ProfileReport, after: ProfileReport): string {
  const [one, other] = [readBlocks(before.plan) ?? 0, readBlocks(after.plan) ?? 0];
  return `${formatCount(one)} blocks (${formatBlocks(one)}) came from outside the cache before, ${formatCount(other)} now`;
}

function cacheChange(before: ProfileReport, after: ProfileReport): readonly PlanChange[] {
  const cold = coldSide(before, after);
  if (cold === undefined) return [];
  return [
    {
      kind: 'cache',
      weight: 'minor',
      effect: 'neither',
      title: cacheWords(before, after),
      figures: { unit: 'blocks', before: readBlocks(before.plan) ?? 0, after: readBlocks(after.plan) ?? 0 },
    },
  ];
}

/** Its time is the sum over all processes, and hence a bound of what it took. */
function jitChange(contrast: Contrast): readonly Told[] {
  const [before, after] = [contrast.before.plan.jit, contrast.after.plan.jit];
  const jit = after ?? before;
  if (jit === undefined || (before !== undefined && after !== undefined)) return [];
  if (isMissing(contrast.before, before) || isMissing(contrast.after, after)) return [];
  const took = jit.ms === 0 ? '' : `, ${formatMs(jit.ms)}`;
  const words = `JIT compilation (${formatCounted(jit.functions, 'function')}${took})`;
  const isTimed = contrast.basis === 'time';
  return [
    tellPart(contrast, {
      kind: 'jit',
      title: () => `${words} is ${after === undefined ? 'gone' : 'new'}`,
      before: isTimed ? (before?.ms ?? 0) : 0,
      after: isTimed ? (after?.ms ?? 0) : 0,
      figures: { unit: 'ms', before: before?.ms ?? 0, after: after?.ms ?? 0 },
    }),
  ];
}

function serverChange(before: ProfileReport, after: ProfileReport): readonly PlanChange[] {
  const [one, other] = [before.server, after.server];
  if (one === undefined || other === undefined || one.version === other.version) return [];
  return [
    {
      kind: 'server',
      weight: 'note',
      effect: 'neither',
      title: `the server is PostgreSQL ${other.version}, was ${one.version}`,
    },
  ];
}

/** What is printed below the tree is not there when the plan was cut off. */
function isMissing({ isCut }: Side, value: unknown): boolean {
  return isCut && value === undefined;
}

/** EXPLAIN shows settings with SETTINGS only, and only those that are not the default. */
function settingChanges({ before, after }: Contrast): readonly PlanChange[] {
  const names = new Set([...Object.keys(before.plan.settings), ...Object.keys(after.plan.settings)]);
  return [...names].flatMap((name) => {
    const [one, other] = [before.plan.settings[name], after.plan.settings[name]];
    if (one === other || isMissing(before, one) || isMissing(after, other)) return [];
    const was = one === undefined ? 'not shown before' : `${one} before`;
    const now = other === undefined ? 'not shown now' : `${other} now`;
    return [
      { kind: 'setting', weight: 'note', effect: 'neither', title: `${name}: ${was}, ${now}` } as const,
    ];
  });
}
