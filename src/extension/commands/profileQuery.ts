import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { ProfileFlow } from '../profileFlow.ts';
import { pickTarget } from './pickTarget.ts';

/** Runs the statement that is selected, under the cursor or below the lens, and shows where the time went. */
export const profileQuery = (flow: ProfileFlow): Command => ({
  id: commandIds.profileQuery,
  execute: async (...args) => flow.run(await pickTarget(args, true)),
});
