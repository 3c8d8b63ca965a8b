/** Where diagnostics go. Never statements with literals, never secrets. */
export interface Log {
  (level: LogLevel, text: string, data?: Readonly<Record<string, unknown>>): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export const silentLog: Log = () => undefined;
