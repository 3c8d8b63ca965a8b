import type { SqlParser } from './parser.ts';
import { scanTokens } from './tokens.ts';

export interface MaskedSql {
  readonly text: string;
  /** Where an offset of the original stands in `text`; both UTF-16. */
  readonly offsetOf: (offset: number) => number;
  /** The literals that were masked, as written. */
  readonly literals: readonly string[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly literal?: string;
}

/**
 * Every value is hidden by the same sign, whatever its length: how long a secret is, is a part of it. A digit in place of
 * a number would be believed (LIMIT 0); this sign is a name to PostgreSQL's scanner (src/backend/parser/scan.l takes every
 * byte from 0x80 on for a letter), so that the text can still be read as SQL.
 */
const mask = '…';

/**
 * SQL, or an expression of a plan, with its layout kept and its values hidden: 'ann@example.org' → '…', 42 → …. Wildcards
 * at the ends of a pattern stay ('%smith' → '%…'), for an index depends on them. Comments go, they may hold anything.
 * Undefined when the scanner refuses the text: nobody knows then where its literals end.
 */
export function maskLiterals(parser: SqlParser, sql: string): MaskedSql | undefined {
  const tokens = scanTokens(parser, sql);
  if (tokens === undefined) return undefined;
  const edits = tokens.flatMap(({ kind, start, end, text }): readonly Edit[] => {
    if (kind === 'string') return [{ start, end, text: maskString(text), literal: text }];
    if (kind === 'number') return [{ start, end, text: mask }];
    return kind === 'comment' ? [{ start, end, text: '' }] : [];
  });
  let text = '';
  let from = 0;
  for (const edit of edits) {
    text += sql.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return {
    text: text + sql.slice(from),
    offsetOf: (offset) => {
      let moved = offset;
      for (const edit of edits) {
        if (edit.end > offset) break;
        moved += edit.text.length - (edit.end - edit.start);
      }
      return moved;
    },
    literals: edits.flatMap(({ literal }) => literal ?? []),
  };
}

/** E'…' and U&'…' lose their prefix, and dollar quotes their tags: what is left needs none. */
function maskString(literal: string): string {
  const content = /'([\s\S]*)'$/.exec(literal)?.[1] ?? '';
  const leading = /^[%_]/.exec(content)?.[0] ?? '';
  const trailing = content.length > 1 ? (/%$/.exec(content)?.[0] ?? '') : '';
  return `'${leading}${mask}${trailing}'`;
}
