import { cutStatements } from './cut.ts';
import { type ParsedStatement, type SqlNode, parseSql } from './parse.ts';
import type { SqlParser } from './parser.ts';
import { bindTokens } from './placeholders.ts';
import { isProfiled } from './refusals.ts';
import type { SqlStatement } from './statement.ts';
import { type Token, scanTokens, withoutComments } from './tokens.ts';
import { isSpace, lineEnd, skipBetween, withHint } from './trivia.ts';

/**
 * The statements of a text, in order. What does not parse is a statement too, with its syntax error;
 * those around it are found all the same.
 *
 * A line that ends with ";" is where a statement may end; PostgreSQL's parser says whether it does.
 * 1. The piece up to that line parses, and its last statement is ended by that ";": these are statements.
 *    (Sound without a look at what follows: the grammar decides at ";" without looking further.)
 * 2. It does not, but the scanner reads it: it is cut at the scanner's ";" and each part is read by itself,
 *    placeholders as parameters.
 * 3. The scanner refuses it (the ";" stands in a literal or comment that goes on), or no ";" of it ends a statement:
 *    the piece grows to twice as many lines. Doubling keeps the whole linear.
 * 4. Nothing up to the end of the text can be read, for a quote was never closed: the first line that ends with ";"
 *    ends the broken statement, and reading goes on behind it.
 */
export function splitStatements(parser: SqlParser, text: string): readonly SqlStatement[] {
  // The parser's strings end at NUL. A space keeps every offset; the guard refuses the statement itself.
  const readable = text.replaceAll('\0', ' ');
  const patience = { characters: text.length * patienceFactor };
  const found: SqlStatement[] = [];
  let at = skipBetween(readable, 0);
  while (at < readable.length) {
    const region = readRegion(parser, readable, at, patience);
    found.push(...region.statements);
    at = skipBetween(readable, region.copiesIn ? copyDataEnd(readable, region.end) : region.end);
  }
  if (readable === text) return found;
  return found.map((one) => ({ ...one, text: text.slice(one.start, one.end) }));
}

/**
 * How many times its own length a text may be scanned in vain (step 3 without success), which keeps a file with
 * many broken quotes linear. A scan that fails is some fifty times cheaper than one that succeeds.
 */
const patienceFactor = 8;

interface Region {
  readonly statements: readonly SqlStatement[];
  /** Offset from where reading goes on; always behind the start of the region. */
  readonly end: number;
  /** The last statement is COPY … FROM STDIN: lines of data follow. */
  readonly copiesIn: boolean;
}

function readRegion(
  parser: SqlParser,
  text: string,
  start: number,
  patience: { characters: number },
): Region {
  const firstEnd = nextEnd(text, start);
  let end = firstEnd;
  for (let lines = 1; ; lines *= 2) {
    const piece = text.slice(start, end);
    const isLast = end === text.length;
    const parsed = parseSql(parser, piece);
    if (parsed.ok && (isLast || parsed.statements.at(-1)?.terminated === true)) {
      const statements = parsed.statements.map((one, index) =>
        toStatement(parser, text, start, one, start + (parsed.statements[index - 1]?.end ?? 0)),
      );
      return { statements, end, copiesIn: copiesIn(parsed.statements.at(-1)) };
    }
    const tokens = scanTokens(parser, piece);
    if (tokens !== undefined) {
      const region = readTokens(parser, piece, start, tokens, isLast);
      if (hasForgottenQuote(region, tokens, firstEnd - start)) return broken(parser, text, start, firstEnd);
      if (region.end > start) return region;
    } else {
      patience.characters -= piece.length;
      if (isLast || patience.characters < 0) return broken(parser, text, start, firstEnd);
    }
    for (let added = 0; added < lines && end < text.length; added++) end = nextEnd(text, end);
  }
}

/** Behind the next ";" that only blanks or a line comment follow on its line: where a statement may end. */
function nextEnd(text: string, from: number): number {
  for (let at = text.indexOf(';', from); at !== -1; at = text.indexOf(';', at + 1)) {
    let after = at + 1;
    while (text[after] === ' ' || text[after] === '\t' || text[after] === '\r') after++;
    if (after >= text.length || text[after] === '\n' || text.startsWith('--', after)) return at + 1;
  }
  return text.length;
}

function toStatement(
  parser: SqlParser,
  text: string,
  base: number,
  parsed: ParsedStatement,
  from: number,
): SqlStatement {
  const start = withHint(text, from, base + parsed.start);
  const end = lastTokenEnd(parser, text, base + parsed.start, base + parsed.end);
  return {
    start,
    end,
    text: text.slice(start, end),
    kind: parsed.kind,
    explainable: isExplainable(parsed.kind, parsed.node),
  };
}

/** Where the last token ends: the parser's own length counts the comments behind it. */
function lastTokenEnd(parser: SqlParser, text: string, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && isSpace(text[trimmed - 1])) trimmed--;
  const statement = text.slice(start, trimmed);
  const lastLine = statement.slice(statement.lastIndexOf('\n') + 1);
  // Only a scan tells a comment from a literal that looks like one; few statements need it.
  if (!lastLine.includes('--') && !statement.endsWith('*/')) return trimmed;
  const last = withoutComments(scanTokens(parser, statement) ?? []).at(-1);
  return last === undefined ? trimmed : start + last.end;
}

function readTokens(
  parser: SqlParser,
  piece: string,
  base: number,
  tokens: readonly Token[],
  isLast: boolean,
): Region {
  const statements: SqlStatement[] = [];
  let end = 0;
  for (const cut of cutStatements(withoutComments(tokens), piece, isLast)) {
    const read = readCut(parser, piece, base, cut.tokens, end);
    statements.push(read.statement);
    end = cut.end ?? piece.length;
    if (read.copiesIn) return { statements, end: base + end, copiesIn: true };
  }
  return { statements, end: base + (isLast ? piece.length : end), copiesIn: false };
}

/**
 * True when the first statement does not parse and holds a quoted literal that runs over its first line-ending ";".
 * Then its quote was most likely forgotten, and the one that closes it belongs to another statement.
 * (Dollar quotes are not doubted: bodies of functions are full of such lines.)
 */
function hasForgottenQuote(region: Region, tokens: readonly Token[], firstEnd: number): boolean {
  if (region.statements[0]?.syntaxError === undefined) return false;
  const crossing = tokens.find((token) => token.end > firstEnd);
  if (crossing === undefined || crossing.start >= firstEnd) return false;
  return crossing.text.endsWith("'") || crossing.text.endsWith('"');
}

/** Reads one statement whose tokens are known; placeholders are no errors in it. */
function readCut(parser: SqlParser, piece: string, base: number, tokens: readonly Token[], from: number) {
  const first = tokens[0]?.start ?? 0;
  const last = tokens.at(-1)?.end ?? piece.length;
  const start = base + withHint(piece, from, first);
  const place = { start, end: base + last, text: piece.slice(start - base, last) };
  const bound = bindTokens(piece.slice(first, last), tokens, first);
  const parsed = parseSql(parser, bound.sql);
  if (!parsed.ok) {
    const offset = base + first + bound.originalOffset(parsed.fault.offset);
    const syntaxError = { message: parsed.fault.message, offset };
    const statement: SqlStatement = { ...place, kind: 'unknown', explainable: false, syntaxError };
    return { statement, copiesIn: false };
  }
  const [one] = parsed.statements;
  const explainable = one !== undefined && isExplainable(one.kind, one.node);
  const statement: SqlStatement = { ...place, kind: one?.kind ?? 'unknown', explainable };
  return { statement, copiesIn: copiesIn(one) };
}

function broken(parser: SqlParser, text: string, start: number, end: number): Region {
  let last = text[end - 1] === ';' ? end - 1 : end;
  while (last > start && isSpace(text[last - 1])) last--;
  const piece = text.slice(start, last);
  const parsed = parseSql(parser, piece);
  const fault = parsed.ok ? { message: 'unterminated literal or comment', offset: 0 } : parsed.fault;
  const syntaxError = { message: fault.message, offset: start + fault.offset };
  const statement: SqlStatement = {
    start,
    end: last,
    text: piece,
    kind: 'unknown',
    explainable: false,
    syntaxError,
  };
  return { statements: [statement], end, copiesIn: false };
}

function isExplainable(kind: string, node: SqlNode): boolean {
  if (kind === 'ExplainStmt') {
    const [inner, innerNode] = Object.entries((node['query'] ?? {}) as SqlNode)[0] ?? [];
    return inner !== undefined && isExplainable(inner, innerNode as SqlNode);
  }
  return isProfiled(kind) && !hasInto(node);
}

/** SELECT … INTO, also as the first branch of a UNION, the only other place that PostgreSQL allows. */
function hasInto(select: SqlNode): boolean {
  for (let at: SqlNode | undefined = select; at !== undefined; at = at['larg'] as SqlNode | undefined) {
    if (at['intoClause'] !== undefined) return true;
  }
  return false;
}

function copiesIn(statement: ParsedStatement | undefined): boolean {
  if (statement?.kind !== 'CopyStmt') return false;
  const { is_from: isFrom, filename, is_program: isProgram } = statement.node;
  return isFrom === true && filename === undefined && isProgram !== true;
}

/** Behind the line "\." that ends the data of COPY … FROM STDIN; without one there are no data here. */
function copyDataEnd(text: string, from: number): number {
  for (let at = lineEnd(text, from); at < text.length;) {
    const end = lineEnd(text, at + 1);
    const line = text.slice(at + 1, end);
    if (line === '\\.' || line === '\\.\r') return end;
    at = end;
  }
  return from;
}
