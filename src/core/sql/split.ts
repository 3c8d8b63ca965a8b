import { cutStatements } from './cut.ts';
import { copyDataEnd, nextEnd, nextPlainEnd } from './ends.ts';
import { type ParsedStatement, type SqlNode, parseSql } from './parse.ts';
import type { SqlParser } from './parser.ts';
import { bindTokens } from './placeholders.ts';
import { isProfiled } from './refusals.ts';
import type { SqlStatement } from './statement.ts';
import { type Token, scanTokens, withoutComments } from './tokens.ts';
import { isSpace, skipBetween, withHint } from './trivia.ts';

/**
 * The statements of a text, in order. What does not parse is a statement too, with its syntax error;
 * those around it are found all the same.
 *
 * A line that ends with ";" outside of literals is where a statement may end; PostgreSQL's parser says whether it does.
 * 1. The piece up to that line parses, and its last statement is ended by that ";": these are statements.
 *    (Sound without a look at what follows: the grammar decides at ";" without looking further.)
 * 2. It does not, but the scanner reads it: it is cut at the scanner's ";" and each part is read by itself,
 *    placeholders as parameters.
 * 3. No ";" of it ends a statement (it stands in the body of a SQL function): the piece grows, faster and faster,
 *    which keeps the whole linear.
 * 4. The scanner refuses it, most often for a quote that is never closed: it is a broken statement that ends with
 *    the first line that ends with ";", and reading goes on behind it.
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

interface Region {
  readonly statements: readonly SqlStatement[];
  /** Offset from where reading goes on; always behind the start of the region. */
  readonly end: number;
  /** The last statement is COPY … FROM STDIN: lines of data follow. */
  readonly copiesIn: boolean;
}

/**
 * How many times its own length a text is searched for the ends of literals that turn out to have none. A file with
 * many broken quotes (a dump of MySQL) stays linear; the searching itself costs about 10 ms per megabyte.
 */
const patienceFactor = 16;

/** How far a literal may reach, in characters, once patience is at its end: some hundred lines. */
const shortSight = 8_000;

interface Patience {
  characters: number;
}

/** Where the statement at `start` may end; undefined when a literal in it seems never to be closed. */
function findEnd(text: string, start: number, patience: Patience): number | undefined {
  if (patience.characters < 0 && text.length - start > shortSight) {
    const near = nextEnd(text.slice(start, start + shortSight), 0);
    if (near === undefined) return undefined;
    return near < shortSight ? start + near : nextPlainEnd(text, start);
  }
  const end = nextEnd(text, start);
  if (end === undefined) patience.characters -= text.length - start;
  return end;
}

/** How fast a piece grows in step 3: halves again, so that few pieces reach far behind the body's end. */
const growth = 1.5;

function readRegion(parser: SqlParser, text: string, start: number, patience: Patience): Region {
  let end = findEnd(text, start, patience);
  if (end === undefined) return broken(parser, text, start, nextPlainEnd(text, start));
  let unfinished = start;
  for (let lines = 1; ;) {
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
      const plainEnd = nextPlainEnd(text, start);
      if (hasForgottenQuote(region, tokens, start, plainEnd)) {
        patience.characters -= piece.length;
        return broken(parser, text, start, plainEnd);
      }
      if (region.end > start) return region;
      unfinished = end;
      lines = Math.ceil(lines * growth);
    } else {
      if (lines === 1) {
        patience.characters -= piece.length;
        return broken(parser, text, start, nextPlainEnd(text, start));
      }
      // It grew over what belongs to other statements and cannot be read: back to small steps.
      end = unfinished;
      lines = 1;
    }
    for (let added = 0; added < lines && end < text.length; added++)
      end = nextEnd(text, end) ?? nextPlainEnd(text, end);
  }
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
 * True when a quoted literal runs over the first line-ending ";", and its statement does not parse.
 * Then its quote was most likely forgotten, and the one that closes it belongs to another statement.
 * (Dollar quotes are not doubted: bodies of functions are full of such lines.)
 */
function hasForgottenQuote(
  region: Region,
  tokens: readonly Token[],
  start: number,
  plainEnd: number,
): boolean {
  const crossing = tokens.find((token) => start + token.end > plainEnd);
  if (crossing === undefined || start + crossing.start >= plainEnd) return false;
  if (!crossing.text.endsWith("'") && !crossing.text.endsWith('"')) return false;
  const owner = region.statements.find((one) => one.end > start + crossing.start);
  return owner?.syntaxError !== undefined;
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

/** What nobody can read up to `end`; statements before it on its line are found first. */
function broken(parser: SqlParser, text: string, start: number, end: number): Region {
  for (let at = text.lastIndexOf(';', end - 2); at > start; at = text.lastIndexOf(';', at - 1)) {
    const piece = text.slice(start, at + 1);
    const tokens = scanTokens(parser, piece);
    const region = tokens && readTokens(parser, piece, start, tokens, false);
    if (region !== undefined && region.end > start) return region;
  }
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
