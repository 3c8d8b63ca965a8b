/** Which connection is meant: the tree's item that a menu passes, or the user's choice. */
import * as vscode from 'vscode';
import type { Connection } from './connectionProfile.ts';
import { addressOf, sampleConnection } from './connectionProfile.ts';
import type { Connections } from './connections.ts';
import { commandIds } from './contributions.ts';

export interface PickRequest {
  readonly title: string;
  /** Only these. */
  readonly origin?: Connection['origin'];
}

/** undefined: the user left, or there is none. */
export type PickConnection = (item: unknown, request: PickRequest) => Promise<Connection | undefined>;

type PickItem = vscode.QuickPickItem & { readonly connection: Connection | 'add' };

export function createConnectionPicker(connections: Connections): PickConnection {
  return async (item, { title, origin }) => {
    const all = (await connections.all()).filter(
      (connection) => origin === undefined || connection.origin === origin,
    );
    if (typeof item === 'object' && item !== null && 'id' in item)
      return all.find(({ id }) => id === item.id);
    const items = [...all.map(itemOf), ...(origin === undefined ? newConnections(all) : [])];
    const placeHolder = items.length > 0 ? 'Where queries are profiled' : 'There is no connection yet';
    const chosen = await vscode.window.showQuickPick<PickItem>(items, {
      title,
      placeHolder,
      matchOnDescription: true,
    });
    if (!chosen) return undefined;
    if (chosen.connection !== 'add') return chosen.connection;
    const before = connections.activeId;
    // It selects what it adds.
    await vscode.commands.executeCommand(commandIds.addConnection);
    return connections.activeId === before ? undefined : connections.active();
  };
}

function itemOf(connection: Connection): PickItem {
  const { name, environment, readOnly, origin } = connection;
  const facts = origin === 'sample' ? [] : [environment, ...(readOnly ? ['read-only'] : [])];
  return { label: name, description: [...facts, addressOf(connection)].join(' · '), connection };
}

function newConnections(all: readonly Connection[]): PickItem[] {
  const sample: PickItem = {
    label: '$(beaker) Open Sample Database',
    description: 'nothing to set up',
    connection: sampleConnection,
  };
  return [
    ...(all.some(({ origin }) => origin === 'sample') ? [] : [sample]),
    { label: '$(add) Add Connection…', connection: 'add' },
  ];
}
