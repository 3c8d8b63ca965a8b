/** CREATE INDEX, as text: for the user (CONCURRENTLY), for a trial (inside a transaction), and its undoing. */
import type { IndexKey, TableFacts } from '../ports.ts';
import { fitIdentifier, quoteIdentifier, quoteQualified } from '../sql/identifiers.ts';
import type { Candidate } from './candidates.ts';

export interface IndexDdl {
  readonly name: string;
  /** For the user to keep: does not block writes. */
  readonly create: string;
  readonly undo: string;
  /** For a transaction that is rolled back: CONCURRENTLY is not allowed there. */
  readonly trial: string;
}

export function indexDdl(candidate: Candidate): IndexDdl {
  const { table, keys } = candidate;
  const name = freeName(table, [table.name, ...keys.map((key) => key.column)].join('_'));
  const target = quoteQualified(table.visible ? undefined : table.schema, table.name);
  const columns = keys.map(keyText).join(', ');
  const index = quoteQualified(table.visible ? undefined : table.schema, name);
  // CREATE INDEX CONCURRENTLY does not work on a partitioned parent (manual, CREATE INDEX).
  const concurrently = table.kind === 'partitioned' ? '' : 'CONCURRENTLY ';
  return {
    name,
    create: `CREATE INDEX ${concurrently}${quoteIdentifier(name)} ON ${target} (${columns});`,
    undo: `DROP INDEX ${concurrently}${index};`,
    trial: `CREATE INDEX ${quoteIdentifier(name)} ON ${target} (${columns})`,
  };
}

/** A key as it stands in CREATE INDEX: direction and NULLS only where they differ from the default. */
export function keyText(key: IndexKey): string {
  const direction = key.descending ? ' DESC' : '';
  const nulls = key.nullsFirst === key.descending ? '' : key.nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
  return `${quoteIdentifier(key.expression)}${direction}${nulls}`;
}

/** PostgreSQL's own naming, table_columns_idx, with a number where that is taken. */
function freeName(table: TableFacts, stem: string): string {
  const taken = new Set(table.indexes.map((index) => index.name));
  for (let n = 0; ; n++) {
    const name = fitIdentifier(stem, n === 0 ? '_idx' : `_idx${n}`);
    if (!taken.has(name)) return name;
  }
}
