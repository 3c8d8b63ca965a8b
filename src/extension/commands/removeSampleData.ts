import * as vscode from 'vscode';
import { formatBytes } from '../../shared/format.ts';
import { sampleConnectionId } from '../connectionProfile.ts';
import type { Connections } from '../connections.ts';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { SampleHolder } from '../sampleHolder.ts';

/** Stops the sample database and frees its disk space. */
export const removeSampleData = (sample: SampleHolder, connections: Connections): Command => ({
  id: commandIds.removeSampleData,
  execute: async () => {
    const { freedBytes } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Removing the sample data' },
      () => sample.remove(),
    );
    if (connections.activeId === sampleConnectionId) await connections.select(undefined);
    void vscode.window.showInformationMessage(
      freedBytes > 0
        ? `The sample data was removed: ${formatBytes(freedBytes)} are free again.`
        : 'There was no sample data.',
    );
  },
});
