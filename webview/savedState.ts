/** What survives hiding and reloading the panel: the form in which state is kept by VS Code, and back. */
import type { PlanComparison } from '../src/shared/comparison.ts';
import type { PanelAbilities } from '../src/shared/protocol.ts';
import type { ProfileReport } from '../src/shared/report.ts';
import type { MetricId } from './metrics.ts';
import type { ViewId } from './viewIds.ts';
import { foldedTree } from './folding.ts';
import type { Search } from './search.ts';
import type { StatisticsSort } from './statistics.ts';
import { identityOf, initialState, shownModel, type State } from './state.ts';

/** Raised when an older saved state would be misread; such a one is dropped. */
const savedVersion = 3;

/**
 * Reports on larger plans are not kept. VS Code writes the whole state as text and copies it to the host each time, then into
 * the workspace's storage: 3.5 MB after each click, for a plan of 1,000 nodes. The host still has the report when the panel
 * is shown again; after a restart of the window it reads it from its history.
 */
const keptReportNodes = 500;

interface SavedState {
  readonly version: typeof savedVersion;
  /** After a restart of the window the host has it from here: see extension/panel/keptState.ts. Absent when it is large. */
  readonly report?: ProfileReport;
  /** What the rest belongs to. */
  readonly reportFingerprint: string;
  /** Where the report is not kept: the run that the host is to read from its history; see extension/panel/keptState.ts. */
  readonly profiledAt?: string;
  readonly abilities: PanelAbilities;
  readonly shownSuggestionId?: string;
  readonly selectedId: string;
  readonly view: ViewId;
  readonly metric?: MetricId;
  readonly perLoop: boolean;
  readonly collapsed: readonly string[];
  readonly openGroups: readonly string[];
  /** Absent from states that were kept before there was one. */
  readonly appliedIds?: readonly string[];
  readonly paneWidthPx: number;
  readonly scrollTopPx: number;
  readonly scrollLeftPx: number;
  readonly icicleRootId?: string;
  readonly diagramScale?: number;
  readonly search?: Search;
  readonly sort: StatisticsSort;
}

export function toSavedState(state: State): unknown {
  const { report, comparison } = state;
  if (comparison !== undefined) return { version: savedVersion, comparison };
  const identity = report === undefined ? state.awaitedReport : identityOf(report);
  if (identity === undefined) return undefined;
  const { fingerprint, profiledAt } = identity;
  const isKept = report !== undefined && report.plan.nodes.length <= keptReportNodes;
  const saved: SavedState = {
    version: savedVersion,
    ...(isKept ? { report } : profiledAt === undefined ? {} : { profiledAt }),
    reportFingerprint: fingerprint,
    abilities: state.abilities,
    ...(state.shownSuggestionId === undefined ? {} : { shownSuggestionId: state.shownSuggestionId }),
    selectedId: state.selectedId,
    view: state.view,
    ...(state.metric === undefined ? {} : { metric: state.metric }),
    perLoop: state.perLoop,
    collapsed: [...state.collapsed],
    openGroups: [...state.openGroups],
    appliedIds: [...state.appliedIds],
    paneWidthPx: state.paneWidthPx,
    scrollTopPx: state.viewport.topPx,
    scrollLeftPx: state.viewport.leftPx,
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
    ...(value.report === undefined ? {} : { report: value.report }),
    abilities: value.abilities,
    ...(value.shownSuggestionId === undefined ? {} : { shownSuggestionId: value.shownSuggestionId }),
    selectedId: value.selectedId,
    view: value.view,
    ...(value.metric === undefined ? {} : { metric: value.metric }),
    perLoop: value.perLoop,
    collapsed: new Set(value.collapsed),
    openGroups: new Set(value.openGroups),
    appliedIds: new Set(value.appliedIds),
    paneWidthPx: value.paneWidthPx,
    viewport: { ...initialState.viewport, topPx: value.scrollTopPx, leftPx: value.scrollLeftPx },
    ...(value.icicleRootId === undefined ? {} : { icicleRootId: value.icicleRootId }),
    ...(value.diagramScale === undefined ? {} : { diagramScale: value.diagramScale }),
    sort: value.sort,
    ...(value.search === undefined ? {} : { search: value.search }),
  };
  if (state.report === undefined) {
    const { reportFingerprint, profiledAt } = value;
    const awaitedReport = { fingerprint: reportFingerprint, ...(profiledAt !== undefined && { profiledAt }) };
    return { ...state, awaitedReport };
  }
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
