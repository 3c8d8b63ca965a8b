import * as vscode from 'vscode';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { SlowQueriesView } from '../views/slowQueriesView.ts';

/** The statement that lets slow queries be listed, to be run by whoever may. */
export const copyRemedy = (view: SlowQueriesView): Command => ({
  id: commandIds.copyRemedy,
  execute: async () => {
    if (view.remedySql !== undefined) await vscode.env.clipboard.writeText(view.remedySql);
  },
});
