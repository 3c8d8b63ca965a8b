import * as vscode from 'vscode';
import type { PickConnection } from '../connectionPicker.ts';
import type { Connections } from '../connections.ts';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';

/** Says where queries are profiled from now on. */
export const selectConnection = (connections: Connections, pickConnection: PickConnection): Command => ({
  id: commandIds.selectConnection,
  execute: async (item) => {
    const connection = await pickConnection(item, { title: 'Select Connection' });
    if (!connection) return;
    await connections.select(connection.id);
    // Prepared and started now, rather than at the first query.
    if (connection.origin === 'sample') await vscode.commands.executeCommand(commandIds.openSampleDatabase);
  },
});
