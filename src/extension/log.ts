/** The core's log as VS Code's own channel: levels and timestamps are the channel's. */
import type { LogOutputChannel } from 'vscode';
import type { Log } from '../core/log.ts';

export function createChannelLog(channel: Pick<LogOutputChannel, 'debug' | 'info' | 'warn' | 'error'>): Log {
  return (level, text, data) => {
    channel[level](data === undefined ? text : `${text} ${JSON.stringify(data)}`);
  };
}
