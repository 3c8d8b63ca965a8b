import * as vscode from 'vscode';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { History } from '../history/history.ts';

/** Forgets every run of this workspace, after a yes. */
export const clearHistory = (history: History): Command => ({
  id: commandIds.clearHistory,
  execute: async () => {
    const runs = await history.runs();
    const clear = 'Clear';
    const answer = await vscode.window.showWarningMessage(
      `Remove ${runs.length === 1 ? 'the kept run' : `all ${runs.length} kept runs`} of this workspace?`,
      { modal: true },
      clear,
    );
    if (answer === clear) await history.remove(runs);
  },
});
