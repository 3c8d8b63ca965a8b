/** Lines that hold several pairs: "Buckets: 1024 (originally 512)  Batches: 1  Memory Usage: 40kB". */
import type { RawValue } from '../raw.ts';
import type { RawDraft } from '../rawBuilder.ts';
import { quantityOf } from './numbers.ts';

type Pair = readonly [key: string, value: string];

/**
 * Each value ends where the next key begins: at a capital letter behind a space (values are numbers and names of
 * methods, which have none).
 */
function pairsOf(key: string, value: string): readonly Pair[] {
  const pairs: Pair[] = [];
  let name = key;
  let from = 0;
  for (let colon = value.indexOf(': '); colon >= 0; colon = value.indexOf(': ', from)) {
    const next = nextKeyIn(value, from, colon);
    if (next < 0) break;
    pairs.push([name, value.slice(from, next).trim()]);
    name = value.slice(next, colon);
    from = colon + 2;
  }
  pairs.push([name, value.slice(from).trim()]);
  return pairs;
}

function nextKeyIn(value: string, from: number, to: number): number {
  for (let at = from + 1; at < to; at++) {
    if (value[at - 1] === ' ' && value[at]! >= 'A' && value[at]! <= 'Z') return at;
  }
  return -1;
}

/** "external merge  Disk: 22960kB" */
export function sortMethod(target: RawDraft, value: string, key: string): false {
  for (const [name, text] of pairsOf(key, value)) {
    if (name === 'Memory' || name === 'Disk') {
      target['Sort Space Used'] = quantityOf(text);
      target['Sort Space Type'] = name;
    } else target[name] = text;
  }
  return false;
}

/** A number that changed on the way is printed with what it was; the other formats always print both. */
export function hashTable(target: RawDraft, value: string, key: string): false {
  for (const [name, text] of pairsOf(key, value)) {
    if (name === 'Memory Usage') target['Peak Memory Usage'] = quantityOf(text);
    else if (name === 'Buckets' || name === 'Batches') {
      const original = text.indexOf(' (originally ');
      const now = original < 0 ? text : text.slice(0, original);
      const before = original < 0 ? now : text.slice(original + ' (originally '.length, -1);
      target[`Hash ${name}`] = quantityOf(now);
      target[`Original Hash ${name}`] = quantityOf(before);
    } else target[name] = quantityOf(text);
  }
  return false;
}

export const hashAggregation = renamed([
  ['Batches', 'HashAgg Batches'],
  ['Memory Usage', 'Peak Memory Usage'],
]);

export const memoizeCounts = renamed([
  ['Hits', 'Cache Hits'],
  ['Misses', 'Cache Misses'],
  ['Evictions', 'Cache Evictions'],
  ['Overflows', 'Cache Overflows'],
  ['Memory Usage', 'Peak Memory Usage'],
]);

export const storage = renamed([]);

function renamed(
  renames: readonly (readonly [printed: string, key: string])[],
): (target: RawDraft, value: string, key: string) => false {
  const names = new Map(renames);
  return (target, value, key) => {
    for (const [name, text] of pairsOf(key, value)) target[names.get(name) ?? name] = quantityOf(text);
    return false;
  };
}

/** "Full-sort Groups: 13  Sort Methods: quicksort, top-N heapsort  Average Memory: 27kB  Peak Memory: 27kB" */
export function sortGroups(target: RawDraft, value: string, key: string): false {
  const group: RawDraft = {};
  for (const [name, text] of pairsOf(key, value)) {
    const space = /^(Average|Peak) (Memory|Disk)$/.exec(name);
    if (name === key) group['Group Count'] = quantityOf(text);
    else if (name === 'Sort Method' || name === 'Sort Methods') group['Sort Methods Used'] = text.split(', ');
    else if (space) {
      const spaceKey = `Sort Space ${space[2]}`;
      const before = group[spaceKey] as Readonly<Record<string, RawValue>> | undefined;
      group[spaceKey] = { ...before, [`${space[1]} Sort Space Used`]: quantityOf(text) };
    } else group[name] = quantityOf(text);
  }
  target[key] = group;
  return false;
}
