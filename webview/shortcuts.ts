/** Keys that work anywhere in the panel. Those of the tree are in treeKeys.ts; the list that users read is views/legend.ts. */
import { dearestNode, foundNodes, stepAmong } from './jumps.ts';
import type { Panel } from './panel.ts';
import { matchesOf } from './search.ts';
import { shownFindings, shownModel } from './state.ts';

export function onShortcut(panel: Panel, event: KeyboardEvent): void {
  const command = event.ctrlKey || event.metaKey;
  const step = event.shiftKey ? -1 : 1;
  // Prevented or not: VS Code keeps the browser's own search out of webviews (isFindEvent of its pre/index.html), before we
  // hear of the key.
  if (command && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'f') {
    const box = searchBox();
    // In the box already: a browser may have its own search, as it would on any page.
    if (box === null || box === document.activeElement) return;
    box.focus();
    box.select();
  } else if (event.defaultPrevented || command || event.altKey) return;
  else if (event.key === 'F3') selectMatch(panel, step);
  else if (event.key === 'F8') selectFinding(panel, step);
  else if (event.key === 'F9') selectDearest(panel);
  else if (event.key === '?' && !isTyping(event)) panel.dispatch({ type: 'group/toggle', group: 'legend' });
  else return;
  event.preventDefault();
}

export function selectMatch(panel: Panel, step: 1 | -1): void {
  const { state } = panel;
  const model = shownModel(state);
  if (model === undefined || state.search === undefined) return;
  select(panel, stepAmong(model, matchesOf(model.plan, state.search.text), state.selectedId, step));
}

export function selectFinding(panel: Panel, step: 1 | -1): void {
  const { state } = panel;
  const model = shownModel(state);
  if (model === undefined) return;
  select(panel, stepAmong(model, foundNodes(model, shownFindings(state)), state.selectedId, step));
}

export function selectDearest(panel: Panel): void {
  const model = shownModel(panel.state);
  if (model !== undefined) select(panel, dearestNode(model));
}

export function searchBox(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>('.find-bar input');
}

function select(panel: Panel, id: string | undefined): void {
  if (id !== undefined) panel.dispatch({ type: 'node/select', id });
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return target.tagName === 'INPUT' || target.tagName === 'SELECT' || target.tagName === 'TEXTAREA';
}
