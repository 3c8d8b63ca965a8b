/**
 * pg_stat_statements puts $n in place of every constant, also of one behind a type name: interval '1 day' becomes
 * "interval $1", which the server itself does not parse. A cast says the same: $1::interval.
 */
import { parseSql } from './parse.ts';
import type { SqlParser } from './parser.ts';
import { isWord, scanTokens, type Token, withoutComments } from './tokens.ts';

const constantTypes = ['interval', 'date', 'time', 'timetz', 'timestamp', 'timestamptz'];
const zoneWords = ['time', 'zone'];

/**
 * The text with such constants as casts; unchanged when there are none, or the result does not parse. Whether the text
 * parses as it stands says nothing: libpg-query takes "date $1", the server does not.
 */
export function repairNormalized(parser: SqlParser, sql: string): string {
  const tokens = withoutComments(scanTokens(parser, sql) ?? []);
  let repaired = '';
  let copied = 0;
  for (const [at, token] of tokens.entries()) {
    const parameterAt = at + typeLength(tokens, at);
    const parameter = tokens[parameterAt];
    if (parameterAt === at || parameter?.kind !== 'parameter') continue;
    const type = sql.slice(token.start, tokens[parameterAt - 1]?.end);
    repaired += `${sql.slice(copied, token.start)}${parameter.text}::${type}`;
    copied = parameter.end;
  }
  repaired += sql.slice(copied);
  return parseSql(parser, repaired).ok ? repaired : sql;
}

/** How many tokens from `at` on name such a type: 1, 4 for "timestamp with time zone", 0 for none. */
function typeLength(tokens: readonly Token[], at: number): number {
  if (!constantTypes.some((type) => isWord(tokens[at], type))) return 0;
  const zoned = ['with', 'without'].some((word) => isWord(tokens[at + 1], word));
  return zoned && zoneWords.every((word, i) => isWord(tokens[at + 2 + i], word)) ? 4 : 1;
}
