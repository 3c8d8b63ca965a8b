import * as vscode from 'vscode';
import type { Connection } from './connectionProfile.ts';
import { addressOf } from './connectionProfile.ts';

/** `why`: what the server said, when it asked. undefined: the user left the question. */
export async function askPassword(connection: Connection, why?: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: `Password for ${connection.name}`,
    prompt: `${why ?? `${addressOf(connection)}.`} The password is kept in VS Code’s secret storage.`,
    password: true,
    ignoreFocusOut: true,
  });
}
