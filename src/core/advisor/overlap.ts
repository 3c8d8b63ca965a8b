/** How a candidate stands to the indexes that exist. */
import type { IndexFacts, IndexKey } from '../ports.ts';
import type { Candidate } from './candidates.ts';
import { quoteIdentifier } from '../sql/identifiers.ts';

export interface Overlap {
  /** An index that already begins with all of the candidate's keys: adding the candidate would give nothing. */
  readonly coveredBy?: string;
  /** Indexes that the candidate would extend: they are its own leading keys. */
  readonly extends: readonly string[];
}

export function overlapOf(candidate: Candidate): Overlap {
  const comparable = candidate.table.indexes.filter(
    (index) => index.method === 'btree' && index.valid && index.predicate === undefined,
  );
  const coveredBy = comparable.find((index) => beginsWith(index.keys, candidate.keys));
  const extended = comparable
    .filter((index) => beginsWith(candidate.keys, index.keys))
    .map((index: IndexFacts) => index.name);
  return coveredBy === undefined ? { extends: extended } : { coveredBy: coveredBy.name, extends: extended };
}

/** True when `keys` start with `prefix`, in the same order or wholly reversed: a btree is read both ways. */
function beginsWith(keys: readonly IndexKey[], prefix: readonly IndexKey[]): boolean {
  if (prefix.length === 0 || prefix.length > keys.length) return false;
  const pairs = prefix.map((key, i) => [key, keys[i]] as const);
  if (!pairs.every(([a, b]) => b !== undefined && spelled(a) === spelled(b))) return false;
  const same = pairs.every(([a, b]) => a.descending === b?.descending && a.nullsFirst === b.nullsFirst);
  const reversed = pairs.every(([a, b]) => a.descending !== b?.descending && a.nullsFirst !== b?.nullsFirst);
  return same || reversed;
}

/** pg_get_indexdef quotes names where needed; candidates carry them bare. */
function spelled(key: IndexKey & { column?: string }): string {
  return key.column === undefined ? key.expression : quoteIdentifier(key.column);
}
