import * as vscode from 'vscode';
import type { PickConnection } from '../connectionPicker.ts';
import { addressOf } from '../connectionProfile.ts';
import type { Connections } from '../connections.ts';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';

/** Takes a connection out of the settings, and its password out of the secret storage. */
export const removeConnection = (connections: Connections, pickConnection: PickConnection): Command => ({
  id: commandIds.removeConnection,
  execute: async (item) => {
    const connection = await pickConnection(item, { title: 'Remove Connection', origin: 'settings' });
    if (!connection) return;
    const remove = 'Remove';
    const answer = await vscode.window.showWarningMessage(
      `Remove the connection “${connection.name}” and its password?`,
      { modal: true, detail: `${addressOf(connection)}\nThe database itself is not touched.` },
      remove,
    );
    if (answer === remove) await connections.remove(connection.id);
  },
});
