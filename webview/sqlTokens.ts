/** Colours for SQL that is shown. Only for the eye: nothing is decided by it, so a word list is enough. Pure. */

export interface SqlToken {
  readonly kind: 'keyword' | 'string' | 'number' | 'comment' | 'plain';
  readonly text: string;
}

const keywords: ReadonlySet<string> = new Set(
  (
    'all alter analyze and any as asc between btree by case cast check column concurrently constraint create cross current_date ' +
    'current_timestamp database default delete desc distinct drop else end except exclude exists explain false fetch filter first ' +
    'following for foreign from full function gin gist group grouping having hash if ilike in include index inner insert intersect ' +
    'interval into is join key last lateral left like limit lock materialized merge natural not null nulls offset on only or order ' +
    'outer over partition preceding primary range recursive references refresh reindex reset returning right row rows schema select ' +
    'set statistics system table tablespace then to true truncate union unique unbounded update using vacuum values view when where window with within'
  ).split(' '),
);

// Comments, quoted text (with '' inside), dollar quotes, quoted identifiers, numbers, words, and anything else.
const tokenPattern =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>[eE]?'(?:[^']|'')*'|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)|(?<quoted>"(?:[^"]|"")*")|(?<number>\b\d+(?:\.\d+)?\b)|(?<word>[A-Za-z_]\w*)|[\s\S]/g;

/** The tokens' texts, put together, are the input. */
export function sqlTokens(sql: string): readonly SqlToken[] {
  const tokens: { kind: SqlToken['kind']; text: string }[] = [];
  for (const match of sql.matchAll(tokenPattern)) {
    const kind = kindOf(match.groups ?? {});
    const last = tokens.at(-1);
    if (kind === 'plain' && last?.kind === 'plain') last.text += match[0];
    else tokens.push({ kind, text: match[0] });
  }
  return tokens;
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): SqlToken['kind'] {
  if (groups['comment'] !== undefined) return 'comment';
  if (groups['string'] !== undefined) return 'string';
  if (groups['number'] !== undefined) return 'number';
  return groups['word'] !== undefined && keywords.has(groups['word'].toLowerCase()) ? 'keyword' : 'plain';
}
