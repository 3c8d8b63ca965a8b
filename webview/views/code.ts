/** SQL and plan text: coloured by tokens, each a text node. */
import { html, type TemplateResult } from 'lit';
import type { TextRange } from '../../src/shared/report.ts';
import { sqlTokens } from '../sqlTokens.ts';

/** The statement, with the marked part set off. No whitespace between the tags: it would show inside <pre>. */
export function sqlBlock(sql: string, label: string, marked?: TextRange): TemplateResult {
  const content =
    marked === undefined
      ? coloured(sql)
      : html`${coloured(sql.slice(0, marked.start))}<mark>${coloured(sql.slice(marked.start, marked.end))}</mark>${coloured(sql.slice(marked.end))}`;
  return html`<pre class="code" tabindex="0" role="region" aria-label=${label}><code>${content}</code></pre>`;
}

function coloured(sql: string): readonly unknown[] {
  return sqlTokens(sql).map(({ kind, text }) =>
    kind === 'plain' ? text : html`<span class="sql-${kind}">${text}</span>`,
  );
}

export function textBlock(text: string, label: string): TemplateResult {
  return html`<pre class="code" tabindex="0" role="region" aria-label=${label}><code>${text}</code></pre>`;
}
