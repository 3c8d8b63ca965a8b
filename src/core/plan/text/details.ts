/** "Key: value" below a node → the keys that the other formats print for it, with their types. */
import type { RawValue } from '../raw.ts';
import { isRawList } from '../raw.ts';
import { type RawDraft, setMember } from '../rawBuilder.ts';
import { bufferCounts, heapBlocks, ioTimings, memory, serialization, tuples, walCounts } from './counters.ts';
import { isExpressionKey } from './lines.ts';
import { quantityOf, valueOf } from './numbers.ts';
import { hashAggregation, hashTable, memoizeCounts, sortGroups, sortMethod, storage } from './pairs.ts';
import { splitList } from './quoting.ts';
import { jitOptions, jitTiming, sampling, settings } from './phrases.ts';

/** Reads a value into `target`; true when lines below it, further in, belong to what it has put there. */
type DetailReader = (target: RawDraft, value: string, key: string) => boolean;

const readers: ReadonlyMap<string, DetailReader> = new Map<string, DetailReader>([
  ['Buffers', bufferCounts],
  ['I/O Timings', ioTimings],
  ['WAL', walCounts],
  ['Heap Blocks', heapBlocks],
  ['Tuples', tuples],
  ['Memory', memory],
  ['Serialization', serialization],
  ['Sort Method', sortMethod],
  ['Buckets', hashTable],
  ['Batches', hashAggregation],
  ['Planned Partitions', hashAggregation],
  ['Hits', memoizeCounts],
  ['Storage', storage],
  ['Full-sort Groups', sortGroups],
  ['Pre-sorted Groups', sortGroups],
  ['Sampling', sampling],
  ['Settings', settings],
  ['Options', jitOptions],
  ['Timing', jitTiming],
]);

const lists: ReadonlySet<string> = new Set([
  'Output',
  'Sort Key',
  'Presorted Key',
  'Group Key',
  'Conflict Arbiter Indexes',
  'Params Evaluated',
]);

/**
 * Keys of the tree itself: no detail line of a server is called so, and one that is must not pass for them.
 */
const structure: ReadonlySet<string> = new Set([
  'Plan',
  'Plans',
  'Workers',
  'Node Type',
  'Parent Relationship',
  'Subplan Name',
  'Distributed Query',
  'Remote Plan',
  'Triggers',
]);

/** Reads one line; returns the object that lines further in belong to, if it opens one. */
export function readDetail(target: RawDraft, name: string, value: string): RawDraft | undefined {
  // Absent, it is false; the node's line has told that this server knows it.
  if (name === 'Disabled' && value === 'true') delete target[name];
  const isTaken = Object.hasOwn(target, name) || structure.has(name);
  if (value === '' && !isTaken) {
    const section: RawDraft = {};
    target[name] = section;
    return section;
  }
  if (target['Node Type'] === 'Aggregate' && groupingKeys.has(name)) {
    readGroupingKey(target, name, value);
    return undefined;
  }
  const reader = readers.get(name);
  const entry: RawDraft = {};
  if (reader?.(entry, value, name)) return merge(target, entry, name, value);
  if (reader && Object.keys(entry).length > 0) {
    merge(target, entry, name, value);
    return undefined;
  }
  if (isTaken) keepLine(target, `${name}: ${value}`);
  else setMember(target, name, plainValue(name, value));
  return undefined;
}

/** A line that says what another has said already is kept as it stands. */
function merge(target: RawDraft, entry: RawDraft, name: string, value: string): RawDraft | undefined {
  const names = Object.keys(entry);
  if (names.some((one) => Object.hasOwn(target, one))) {
    keepLine(target, `${name}: ${value}`);
    return undefined;
  }
  Object.assign(target, entry);
  const [only] = names;
  return only === undefined ? undefined : (entry[only] as RawDraft);
}

function plainValue(name: string, value: string): RawValue {
  if (lists.has(name)) return splitList(value);
  if (isExpressionKey(name)) return value;
  const isMeasured =
    /(?:[Tt]ime|^Total runtime)$/.test(name) || name.endsWith('Duration') || name.endsWith('Usage');
  return isMeasured ? quantityOf(value) : valueOf(value);
}

/** Nothing is lost: lines that mean nothing to us are kept in order. */
export function keepLine(target: RawDraft, line: string): void {
  const kept = target['Other Lines'];
  if (isRawList(kept)) (kept as RawValue[]).push(line);
  else target['Other Lines'] = [line];
}

const groupingKeys: ReadonlySet<string> = new Set(['Group Key', 'Hash Key', 'Sort Key']);

/**
 * One "Group Key" is the plain case. More of them, "Hash Key" or "Sort Key" are GROUPING SETS, of which the other
 * formats print one object for each way of grouping (show_grouping_sets() in explain.c).
 */
function readGroupingKey(node: RawDraft, key: string, value: string): void {
  const columns = value === '()' ? [] : splitList(value);
  const before = node['Group Key'];
  const known = node['Grouping Sets'];
  if (key === 'Group Key' && value !== '()' && before === undefined && known === undefined) {
    node['Group Key'] = columns;
    return;
  }
  const sets: RawDraft[] = isRawList(known) ? (known as unknown as RawDraft[]) : [];
  if (before !== undefined) {
    sets.push({ 'Group Keys': [before] });
    delete node['Group Key'];
  }
  node['Grouping Sets'] = sets;
  if (key === 'Sort Key') {
    sets.push({ 'Sort Key': columns, 'Group Keys': [] });
    return;
  }
  const name = `${key}s`;
  const last = sets.at(-1)?.[name];
  if (isRawList(last)) (last as RawValue[]).push(columns);
  else sets.push({ [name]: [columns] });
}
