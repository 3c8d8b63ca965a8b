import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { History } from '../history/history.ts';
import { isRunItem, isStatementItem } from '../views/historyItems.ts';

/** Forgets a run, or all of a statement. */
export const removeRuns = (history: History): Command => ({
  id: commandIds.removeRuns,
  execute: async (item) => {
    if (isRunItem(item)) await history.remove([item.run]);
    if (isStatementItem(item)) await history.remove(item.runs.map(({ run }) => run));
  },
});
