/** A text in which what is searched for is set off. */
import { html } from 'lit';

/** Whether `marked` would mark anything. */
export function holds(text: string | undefined, searched: string | undefined): boolean {
  const wanted = searched?.trim().toLowerCase() ?? '';
  return wanted !== '' && text?.toLowerCase().includes(wanted) === true;
}

export function marked(text: string, searched: string | undefined): unknown {
  const wanted = searched?.trim().toLowerCase() ?? '';
  if (wanted === '') return text;
  const lower = text.toLowerCase();
  // A few letters change their length with their case: marks would be off.
  if (lower.length !== text.length) return text;
  const parts: unknown[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), html`<mark>${text.slice(at, at + wanted.length)}</mark>`);
    from = at + wanted.length;
  }
  return [...parts, text.slice(from)];
}
