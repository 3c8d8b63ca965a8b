/** Hostile text in Markdown, as GitHub, GitLab and ticket systems render it. */
import { visibleBlock, visibleLine } from './visibleText.ts';

/** Running text: nothing in it makes markup, HTML, a table cell or a mention. */
export function markdownText(text: string): string {
  return (
    visibleLine(text)
      .replace(/[\\`*_[\]<>&|~$]/g, (character) => `\\${character}`)
      // Markup that only counts at the start of a line: headings, lists, quotes, rules.
      .replace(/^([#+\-=])/, '\\$1')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
      // A mention is made from the rendered text, where a backslash is gone: a word joiner parts the sign from the name.
      .replace(/@(?=\w)/g, '@\u2060')
  );
}

/** A code span, also inside a table cell. */
export function markdownCode(text: string): string {
  const line = visibleLine(text);
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${line.replaceAll('|', '\\|')}${padding}${fence}`;
}

/** A fenced block whose fence is longer than any in its text. */
export function markdownBlock(text: string, language: string): string {
  const block = visibleBlock(text);
  const fence = '`'.repeat(Math.max(3, longestRun(block) + 1));
  return `${fence}${language}\n${block}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
