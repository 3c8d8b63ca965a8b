import { randomUUID } from 'node:crypto';
import { newDraft } from '../connectionDraft.ts';
import type { ConnectionEditor } from '../connectionEditor.ts';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';

/** Describes a new connection step by step, tests it and selects it. */
export const addConnection = (editor: ConnectionEditor): Command => ({
  id: commandIds.addConnection,
  execute: () => editor.run('Add Connection', newDraft(randomUUID())),
});
