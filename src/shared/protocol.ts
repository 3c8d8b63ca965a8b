/** Every message between the panel and its host. Direction is in the name; data comes only by message. */
import type { PlanComparison } from './comparison.ts';
import type { ProfileReport } from './report.ts';

export type ToWebview =
  | { readonly type: 'report/show'; readonly report: ProfileReport; readonly abilities: PanelAbilities }
  | { readonly type: 'comparison/show'; readonly comparison: PlanComparison }
  /** A long step is under way; the panel keeps what it shows. */
  | { readonly type: 'progress/show'; readonly message: string; readonly canCancel: boolean }
  | { readonly type: 'error/show'; readonly message: string; readonly remedy: string }
  /** The answer to a request of the panel; see rpc.ts. */
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly value: PanelReply }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly message: string };

/** What the host can do with the report that is shown; buttons for the rest are not offered. */
export interface PanelAbilities {
  readonly profileAgain: boolean;
  readonly revealSource: boolean;
  readonly copy: boolean;
  readonly insert: boolean;
  readonly apply: boolean;
  /** Why `apply` is off, in a sentence; shown where the button would stand. */
  readonly applyRefusal?: string;
  readonly openRawPlan: boolean;
  readonly export?: boolean;
  /** There is a run before this one, of the same statement. */
  readonly compare?: boolean;
  /** Of several plans that were opened together: which one is shown. 1-based; another can be chosen. */
  readonly among?: { readonly place: number; readonly count: number };
  /** Drawings of the plan can be saved to a file. */
  readonly saveImage: boolean;
}

/** Requests: the host answers each with a 'reply' of the same id. */
export type PanelRequest =
  | { readonly type: 'text/copy'; readonly text: string }
  | { readonly type: 'suggestion/insert'; readonly suggestionId: string }
  | { readonly type: 'suggestion/apply'; readonly suggestionId: string }
  /** A drawing of the plan: SVG as text, PNG as base64. */
  | { readonly type: 'image/save'; readonly kind: 'svg' | 'png'; readonly data: string };

/** What a saved drawing is called until the user says otherwise; the kind is its extension. */
export const imageName = 'query-plan';

/** What a request comes back with: a sentence for the user, or nothing to say. */
export interface PanelReply {
  readonly message?: string;
  /** The suggestion was carried out: not where the user declined. */
  readonly applied?: true;
}

export type ToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'profile/again' }
  | { readonly type: 'profile/cancel' }
  | { readonly type: 'source/reveal' }
  | { readonly type: 'plan/openRaw' }
  | { readonly type: 'plan/choose' }
  | { readonly type: 'report/export' }
  /** With the run before. */
  | { readonly type: 'run/compare' }
  | { readonly type: 'request'; readonly id: number; readonly request: PanelRequest };
