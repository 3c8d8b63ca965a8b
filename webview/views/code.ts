/** SQL and plan text: coloured by tokens, each a text node. */
import { html, type TemplateResult } from 'lit';
import { formatCount } from '../../src/shared/format.ts';
import type { TextRange } from '../../src/shared/report.ts';
import { sqlTokens } from '../sqlTokens.ts';

/** The statement, with the marked part set off. No whitespace between the tags: it would show inside <pre>. */
export function sqlBlock(sql: string, label: string, marked?: TextRange): TemplateResult {
  const content =
    marked === undefined
      ? coloured(sql)
      : html`${coloured(sql.slice(0, marked.start))}<mark>${coloured(sql.slice(marked.start, marked.end))}</mark>${coloured(sql.slice(marked.end))}`;
  return block(content, label);
}

/** Colours are elements: those of a longer statement would be thousands. */
const colouredCharacters = 20_000;

function coloured(sql: string): readonly unknown[] {
  if (sql.length > colouredCharacters) return [sql];
  return sqlTokens(sql).map(({ kind, text }) =>
    kind === 'plain' ? text : html`<span class="sql-${kind}">${text}</span>`,
  );
}

/** More takes the browser longer than a blink to lay out; the whole of it is for an editor. */
const shownCharacters = 100_000;

/** The beginning of a long text, up to the end of a line, and how much of it that is. */
export function textBlock(text: string, label: string): TemplateResult {
  if (text.length <= shownCharacters) return block(text, label);
  const shown = text.slice(0, text.lastIndexOf('\n', shownCharacters) + 1 || shownCharacters);
  return html`${block(shown, label)}
    <p class="cut dim">
      This is the beginning: ${formatCount(shown.length)} of ${formatCount(text.length)} characters. Copy it
      to have all.
    </p>`;
}

function block(content: unknown, label: string): TemplateResult {
  return html`<pre class="code" tabindex="0" role="region" aria-label=${label}><code>${content}</code></pre>`;
}
