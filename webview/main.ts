/** The panel's entry: wires host, state and views, and nothing else. */
import { render } from 'lit';
import type { PanelRequest } from '../src/shared/protocol.ts';
import { findHost } from './host.ts';
import type { Panel } from './panel.ts';
import { visibleRows } from './planModel.ts';
import { onShortcut } from './shortcuts.ts';
import { fromSavedState, toSavedState } from './savedState.ts';
import { reduce, shownTree, type Action, type State, type Viewport } from './state.ts';
import { defineControls } from './toolkit.ts';
import { appView } from './views/app.ts';
import { viewportOf } from './views/scrolled.ts';
import { revealMark } from './views/drawingView.ts';
import { printedViewport, revealRow } from './views/treeTable.ts';

/**
 * VS Code copies all that is kept to the host, as text. Scrolling changes it at every frame, and a report comes again by
 * itself, so these wait for a pause. What the user chose is kept at once: a panel can be gone in the next moment.
 */
const savePauseMs = 300;
const savedInPause: ReadonlySet<Action['type']> = new Set(['tree/scroll', 'message']);

const doneWords: Readonly<Record<PanelRequest['type'], string>> = {
  'text/copy': 'Copied.',
  'suggestion/insert': 'Inserted.',
  'suggestion/apply': 'Applied.',
  'image/save': 'Saved.',
};

defineControls();
const host = findHost();
const root = document.createElement('main');
document.body.append(root);

let state: State = fromSavedState(host.savedState());
let renderQueued = false;
let saveTimer: ReturnType<typeof setTimeout> | undefined;
/** View and selection that are on screen; when another is drawn, its row or mark is scrolled to. */
let revealed = `${state.view} ${state.selectedId}`;
let revealedClause = state.shownClause;
/** Where the plan is scrolled to; another one in the state was not scrolled to by hand: it is a new plan's, or a reload's. */
let scrolledTo: Viewport | undefined;
/** While the page is printed, rows are drawn as if the window were as high as all of them. */
let isPrinting = false;

function dispatch(action: Action): void {
  // The page as it is laid out on paper is no window to draw for.
  if (isPrinting && action.type === 'tree/scroll') return;
  const next = reduce(state, action);
  if (next === state) return;
  state = next;
  if (action.type === 'tree/scroll') scrolledTo = action.viewport;
  clearTimeout(saveTimer);
  if (savedInPause.has(action.type)) saveTimer = setTimeout(save, savePauseMs);
  else save();
  if (renderQueued) return;
  renderQueued = true;
  // Not by animation frame: a hidden panel gets none, and would show an old report when it comes back.
  queueMicrotask(draw);
}

function save(): void {
  host.saveState(toSavedState(state));
}

function ask(place: string, request: PanelRequest): void {
  dispatch({ type: 'request/start', place });
  host.request(request).then(
    (reply) =>
      dispatch({
        type: 'request/end',
        notice: { place, ok: true, text: reply.message ?? doneWords[request.type] },
        ...(request.type === 'suggestion/apply' &&
          reply.applied === true && { appliedId: request.suggestionId }),
      }),
    (error: unknown) =>
      dispatch({
        type: 'request/end',
        notice: { place, ok: false, text: error instanceof Error ? error.message : String(error) },
      }),
  );
}

function panelNow(): Panel {
  const shown = isPrinting ? { ...state, viewport: printedViewport(state.viewport) } : state;
  return { state: shown, dispatch, post: (message) => host.post(message), ask };
}

/** At once: the browser takes the page as it is when the event has been told. */
function beforePrint(): void {
  isPrinting = true;
  render(appView(panelNow()), root);
}

/** On paper nothing was scrolled: the plan goes back to where it was, once it is laid out as a window again. */
function afterPrint(): void {
  setTimeout(() => {
    isPrinting = false;
    scrolledTo = undefined;
    draw();
  });
}

function draw(): void {
  renderQueued = false;
  const treeHadFocus = (document.activeElement?.closest('.tree-body, .drawing') ?? null) !== null;
  render(appView(panelNow()), root);
  measure();
  followSelection(treeHadFocus);
  followClause();
}

/**
 * How much of the plan's view is seen decides how much of it is drawn. When that turns out to be another size than was drawn
 * for, the next drawing is a task of its own: of a large plan, two would be felt.
 */
function measure(): void {
  const scroller = document.querySelector('#plan');
  if (scroller === null) return;
  if (scrolledTo !== state.viewport) {
    if (scrolledTo !== undefined) revealed = '';
    scrolledTo = state.viewport;
    scroller.scrollTo({ top: state.viewport.topPx, left: state.viewport.leftPx });
  }
  const viewport = viewportOf(scroller);
  if (viewport.heightPx !== state.viewport.heightPx || viewport.widthPx !== state.viewport.widthPx) {
    setTimeout(() => dispatch({ type: 'tree/scroll', viewport: viewportOf(scroller) }));
  }
}

/** The selected row comes into view, and keeps the focus if the tree has it. */
function followSelection(treeHadFocus: boolean): void {
  const scroller = document.querySelector('#plan');
  const row = scroller?.querySelector<HTMLElement | SVGElement>('.row.selected, .mark[tabindex="0"]');
  const id = row?.dataset['node'];
  const tree = shownTree(state);
  if (state.view === 'source') followSource();
  if (!scroller || !row || id === undefined || tree === undefined) return;
  if (treeHadFocus && document.activeElement !== row) row.focus({ preventScroll: true });
  if (`${state.view} ${id}` === revealed) return;
  revealed = `${state.view} ${id}`;
  if (row.matches('.mark')) {
    revealMark(scroller, row);
    return;
  }
  revealRow(
    scroller,
    visibleRows(tree, state.collapsed).findIndex((each) => each.node.id === id),
  );
}

/** What the selected node reads, and its line in the plan's text, come into view. */
function followSource(): void {
  if (revealed === `source ${state.selectedId}`) return;
  revealed = `source ${state.selectedId}`;
  for (const mark of document.querySelectorAll('.source-text .on')) mark.scrollIntoView({ block: 'nearest' });
}

/** A clause that was just asked for comes into view. */
function followClause(): void {
  if (state.shownClause === revealedClause) return;
  revealedClause = state.shownClause;
  document.querySelector('.papers mark, .source-text .shown-clause')?.scrollIntoView({ block: 'center' });
}

addEventListener('resize', measure);
addEventListener('pagehide', save);
addEventListener('beforeprint', beforePrint);
addEventListener('afterprint', afterPrint);
addEventListener('keydown', (event) => onShortcut(panelNow(), event));
draw();
host.listen((message) => dispatch({ type: 'message', message }));
