/** What a row of the tree is called, with the text that is searched for marked. */
import { html, nothing, type TemplateResult } from 'lit';
import { nodeTitle } from '../../src/shared/nodeLabel.ts';
import { icon } from '../icons.ts';
import { qualifiers } from '../nodeCells.ts';
import type { PlanRow } from '../planModel.ts';
import { matchingDetail } from '../search.ts';
import { holds, marked } from './marked.ts';

export function nodeName({ node, fold, place }: PlanRow, searched?: string): TemplateResult {
  const words = fold?.words ?? [...qualifiers(node), ...(place === undefined ? [] : [place])];
  const mark = (text: string) => marked(text, searched);
  if (fold !== undefined) {
    return html`<span class="fold-mark" title="Like steps, added up">${icon('versions')}</span>
      <b>${node.type}</b> <span class="dim">${words.join(' · ')}</span>`;
  }
  const shown = [node.subplanName, nodeTitle(node), node.relation, node.alias, words.join(' · ')];
  const why = shown.some((text) => holds(text, searched)) ? undefined : matchingDetail(node, searched ?? '');
  return html`${
      node.subplanName === undefined ? nothing : html`<span class="dim">${mark(node.subplanName)} · </span>`
    }
    <span>${mark(nodeTitle(node))}</span>
    ${node.relation === undefined ? nothing : html`<b>${mark(node.relation)}</b>`}
    ${
      node.alias === undefined || node.alias === node.relation
        ? nothing
        : html`<span class="dim">${mark(node.alias)}</span>`
    }
    ${why === undefined ? nothing : html`<span class="why">${mark(aroundMatch(why, searched ?? ''))}</span>`}
    ${words.length === 0 ? nothing : html`<span class="dim">${mark(words.join(' · '))}</span>`}`;
}

/** Room for the text that was searched for, however long the condition is. */
const longestWhy = 60;

function aroundMatch(text: string, searched: string): string {
  const at = text.toLowerCase().indexOf(searched.trim().toLowerCase());
  const from = text.length > longestWhy && at > longestWhy / 2 ? at - longestWhy / 4 : 0;
  return `${from > 0 ? '…' : ''}${text.slice(from, from + longestWhy)}${from + longestWhy < text.length ? '…' : ''}`;
}
