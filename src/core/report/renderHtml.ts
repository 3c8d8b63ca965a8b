/** The report as one file that works offline: the panel's own bundle, its styles, and the report as data. */
import type { ProfileReport } from '../../shared/report.ts';
import { verdict } from '../../shared/verdict.ts';
import { exportTheme } from './exportTheme.ts';

export interface HtmlAssets {
  /** dist/webview.js */
  readonly script: string;
  /** dist/webview.css */
  readonly style: string;
  /** The verdict unless said otherwise. */
  readonly title?: string;
}

/**
 * Whatever the report holds stays text: it is JSON with every `<` escaped, in a data block that no browser runs.
 * The page's own policy lets nothing in from outside and runs only the two inlined parts.
 */
export function renderHtml(report: ProfileReport, assets: HtmlAssets): string {
  const data = JSON.stringify(report).replaceAll('<', '\\u003c');
  const sentence = verdict(report);
  const nonce = nonceFor(data);
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="PostgreSQL Query Profiler">
<title>${escapeHtml(assets.title ?? sentence)}</title>
<style nonce="${nonce}">${exportTheme}
${assets.style.replaceAll('</', '<\\/')}</style>
</head>
<body>
<noscript>${escapeHtml(sentence)}. The plan itself needs JavaScript to be shown.</noscript>
<script type="application/json" id="report">${data}</script>
<script nonce="${nonce}">${assets.script.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--')}</script>
</body>
</html>
`;
}

/**
 * A nonce that no text inside the report can contain on purpose: it is computed from that text (FNV-1a, twice 32 bits).
 * Not random, so that the same report gives the same file.
 */
function nonceFor(text: string): string {
  const hash = (seed: number) => {
    let value = seed;
    for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
    return (value >>> 0).toString(36);
  };
  return `${hash(0x811c9dc5)}${hash(0x7a3f5b21)}`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
