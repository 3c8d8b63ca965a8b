/** The tree "History": the statements that were profiled here, and the runs of each. */
import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import type { History } from '../history/history.ts';
import { type HistoryItem, historyItems } from './historyItems.ts';

export class HistoryView implements vscode.TreeDataProvider<HistoryItem> {
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  get onDidChangeTreeData(): vscode.Event<void> {
    return this.#history.onDidChange;
  }

  async getChildren(parent?: HistoryItem): Promise<HistoryItem[]> {
    if (parent !== undefined) return parent.kind === 'statement' ? [...parent.runs] : [];
    return [...historyItems(await this.#history.runs(), Date.now())];
  }

  getTreeItem(item: HistoryItem): vscode.TreeItem {
    const isStatement = item.kind === 'statement';
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const treeItem = new vscode.TreeItem(item.label, isStatement ? Collapsed : None);
    treeItem.id = item.id;
    treeItem.description = item.description;
    treeItem.iconPath = new vscode.ThemeIcon(isStatement ? 'database' : 'history');
    treeItem.contextValue = item.kind;
    treeItem.accessibilityInformation = { label: `${item.label}, ${item.description}` };
    if (isStatement) {
      const tooltip = new vscode.MarkdownString();
      tooltip.appendCodeblock(item.label, 'sql');
      treeItem.tooltip = tooltip;
    } else {
      treeItem.command = { command: commandIds.openRun, title: 'Open Run', arguments: [item] };
    }
    return treeItem;
  }
}
