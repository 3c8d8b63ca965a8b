/** The end of a node's line: "(cost=0.00..1.00 rows=1 width=4) (actual time=0.1..0.2 rows=1 loops=1)". */
import { exactNumber, type RawDraft } from '../rawBuilder.ts';
import { isNumber } from './numbers.ts';

export interface Headline {
  /** What stands before the measures. */
  readonly name: string;
  /** Undefined when there are none (COSTS OFF without ANALYZE, or not a node at all). */
  readonly measures: RawDraft | undefined;
  /** The line ends inside the measures: the paste was cut there. */
  readonly isCut: boolean;
}

/** Read from the end: a name may hold anything, even measures, but then it ends with a quote. */
export function splitHeadline(line: string): Headline {
  const measures: RawDraft = {};
  let end = line.length;
  let found = false;
  const cutAt = line.endsWith(')') ? -1 : openGroupAt(line);
  if (cutAt >= 0) {
    readCutGroup(line.slice(cutAt + 1), measures);
    end = endOfText(line, cutAt);
    found = true;
  }
  while (line[end - 1] === ')') {
    const open = line.lastIndexOf('(', end - 1);
    if (open < 0 || !readGroup(line.slice(open + 1, end - 1), measures)) break;
    found = true;
    end = endOfText(line, open);
  }
  return { name: line.slice(0, end), measures: found ? measures : undefined, isCut: cutAt >= 0 };
}

/** Measures that could not be told from the name: other decimals, other letters. */
export function holdsUnreadMeasures(name: string): boolean {
  return /\((?:cost=|actual )/i.test(name);
}

function endOfText(line: string, before: number): number {
  let end = before;
  while (line[end - 1] === ' ') end--;
  return end;
}

/** Where the group that the line breaks off in begins; -1 when it does not. */
function openGroupAt(line: string): number {
  if (line.endsWith('"')) return -1;
  const open = line.lastIndexOf('(');
  return open > 0 && (line.startsWith('cost=', open + 1) || line.startsWith('actual ', open + 1)) ? open : -1;
}

function readGroup(group: string, into: RawDraft): boolean {
  if (group.startsWith('cost=')) return readWords(group, costKeys, into);
  if (group.startsWith('actual ')) return readWords(group.slice('actual '.length), actualKeys, into);
  if (group !== 'never executed') return false;
  // The other formats print zeros.
  into['Actual Rows'] = 0;
  into['Actual Loops'] = 0;
  return true;
}

interface MeasureKeys {
  readonly range: readonly [name: string, startup: string, total: string];
  readonly single: ReadonlyMap<string, string>;
}

const costKeys: MeasureKeys = {
  range: ['cost', 'Startup Cost', 'Total Cost'],
  single: new Map([
    ['rows', 'Plan Rows'],
    ['width', 'Plan Width'],
  ]),
};

const actualKeys: MeasureKeys = {
  range: ['time', 'Actual Startup Time', 'Actual Total Time'],
  single: new Map([
    ['rows', 'Actual Rows'],
    ['loops', 'Actual Loops'],
  ]),
};

/** What stands after "Worker 0:" too. */
export function readActual(text: string, into: RawDraft): boolean {
  return readWords(text, actualKeys, into);
}

function readWords(group: string, keys: MeasureKeys, into: RawDraft): boolean {
  for (const word of group.split(' ')) {
    if (word !== '' && !readWord(word, keys, into)) return false;
  }
  return true;
}

function readWord(word: string, keys: MeasureKeys, into: RawDraft): boolean {
  const equals = word.indexOf('=');
  if (equals < 0) return false;
  const name = word.slice(0, equals);
  const value = word.slice(equals + 1);
  const [rangeName, startupKey, totalKey] = keys.range;
  if (name === rangeName) {
    const dots = value.indexOf('..');
    const startup = value.slice(0, Math.max(dots, 0));
    const total = value.slice(dots + 2);
    if (dots < 0 || !isNumber(startup) || !isNumber(total)) return false;
    into[startupKey] = exactNumber(startup);
    into[totalKey] = exactNumber(total);
    return true;
  }
  const key = keys.single.get(name) ?? name;
  if (!isNumber(value)) return false;
  into[key] = exactNumber(value);
  // Rows have decimals from PostgreSQL 18, whose other formats print Disabled on every node (rows.ts relies on it).
  if (key === 'Actual Rows' && value.includes('.')) into['Disabled'] ??= false;
  return true;
}

/** The last word may have lost digits: kept as text, not as a number. */
function readCutGroup(group: string, into: RawDraft): void {
  const keys = group.startsWith('cost=') ? costKeys : actualKeys;
  const words = group.split(' ').filter((word) => word !== '' && word !== 'actual');
  const last = words.pop();
  for (const word of words) readWord(word, keys, into);
  if (last !== undefined) into['Cut Off'] = last;
}
