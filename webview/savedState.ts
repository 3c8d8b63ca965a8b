/** What survives hiding and reloading the panel: the form in which state is kept by VS Code, and back. */
import type { PlanComparison } from '../src/shared/comparison.ts';
import type { PanelAbilities } from '../src/shared/protocol.ts';
import type { ProfileReport } from '../src/shared/report.ts';
import type { MetricId } from './metrics.ts';
import type { ViewId } from './viewIds.ts';
import { foldedTree } from './folding.ts';
import type { Search } from './search.ts';
import type { StatisticsSort } from './statistics.ts';
import { initialState, shownModel, type State } from './state.ts';

/** Raised when an older saved state would be misread; such a one is dropped. */
const savedVersion = 3;

interface SavedState {
  readonly version: typeof savedVersion;
  /** After a restart of the window the host has it from here: see extension/panel/panels.ts. */
  readonly report: ProfileReport;
  readonly abilities: PanelAbilities;
  readonly shownSuggestionId?: string;
  readonly selectedId: string;
  readonly view: ViewId;
  readonly metric?: MetricId;
  readonly perLoop: boolean;
  readonly collapsed: readonly string[];
  readonly openGroups: readonly string[];
  readonly paneWidthPx: number;
  readonly scrollTopPx: number;
  readonly icicleRootId?: string;
  readonly diagramScale?: number;
  readonly search?: Search;
  readonly sort: StatisticsSort;
}

export function toSavedState(state: State): unknown {
  const { report, comparison } = state;
  if (comparison !== undefined) return { version: savedVersion, comparison };
  if (report === undefined) return undefined;
  const saved: SavedState = {
    version: savedVersion,
    report,
    abilities: state.abilities,
    ...(state.shownSuggestionId === undefined ? {} : { shownSuggestionId: state.shownSuggestionId }),
    selectedId: state.selectedId,
    view: state.view,
    ...(state.metric === undefined ? {} : { metric: state.metric }),
    perLoop: state.perLoop,
    collapsed: [...state.collapsed],
    openGroups: [...state.openGroups],
    paneWidthPx: state.paneWidthPx,
    scrollTopPx: state.viewport.topPx,
    ...(state.icicleRootId === undefined ? {} : { icicleRootId: state.icicleRootId }),
    ...(state.diagramScale === undefined ? {} : { diagramScale: state.diagramScale }),
    sort: state.sort,
    ...(state.search === undefined ? {} : { search: state.search }),
  };
  return saved;
}

/** The state to start with; the initial one when nothing usable was kept. */
export function fromSavedState(value: unknown): State {
  if (isSavedComparison(value)) return { ...initialState, comparison: value.comparison };
  if (!isSavedState(value)) return initialState;
  const state: State = {
    ...initialState,
    report: value.report,
    abilities: value.abilities,
    ...(value.shownSuggestionId === undefined ? {} : { shownSuggestionId: value.shownSuggestionId }),
    selectedId: value.selectedId,
    view: value.view,
    ...(value.metric === undefined ? {} : { metric: value.metric }),
    perLoop: value.perLoop,
    collapsed: new Set(value.collapsed),
    openGroups: new Set(value.openGroups),
    paneWidthPx: value.paneWidthPx,
    viewport: { ...initialState.viewport, topPx: value.scrollTopPx },
    ...(value.icicleRootId === undefined ? {} : { icicleRootId: value.icicleRootId }),
    ...(value.diagramScale === undefined ? {} : { diagramScale: value.diagramScale }),
    sort: value.sort,
    ...(value.search === undefined ? {} : { search: value.search }),
  };
  const model = shownModel(state);
  return model && foldedTree(model).byId.has(state.selectedId) ? state : initialState;
}

interface SavedComparison {
  readonly version: typeof savedVersion;
  readonly comparison: PlanComparison;
}

function isSavedComparison(value: unknown): value is SavedComparison {
  return isSavedState(value) && 'comparison' in value;
}

// Only this panel writes it: the version is all there is to check.
function isSavedState(value: unknown): value is SavedState {
  return typeof value === 'object' && value !== null && (value as SavedState).version === savedVersion;
}
