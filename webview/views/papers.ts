/** Under the plan: what it was made from, and what surrounds it: statement, settings, triggers, JIT, the plan as the server gave it. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatBlocks, formatCount, formatMs } from '../../src/shared/format.ts';
import type { Buffers, Plan, ProfileReport } from '../../src/shared/report.ts';
import { detailFacts, type Fact } from '../nodeFacts.ts';
import { afterRootWords, triggerName, triggerWords } from '../../src/shared/planWords.ts';
import type { Panel } from '../panel.ts';
import { sqlBlock, textBlock } from './code.ts';
import { factList } from './details.ts';
import { group } from './group.ts';
import { noticeAt } from './notice.ts';

export function papersView(panel: Panel, report: ProfileReport, plan: Plan): TemplateResult | typeof nothing {
  const { sql, rawPlan } = report;
  const facts = planFacts(plan);
  const groups: TemplateResult[] = [];
  if (facts.length > 0)
    groups.push(group(panel, 'run', 'Planning, settings and the rest', () => factList(facts)));
  // The source view shows both, and more of them.
  const shownAbove = panel.state.view === 'source';
  if (sql !== undefined && !shownAbove) {
    const content = () =>
      html`${copyLine(panel, 'statement', sql)}${sqlBlock(sql, 'Statement', panel.state.shownClause)}`;
    groups.push(group(panel, 'statement', 'Statement', content));
  }
  // The server's own text is that of the measured plan only.
  if (rawPlan !== undefined && plan === report.plan && !shownAbove) {
    const title = 'Plan as the server gave it';
    const content = () => html`${copyLine(panel, 'raw', rawPlan, true)}${textBlock(rawPlan, title)}`;
    groups.push(group(panel, 'raw', title, content));
  }
  return groups.length === 0 ? nothing : html`<div class="papers">${groups}</div>`;
}

/** Buttons over a text: to the clipboard, and the plan into an editor. */
export function copyLine(panel: Panel, place: string, text: string, openable = false): TemplateResult {
  const { copy, openRawPlan } = panel.state.abilities;
  return html`<div class="buttons">
    ${
      copy
        ? html`<vscode-button
            appearance="secondary"
            @click=${() => panel.ask(place, { type: 'text/copy', text })}
            >Copy</vscode-button
          >`
        : nothing
    }
    ${
      openable && openRawPlan
        ? html`<vscode-button appearance="secondary" @click=${() => panel.post({ type: 'plan/openRaw' })}
            >Open in editor</vscode-button
          >`
        : nothing
    }
    ${noticeAt(panel, place)}
  </div>`;
}

/** Everything that the server said about the plan as a whole. */
function planFacts(plan: Plan): readonly Fact[] {
  const facts: Fact[] = [];
  const { planningBuffers, serialization, jit, triggers, afterRoot, settings, queryId } = plan;
  if (planningBuffers !== undefined)
    facts.push({ name: 'Planning buffers', value: buffersText(planningBuffers) });
  if (serialization !== undefined) {
    const { ms, outputBytes, details } = serialization;
    if (ms !== undefined) facts.push({ name: 'Serialization', value: formatMs(ms), title: `${ms} ms` });
    if (outputBytes !== undefined) facts.push({ name: 'Result', value: `${formatCount(outputBytes)} B` });
    facts.push(...detailFacts(details, 'Serialization ', new Set()));
  }
  for (const trigger of triggers) {
    facts.push({ name: triggerName(trigger), value: triggerWords(trigger) });
    facts.push(...detailFacts(trigger.details ?? {}, `${triggerName(trigger)} `, new Set()));
  }
  if (afterRoot !== undefined) facts.push({ name: 'After the root', value: afterRootWords(afterRoot) });
  if (jit !== undefined) {
    facts.push({ name: 'JIT', value: `${formatMs(jit.ms)} for ${formatCount(jit.functions)} functions` });
    facts.push(...detailFacts(jit.details, 'JIT ', new Set()));
  }
  for (const [name, value] of Object.entries(settings)) facts.push({ name, value, code: true });
  if (queryId !== undefined) facts.push({ name: 'Query Identifier', value: queryId, code: true });
  facts.push(...detailFacts(plan.details, '', new Set()));
  return facts;
}

function buffersText(buffers: Buffers): string {
  const { sharedHit, sharedRead } = buffers;
  return `${formatCount(sharedHit)} hit, ${formatCount(sharedRead)} read (${formatBlocks(sharedHit + sharedRead)})`;
}
