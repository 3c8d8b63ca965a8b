/** Parts of a comparison in words, the same in the terminal and in Markdown. Not yet made safe to print. */
import type { ComparedFigure, FigureName, PlanComparison } from '../../shared/comparison.ts';
import { hasRatio } from '../../shared/comparedRatio.ts';
import { formatSpeedup } from '../../shared/format.ts';
import { runsWords } from '../../shared/planWords.ts';
import type { ProfileReport } from '../../shared/report.ts';
import { severalRuns } from '../../shared/runSpread.ts';
import { originWords } from '../report/reportWords.ts';
import { differs } from './telling.ts';
import { formatAmount, times } from './words.ts';

const figureTitles: Readonly<Record<FigureName, string>> = {
  execution: 'Execution',
  planning: 'Planning',
  cost: 'Planner cost',
  rows: 'Rows returned',
  buffers: 'Buffers',
  'read from outside the cache': 'Outside the cache',
  'temporary files': 'Temporary files',
};

export interface FigureLine {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** "2.2× faster", "÷ 4.7", or nothing where they do not differ by more than single runs do. */
  readonly ratio: string;
}

/** The figures that both or one have; those that are 0 on both sides say nothing. */
export function figureLines(comparison: PlanComparison): readonly FigureLine[] {
  return comparison.figures
    .filter(({ before = 0, after = 0 }) => before !== 0 || after !== 0)
    .map(({ name, unit, before, after }) => ({
      what: figureTitles[name],
      before: before === undefined ? 'not known' : formatAmount(unit, before),
      after: after === undefined ? 'not known' : formatAmount(unit, after),
      ratio: hasRatio(comparison, name) ? ratioWords({ unit, before, after }) : '',
    }));
}

function ratioWords({
  unit,
  before,
  after,
}: {
  readonly unit: ComparedFigure['unit'];
  readonly before: number | undefined;
  readonly after: number | undefined;
}): string {
  if (before === undefined || after === undefined || before <= 0 || after <= 0) return '';
  if (!differs(before, after, unit === 'ms' ? 'ms' : 'exact')) return '';
  if (unit === 'ms') return formatSpeedup(before, after);
  return before > after ? `÷ ${times(before, after)}` : `× ${times(after, before)}`;
}

function sourceWords(report: ProfileReport): readonly string[] {
  const runs = severalRuns(report);
  return runs === undefined ? originWords(report) : [...originWords(report), runsWords(runs)];
}

/** "Before: slow.json · PostgreSQL 18.4 · median of 5 runs, …": where each side came from, as far as it is known. */
export function sideWords({ before, after }: PlanComparison): readonly string[] {
  return [['Before', sourceWords(before)] as const, ['After', sourceWords(after)] as const].flatMap(
    ([side, words]) => (words.length === 0 ? [] : [`${side}: ${words.join(' · ')}`]),
  );
}
