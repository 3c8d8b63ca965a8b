import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { ProfileFlow } from '../profileFlow.ts';
import { loadSqlTools } from '../sqlTools.ts';
import { isSlowQueryItem } from '../views/slowQueryItems.ts';

/** Profiles a slow query where it was counted. */
export const profileStatement = (flow: ProfileFlow): Command => ({
  id: commandIds.profileStatement,
  execute: async (item) => {
    if (!isSlowQueryItem(item)) return;
    const tools = await loadSqlTools();
    await flow.run({ sql: tools.repair(item.query), connectionId: item.connectionId, analyze: true });
  },
});
