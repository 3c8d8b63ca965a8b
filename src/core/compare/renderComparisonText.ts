/** A comparison for a terminal. */
import type { PlanChange, PlanComparison } from '../../shared/comparison.ts';
import type { TextOptions } from '../report/renderText.ts';
import {
  createPaint,
  type Ink,
  padEnd,
  padStart,
  type Paint,
  paragraph,
  widest,
} from '../report/textLayout.ts';
import { visibleLine } from '../report/visibleText.ts';
import { markLegend, renderComparisonTable } from './comparisonTable.ts';
import { figureLines, sideWords } from './comparisonWords.ts';

/** Terminals narrower than this wrap by themselves. */
const narrowest = 60;

interface Page {
  readonly paint: Paint;
  readonly width: number;
}

/** The whole comparison, ending in a line break. */
export function renderComparisonText(comparison: PlanComparison, { color, width }: TextOptions): string {
  const page: Page = { paint: createPaint(color), width: Math.max(narrowest, width) };
  const { paint } = page;
  const lines = [
    ...paragraph(visibleLine(comparison.verdict), page.width, 0).map((line) => paint('strong', line)),
    ...sideWords(comparison)
      .flatMap((words) => paragraph(visibleLine(words), page.width, 0, 2))
      .map((line) => paint('dim', line)),
    ...figures(comparison, page),
    '',
    paint('strong', 'CHANGES'),
    ...(comparison.changes.length === 0
      ? ['None.']
      : comparison.changes.flatMap((one) => changeLines(one, page))),
    '',
    paint('strong', 'PLANS'),
    ...renderComparisonTable(comparison, page),
    ...(comparison.rows.every(({ change }) => change === 'same')
      ? []
      : [paint('dim', markLegend(comparison))]),
  ];
  return `${lines.join('\n')}\n`;
}

function figures(comparison: PlanComparison, { paint }: Page): readonly string[] {
  const lines = figureLines(comparison);
  if (lines.length === 0) return [];
  const what = widest(lines.map((line) => line.what));
  const before = widest(['before', ...lines.map((line) => line.before)]);
  const after = widest(['after', ...lines.map((line) => line.after)]);
  return [
    '',
    paint('dim', `${padEnd('', what)}  ${padStart('before', before)}  ${padStart('after', after)}`),
    ...lines.map((line) =>
      `${padEnd(line.what, what)}  ${padStart(line.before, before)}  ${padStart(line.after, after)}  ${line.ratio}`.trimEnd(),
    ),
  ];
}

const effectInks: Readonly<Record<PlanChange['effect'], Ink | undefined>> = {
  better: 'good',
  worse: 'critical',
  neither: undefined,
};
/** As wide as the longest of the words for an effect, and a gap. */
const effectCells = 8;

function changeLines({ effect, title }: PlanChange, { paint, width }: Page): readonly string[] {
  const word = padEnd(effect === 'neither' ? '' : effect, effectCells);
  const ink = effectInks[effect];
  return paragraph(visibleLine(title), width - effectCells, 0).map((line, number) => {
    if (number > 0) return ' '.repeat(effectCells) + line;
    return (ink === undefined ? word : paint(ink, word)) + line;
  });
}
