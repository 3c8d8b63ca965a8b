import type { PickConnection } from '../connectionPicker.ts';
import type { Connections } from '../connections.ts';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { Connection } from '../connectionProfile.ts';
import type { Passwords } from '../passwords.ts';

/** Keeps a password in VS Code's secret storage; an empty one takes the stored one out. */
export const setPassword = (
  connections: Connections,
  pickConnection: PickConnection,
  passwords: Passwords,
  askPassword: (connection: Connection) => Promise<string | undefined>,
): Command => ({
  id: commandIds.setPassword,
  execute: async (item) => {
    const active = item === undefined ? await connections.active() : undefined;
    const connection =
      active?.origin === 'settings'
        ? active
        : await pickConnection(item, { title: 'Set Password', origin: 'settings' });
    if (!connection) return;
    const password = await askPassword(connection);
    if (password === undefined) return;
    if (password === '') await passwords.forget(connection.id);
    else await passwords.set(connection.id, password);
  },
});
