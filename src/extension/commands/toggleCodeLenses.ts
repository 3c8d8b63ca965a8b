import { readSetting, writeSetting } from '../config.ts';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';

/** The lenses above statements, off and on. */
export const toggleCodeLenses = (): Command => ({
  id: commandIds.toggleCodeLenses,
  execute: () => writeSetting('codeLens.enabled', !readSetting('codeLens.enabled')),
});
