/** Questions asked one after the other, with a way back: pure, so that it is tested without a window. */

export interface StepPosition {
  /** 1-based among the steps that are asked. */
  readonly step: number;
  readonly total: number;
  readonly canGoBack: boolean;
}

export type StepOutcome<T> =
  { readonly to: 'next'; readonly state: T } | { readonly to: 'back' } | { readonly to: 'stop' };

export interface Step<T> {
  /** True where earlier answers make the question needless. */
  skip?(state: T): boolean;
  ask(state: T, position: StepPosition): Promise<StepOutcome<T>>;
}

export const next = <T>(state: T): StepOutcome<T> => ({ to: 'next', state });

/** The state after the last step, or undefined when the user left. Going back keeps the answers given so far. */
export async function runSteps<T>(steps: readonly Step<T>[], initial: T): Promise<T | undefined> {
  let state = initial;
  const asked: number[] = [];
  let index = 0;
  while (index < steps.length) {
    const step = steps[index];
    if (!step || step.skip?.(state)) {
      index++;
      continue;
    }
    const current = state;
    const left = steps.slice(index).filter((later) => !later.skip?.(current)).length;
    const outcome = await step.ask(state, {
      step: asked.length + 1,
      total: asked.length + left,
      canGoBack: asked.length > 0,
    });
    if (outcome.to === 'stop') return undefined;
    if (outcome.to === 'back') {
      index = asked.pop() ?? index;
      continue;
    }
    state = outcome.state;
    asked.push(index);
    index++;
  }
  return state;
}
