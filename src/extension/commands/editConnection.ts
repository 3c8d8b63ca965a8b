import { draftOf } from '../connectionDraft.ts';
import type { ConnectionEditor } from '../connectionEditor.ts';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { PickConnection } from '../connectionPicker.ts';

/** Goes through the same questions again, answered as they were. */
export const editConnection = (editor: ConnectionEditor, pickConnection: PickConnection): Command => ({
  id: commandIds.editConnection,
  execute: async (item) => {
    const connection = await pickConnection(item, { title: 'Edit Connection', origin: 'settings' });
    if (connection) await editor.run('Edit Connection', draftOf(connection));
  },
});
