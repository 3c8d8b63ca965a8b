/** The report for pull requests and tickets. */
import { evidenceWords } from '../../shared/evidenceWords.ts';
import { formatMs } from '../../shared/format.ts';
import type { Finding, ProfileReport, Suggestion } from '../../shared/report.ts';
import { verdict } from '../../shared/verdict.ts';
import { markdownBlock, markdownCode, markdownText } from './markdown.ts';
import { nodeLabel, renderPlanTable } from './planTable.ts';
import { marksOf } from './renderText.ts';
import {
  clauseOf,
  coldWords,
  comparisonsOf,
  conditionOf,
  findingLetter,
  originWords,
  summaryWords,
  surroundingWords,
  upkeepWords,
  verifierWords,
} from './reportWords.ts';
import { createPaint } from './textLayout.ts';

/** Wide enough for the deepest plan of the guide; code blocks scroll sideways. */
const planWidth = 140;

/** The whole report, ending in a line break. */
export function renderMarkdown(report: ProfileReport): string {
  const { plan, findings, suggestions, problems } = report;
  const offered = suggestions.filter((suggestion) => suggestion.rejected === undefined);
  const rejected = suggestions.filter((suggestion) => suggestion.rejected !== undefined);
  const origin = originWords(report).join(' · ');
  const table = renderPlanTable(plan, {
    width: planWidth,
    paint: createPaint(false),
    marks: marksOf(findings),
  });
  const surroundings = surroundingWords(plan);
  const parts = [
    `### ${markdownText(verdict(report))}`,
    ...(origin === '' ? [] : [markdownText(origin)]),
    markdownText(summaryWords(report).join(' · ')),
    ...coldWords(report).map(markdownText),
    ...(report.sql === undefined ? [] : [folded('Statement', markdownBlock(report.sql, 'sql'))]),
    folded('Plan', markdownBlock(table.join('\n'), 'text')),
    ...(surroundings.length === 0
      ? []
      : [surroundings.map((words) => `- ${markdownText(words)}`).join('\n')]),
    '#### Findings',
    findings.length === 0
      ? 'None.'
      : findings.map((finding, place) => findingItem(report, finding, place)).join('\n'),
    ...offered.flatMap(suggestionParts),
    ...(rejected.length === 0
      ? []
      : ['#### Considered and not suggested', rejected.map(rejectedItem).join('\n')]),
    ...(problems.length === 0
      ? []
      : ['#### Notes', problems.map(({ message }) => `- ${markdownText(message)}`).join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

function findingItem(report: ProfileReport, finding: Finding, place: number): string {
  const { plan, findings } = report;
  const clause = clauseOf(report, finding);
  const node = plan.nodes.find(({ id }) => id === finding.nodeId);
  const firstOfNode = findings.findIndex(({ nodeId }) => nodeId === finding.nodeId) === place;
  const condition = node && firstOfNode ? conditionOf(node) : undefined;
  const told = [finding.title, finding.detail, condition].join('\n');
  const evidence = evidenceWords(finding, told).join(' · ');
  const savable =
    finding.savableMs === undefined ? '' : ` (up to ${formatMs(finding.savableMs)} could be saved)`;
  const lines = [
    `- **${findingLetter(place)} ${finding.severity}: ${markdownText(finding.title)}**${savable}`,
    ...(node === undefined ? [] : [`at ${markdownCode(nodeLabel(node))}`]),
    ...(condition === undefined ? [] : [markdownCode(condition)]),
    ...(clause === undefined ? [] : [`SQL: ${markdownCode(clause)}`]),
    markdownText(finding.detail),
    ...(evidence === '' ? [] : [markdownText(evidence)]),
    ...(finding.fix === undefined ? [] : [`→ ${markdownText(finding.fix)}`]),
  ];
  return lines.join('  \n  ');
}

function suggestionParts(suggestion: Suggestion): readonly string[] {
  const { verification } = suggestion;
  const rows = comparisonsOf(verification).map(
    ({ what, before, after, gain }) => `| ${what} | ${before} | ${after} | ${gain} |`,
  );
  const after = verification.planAfter;
  const table =
    after && renderPlanTable(after, { width: planWidth, paint: createPaint(false), marks: new Map() });
  return [
    '#### Suggestion',
    markdownBlock(suggestion.ddl, 'sql'),
    markdownText(suggestion.reason),
    ...(rows.length === 0 ? [] : [['| | now | with it | |', '|---|---:|---:|---|', ...rows].join('\n')]),
    markdownText([verifierWords(verification), ...upkeepWords(suggestion)].join(' ')),
    ...(table === undefined ? [] : [folded('Plan with it', markdownBlock(table.join('\n'), 'text'))]),
  ];
}

function rejectedItem({ ddl, rejected = '' }: Suggestion): string {
  return `- ${markdownCode(ddl)}: ${markdownText(rejected)}`;
}
