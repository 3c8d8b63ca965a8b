/** What a view may read and do. */
import type { PanelRequest, ToHost } from '../src/shared/protocol.ts';
import type { Action, State } from './state.ts';

export interface Panel {
  readonly state: State;
  /** A report in a file of its own: no host behind it, so only what a page can do is offered. */
  readonly exported: boolean;
  dispatch(action: Action): void;
  post(message: ToHost): void;
  /** Sends a request and shows what comes back at `place`. */
  ask(place: string, request: PanelRequest): void;
}
