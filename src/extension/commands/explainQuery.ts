import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { ProfileFlow } from '../profileFlow.ts';
import { pickTarget } from './pickTarget.ts';

/** The plan of the same statement, which is not run. */
export const explainQuery = (flow: ProfileFlow): Command => ({
  id: commandIds.explainQuery,
  execute: async (...args) => flow.run(await pickTarget(args, false)),
});
