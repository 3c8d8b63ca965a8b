/** Keys and signs, on demand. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Plan } from '../../src/shared/report.ts';
import { icon, severityMark } from '../icons.ts';
import type { Panel } from '../panel.ts';
import { shownPlan } from '../state.ts';
import { bar } from './bar.ts';

/** What the keys of treeKeys.ts, shortcuts.ts and the search box do. On a Mac, Cmd does what Ctrl does. */
const keys: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['↑', '↓', 'Home', 'End'], 'go from step to step'],
  [['←', '→', 'Enter'], 'close and open a step'],
  [['letters'], 'go to the step whose type or table starts so'],
  [['Ctrl+F'], 'search'],
  [['Enter', 'Shift+Enter', 'F3'], 'next and previous match'],
  [['Escape'], 'clear the search, and back to the plan'],
  [['F8', 'Shift+F8'], 'next and previous finding'],
  [['F9'], 'the step that takes most'],
  [['Ctrl+C'], 'copy the step'],
  [['?'], 'this list'],
];

export function legend(panel: Panel): TemplateResult | typeof nothing {
  if (!panel.state.openGroups.has('legend')) return nothing;
  const close = () => {
    panel.dispatch({ type: 'group/toggle', group: 'legend' });
    document.querySelector<HTMLElement>('.legend-button')?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
  };
  return html`<section class="keys-and-signs" aria-label="Keys and signs" tabindex="-1" @keydown=${onKey}>
    <dl>
      ${keys.map(
        ([names, what]) =>
          html`<div>
            <dt>${names.map((name) => html`<kbd>${name}</kbd>`)}</dt>
            <dd>${what}</dd>
          </div>`,
      )}
    </dl>
    <dl>
      ${signs(shownPlan(panel.state)).map(
        ([sign, what]) =>
          html`<div>
            <dt>${sign}</dt>
            <dd>${what}</dd>
          </div>`,
      )}
    </dl>
    <button class="toggle icon-button" title="Close (Escape)" aria-label="Close" @click=${close}>
      ${icon('close')}
    </button>
  </section>`;
}

function signs(plan: Plan | undefined): readonly (readonly [sign: unknown, what: string])[] {
  const isDistributed = plan?.nodes.some(({ distributed }) => distributed !== undefined) === true;
  const elsewhere = html`<span class="bar-room">${bar(100, true)}</span>`;
  return [
    [severityMark('critical'), 'critical: this is why it is slow'],
    [severityMark('warning'), 'warning: worth a look'],
    [severityMark('info'), 'note'],
    [
      html`<span class="bar-room">${bar(100)}</span>`,
      'a step’s own part; all bars of a view are on one scale',
    ],
    ...(isDistributed ? [[elsewhere, 'on another server, by its own clock'] as const] : []),
    ['×14.1', 'rows returned ÷ rows planned; bold where it is ten times off'],
    ['≈', 'about: the server rounded what it printed'],
    [html`<i>italic</i>`, 'never executed'],
    [icon('versions'), 'like steps in one row, added up'],
    ['–', 'not measured'],
  ];
}
