/** SQL and plan text: coloured by tokens, each a text node. */
import { html, type TemplateResult } from 'lit';
import { sqlTokens } from '../sqlTokens.ts';

/** No whitespace between the tags: it would show inside <pre>. */
export function sqlBlock(sql: string, label: string): TemplateResult {
  const tokens = sqlTokens(sql).map(({ kind, text }) =>
    kind === 'plain' ? text : html`<span class="sql-${kind}">${text}</span>`,
  );
  return html`<pre class="code" tabindex="0" role="region" aria-label=${label}><code>${tokens}</code></pre>`;
}

export function textBlock(text: string, label: string): TemplateResult {
  return html`<pre class="code" tabindex="0" role="region" aria-label=${label}><code>${text}</code></pre>`;
}
