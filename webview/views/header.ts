/** The verdict, and what it was measured on. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../src/shared/format.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import { verdict } from '../../src/shared/verdict.ts';
import { localTime } from '../localTime.ts';
import { oncePer } from '../oncePer.ts';
import type { Panel } from '../panel.ts';

const verdictOf = oncePer(verdict);

export function headerView(panel: Panel, report: ProfileReport): TemplateResult {
  return html`<header class="header">
    <div class="said">
      <h1>${verdictOf(report)}</h1>
      <p class="meta">${statement(report)} ${source(panel, report)} ${server(report)} ${time(report)}</p>
    </div>
    <div class="actions">
      ${planChoice(panel)} ${comparison(panel)} ${exportButton(panel)}
      ${
        panel.state.abilities.profileAgain
          ? html`<vscode-button
              appearance="secondary"
              ?disabled=${panel.state.progress !== undefined}
              @click=${() => panel.post({ type: 'profile/again' })}
              >Profile again</vscode-button
            >`
          : nothing
      }
    </div>
  </header>`;
}

/** A log or a document may hold several plans. */
function planChoice(panel: Panel): TemplateResult | typeof nothing {
  const { among } = panel.state.abilities;
  if (among === undefined) return nothing;
  return html`<vscode-button appearance="secondary" @click=${() => panel.post({ type: 'plan/choose' })}
    >Plan ${formatCount(among.place)} of ${formatCount(among.count)}…</vscode-button
  >`;
}

function exportButton(panel: Panel): TemplateResult | typeof nothing {
  if (panel.state.abilities.export !== true) return nothing;
  return html`<vscode-button
    appearance="secondary"
    title="As a page, Markdown, JSON or text"
    @click=${() => panel.post({ type: 'report/export' })}
    >Export…</vscode-button
  >`;
}

function comparison(panel: Panel): TemplateResult | typeof nothing {
  if (panel.state.abilities.compare !== true) return nothing;
  return html`<vscode-button
    appearance="secondary"
    title="Side by side with the last run of this statement"
    @click=${() => panel.post({ type: 'run/compare' })}
    >Compare with the run before</vscode-button
  >`;
}

/** Beginning and end of a long statement: "SELECT m.name … LIMIT 50". */
const titleLength = { whole: 90, head: 60, tail: 24 } as const;

export function statementTitle(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= titleLength.whole) return line;
  const head = line.slice(0, titleLength.head).replace(/\s\S*$/, '');
  const tail = line.slice(-titleLength.tail).replace(/^\S*\s/, '');
  return `${head} … ${tail}`;
}

function statement({ sql }: ProfileReport): TemplateResult | typeof nothing {
  return sql === undefined
    ? nothing
    : html`<span class="mono statement" title=${sql}>${statementTitle(sql)}</span>`;
}

function source(panel: Panel, { source: from }: ProfileReport): TemplateResult | typeof nothing {
  if (from === undefined) return nothing;
  const name = from.line === undefined ? from.name : `${from.name}:${from.line}`;
  return panel.state.abilities.revealSource
    ? html`<button
        class="link"
        title="Go to the statement"
        @click=${() => panel.post({ type: 'source/reveal' })}
      >
        ${name}
      </button>`
    : html`<span>${name}</span>`;
}

function server({ server: on, execution, plan }: ProfileReport): TemplateResult {
  const words = [
    on?.sample === true ? 'sample database' : on?.connection,
    on?.environment,
    on === undefined ? undefined : `PostgreSQL ${on.version}`,
    execution ?? (plan.analyzed ? undefined : 'not executed'),
  ].filter((word) => word !== undefined);
  return html`<span>${words.join(' · ')}</span>`;
}

function time({ profiledAt }: ProfileReport): TemplateResult | typeof nothing {
  if (profiledAt === undefined) return nothing;
  return html`<time datetime=${profiledAt} title=${profiledAt}>${localTime(profiledAt, new Date())}</time>`;
}
