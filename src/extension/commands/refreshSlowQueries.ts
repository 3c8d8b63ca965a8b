import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { SlowQueriesView } from '../views/slowQueriesView.ts';

export const refreshSlowQueries = (view: SlowQueriesView): Command => ({
  id: commandIds.refreshSlowQueries,
  execute: () => view.refresh(),
});
