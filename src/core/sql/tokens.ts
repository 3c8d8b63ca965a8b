import type { SqlParser } from './parser.ts';
import { utf8Offsets } from './offsets.ts';

/** A token of PostgreSQL's scanner, in UTF-16 offsets. */
export interface Token {
  readonly start: number;
  readonly end: number;
  /** As written, case kept. */
  readonly text: string;
  readonly kind: TokenKind;
  /** A word that PostgreSQL knows, reserved or not. */
  readonly keyword: boolean;
}

export type TokenKind = 'comment' | 'word' | 'quotedName' | 'string' | 'number' | 'parameter' | 'symbol';

/**
 * The tokens of `text`, comments included; undefined when the scanner refuses it
 * (an unterminated literal or comment, trailing junk after a number, an invalid escape).
 */
export function scanTokens(parser: SqlParser, text: string): readonly Token[] | undefined {
  const scanned = tryScan(parser, text) ?? tryScan(parser, withoutControls(text));
  if (scanned === undefined) return undefined;
  const unit = utf8Offsets(text);
  return scanned.map((token) => {
    const start = unit(token.start);
    const end = unit(token.end);
    const written = text.slice(start, end);
    const kind = kindOf(token.tokenName, token.keywordKind, written);
    return { start, end, text: written, kind, keyword: token.keywordKind > 0 };
  });
}

/** Tokens that mean something: all but comments. */
export function withoutComments(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter((token) => token.kind !== 'comment');
}

/** A keyword or an unquoted name, compared as PostgreSQL folds it; `word` is lower case. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word;
}

function tryScan(parser: SqlParser, text: string) {
  // The empty string is refused by the scanner's binding, not by the scanner.
  if (text === '') return [];
  try {
    return parser.scan(text).tokens;
  } catch {
    return undefined;
  }
}

/**
 * The scanner's binding writes tokens as JSON and leaves control characters inside them bare, which breaks it.
 * Inside literals and comments a space does as well; elsewhere the parser, which sees the original, refuses them.
 */
function withoutControls(text: string): string {
  let clean = '';
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) continue;
    clean += `${text.slice(copied, at)} `;
    copied = at + 1;
  }
  return clean + text.slice(copied);
}

/** The scanner names few kinds ("UNKNOWN" is its word for keywords and operators alike); the first character tells the rest. */
function kindOf(name: string, keywordKind: number, text: string): TokenKind {
  if (name === 'SQL_COMMENT' || name === 'C_COMMENT') return 'comment';
  if (name === 'PARAM') return 'parameter';
  if (name === 'ICONST' || name === 'FCONST') return 'number';
  if (name === 'SCONST') return 'string';
  if (keywordKind > 0) return 'word';
  // U&"name" and U&'text', B'01', X'ff', N'text' come without a name of their own.
  if (text.endsWith('"')) return 'quotedName';
  if (text.endsWith("'")) return 'string';
  return name === 'IDENT' ? 'word' : 'symbol';
}
