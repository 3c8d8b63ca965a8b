import * as vscode from 'vscode';
import type { Command } from '../contributions.ts';
import { commandIds, walkthroughId } from '../contributions.ts';

export const openWalkthrough = (extensionId: string): Command => ({
  id: commandIds.openWalkthrough,
  execute: () =>
    vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#${walkthroughId}`),
});
