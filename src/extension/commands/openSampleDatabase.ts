import * as vscode from 'vscode';
import { cancelWith, orCancelled } from '../cancellation.ts';
import { sampleConnectionId } from '../connectionProfile.ts';
import type { Connections } from '../connections.ts';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { SampleHolder } from '../sampleHolder.ts';

/** Starts the embedded database, prepared at the first time, and selects it. */
export const openSampleDatabase = (sample: SampleHolder, connections: Connections): Command => ({
  id: commandIds.openSampleDatabase,
  execute: async () => {
    await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: 'Opening the sample database',
        cancellable: true,
      },
      (progress, token) => {
        const opening = sample.open((message) => progress.report({ message }));
        // Leaving stops the waiting; what was begun is finished and found ready the next time.
        return orCancelled(opening, cancelWith(token), () => undefined);
      },
    );
    await connections.select(sampleConnectionId);
    // Not awaited: a command that waits for a notification would not end before it is closed.
    void offerQuery();
  },
});

async function offerQuery(): Promise<void> {
  const open = 'Open a Slow Query';
  const chosen = await vscode.window.showInformationMessage('The sample database is ready.', open);
  if (chosen === open) await vscode.commands.executeCommand(commandIds.openSampleQuery);
}
