/**
 * A plan as people have it → the plan as the server printed it. Each step knows one kind of wrapping and leaves
 * everything else alone; together they take off psql's frames inside Markdown inside a quoted mail.
 */
import { plainCharacters } from './unwrap/characters.ts';
import { takeFenced } from './unwrap/fences.ts';
import { joinHardWraps } from './unwrap/hardWrap.ts';
import { dropPrefixes } from './unwrap/prefixes.ts';
import { dropBorders, dropHeaders, dropRightBorders, joinCells } from './unwrap/psql.ts';
import { unfoldTable } from './unwrap/foldedTable.ts';
import { readLiterals } from './unwrap/literals.ts';
import { readPsqlRows } from './unwrap/psqlRows.ts';
import { readPsqlRecords } from './unwrap/psqlRecords.ts';
import { unquoteCells } from './unwrap/quotedCells.ts';
import type { UnwrapStep } from './unwrap/sourceLines.ts';
import { toSourceLines } from './unwrap/sourceLines.ts';

export interface Unwrapped {
  readonly text: string;
  /** Line of the input that a line of `text` comes from; both 1-based. */
  lineOf(line: number): number;
}

/** From the outside in. */
const steps: readonly UnwrapStep[] = [
  dropPrefixes,
  takeFenced,
  readLiterals,
  unfoldTable,
  dropRightBorders,
  readPsqlRecords,
  readPsqlRows,
  dropBorders,
  // Rows are numbered inside of borders, too.
  dropPrefixes,
  unquoteCells,
  joinCells,
  dropHeaders,
  joinHardWraps,
];

export function unwrap(input: string): Unwrapped {
  const plain = plainCharacters(input);
  const lines = toSourceLines(plain);
  const unwrapped = steps.reduce((current, step) => step(current), lines);
  return {
    text: unwrapped === lines ? plain : unwrapped.map((line) => line.text).join('\n'),
    lineOf: (line) => unwrapped[Math.min(line, unwrapped.length) - 1]?.number ?? line,
  };
}
