/** The tree "Connections"; its welcome text stands while there is none. */
import * as vscode from 'vscode';
import type { Connections } from '../connections.ts';
import type { SampleHolder } from '../sampleHolder.ts';
import type { ConnectionItem } from './connectionItems.ts';
import { connectionItems } from './connectionItems.ts';

export class ConnectionsView implements vscode.TreeDataProvider<ConnectionItem> {
  readonly #connections: Connections;
  readonly #sample: SampleHolder;

  constructor(connections: Connections, sample: SampleHolder) {
    this.#connections = connections;
    this.#sample = sample;
  }

  get onDidChangeTreeData(): vscode.Event<void> {
    return this.#connections.onDidChange;
  }

  async getChildren(parent?: ConnectionItem): Promise<ConnectionItem[]> {
    if (parent) return [];
    return [
      ...connectionItems(
        await this.#connections.all(),
        this.#connections.activeId,
        await this.#sample.state(),
      ),
    ];
  }

  getTreeItem(item: ConnectionItem): vscode.TreeItem {
    const treeItem = new vscode.TreeItem(item.label);
    treeItem.id = item.id;
    treeItem.description = item.description;
    treeItem.tooltip = item.tooltip;
    treeItem.iconPath = new vscode.ThemeIcon(item.icon);
    treeItem.contextValue = item.contextValue;
    treeItem.accessibilityInformation = { label: item.accessibleLabel };
    return treeItem;
  }
}
