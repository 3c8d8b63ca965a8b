/** Lines of "name=number": buffers, I/O, write-ahead log, memory. Each reader tells whether it opens a section. */
import type { RawDraft } from '../rawBuilder.ts';
import { assignmentsOf, quantityOf } from './numbers.ts';

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

/** "shared hit=1 read=2, temp written=3" */
export function bufferCounts(target: RawDraft, value: string): false {
  for (const part of partsOf(value)) {
    for (const [name, count] of part.counts) target[`${capital(part.kind)} ${capital(name)} Blocks`] = count;
  }
  return false;
}

/**
 * "read=1 write=2" up to 14; "shared/local read=1, temp write=2" in 15 and 16; each kind by itself from 17. The other
 * formats name the first two alike.
 */
export function ioTimings(target: RawDraft, value: string): false {
  for (const part of partsOf(value)) {
    const kind = part.kind === '' || part.kind === 'shared/local' ? '' : `${capital(part.kind)} `;
    for (const [name, ms] of part.counts) target[`${kind}I/O ${capital(name)} Time`] = ms;
  }
  return false;
}

interface Part {
  readonly kind: string;
  readonly counts: readonly (readonly [name: string, value: string | number])[];
}

/** Splits "shared hit=1 read=2, local hit=3"; nothing at all when some part is of another form. */
function partsOf(value: string): readonly Part[] {
  const parts: Part[] = [];
  for (const text of value.split(',')) {
    const counts = assignmentsOf(text);
    if (!counts || counts.some(([, count]) => typeof count !== 'number')) return [];
    const [first] = counts;
    const words = first![0].split(' ');
    const name = words.pop()!;
    parts.push({
      kind: words.join(' '),
      counts: [[name, first![1] as number], ...(counts.slice(1) as [string, number][])],
    });
  }
  return parts;
}

const walNames: ReadonlyMap<string, string> = new Map([
  ['records', 'WAL Records'],
  ['fpi', 'WAL FPI'],
  ['fpi bytes', 'WAL FPI Bytes'],
  ['bytes', 'WAL Bytes'],
  ['buffers full', 'WAL Buffers Full'],
]);

export const walCounts = namedCounts((name) => walNames.get(name) ?? `WAL ${name}`);
export const heapBlocks = namedCounts((name) => `${capital(name)} Heap Blocks`);
export const tuples = namedCounts((name) => `Tuples ${capital(name)}`);
export const memory = namedCounts((name) => `Memory ${capital(name)}`);

function namedCounts(keyOf: (name: string) => string): (target: RawDraft, value: string) => false {
  return (target, value) => {
    for (const [name, count] of assignmentsOf(value) ?? []) target[keyOf(name)] = count;
    return false;
  };
}

/** "time=0.013 ms  output=1kB  format=text", and its buffers in lines of their own below. */
export function serialization(target: RawDraft, value: string): boolean {
  const section: RawDraft = {};
  for (const phrase of value.split('  ')) {
    const equals = phrase.indexOf('=');
    if (equals < 0) return false;
    const name = phrase.slice(0, equals).trim();
    const text = phrase.slice(equals + 1).trim();
    section[serializationNames.get(name) ?? name] = name === 'format' ? text : quantityOf(text);
  }
  target['Serialization'] = section;
  return true;
}

const serializationNames: ReadonlyMap<string, string> = new Map([
  ['time', 'Time'],
  ['output', 'Output Volume'],
  ['format', 'Format'],
]);
