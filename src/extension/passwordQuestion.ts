import * as vscode from 'vscode';
import type { Connection } from './connectionProfile.ts';
import { addressOf } from './connectionProfile.ts';

/** undefined: the user left the question. */
export async function askPassword(connection: Connection): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: `Password for ${connection.name}`,
    prompt: `${addressOf(connection)}. It is kept in VS Code’s secret storage once it worked.`,
    password: true,
    ignoreFocusOut: true,
  });
}
