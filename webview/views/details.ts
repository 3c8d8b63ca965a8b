/** The selected node: all that is known of it. */
import { html, nothing, type TemplateResult } from 'lit';
import { nodeTitle } from '../../src/shared/nodeLabel.ts';
import { dearestMembers, foldFacts } from '../foldFacts.ts';
import { foldedTree } from '../folding.ts';
import { nodeFacts, type Fact, type FactGroup, type FactTable } from '../nodeFacts.ts';
import type { Panel } from '../panel.ts';
import { selfOf, type Fold, type PlanModel, type PlanRow } from '../planModel.ts';
import { copyNode } from './copyNode.ts';
import { group } from './group.ts';

export function detailsView(panel: Panel, model: PlanModel): TemplateResult | typeof nothing {
  const row = foldedTree(model).byId.get(panel.state.selectedId);
  if (row === undefined) return nothing;
  if (row.fold !== undefined) return foldView(panel, model, row, row.fold);
  const { node } = row;
  const [main, ...rest] = nodeFacts(node, model);
  return html`<section class="part" aria-label="Selected step">
    ${copyNode(panel, row, model)}
    <h2>${nodeTitle(node)}${node.relation === undefined ? nothing : html` · ${node.relation}`}</h2>
    ${main === undefined ? nothing : content(main)}
    ${rest.map((each) => group(panel, each.id, each.title ?? '', () => content(each)))}
  </section>`;
}

/** Like steps shown as one: their sums, and the way to the dearest of them. */
function foldView(panel: Panel, model: PlanModel, row: PlanRow, fold: Fold): TemplateResult {
  const { metric } = model;
  return html`<section class="part" aria-label="Selected steps">
    ${copyNode(panel, row, model)}
    <h2>${row.node.type}</h2>
    ${factList(foldFacts(row, model))}
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">Dearest</th>
          <th scope="col">${metric.selfHead}</th>
        </tr>
      </thead>
      <tbody>
        ${dearestMembers(fold, model).map(
          (node) =>
            html`<tr>
              <th scope="row">
                <button class="link" @click=${() => panel.dispatch({ type: 'node/select', id: node.id })}>
                  ${nodeTitle(node)} ${node.relation ?? ''}
                </button>
              </th>
              <td>${metric.format(selfOf(node, model) ?? 0, node)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** Names and values, and the table if there is one. */
export function factList(facts: readonly Fact[]): TemplateResult | typeof nothing {
  if (facts.length === 0) return nothing;
  return html`<dl class="facts">
    ${facts.map(
      (fact) =>
        html`<div title=${fact.title ?? nothing}>
          <dt>${fact.name}</dt>
          <dd class=${fact.code === true ? 'mono' : ''}>${fact.value}</dd>
        </div>`,
    )}
  </dl>`;
}

function content({ facts, table }: FactGroup): TemplateResult {
  return html`${factList(facts)} ${table === undefined ? nothing : factTable(table)}`;
}

function factTable({ columns, rows }: FactTable): TemplateResult {
  return html`<table class="figures">
    <thead>
      <tr>
        ${columns.map((column) => html`<th scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, ...values]) =>
          html`<tr>
            <th scope="row">${name}</th>
            ${values.map((value) => html`<td>${value}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
