/** What survives hiding and reloading the panel: the form in which state is kept by VS Code, and back. */
import type { PanelAbilities } from '../src/shared/protocol.ts';
import type { ProfileReport } from '../src/shared/report.ts';
import { fingerprint, initialState, shownModel, type State } from './state.ts';

/** Raised when an older saved state would be misread; such a one is dropped. */
const savedVersion = 1;

/**
 * VS Code copies the saved state to the host at each change, so a very large report is not kept in it:
 * the host sends it again after 'ready' anyway. 2,000 nodes are about 4 MB.
 */
const keptNodes = 2000;

interface SavedState {
  readonly version: typeof savedVersion;
  /** Of the report that the rest is about. */
  readonly fingerprint: string;
  readonly report?: ProfileReport;
  readonly abilities: PanelAbilities;
  readonly shownSuggestionId?: string;
  readonly selectedId: string;
  readonly collapsed: readonly string[];
  readonly openGroups: readonly string[];
  readonly paneWidthPx: number;
  readonly scrollTopPx: number;
}

export function toSavedState(state: State): unknown {
  const { report } = state;
  if (report === undefined) return undefined;
  const saved: SavedState = {
    version: savedVersion,
    fingerprint: fingerprint(report),
    ...(report.plan.nodes.length <= keptNodes ? { report } : {}),
    abilities: state.abilities,
    ...(state.shownSuggestionId === undefined ? {} : { shownSuggestionId: state.shownSuggestionId }),
    selectedId: state.selectedId,
    collapsed: [...state.collapsed],
    openGroups: [...state.openGroups],
    paneWidthPx: state.paneWidthPx,
    scrollTopPx: state.viewport.topPx,
  };
  return saved;
}

/** The state to start with; the initial one when nothing usable was kept. */
export function fromSavedState(value: unknown): State {
  if (!isSavedState(value)) return initialState;
  const state: State = {
    ...initialState,
    ...(value.report === undefined ? { expected: value.fingerprint } : { report: value.report }),
    abilities: value.abilities,
    ...(value.shownSuggestionId === undefined ? {} : { shownSuggestionId: value.shownSuggestionId }),
    selectedId: value.selectedId,
    collapsed: new Set(value.collapsed),
    openGroups: new Set(value.openGroups),
    paneWidthPx: value.paneWidthPx,
    viewport: { ...initialState.viewport, topPx: value.scrollTopPx },
  };
  const model = shownModel(state);
  return model === undefined || model.byId.has(state.selectedId) ? state : initialState;
}

// Only this panel writes it: the version is all there is to check.
function isSavedState(value: unknown): value is SavedState {
  return typeof value === 'object' && value !== null && (value as SavedState).version === savedVersion;
}
