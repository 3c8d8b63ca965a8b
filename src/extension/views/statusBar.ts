/** One item: where queries are profiled, named by environment. Hidden while no connection is selected. */
import * as vscode from 'vscode';
import type { Connection } from '../connectionProfile.ts';
import type { Connections } from '../connections.ts';
import { commandIds, contextKeys } from '../contributions.ts';
import { statusText } from './statusText.ts';

export function createStatusBar(connections: Connections): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'pgQueryProfiler.connection',
    vscode.StatusBarAlignment.Left,
  );
  item.name = 'Query Profiler Connection';
  item.command = commandIds.selectConnection;
  const show = (connection: Connection | undefined) => {
    void vscode.commands.executeCommand('setContext', contextKeys.hasConnection, connection !== undefined);
    if (!connection) {
      item.hide();
      return;
    }
    const { text, tooltip } = statusText(connection);
    item.text = text;
    item.tooltip = tooltip;
    item.show();
  };
  const update = async () => show(await connections.active());
  void update();
  return vscode.Disposable.from(
    item,
    connections.onDidChange(() => void update()),
  );
}
