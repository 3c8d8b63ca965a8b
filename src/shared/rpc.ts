/** Request and reply over one-way messages: the panel asks, the host answers each request once, also when it fails. */
import type { PanelReply, PanelRequest, ToHost, ToWebview } from './protocol.ts';

/** Runs `run` after `ms`; the function that comes back takes that back. Given by the caller: this file knows no clock. */
export type After = (ms: number, run: () => void) => () => void;

export interface Requests {
  /** Rejects with a sentence for the user when the host refuses, does not answer in time, or is gone. */
  send(request: PanelRequest, timeoutMs: number): Promise<PanelReply>;
  /** Takes a message that may be a reply; true when it was one. */
  receive(message: ToWebview): boolean;
  /** Every open request is rejected, every later one too. */
  dispose(): void;
}

interface Pending {
  readonly resolve: (reply: PanelReply) => void;
  readonly reject: (error: Error) => void;
  readonly stopTimer: () => void;
}

/** The panel's end. */
export function createRequests(post: (message: ToHost) => void, after: After): Requests {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let disposed = false;

  const settle = (id: number): Pending | undefined => {
    const found = pending.get(id);
    pending.delete(id);
    found?.stopTimer();
    return found;
  };

  return {
    send(request, timeoutMs) {
      if (disposed) return Promise.reject(new Error('The panel is closed.'));
      const id = ++lastId;
      return new Promise<PanelReply>((resolve, reject) => {
        const stopTimer = after(timeoutMs, () =>
          settle(id)?.reject(new Error('VS Code did not answer in time.')),
        );
        pending.set(id, { resolve, reject, stopTimer });
        post({ type: 'request', id, request });
      });
    },
    receive(message) {
      if (message.type !== 'reply') return false;
      // A reply after its timeout finds nobody: the user was told already.
      const waiting = settle(message.id);
      if (message.ok) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.message));
      return true;
    },
    dispose() {
      disposed = true;
      for (const id of pending.keys()) settle(id)?.reject(new Error('The panel is closed.'));
    },
  };
}

/**
 * The host's end: runs `handle` and posts exactly one reply.
 * `sentenceOf` turns what was thrown into what a user may read.
 */
export async function answerRequest(
  message: Extract<ToHost, { type: 'request' }>,
  handle: (request: PanelRequest) => Promise<PanelReply>,
  post: (message: ToWebview) => void,
  sentenceOf: (error: unknown) => string,
): Promise<void> {
  let reply: ToWebview;
  try {
    reply = { type: 'reply', id: message.id, ok: true, value: await handle(message.request) };
  } catch (error) {
    reply = { type: 'reply', id: message.id, ok: false, message: sentenceOf(error) };
  }
  post(reply);
}
