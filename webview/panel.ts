/** What a view may read and do. */
import type { PanelRequest, ToHost } from '../src/shared/protocol.ts';
import type { Action, State } from './state.ts';

export interface Panel {
  readonly state: State;
  dispatch(action: Action): void;
  post(message: ToHost): void;
  /** Sends a request and shows what comes back at `place`. */
  ask(place: string, request: PanelRequest): void;
}
