import type { Cancel } from '../core/cancel.ts';
import { ownMarker } from './ownStatements.ts';
import { inTransaction, LOOKUP_TIMEOUT_MS, type ServerContext } from './session.ts';

const typesSql = `SELECT ${ownMarker} format_type(t.oid::oid, NULL) AS type
  FROM json_array_elements_text($1::json) WITH ORDINALITY AS t(oid, position) ORDER BY position`;

/**
 * Types of $1…$n as PostgreSQL infers them. Parse and Describe of the protocol leave nothing behind,
 * where PREPARE would outlive the rollback.
 * @throws UserError
 */
export function describeParameters(
  context: ServerContext,
  sql: string,
  cancel: Cancel,
): Promise<readonly string[]> {
  return inTransaction(
    context,
    { mode: 'read only', timeoutMs: LOOKUP_TIMEOUT_MS, cancel },
    async (session) => {
      const oids = await session.describe(sql);
      if (oids.length === 0) return [];
      const rows = await session.query(typesSql, [JSON.stringify(oids)]);
      return rows.map((row) => row['type'] ?? 'unknown');
    },
  );
}
