/** The statement, marked with what reads its tables and what findings point at; below it the plan in the server's own words. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ProfileReport, TextRange } from '../../src/shared/report.ts';
import { foldedTree } from '../folding.ts';
import type { Panel } from '../panel.ts';
import { rangesOfNodes } from '../nodeRanges.ts';
import { selfOf, type PlanModel } from '../planModel.ts';
import { segmentsOf, sourceMarks, type Segment, type SourceMark } from '../sourceMarks.ts';
import { sqlTokens } from '../sqlTokens.ts';
import { shownFindings } from '../state.ts';
import { textBlock } from './code.ts';
import { copyLine } from './papers.ts';

export function sourceView(panel: Panel, model: PlanModel): TemplateResult {
  const { report } = panel.state;
  const sql = report?.sql;
  return html`<div class="source-text">
    ${
      sql === undefined
        ? html`<p class="dim">The statement is not known: only its plan was given.</p>`
        : statement(panel, model, sql)
    }
    ${report === undefined ? nothing : serverText(panel, model, report)}
  </div>`;
}

function statement(panel: Panel, model: PlanModel, sql: string): TemplateResult {
  const marks = sourceMarks(sql, model.plan, shownFindings(panel.state));
  const selected = selectedIds(panel, model);
  const seen = new Set<SourceMark>();
  const segments = segmentsOf(sql.length, marks).map((segment) => {
    const text = coloured(sql, segment);
    const [innermost] = segment.marks;
    if (innermost === undefined) return text;
    const isFirst = !seen.has(innermost);
    seen.add(innermost);
    return markView(panel, model, segment, innermost, { text, isFirst, selected });
  });
  return html`<h3>Statement</h3>
    ${copyLine(panel, 'statement', sql)}
    <pre class="code" role="group" aria-label="Statement"><code>${segments}</code></pre>
    ${marks.length === 0 ? nothing : html`<p class="dim">Underlined: click to select the step that reads it.</p>`}`;
}

interface MarkLook {
  readonly text: readonly unknown[];
  /** Later pieces of the same mark are no tab stops. */
  readonly isFirst: boolean;
  readonly selected: ReadonlySet<string>;
}

// No whitespace between the tags: it would show inside <pre>. Not a <button>, which would not wrap as text does.
function markView(
  panel: Panel,
  model: PlanModel,
  { marks }: Segment,
  innermost: SourceMark,
  { text, isFirst, selected }: MarkLook,
): TemplateResult {
  const { shownClause } = panel.state;
  const on = marks.some(({ nodeIds }) => nodeIds.some((id) => selected.has(id)));
  const isClause = marks.some(({ kind }) => kind === 'clause');
  const isShown = shownClause !== undefined && marks.some((mark) => sameRange(mark, shownClause));
  const classes = `${on ? 'on' : ''} ${isClause ? 'clause-mark' : ''} ${isShown ? 'shown-clause' : ''}`;
  const target = targetOf(model, innermost, selected);
  if (target === undefined) return html`<mark class=${classes} title=${innermost.title}>${text}</mark>`;
  const select = () => panel.dispatch({ type: 'node/select', id: target });
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    select();
  };
  return html`<span
    class="source-mark ${classes}"
    role="button"
    tabindex=${isFirst ? '0' : '-1'}
    aria-pressed=${on ? 'true' : 'false'}
    title=${innermost.title}
    @click=${select}
    @keydown=${onKey}
    >${text}</span
  >`;
}

/** The dearest of the nodes; when it is selected already, the next. Partitions that are folded together are selected together. */
function targetOf(
  model: PlanModel,
  { nodeIds }: SourceMark,
  selected: ReadonlySet<string>,
): string | undefined {
  const parents = new Set(nodeIds.map((id) => foldedTree(model).byId.get(id)?.node.parentId));
  const [parent] = parents;
  const isFold = typeof parent === 'string' && foldedTree(model).byId.get(parent)?.fold !== undefined;
  if (nodeIds.length > 1 && parents.size === 1 && isFold) return parent;
  const worth = (id: string) => selfOf(model.byId.get(id)!.node, model) ?? 0;
  const order = nodeIds.toSorted((one, other) => worth(other) - worth(one));
  const at = order.findIndex((id) => selected.has(id));
  return order[(at + 1) % order.length];
}

function selectedIds({ state }: Panel, model: PlanModel): ReadonlySet<string> {
  const row = foldedTree(model).byId.get(state.selectedId);
  return new Set(row?.fold?.memberIds ?? [state.selectedId]);
}

function serverText(panel: Panel, model: PlanModel, report: ProfileReport): TemplateResult | typeof nothing {
  const { rawPlan, plan } = report;
  // The server's own text is that of the measured plan only.
  if (rawPlan === undefined || model.plan !== plan) return nothing;
  const title = 'Plan as the server gave it';
  const place = plan.nodes.findIndex(({ id }) => id === panel.state.selectedId);
  const range = rangesOfNodes(rawPlan, plan)?.[place];
  return html`<h3>${title}</h3>
    ${copyLine(panel, 'raw', rawPlan, true)}
    ${range === undefined ? textBlock(rawPlan, title) : markedText(rawPlan, range, title)}`;
}

function markedText(text: string, { start, end }: TextRange, label: string): TemplateResult {
  return html`<pre
    class="code"
    tabindex="0"
    role="region"
    aria-label=${label}
  ><code>${text.slice(0, start)}<mark class="on">${text.slice(start, end)}</mark>${text.slice(end)}</code></pre>`;
}

/** A part of the statement in the colours that it has in the whole. */
function coloured(sql: string, { start, end }: TextRange): readonly unknown[] {
  const parts: unknown[] = [];
  let at = 0;
  for (const { kind, text } of sqlTokens(sql)) {
    const part = text.slice(Math.max(0, start - at), Math.max(0, end - at));
    if (part !== '') parts.push(kind === 'plain' ? part : html`<span class="sql-${kind}">${part}</span>`);
    at += text.length;
  }
  return parts;
}

function sameRange(one: TextRange, other: TextRange): boolean {
  return one.start === other.start && one.end === other.end;
}
