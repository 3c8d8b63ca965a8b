/** Imported first by extension.ts, so that nothing of ours runs before the clock is read. */
const startedAt = performance.now();

/** What `activate` returns; read by tests. */
export interface ActivationTimes {
  /** From the bundle's first line to the end of `activate`; VS Code's own preparations lie in between. */
  readonly activationMs: number;
  /** The part of it inside `activate`. */
  readonly wiringMs: number;
}

/** Called at the end of `activate`. */
export function activationTimes(calledAt: number): ActivationTimes {
  const doneAt = performance.now();
  return { activationMs: doneAt - startedAt, wiringMs: doneAt - calledAt };
}
