/** The role and search_path of a profile: what runs, runs as and where the user's application would. */
import type { ConnectOptions } from '../core/ports.ts';
import { ownMarker } from './ownStatements.ts';

const setSql = `SELECT ${ownMarker} set_config($1, $2, $3)`;

/** `scope` 'transaction' is SET LOCAL: it ends with the transaction. */
export async function assumeIdentity(
  query: (sql: string, values: readonly string[]) => Promise<unknown>,
  { searchPath, role }: ConnectOptions,
  scope: 'transaction' | 'session',
): Promise<void> {
  const isLocal = String(scope === 'transaction');
  if (searchPath !== undefined) await query(setSql, ['search_path', searchPath, isLocal]);
  if (role !== undefined) await query(setSql, ['role', role, isLocal]);
}
