/** The report for a terminal. Everything that came from a server or a file is made printable first. */
import { evidenceWords } from '../../shared/evidenceWords.ts';
import { formatMs } from '../../shared/format.ts';
import type { Finding, ProfileReport, Severity, Suggestion } from '../../shared/report.ts';
import { verdict } from '../../shared/verdict.ts';
import { type NodeMark, nodeLabel, renderPlanTable } from './planTable.ts';
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
import { createPaint, padEnd, padStart, type Paint, paragraph, widest } from './textLayout.ts';
import { visibleBlock, visibleLine } from './visibleText.ts';

export interface TextOptions {
  readonly color: boolean;
  /** Cells; lines are laid out to it where they can be. */
  readonly width: number;
}

/** Terminals narrower than this wrap by themselves. */
const narrowest = 60;

/** The whole report, ending in a line break. */
export function renderText(report: ProfileReport, { color, width }: TextOptions): string {
  const page: Page = { paint: createPaint(color), width: Math.max(narrowest, width) };
  const marks = marksOf(report.findings);
  const lines = [
    ...paragraph(visibleLine(verdict(report)), page.width, 0).map((line) => page.paint('strong', line)),
    ...dimmed(originWords(report).join(' · '), page),
    ...paragraph(visibleLine(summaryWords(report).join(' · ')), page.width, 0),
    ...coldWords(report).flatMap((words) => paragraph(visibleLine(words), page.width, 0)),
    '',
    heading('Plan', page),
    ...renderPlanTable(report.plan, { ...page, marks }),
    ...surroundingWords(report.plan).flatMap((words) => dimmed(words, page)),
    ...findingLines(report, page),
    ...suggestionLines(report.suggestions, page),
    ...problemLines(report, page),
  ];
  return `${lines.join('\n')}\n`;
}

interface Page {
  readonly paint: Paint;
  readonly width: number;
}

function heading(text: string, { paint }: Page): string {
  return paint('strong', text.toUpperCase());
}

function dimmed(text: string, { paint, width }: Page): readonly string[] {
  return text === '' ? [] : paragraph(visibleLine(text), width, 0, 2).map((line) => paint('dim', line));
}

/** Worst first, as the list of findings puts them. */
const severities: readonly Severity[] = ['critical', 'warning', 'info'];

/** The letters that stand beside each node that a finding speaks of. */
export function marksOf(findings: readonly Finding[]): ReadonlyMap<string, NodeMark> {
  const marks = new Map<string, NodeMark>();
  findings.forEach(({ nodeId, severity }, place) => {
    if (nodeId === undefined) return;
    const known = marks.get(nodeId);
    const worse = known === undefined || severities.indexOf(severity) < severities.indexOf(known.severity);
    marks.set(nodeId, {
      letters: (known?.letters ?? '') + findingLetter(place),
      severity: worse ? severity : known.severity,
    });
  });
  return marks;
}

function findingLines(report: ProfileReport, page: Page): readonly string[] {
  const { findings, plan } = report;
  if (findings.length === 0) return ['', heading('Findings', page), 'None.'];
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  return findings.flatMap((finding, place) => {
    const node = finding.nodeId === undefined ? undefined : nodes.get(finding.nodeId);
    const firstOfNode = findings.findIndex(({ nodeId }) => nodeId === finding.nodeId) === place;
    const condition = node && firstOfNode ? conditionOf(node) : undefined;
    const clause = clauseOf(report, finding);
    const told = [finding.title, finding.detail, condition].join('\n');
    const evidence = evidenceWords(finding, told).join(' · ');
    const head = `${findingLetter(place)} ${finding.severity}: ${visibleLine(finding.title)}${savable(finding)}`;
    return [
      '',
      ...(place === 0 ? [heading('Findings', page)] : []),
      ...paragraph(head, page.width, 0, 2).map((line) => page.paint(finding.severity, line)),
      ...(node === undefined ? [] : paragraph(`at ${nodeLabel(node)}`, page.width, 2, 2)),
      ...(condition === undefined ? [] : paragraph(visibleLine(condition), page.width, 2, 2)),
      ...(clause === undefined ? [] : paragraph(visibleLine(`SQL: ${clause}`), page.width, 2, 2)),
      ...paragraph(visibleLine(finding.detail), page.width, 2),
      ...(evidence === ''
        ? []
        : paragraph(visibleLine(evidence), page.width, 2).map((line) => page.paint('dim', line))),
      ...(finding.fix === undefined ? [] : paragraph(`→ ${visibleLine(finding.fix)}`, page.width, 2, 2)),
    ];
  });
}

function savable({ savableMs }: Finding): string {
  return savableMs === undefined ? '' : ` (up to ${formatMs(savableMs)} could be saved)`;
}

function suggestionLines(suggestions: readonly Suggestion[], page: Page): readonly string[] {
  const offered = suggestions.filter((suggestion) => suggestion.rejected === undefined);
  const rejected = suggestions.filter((suggestion) => suggestion.rejected !== undefined);
  return [
    ...offered.flatMap((suggestion, place) => [
      '',
      heading(offered.length === 1 ? 'Suggestion' : `Suggestion ${place + 1} of ${offered.length}`, page),
      ...offerLines(suggestion, page),
    ]),
    ...(rejected.length === 0 ? [] : ['', heading('Considered and not suggested', page)]),
    ...rejected.flatMap(({ ddl, rejected: reason = '' }) => [
      ...visibleBlock(ddl).split('\n'),
      ...paragraph(visibleLine(reason), page.width, 2),
    ]),
  ];
}

function offerLines(suggestion: Suggestion, page: Page): readonly string[] {
  const { verification } = suggestion;
  const after = verification.planAfter;
  return [
    ...visibleBlock(suggestion.ddl)
      .split('\n')
      .map((line) => `  ${page.paint('strong', line)}`),
    ...paragraph(visibleLine(suggestion.reason), page.width, 2),
    ...comparisonLines(suggestion, page),
    ...paragraph(visibleLine(verifierWords(verification)), page.width, 2),
    ...upkeepWords(suggestion).flatMap((word) => paragraph(visibleLine(word), page.width, 2, 2)),
    ...(after === undefined
      ? []
      : ['', heading('Plan with it', page), ...renderPlanTable(after, { ...page, marks: new Map() })]),
  ];
}

function comparisonLines({ verification }: Suggestion, { paint }: Page): readonly string[] {
  const lines = comparisonsOf(verification);
  if (lines.length === 0) return [];
  const what = widest(lines.map((line) => line.what));
  const before = widest(['now', ...lines.map((line) => line.before)]);
  const after = widest(['with it', ...lines.map((line) => line.after)]);
  return [
    '',
    paint('dim', `  ${padEnd('', what)}  ${padStart('now', before)}  ${padStart('with it', after)}`),
    ...lines.map(
      (line) =>
        `  ${padEnd(line.what, what)}  ${padStart(line.before, before)}  ${padStart(line.after, after)}  ${paint('good', line.gain)}`,
    ),
    '',
  ];
}

function problemLines({ problems }: ProfileReport, page: Page): readonly string[] {
  if (problems.length === 0) return [];
  return [
    '',
    heading('Notes', page),
    ...problems.flatMap(({ message, line }) =>
      paragraph(
        visibleLine(`${message}${line === undefined ? '' : ` (line ${line} of the input)`}`),
        page.width,
        0,
        2,
      ),
    ),
  ];
}
