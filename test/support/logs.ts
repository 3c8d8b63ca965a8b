/** The recorded logs of test/fixtures/logs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../fixtures/logs/auto_explain18');
const extensions = { stderr: 'log', csvlog: 'csv', jsonlog: 'json' } as const;

export type LogDestination = keyof typeof extensions;
export const logDestinations = Object.keys(extensions) as readonly LogDestination[];

/** What PostgreSQL 18 wrote to this destination: the same eight plans, two in each format. */
export function logText(destination: LogDestination): string {
  return readFileSync(join(folder, `server.${extensions[destination]}`), 'utf8');
}
