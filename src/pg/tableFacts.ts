/** What the catalogue says of tables, with unknown where this role may not look. */
import type { Cancel } from '../core/cancel.ts';
import type { ColumnFacts, IndexFacts, TableFacts, TableName } from '../core/ports.ts';
import type { Row } from './connection.ts';
import { ownMarker } from './ownStatements.ts';
import { inTransaction, LOOKUP_TIMEOUT_MS, type ServerContext } from './session.ts';

// A name without schema is the table that the search_path finds first; joining pg_class instead of asking
// to_regclass, which fails on a schema without USAGE.
const tablesSql = `SELECT ${ownMarker} DISTINCT c.oid AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
    CASE WHEN c.reltuples < 0 OR (c.reltuples = 0 AND c.relpages = 0) THEN NULL ELSE c.reltuples::text END AS rows,
    CASE WHEN c.relkind = 'p'
      THEN (SELECT sum(pg_table_size(t.relid)) FROM pg_partition_tree(c.oid) t WHERE t.isleaf)
      ELSE pg_table_size(c.oid) END AS size,
    pg_table_is_visible(c.oid) AS visible
  FROM json_to_recordset($1::json) AS asked(schema text, name text)
  JOIN pg_class c ON c.relname = asked.name AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = asked.schema OR (asked.schema IS NULL AND pg_table_is_visible(c.oid))
  ORDER BY 2, 3`;

// pg_stats shows rows of readable columns only. A partitioned table's figures are the inherited ones.
const columnsSql = `SELECT ${ownMarker} a.attrelid AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AS not_null, s.n_distinct AS distinct, s.null_frac AS null_fraction, s.avg_width AS width,
    array_to_json(s.most_common_freqs) AS frequencies
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
    AND s.inherited = (c.relkind = 'p')
  WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attrelid, a.attnum`;

// indoption: bit 1 is DESC, bit 2 is NULLS FIRST (INDOPTION_… of the server's pg_index.h).
const indexesSql = `SELECT ${ownMarker} i.indrelid AS table, c.relname AS name, m.amname AS method,
    pg_get_indexdef(i.indexrelid) AS definition, i.indisunique AS unique,
    i.indisvalid AND i.indisready AND i.indislive AS valid,
    EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AS constraint,
    pg_relation_size(i.indexrelid) AS size, pg_get_expr(i.indpred, i.indrelid, true) AS predicate,
    (SELECT json_agg(json_build_object(
        'expression', pg_get_indexdef(i.indexrelid, k, true),
        'key', k <= i.indnkeyatts,
        'descending', k <= i.indnkeyatts AND i.indoption[k - 1] & 1 <> 0,
        'nullsFirst', k <= i.indnkeyatts AND i.indoption[k - 1] & 2 <> 0) ORDER BY k)
      FROM generate_series(1, i.indnatts) AS k) AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
  WHERE i.indrelid = ANY ($1::oid[])
  ORDER BY i.indrelid, c.relname`;

const kinds: Readonly<Record<string, TableFacts['kind']>> = {
  r: 'table',
  p: 'partitioned',
  v: 'view',
  m: 'materialized',
  f: 'foreign',
};

/** Facts of the tables that exist; others are left out. @throws UserError */
export function tableFacts(
  context: ServerContext,
  tables: readonly TableName[],
  cancel: Cancel,
): Promise<readonly TableFacts[]> {
  if (tables.length === 0) return Promise.resolve([]);
  return inTransaction(
    context,
    { mode: 'read only', timeoutMs: LOOKUP_TIMEOUT_MS, cancel },
    async (session) => {
      const found = await session.query(tablesSql, [JSON.stringify(tables)]);
      if (found.length === 0) return [];
      const oids = `{${found.map((row) => row['oid']).join(',')}}`;
      const columns = await session.query(columnsSql, [oids]);
      const indexes = await session.query(indexesSql, [oids]);
      const of = (rows: readonly Row[], table: Row) => rows.filter((row) => row['table'] === table['oid']);
      return found.map((row) => ({
        schema: row['schema'] ?? '',
        name: row['name'] ?? '',
        kind: kinds[row['kind'] ?? ''] ?? 'other',
        ...optional('rowEstimate', row['rows']),
        sizeBytes: Number(row['size'] ?? 0),
        visible: row['visible'] === 't',
        columns: of(columns, row).map(toColumn),
        indexes: of(indexes, row).map(toIndex),
      }));
    },
  );
}

function toColumn(row: Row): ColumnFacts {
  const frequencies = row['frequencies'];
  return {
    name: row['name'] ?? '',
    type: row['type'] ?? '',
    notNull: row['not_null'] === 't',
    ...optional('distinct', row['distinct']),
    ...optional('nullFraction', row['null_fraction']),
    ...optional('averageWidth', row['width']),
    ...(typeof frequencies === 'string' ? { commonFrequencies: JSON.parse(frequencies) as number[] } : {}),
  };
}

interface IndexColumn {
  readonly expression: string;
  readonly key: boolean;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

function toIndex(row: Row): IndexFacts {
  const columns = JSON.parse(row['columns'] ?? '[]') as readonly IndexColumn[];
  const predicate = row['predicate'];
  return {
    name: row['name'] ?? '',
    method: row['method'] ?? '',
    definition: row['definition'] ?? '',
    keys: columns
      .filter((column) => column.key)
      .map(({ expression, descending, nullsFirst }) => ({ expression, descending, nullsFirst })),
    include: columns.filter((column) => !column.key).map((column) => column.expression),
    ...(typeof predicate === 'string' ? { predicate } : {}),
    unique: row['unique'] === 't',
    valid: row['valid'] === 't',
    constraint: row['constraint'] === 't',
    sizeBytes: Number(row['size'] ?? 0),
  };
}

/** A number that may be unknown: the field is absent then. */
function optional<K extends string>(
  key: K,
  value: string | null | undefined,
): { readonly [P in K]?: number } {
  if (value === null || value === undefined) return {};
  return { [key]: Number(value) } as { readonly [P in K]: number };
}
