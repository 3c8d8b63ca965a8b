import * as vscode from 'vscode';
import type { Command } from './contributions.ts';
import type { ReportError } from './errorReporter.ts';

/** Every command's errors end here: logged once, told in one sentence. */
export function registerCommand(command: Command, reportError: ReportError): vscode.Disposable {
  return vscode.commands.registerCommand(command.id, async (...args: readonly unknown[]) => {
    try {
      await command.execute(...args);
    } catch (error) {
      reportError(error);
    }
  });
}
