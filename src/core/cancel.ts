/** Cancellation without DOM or Node types: the core's own small signal. */
export interface Cancel {
  readonly requested: boolean;
  /** Calls `listener` once when cancellation is requested (at once if it already was). Returns the unsubscription. */
  onRequested(listener: () => void): () => void;
}

export interface CancelSource extends Cancel {
  request(): void;
}

/** A signal that never fires. */
export const neverCancelled: Cancel = { requested: false, onRequested: () => () => undefined };

/** A signal that fires when `request()` is called. */
export function createCancel(): CancelSource {
  const listeners = new Set<() => void>();
  let requested = false;
  return {
    get requested() {
      return requested;
    },
    onRequested(listener) {
      if (requested) {
        listener();
        return () => undefined;
      }
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    request() {
      if (requested) return;
      requested = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
  };
}
