/** How the product's own statements are told from the user's, on every server that it touches. */
export const applicationName = 'PostgreSQL Query Profiler';

/**
 * Stands after the first keyword of each of our statements: PostgreSQL 18 strips leading comments
 * before `pg_stat_statements` stores a text, but keeps this one.
 */
export const ownMarker = '/* pg-query-profiler */';

/** True for a text of `pg_stat_statements` or `pg_stat_activity` that this product sent. */
export const isOwnStatement = (text: string): boolean => text.includes(ownMarker);

/** Puts the marker after the first keyword: "CREATE /* pg-query-profiler *\/ INDEX …". */
export function markStatement(sql: string): string {
  const trimmed = sql.trim();
  const keywordEnd = /^[a-z]+/i.exec(trimmed)?.[0].length ?? 0;
  return `${trimmed.slice(0, keywordEnd)} ${ownMarker}${trimmed.slice(keywordEnd)}`;
}
