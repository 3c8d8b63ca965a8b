import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { ProfileFlow } from '../profileFlow.ts';
import { isSlowQueryItem } from '../views/slowQueryItems.ts';

/** Profiles a slow query where it was counted. */
export const profileStatement = (flow: ProfileFlow): Command => ({
  id: commandIds.profileStatement,
  execute: async (item) => {
    if (isSlowQueryItem(item))
      await flow.run({ sql: item.query, connectionId: item.connectionId, analyze: true });
  },
});
