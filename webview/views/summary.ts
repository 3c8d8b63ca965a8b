/** The strip of figures under the verdict: what one compares from run to run. */
import { html, nothing, type TemplateResult } from 'lit';
import {
  formatBlocks,
  formatCost,
  formatCount,
  formatCounted,
  formatFactor,
  formatMs,
  formatPercent,
} from '../../src/shared/format.ts';
import { hasEstimates, noEstimates } from '../../src/shared/estimates.ts';
import { nodeTitle } from '../../src/shared/nodeLabel.ts';
import type { Plan, PlanNode, ProfileReport, Severity } from '../../src/shared/report.ts';
import { measuredMs } from '../../src/shared/verdict.ts';
import { coldRunsWords, runsWords } from '../../src/shared/planWords.ts';
import { severityMark } from '../icons.ts';
import type { Panel } from '../panel.ts';
import { worstSteps } from './worstSteps.ts';

interface Figure {
  readonly value: unknown;
  readonly label: string;
  readonly title?: string;
  /** The node that the figure is about. */
  readonly nodeId?: string;
}

export function summaryView(panel: Panel, report: ProfileReport): TemplateResult {
  const { plan } = report;
  const figures = [
    ...(plan.analyzed ? measured(report) : estimated(plan)),
    planning(plan),
    rows(plan),
    buffers(plan),
    workers(plan),
    worstEstimate(plan),
    findings(report),
    ...dearest(plan),
  ].filter((figure) => figure !== undefined);
  const cold = report.runs && coldRunsWords(report.runs);
  return html`<dl class="strip">${figures.map((figure) => figureView(panel, figure))}</dl>
    ${cold === undefined ? nothing : html`<p class="cold-runs">${cold}</p>`}`;
}

function figureView(panel: Panel, { value, label, title, nodeId }: Figure): TemplateResult {
  const shown =
    nodeId === undefined
      ? value
      : html`<button
          class="link strong"
          @click=${() => panel.dispatch({ type: 'finding/select', id: nodeId })}
        >
          ${value}
        </button>`;
  return html`<div class=${nodeId === undefined ? 'figure' : 'figure step'} title=${title ?? nothing}>
    <dt>${label}</dt>
    <dd>${shown}</dd>
  </div>`;
}

function measured({ plan, runs }: ProfileReport): readonly Figure[] {
  const ms = measuredMs(plan);
  if (ms === undefined) return [{ value: 'not measured', label: 'execution' }];
  if (runs === undefined) return [{ value: formatMs(ms), label: 'execution', title: `${ms} ms` }];
  return [
    { value: formatMs(ms), label: runsWords(runs), title: runs.ms.map((each) => `${each} ms`).join('\n') },
  ];
}

function estimated(plan: Plan): readonly Figure[] {
  const root = plan.nodes[0];
  if (root === undefined || !hasEstimates(root)) return [{ value: '–', label: noEstimates }];
  const { cost } = root;
  return [
    {
      value: formatCost(cost),
      label: 'estimated cost',
      title: `${cost}, in units of the planner, not of time`,
    },
  ];
}

function planning({ planningMs }: Plan): Figure | undefined {
  return planningMs === undefined
    ? undefined
    : { value: formatMs(planningMs), label: 'planning', title: `${planningMs} ms` };
}

function rows({ analyzed, nodes }: Plan): Figure | undefined {
  const root = nodes[0];
  if (root === undefined) return undefined;
  if (!analyzed)
    return hasEstimates(root) ? { value: formatCount(root.planRows), label: 'rows planned' } : undefined;
  return root.rows === undefined ? undefined : { value: formatCount(root.rows), label: 'rows returned' };
}

function buffers({ nodes }: Plan): Figure | undefined {
  const all = nodes[0]?.buffers;
  if (all === undefined) return undefined;
  const { sharedHit, sharedRead, localHit, localRead, tempRead, tempWritten } = all;
  const cached = sharedHit + localHit;
  const read = sharedRead + localRead;
  const total = cached + read;
  const fromCache = read === 0 ? 'all cached' : `${formatPercent(cached / total)} cached`;
  const spilled = tempWritten > 0 ? `, ${formatBlocks(tempWritten)} spilled` : '';
  return {
    value: formatBlocks(total),
    label: `${formatCounted(total, 'buffer')}${total === 0 ? '' : `, ${fromCache}`}${spilled}`,
    title:
      `shared: ${formatCount(sharedHit)} hit, ${formatCount(sharedRead)} read; local: ${formatCount(localHit)} hit, ` +
      `${formatCount(localRead)} read; temporary: ${formatCount(tempRead)} read, ${formatCount(tempWritten)} written`,
  };
}

function workers({ nodes }: Plan): Figure | undefined {
  let planned = 0;
  let launched = 0;
  for (const { details } of nodes) {
    if (typeof details['Workers Planned'] === 'number') planned += details['Workers Planned'];
    if (typeof details['Workers Launched'] === 'number') launched += details['Workers Launched'];
  }
  return planned === 0 || launched === 0
    ? undefined
    : { value: `${launched} of ${planned}`, label: 'workers launched' };
}

function dearest(plan: Plan): readonly Figure[] {
  return worstSteps(plan).map(({ nodeId, share, name, title }) => ({
    value: share,
    label: name,
    title: `${name}: ${title}`,
    nodeId,
  }));
}

/** The node whose row count is furthest from the plan, either way. */
function worstEstimate({ nodes }: Plan): Figure | undefined {
  let worst: { node: PlanNode; factor: number; distance: number } | undefined;
  for (const node of nodes) {
    const factor = node.rowsFactor;
    if (factor === undefined || node.neverExecuted || node.distributed !== undefined) continue;
    const distance = factor > 0 ? Math.abs(Math.log(factor)) : Infinity;
    if (worst === undefined || distance > worst.distance) worst = { node, factor, distance };
  }
  if (worst === undefined) return undefined;
  const { node, factor } = worst;
  return {
    value: formatFactor(factor),
    label: 'worst estimate',
    title: `${nodeTitle(node)}${node.relation === undefined ? '' : ` on ${node.relation}`}: actual to planned rows`,
    nodeId: node.id,
  };
}

const severityWords: readonly (readonly [Severity, string, string])[] = [
  ['critical', 'critical', 'critical'],
  ['warning', 'warning', 'warnings'],
  ['info', 'note', 'notes'],
];

function findings({ findings: all, suggestions }: ProfileReport): Figure {
  const counted = severityWords
    .map(([severity, one, many]) => {
      const count = all.filter((finding) => finding.severity === severity).length;
      return { severity, count, words: `${count} ${count === 1 ? one : many}` };
    })
    .filter(({ count }) => count > 0);
  const [first, ...rest] = counted;
  const offered = suggestions.filter(({ rejected }) => rejected === undefined).length;
  const words = rest.map((entry) => entry.words);
  if (offered > 0) words.push(`${offered} ${offered === 1 ? 'suggestion' : 'suggestions'}`);
  if (first === undefined) return { value: 'No findings', label: words.join(', ') || 'nothing stands out' };
  return {
    value: html`${severityMark(first.severity)}${first.words}`,
    label: words.join(', ') || 'findings',
  };
}
