/** Two runs side by side: the verdict, the figures, what changed, and both trees as one. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AlignedNode, ComparedFigure, PlanChange, PlanComparison } from '../../src/shared/comparison.ts';
import { hasEstimates } from '../../src/shared/estimates.ts';
import {
  formatBlocks,
  formatCost,
  formatCount,
  formatMs,
  formatMsPlain,
  formatRows,
} from '../../src/shared/format.ts';
import { hasRatio } from '../../src/shared/comparedRatio.ts';
import { nodeTitle } from '../../src/shared/nodeLabel.ts';
import { runsWords } from '../../src/shared/planWords.ts';
import { aboutSign, aboutWords, type ApproximateField } from '../../src/shared/precision.ts';
import { severalRuns } from '../../src/shared/runSpread.ts';
import type { Plan, PlanNode, ProfileReport } from '../../src/shared/report.ts';
import { localTime } from '../localTime.ts';
import type { Panel } from '../panel.ts';
import { sized } from '../sized.ts';
import { statementTitle } from './header.ts';
import { drawnIndexes, rowHeightPx } from './treeTable.ts';
import { onScroll } from './scrolled.ts';

export function comparisonView(panel: Panel, comparison: PlanComparison): TemplateResult {
  const { before, after, verdict, changes } = comparison;
  return html`<header class="header">
      <div class="said">
        <h1>${verdict}</h1>
        <p class="meta">
          ${
            after.sql === undefined
              ? nothing
              : html`<span class="mono statement" title=${after.sql}>${statementTitle(after.sql)}</span>`
          }
          <span>before: ${originOf(before)}</span> <span>after: ${originOf(after)}</span>
        </p>
      </div>
    </header>
    <div class="comparison">
      <section class="part" aria-label="Figures">${figureTable(comparison)}</section>
      <section class="part" aria-label="What changed">
        <h2>What changed</h2>
        ${
          changes.length === 0
            ? html`<p class="dim">Nothing but the numbers of single runs.</p>`
            : html`<ul class="changes">
                ${changes.map(changeView)}
              </ul>`
        }
      </section>
    </div>
    <div
      id="plan"
      class="plan"
      tabindex="0"
      role="region"
      aria-label="Both plans"
      @scroll=${(event: Event) => onScroll(panel, event)}
    >
      ${mergedTree(panel, comparison)}
    </div>`;
}

function originOf(report: ProfileReport): string {
  const { source, server, profiledAt } = report;
  const runs = severalRuns(report);
  const words = [
    source?.name,
    server?.connection,
    server && `PostgreSQL ${server.version}`,
    profiledAt && localTime(profiledAt, new Date()),
    runs && runsWords(runs),
  ].filter((word) => word !== undefined);
  return words.length === 0 ? 'a plan' : words.join(' · ');
}

const amounts: Readonly<Record<ComparedFigure['unit'], (value: number) => string>> = {
  ms: formatMs,
  cost: formatCost,
  rows: formatRows,
  blocks: formatCount,
};

function figureTable(comparison: PlanComparison): TemplateResult {
  const shown = comparison.figures.filter(({ before = 0, after = 0 }) => before !== 0 || after !== 0);
  const amount = ({ unit }: ComparedFigure, value: number | undefined) =>
    value === undefined
      ? '–'
      : html`${amounts[unit](value)}${unit === 'blocks' ? html`<span class="size"> (${formatBlocks(value)})</span>` : nothing}`;
  return html`<table class="figures evidence">
    <thead>
      <tr>
        <td></td>
        <th scope="col">before</th>
        <th scope="col">after</th>
        <th scope="col" class="ratio">after ÷ before</th>
      </tr>
    </thead>
    <tbody>
      ${shown.map(
        (figure) =>
          html`<tr>
            <th scope="row">${figure.name}</th>
            <td>${amount(figure, figure.before)}</td>
            <td>${amount(figure, figure.after)}</td>
            <td class="ratio">
              ${hasRatio(comparison, figure.name) ? ratioOf(figure.before, figure.after) : ''}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function ratioOf(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined || before <= 0) return '';
  const ratio = after / before;
  return ratio >= 0.01 ? `${Number(ratio.toPrecision(2))}` : `${Number(ratio.toPrecision(1))}`;
}

const effectWords: Readonly<Record<PlanChange['effect'], string>> = {
  better: 'better',
  worse: 'worse',
  neither: '',
};

function changeView({ title, effect, weight }: PlanChange): TemplateResult {
  return html`<li class="change is-${effect} ${weight}">
    <span class="effect">${effectWords[effect]}</span><span>${title}</span>
  </li>`;
}

/** The signs are those of the terminal. */
const marks: Readonly<Record<AlignedNode['change'], { readonly word: string; readonly sign: string }>> = {
  same: { word: '', sign: '' },
  changed: { word: 'changed', sign: '~' },
  added: { word: 'only after', sign: '+' },
  removed: { word: 'only before', sign: '−' },
  unknown: { word: 'cut off', sign: '?' },
};

interface Sides {
  readonly before: ReadonlyMap<string, PlanNode>;
  readonly after: ReadonlyMap<string, PlanNode>;
  readonly byTime: boolean;
}

const sides = new WeakMap<PlanComparison, Sides>();

function sidesOf(comparison: PlanComparison): Sides {
  const known = sides.get(comparison);
  if (known !== undefined) return known;
  const byId = ({ nodes }: Plan) => new Map(nodes.map((node) => [node.id, node]));
  const built = {
    before: byId(comparison.before.plan),
    after: byId(comparison.after.plan),
    byTime: comparison.basis === 'time',
  };
  sides.set(comparison, built);
  return built;
}

/** One row for each step of either plan; only those in view are in the document. */
function mergedTree(panel: Panel, comparison: PlanComparison): TemplateResult {
  const { rows } = comparison;
  const both = sidesOf(comparison);
  const unit = both.byTime ? 'self ms' : 'self cost';
  return html`<div
    class="tree merged"
    role="table"
    aria-label="Steps of both plans"
    aria-rowcount=${rows.length + 1}
  >
    <div role="rowgroup" class="tree-head">
      <div role="row" class="row" aria-rowindex="1">
        <div role="columnheader" class="cell node">Step</div>
        <div role="columnheader" class="cell mark">Change</div>
        <div role="columnheader" class="cell amount">${unit}<span class="wordy"> before</span></div>
        <div role="columnheader" class="cell amount">after</div>
        <div role="columnheader" class="cell amount row-count">rows<span class="wordy"> before</span></div>
        <div role="columnheader" class="cell amount row-count">after</div>
      </div>
    </div>
    <div role="rowgroup" class="tree-body" ${sized({ height: `${rows.length * rowHeightPx}px` })}>
      ${repeat(
        drawnIndexes(rows.length, panel.state.viewport),
        (index) => index,
        (index) => rowView(rows[index]!, index, both),
      )}
    </div>
  </div>`;
}

function rowView(row: AlignedNode, index: number, { before, after, byTime }: Sides): TemplateResult {
  const one = row.beforeId === undefined ? undefined : before.get(row.beforeId);
  const other = row.afterId === undefined ? undefined : after.get(row.afterId);
  const self = (node: PlanNode | undefined) =>
    node === undefined || node.neverExecuted
      ? ''
      : byTime
        ? node.selfMs === undefined
          ? ''
          : aboutSign(node, 'selfMs') + formatMsPlain(node.selfMs)
        : hasEstimates(node)
          ? formatCost(node.selfCost)
          : '';
  const rows = (node: PlanNode | undefined) =>
    node === undefined || (node.rows === undefined && !node.neverExecuted && !hasEstimates(node))
      ? ''
      : aboutSign(node, 'rows') + formatRows(node.neverExecuted ? 0 : (node.rows ?? node.planRows));
  const about = (node: PlanNode | undefined, field: ApproximateField) =>
    node === undefined ? '' : aboutWords(node, field).replace(/^; /, '');
  const { word, sign } = marks[row.change];
  return html`<div
    role="row"
    class="row ${row.change}"
    aria-rowindex=${index + 2}
    ${sized({ top: `${index * rowHeightPx}px`, '--level': String(row.level) })}
  >
    <div role="cell" class="cell node" title=${[word, ...differencesOf(row)].join('\n').trim()}>
      <span class="change-sign" aria-hidden="true">${sign}</span
      ><span class="step">${stepName(one, other)}</span>
    </div>
    <div role="cell" class="cell mark">${word}</div>
    <div role="cell" class="cell amount" title=${about(one, 'selfMs')}>${self(one)}</div>
    <div role="cell" class="cell amount" title=${about(other, 'selfMs')}>${self(other)}</div>
    <div role="cell" class="cell amount row-count" title=${about(one, 'rows')}>${rows(one)}</div>
    <div role="cell" class="cell amount row-count" title=${about(other, 'rows')}>${rows(other)}</div>
  </div>`;
}

/** "Seq Scan → Index Scan orders" */
function stepName(one: PlanNode | undefined, other: PlanNode | undefined): TemplateResult {
  const node = other ?? one;
  if (node === undefined) return html``;
  const titles = [one, other].flatMap((each) => (each === undefined ? [] : [nodeTitle(each)]));
  const name = titles[0] === titles[1] ? titles.slice(0, 1) : titles;
  return html`<span>${name.join(' → ')}</span>
    ${node.relation === undefined ? nothing : html`<b>${node.relation}</b>`}
    ${node.index === undefined ? nothing : html`<span class="dim">using ${node.index}</span>`}`;
}

function differencesOf({ differences }: AlignedNode): readonly string[] {
  return differences.map(({ what, before, after }) => `${what}: ${before ?? 'none'} → ${after ?? 'none'}`);
}
