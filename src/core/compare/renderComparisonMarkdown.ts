/** A comparison for pull requests and tickets. */
import type { PlanChange, PlanComparison } from '../../shared/comparison.ts';
import { markdownBlock, markdownText } from '../report/markdown.ts';
import { createPaint } from '../report/textLayout.ts';
import { markLegend, renderComparisonTable } from './comparisonTable.ts';
import { figureLines, sideWords } from './comparisonWords.ts';

/** Two trees side by side; code blocks scroll sideways. */
const tableWidth = 160;

/** The whole comparison, ending in a line break. */
export function renderComparisonMarkdown(comparison: PlanComparison): string {
  const { verdict, changes } = comparison;
  const figures = figureLines(comparison).map(
    ({ what, before, after, ratio }) => `| ${what} | ${before} | ${after} | ${ratio} |`,
  );
  const table = renderComparisonTable(comparison, { width: tableWidth, paint: createPaint(false) });
  const parts = [
    `### ${markdownText(verdict)}`,
    ...sideWords(comparison).map(markdownText),
    ...(figures.length === 0
      ? []
      : [['| | before | after | |', '|---|---:|---:|---|', ...figures].join('\n')]),
    '#### Changes',
    changes.length === 0 ? 'None.' : changes.map(changeItem).join('\n'),
    `<details><summary>Plans</summary>\n\n${markdownBlock([...table, markLegend(comparison)].join('\n'), 'text')}\n\n</details>`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function changeItem({ effect, title }: PlanChange): string {
  return `- ${effect === 'neither' ? '' : `**${effect}:** `}${markdownText(title)}`;
}
