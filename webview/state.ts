/** Everything that the panel remembers, and how each event changes it. Pure: the views only read it. */
import type { PlanComparison } from '../src/shared/comparison.ts';
import type { PanelAbilities, ToWebview } from '../src/shared/protocol.ts';
import type { Finding, Plan, ProfileReport, TextRange } from '../src/shared/report.ts';
import { closedFolds, foldedTree } from './folding.ts';
import { availableMetrics, type MetricId } from './metrics.ts';
import { ancestorsOf, buildPlanModel, measuredBy, startingNode, type PlanModel } from './planModel.ts';
import { matchesOf, onlyMatches, type Search } from './search.ts';
import type { StatisticsSort } from './statistics.ts';
import { loopViews, type ViewId } from './viewIds.ts';

export interface State {
  readonly report?: ProfileReport;
  /** After a reload that kept all but a large report: the one that the rest is of. */
  readonly awaitedReport?: ReportIdentity;
  /** Two runs side by side, in a panel of their own. */
  readonly comparison?: PlanComparison;
  readonly abilities: PanelAbilities;
  readonly progress?: { readonly message: string; readonly canCancel: boolean };
  readonly error?: { readonly message: string; readonly remedy: string };
  /** The suggestion whose plan is shown; absent for the plan that was measured first. */
  readonly shownSuggestionId?: string;
  readonly selectedId: string;
  readonly view: ViewId;
  /** What bars measure; absent: what the plan has of time, else of cost. */
  readonly metric?: MetricId;
  /** Figures of an average loop instead of all, in the views that can show them. */
  readonly perLoop: boolean;
  /** Nodes whose children are folded away. */
  readonly collapsed: ReadonlySet<string>;
  /** Groups of details that the user opened. */
  readonly openGroups: ReadonlySet<string>;
  /** The clause of the statement that a finding pointed at. */
  readonly shownClause?: TextRange;
  readonly paneWidthPx: number;
  /** The step that the icicle is zoomed into; absent: the whole plan. */
  readonly icicleRootId?: string;
  /** How large the diagram is drawn; absent: as fits its plan. */
  readonly diagramScale?: number;
  /** Suggestions that were carried out since this report was made. */
  readonly appliedIds: ReadonlySet<string>;
  /** What a button answered, shown beside it. */
  readonly notice?: Notice;
  /** Where a request is under way. */
  readonly busyPlace?: string;
  readonly viewport: Viewport;
  readonly search?: Search;
  /** The order of the statistics. */
  readonly sort: StatisticsSort;
}

/** Which run a report is of. */
export interface ReportIdentity {
  readonly fingerprint: string;
  /** By which the host finds it in the history. */
  readonly profiledAt?: string;
}

export interface Notice {
  readonly place: string;
  readonly ok: boolean;
  readonly text: string;
}

/** The part of the plan's view that can be seen, in CSS pixels. */
export interface Viewport {
  readonly topPx: number;
  readonly leftPx: number;
  readonly heightPx: number;
  readonly widthPx: number;
}

export type Action =
  | { readonly type: 'message'; readonly message: ToWebview }
  | { readonly type: 'node/select'; readonly id: string }
  /** A finding speaks of the measured plan, whichever is on screen. */
  | { readonly type: 'finding/select'; readonly id: string }
  /** Opens the statement at the clause. */
  | { readonly type: 'clause/show'; readonly range: TextRange }
  | { readonly type: 'node/toggle'; readonly id: string }
  | { readonly type: 'plan/show'; readonly suggestionId?: string }
  | { readonly type: 'view/show'; readonly view: ViewId }
  | { readonly type: 'metric/show'; readonly metric: MetricId }
  | { readonly type: 'perLoop/toggle' }
  | { readonly type: 'group/toggle'; readonly group: string }
  | { readonly type: 'pane/resize'; readonly widthPx: number }
  | { readonly type: 'tree/scroll'; readonly viewport: Viewport }
  | { readonly type: 'icicle/zoom'; readonly id?: string }
  | { readonly type: 'diagram/zoom'; readonly scale: number }
  /** Without a search, there is none. */
  | { readonly type: 'search/change'; readonly search?: Search }
  | { readonly type: 'statistics/sort'; readonly sort: StatisticsSort }
  | { readonly type: 'tree/collapse'; readonly collapsed: ReadonlySet<string> }
  | { readonly type: 'request/start'; readonly place: string }
  | { readonly type: 'request/end'; readonly notice: Notice; readonly appliedId?: string };

/** Narrower, and figures wrap; wider, and the plan is squeezed on a laptop. */
export const paneWidthLimitsPx = { min: 260, max: 900 } as const;

const noAbilities: PanelAbilities = {
  profileAgain: false,
  revealSource: false,
  copy: false,
  insert: false,
  apply: false,
  openRawPlan: false,
  saveImage: false,
};

export const initialState: State = {
  abilities: noAbilities,
  selectedId: '',
  view: 'table',
  perLoop: false,
  collapsed: new Set(),
  openGroups: new Set(),
  appliedIds: new Set(),
  paneWidthPx: 380,
  // A guess until the table is measured: enough rows for a tall window, few enough to be drawn at once.
  viewport: { topPx: 0, leftPx: 0, heightPx: 900, widthPx: 900 },
  sort: { column: 'self', descending: true },
};

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'message':
      return receive(state, action.message);
    case 'node/select':
      return select(state, action.id);
    case 'finding/select':
      return select(showPlan(state, undefined), action.id);
    case 'clause/show':
      return { ...state, shownClause: action.range, openGroups: new Set([...state.openGroups, 'statement']) };
    case 'node/toggle':
      return { ...state, collapsed: toggled(state.collapsed, action.id) };
    case 'plan/show':
      return showPlan(state, action.suggestionId);
    case 'view/show':
      return { ...state, view: action.view };
    case 'metric/show':
      return { ...state, metric: action.metric };
    case 'perLoop/toggle':
      return { ...state, perLoop: !state.perLoop };
    case 'group/toggle':
      return { ...state, openGroups: toggled(state.openGroups, action.group) };
    case 'pane/resize': {
      const { min, max } = paneWidthLimitsPx;
      return { ...state, paneWidthPx: Math.round(Math.min(max, Math.max(min, action.widthPx))) };
    }
    case 'tree/scroll':
      return { ...state, viewport: action.viewport };
    case 'icicle/zoom':
      return action.id === undefined ? without(state, 'icicleRootId') : { ...state, icicleRootId: action.id };
    case 'diagram/zoom':
      return { ...state, diagramScale: action.scale };
    case 'search/change':
      return search(state, action.search);
    case 'statistics/sort':
      return { ...state, sort: action.sort };
    case 'tree/collapse':
      return { ...state, collapsed: action.collapsed };
    case 'request/start':
      return without({ ...state, busyPlace: action.place }, 'notice');
    case 'request/end': {
      const ended = without({ ...state, notice: action.notice }, 'busyPlace');
      const { appliedId } = action;
      if (appliedId === undefined) return ended;
      return { ...ended, appliedIds: new Set([...state.appliedIds, appliedId]) };
    }
  }
}

/** The plan on screen: the measured one, or the one with a suggestion in place. */
export function shownPlan(state: State): Plan | undefined {
  const { report, shownSuggestionId } = state;
  if (shownSuggestionId === undefined) return report?.plan;
  const suggestion = report?.suggestions.find(({ id }) => id === shownSuggestionId);
  return suggestion?.verification.planAfter ?? report?.plan;
}

/** Everything that a model depends on beside its plan, as a key. */
const models = new WeakMap<Plan, Map<string, PlanModel>>();

/** The model of the plan on screen, built once per plan and scale. */
export function shownModel(state: State): PlanModel | undefined {
  const plan = shownPlan(state);
  if (plan === undefined) return undefined;
  const built = models.get(plan) ?? new Map<string, PlanModel>();
  models.set(plan, built);
  const usual = built.get('') ?? buildPlanModel(plan, shownFindings(state));
  built.set('', usual);
  const metric = availableMetrics(plan).find(({ id }) => id === state.metric) ?? usual.metric;
  const perLoop = state.perLoop && loopViews.has(state.view);
  if (metric === usual.metric && !perLoop) return usual;
  const key = `${metric.id} ${perLoop}`;
  const model = built.get(key) ?? measuredBy(usual, metric, perLoop);
  built.set(key, model);
  return model;
}

/** The rows of the tree views: like siblings under one row, and while only matches are asked for, nothing else. */
export function shownTree(state: State): PlanModel | undefined {
  const model = shownModel(state);
  if (model === undefined) return undefined;
  const tree = foldedTree(model);
  return state.search?.onlyMatches === true ? onlyMatches(tree, state.search.text) : tree;
}

/** Findings speak of the measured plan; another plan on screen has none. */
export function shownFindings(state: State): readonly Finding[] {
  return state.shownSuggestionId === undefined ? (state.report?.findings ?? []) : [];
}

/**
 * Tells one run from another, so that the same report, sent again after a reload, keeps what the user had open. Of a run that
 * was kept in the history, the server's text is gone and the statement's values are masked: where there is a time, it is
 * the same without them.
 */
export function identityOf({ plan, profiledAt, rawPlan, sql }: ProfileReport): ReportIdentity {
  const figures = [plan.nodes.length, plan.executionMs, plan.nodes[0]?.cost];
  return profiledAt === undefined
    ? { fingerprint: [...figures, rawPlan?.length, sql?.length].join() }
    : { fingerprint: [profiledAt, ...figures].join(), profiledAt };
}

function receive(state: State, message: ToWebview): State {
  switch (message.type) {
    case 'report/show': {
      const settled = without(state, 'progress', 'error', 'busyPlace', 'awaitedReport');
      const next = { ...settled, report: message.report, abilities: message.abilities };
      const known = state.report === undefined ? state.awaitedReport : identityOf(state.report);
      const same = known?.fingerprint === identityOf(message.report).fingerprint;
      return same ? next : startOver(without({ ...next, appliedIds: new Set() }, 'shownSuggestionId'));
    }
    case 'comparison/show':
      return { ...state, comparison: message.comparison };
    case 'progress/show':
      return without(
        { ...state, progress: { message: message.message, canCancel: message.canCancel } },
        'error',
      );
    case 'error/show':
      return without({ ...state, error: { message: message.message, remedy: message.remedy } }, 'progress');
    case 'reply':
      return state;
  }
}

/** A plan that is new on screen: only large folds closed, the eye on its worst node, or on the fold that holds it. */
function startOver(state: State): State {
  const fresh = without(state, 'notice', 'shownClause', 'search', 'icicleRootId', 'diagramScale');
  const model = shownModel(fresh);
  const tree = model && foldedTree(model);
  const collapsed = tree === undefined ? new Set<string>() : closedFolds(tree);
  const start = model === undefined ? '' : startingNode(model, shownFindings(fresh));
  const fold = tree && ancestorsOf(tree, start).findLast((ancestor) => collapsed.has(ancestor));
  return {
    ...fresh,
    collapsed,
    viewport: { ...fresh.viewport, topPx: 0, leftPx: 0 },
    selectedId: fold ?? start,
  };
}

function showPlan(state: State, suggestionId: string | undefined): State {
  if (suggestionId === state.shownSuggestionId) return state;
  const measured = without(state, 'shownSuggestionId');
  return startOver(suggestionId === undefined ? measured : { ...measured, shownSuggestionId: suggestionId });
}

/** Selecting a node that is hidden, by a fold, by the search or outside of what the icicle is zoomed into, shows it. */
function select(state: State, id: string): State {
  const model = shownModel(state);
  const tree = model && foldedTree(model);
  if (tree?.byId.has(id) !== true) return state;
  const unfiltered =
    state.search?.onlyMatches === true && shownTree(state)?.byId.has(id) !== true
      ? { ...state, search: { ...state.search, onlyMatches: false } }
      : state;
  const { icicleRootId = id } = state;
  const inside = icicleRootId === id || ancestorsOf(tree, id).includes(icicleRootId);
  const zoomed = inside ? unfiltered : without(unfiltered, 'icicleRootId');
  return { ...zoomed, selectedId: id, collapsed: opened(tree, state.collapsed, [id]) };
}

/** Opens what hides any match when only matches are shown: an empty table would say that there are none. */
function search(state: State, next: Search | undefined): State {
  if (next === undefined) return without(state, 'search');
  const searching = { ...state, search: next };
  const tree = next.onlyMatches ? shownTree(searching) : undefined;
  if (tree === undefined) return searching;
  return { ...searching, collapsed: opened(tree, state.collapsed, matchesOf(tree.plan, next.text)) };
}

/** What is still collapsed when these nodes can be seen. */
function opened(
  tree: PlanModel,
  collapsed: ReadonlySet<string>,
  ids: readonly string[],
): ReadonlySet<string> {
  if (collapsed.size === 0) return collapsed;
  const hiding = new Set(
    ids.flatMap((id) => ancestorsOf(tree, id).filter((ancestor) => collapsed.has(ancestor))),
  );
  return hiding.size === 0 ? collapsed : new Set([...collapsed].filter((id) => !hiding.has(id)));
}

function toggled(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(member)) next.add(member);
  return next;
}

type OptionalKey =
  | 'progress'
  | 'error'
  | 'shownSuggestionId'
  | 'shownClause'
  | 'notice'
  | 'busyPlace'
  | 'awaitedReport'
  | 'search'
  | 'icicleRootId'
  | 'diagramScale';

function without(state: State, ...keys: readonly OptionalKey[]): State {
  const next: Record<string, unknown> = { ...state };
  for (const key of keys) delete next[key];
  return next as unknown as State;
}
