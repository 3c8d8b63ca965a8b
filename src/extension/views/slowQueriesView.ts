/** The tree "Slow Queries": read when it is first seen, and when the user asks; never by a timer. */
import * as vscode from 'vscode';
import { createCancel, type CancelSource } from '../../core/cancel.ts';
import { isUserError, UserError, userErrors } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { readSetting } from '../config.ts';
import type { Connections } from '../connections.ts';
import { commandIds, contextKeys, viewIds } from '../contributions.ts';
import type { SampleHolder } from '../sampleHolder.ts';
import type { ServerOpener } from '../serverOpener.ts';
import { loadSqlTools } from '../sqlTools.ts';
import type { SlowQueriesState, SlowQueryItem } from './slowQueryItems.ts';
import { readingMessage, slowQueryItems } from './slowQueryItems.ts';

/** In a side bar of usual width the description, mean and calls, begins in sight; the whole text is in the tooltip. */
const labelLength = 36;

export interface SlowQueriesPorts {
  readonly connections: Connections;
  readonly sample: SampleHolder;
  readonly opener: ServerOpener;
  readonly log: Log;
}

export class SlowQueriesView implements vscode.TreeDataProvider<SlowQueryItem> {
  readonly #ports: SlowQueriesPorts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.TreeView<SlowQueryItem>;
  readonly #subscriptions: vscode.Disposable;
  #items: SlowQueryItem[] = [];
  /** Of which connection the items are; undefined when they must be read. */
  #readFor: string | undefined;
  #reading: CancelSource | undefined;
  #remedySql: string | undefined;

  constructor(ports: SlowQueriesPorts) {
    this.#ports = ports;
    this.#view = vscode.window.createTreeView(viewIds.slowQueries, { treeDataProvider: this });
    this.#subscriptions = vscode.Disposable.from(
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(() => void this.#readWhenSeen()),
      ports.connections.onDidChange(() => void this.#readWhenSeen()),
    );
  }

  get onDidChangeTreeData(): vscode.Event<void> {
    return this.#changed.event;
  }

  /** The statement that would make the ranking readable, if there is one. */
  get remedySql(): string | undefined {
    return this.#remedySql;
  }

  getChildren(parent?: SlowQueryItem): SlowQueryItem[] {
    return parent ? [] : this.#items;
  }

  getTreeItem(item: SlowQueryItem): vscode.TreeItem {
    const treeItem = new vscode.TreeItem(item.label);
    treeItem.id = item.id;
    treeItem.description = item.description;
    treeItem.tooltip = tooltipOf(item);
    treeItem.iconPath = new vscode.ThemeIcon('clock');
    treeItem.contextValue = 'statement';
    treeItem.command = { command: commandIds.openStatement, title: 'Open Statement', arguments: [item] };
    treeItem.accessibilityInformation = { label: item.accessibleLabel };
    return treeItem;
  }

  /** Reads again; the user asked, so a password may be asked for. */
  async refresh(): Promise<void> {
    await this.#read(true);
  }

  async #readWhenSeen(): Promise<void> {
    const { connections, sample } = this.#ports;
    if (!this.#view.visible || this.#readFor === connections.activeId) return;
    const active = await connections.active();
    // A look at the view connects to a server, but starts no database.
    if (active?.origin === 'sample' && (await sample.state()) !== 'open') {
      this.#readFor = undefined;
      this.#show('unread', []);
      return;
    }
    await this.#read(false);
  }

  async #read(interactive: boolean): Promise<void> {
    this.#reading?.request();
    const cancel = createCancel();
    this.#reading = cancel;
    const { connections, opener, log } = this.#ports;
    const connection = await connections.active();
    this.#readFor = connection?.id;
    if (!connection) {
      this.#show('unread', []);
      return;
    }
    try {
      const reading = await vscode.window.withProgress({ location: { viewId: viewIds.slowQueries } }, () =>
        opener.use(connection, { interactive, cancel, onProgress: () => undefined }, (server) =>
          server.statements('total', readSetting('slowQueries.limit'), cancel),
        ),
      );
      const tools = await loadSqlTools();
      if (this.#reading !== cancel) return;
      const items =
        reading.state === 'ok'
          ? slowQueryItems(reading, connection.id, (sql) => tools.title(sql, labelLength))
          : [];
      const state = reading.state !== 'ok' ? reading.state : items.length === 0 ? 'empty' : 'listed';
      this.#show(
        state,
        items,
        readingMessage(reading),
        reading.state === 'ok' ? undefined : reading.remedySql,
      );
    } catch (error) {
      if (isUserError(error, 'cancelled') || this.#reading !== cancel) return;
      // Tried again at the next change of connections.
      this.#readFor = undefined;
      log('warn', 'slow queries were not read', { error: String(error) });
      const shown = error instanceof UserError ? error : userErrors.unexpected(error);
      this.#show('failed', [], shown.sentence);
    }
  }

  #show(
    state: SlowQueriesState,
    items: readonly SlowQueryItem[],
    message?: string,
    remedySql?: string,
  ): void {
    this.#items = [...items];
    this.#remedySql = remedySql;
    this.#view.message = message;
    void vscode.commands.executeCommand('setContext', contextKeys.slowQueries, state);
    void vscode.commands.executeCommand('setContext', contextKeys.hasRemedy, remedySql !== undefined);
    this.#changed.fire();
  }

  dispose(): void {
    this.#reading?.request();
    this.#subscriptions.dispose();
  }
}

/** The statement is a server's text: only as a code block, which renders nothing of it. */
function tooltipOf({ facts, query }: SlowQueryItem): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(facts);
  tooltip.appendCodeblock(query, 'sql');
  return tooltip;
}
