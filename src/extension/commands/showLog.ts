import type { LogOutputChannel } from 'vscode';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';

export const showLog = (channel: LogOutputChannel): Command => ({
  id: commandIds.showLog,
  execute: () => channel.show(),
});
