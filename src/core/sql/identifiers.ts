/** Names as SQL spells them. */

/** NAMEDATALEN − 1: longer names are cut by the server, in bytes. */
const maxIdentifierBytes = 63;

const plainIdentifier = /^[a-z_][a-z0-9_$]*$/;

/**
 * Words that PostgreSQL 18 does not accept unquoted as a column or table name
 * (src/include/parser/kwlist.h: RESERVED_KEYWORD and TYPE_FUNC_NAME_KEYWORD).
 */
const reserved = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate ' +
    'collation column concurrently constraint create cross current_catalog current_date current_role ' +
    'current_schema current_time current_timestamp current_user default deferrable desc distinct do else end ' +
    'except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into ' +
    'is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on ' +
    'only or order outer overlaps placing primary references returning right select session_user similar some ' +
    'symmetric system_user table tablesample then to trailing true union unique user using variadic verbose ' +
    'when where window with'
  ).split(' '),
);

/** The name as it must be written in SQL: quoted only where it has to be. */
export function quoteIdentifier(name: string): string {
  if (plainIdentifier.test(name) && !reserved.has(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** schema.name, or name alone where the schema is not needed. */
export function quoteQualified(schema: string | undefined, name: string): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** Cuts a name to what the server keeps, never through a character. */
export function fitIdentifier(name: string, suffix = ''): string {
  let kept = '';
  let bytes = utf8Length(suffix);
  for (const character of name) {
    bytes += utf8Length(character);
    if (bytes > maxIdentifierBytes) break;
    kept += character;
  }
  return kept + suffix;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
