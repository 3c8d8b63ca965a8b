import * as vscode from 'vscode';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import { isSlowQueryItem } from '../views/slowQueryItems.ts';

export const copyStatement = (): Command => ({
  id: commandIds.copyStatement,
  execute: async (item) => {
    if (isSlowQueryItem(item)) await vscode.env.clipboard.writeText(item.query);
  },
});
