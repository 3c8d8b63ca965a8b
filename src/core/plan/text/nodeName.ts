/** "Parallel Index Only Scan Backward using i on s.t a" → the keys that the other formats print for it. */
import { readText } from '../raw.ts';
import type { RawDraft } from '../rawBuilder.ts';
import { NameReader } from './quoting.ts';

/** Under which key the formats other than TEXT print what a scan reads; `alias` when they print only that. */
const scanTargets: ReadonlyMap<string, string> = new Map([
  ['Seq Scan', 'Relation Name'],
  ['Sample Scan', 'Relation Name'],
  ['Index Scan', 'Relation Name'],
  ['Index Only Scan', 'Relation Name'],
  ['Bitmap Heap Scan', 'Relation Name'],
  ['Tid Scan', 'Relation Name'],
  ['Tid Range Scan', 'Relation Name'],
  ['Foreign Scan', 'Relation Name'],
  ['Custom Scan', 'Relation Name'],
  ['ModifyTable', 'Relation Name'],
  ['Bitmap Index Scan', 'Index Name'],
  ['Function Scan', 'Function Name'],
  ['Table Function Scan', 'Table Function Name'],
  ['CTE Scan', 'CTE Name'],
  ['WorkTable Scan', 'CTE Name'],
  ['Named Tuplestore Scan', 'Tuplestore Name'],
  ['Values Scan', 'alias'],
  ['Subquery Scan', 'alias'],
]);

/** Nodes that read no table of their own. */
const plainTypes: ReadonlySet<string> = new Set([
  'Result',
  'ProjectSet',
  'Append',
  'Merge Append',
  'Recursive Union',
  'BitmapAnd',
  'BitmapOr',
  'Gather',
  'Gather Merge',
  'Materialize',
  'Memoize',
  'Sort',
  'Incremental Sort',
  'Group',
  'WindowAgg',
  'Unique',
  'LockRows',
  'Limit',
  'Hash',
]);

const operations: ReadonlySet<string> = new Set(['Insert', 'Update', 'Delete', 'Merge']);

const aggregates: ReadonlyMap<string, string> = new Map([
  ['Aggregate', 'Plain'],
  ['GroupAggregate', 'Sorted'],
  ['HashAggregate', 'Hashed'],
  ['MixedAggregate', 'Mixed'],
]);

const joinTypes: ReadonlySet<string> = new Set([
  'Left',
  'Full',
  'Right',
  'Semi',
  'Anti',
  'Right Semi',
  'Right Anti',
]);

/** What nodes are named by, and whether all of it was understood. */
export interface NodeName {
  readonly fields: RawDraft;
  /** False for a type that PostgreSQL does not have, or a target that reads like prose. */
  readonly isKnown: boolean;
}

export function readNodeName(text: string): NodeName {
  const fields: RawDraft = { 'Node Type': text };
  let rest = text;
  if (rest.startsWith('Parallel ')) {
    fields['Parallel Aware'] = true;
    rest = rest.slice('Parallel '.length);
  }
  if (rest.startsWith('Async ')) {
    fields['Async Capable'] = true;
    rest = rest.slice('Async '.length);
  }
  const { head, tail } = splitAtTarget(rest);
  const isKnownType = readType(head, fields);
  const isKnownTarget = tail === '' || readTarget(tail, fields);
  // Nothing is lost: what was not understood is kept as it stands.
  if (!isKnownTarget) fields['Headline'] = text;
  return { fields, isKnown: isKnownType && isKnownTarget };
}

/** The type's words hold no quotes, so the first " on " or " using " ends them. */
function splitAtTarget(text: string): { head: string; tail: string } {
  const from = text.startsWith('Custom Scan (') ? Math.max(0, text.lastIndexOf(')')) : 0;
  const places = [' on ', ' using '].map((word) => text.indexOf(word, from)).filter((place) => place >= 0);
  if (places.length === 0) return { head: text, tail: '' };
  const place = Math.min(...places);
  return { head: text.slice(0, place), tail: text.slice(place) };
}

function readType(head: string, fields: RawDraft): boolean {
  if (scanTargets.has(head) || plainTypes.has(head)) {
    fields['Node Type'] = head;
    if (head === 'Index Scan' || head === 'Index Only Scan') fields['Scan Direction'] = 'Forward';
    if (head === 'Foreign Scan') fields['Operation'] = 'Select';
    return head !== 'ModifyTable';
  }
  return (
    readAggregate(head, fields) ||
    readJoin(head, fields) ||
    readSetOp(head, fields) ||
    readOperation(head, fields) ||
    readBackwardScan(head, fields) ||
    readCustomScan(head, fields) ||
    keepType(head, fields)
  );
}

function keepType(head: string, fields: RawDraft): false {
  fields['Node Type'] = head;
  return false;
}

function readAggregate(head: string, fields: RawDraft): boolean {
  const mode = ['Partial', 'Finalize'].find((one) => head.startsWith(`${one} `));
  const strategy = aggregates.get(mode === undefined ? head : head.slice(mode.length + 1));
  if (strategy === undefined) return false;
  fields['Node Type'] = 'Aggregate';
  fields['Strategy'] = strategy;
  fields['Partial Mode'] = mode ?? 'Simple';
  return true;
}

/** "Hash Join", "Hash Left Join", "Nested Loop", "Nested Loop Semi Join". */
function readJoin(head: string, fields: RawDraft): boolean {
  const base = ['Nested Loop', 'Hash', 'Merge'].find((one) => head === one || head.startsWith(`${one} `));
  if (base === undefined) return false;
  const isLoop = base === 'Nested Loop';
  const kind = head.slice(base.length + 1);
  const joinType = kind === 'Join' || (isLoop && kind === '') ? 'Inner' : kind.replace(/ Join$/, '');
  if (joinType !== 'Inner' && !(kind.endsWith(' Join') && joinTypes.has(joinType))) return false;
  fields['Node Type'] = isLoop ? base : `${base} Join`;
  fields['Join Type'] = joinType;
  return true;
}

function readSetOp(head: string, fields: RawDraft): boolean {
  const name = ['HashSetOp ', 'SetOp '].find((one) => head.startsWith(one));
  if (name === undefined) return false;
  fields['Node Type'] = 'SetOp';
  fields['Strategy'] = name === 'SetOp ' ? 'Sorted' : 'Hashed';
  fields['Command'] = head.slice(name.length);
  return true;
}

function readOperation(head: string, fields: RawDraft): boolean {
  const isForeign = head.startsWith('Foreign ');
  const operation = isForeign ? head.slice('Foreign '.length) : head;
  if (!operations.has(operation)) return false;
  fields['Node Type'] = isForeign ? 'Foreign Scan' : 'ModifyTable';
  fields['Operation'] = operation;
  return true;
}

function readBackwardScan(head: string, fields: RawDraft): boolean {
  const type = head.endsWith(' Backward') ? head.slice(0, -' Backward'.length) : '';
  if (type !== 'Index Scan' && type !== 'Index Only Scan') return false;
  fields['Node Type'] = type;
  fields['Scan Direction'] = 'Backward';
  return true;
}

function readCustomScan(head: string, fields: RawDraft): boolean {
  if (!head.startsWith('Custom Scan (') || !head.endsWith(')')) return false;
  fields['Node Type'] = 'Custom Scan';
  fields['Custom Plan Provider'] = head.slice('Custom Scan ('.length, -1);
  return true;
}

/** " using index on schema.table alias"; the alias is printed only where it is another name. */
function readTarget(tail: string, fields: RawDraft): boolean {
  const reader = new NameReader(tail);
  if (reader.take(' using ')) {
    const index = reader.name();
    if (index === undefined) return false;
    fields['Index Name'] = index;
    if (reader.isAtEnd) return true;
  }
  if (!reader.take(' on ')) return false;
  const first = reader.name();
  if (first === undefined) return false;
  const second = reader.take('.') ? reader.name() : undefined;
  const name = second ?? first;
  const schema = second === undefined ? undefined : first;
  const alias = reader.take(' ') ? reader.name() : undefined;
  if (!reader.isAtEnd) return false;
  const key = scanTargets.get(readText(fields, 'Node Type') ?? '') ?? 'Relation Name';
  if (key === 'Index Name') {
    fields[key] = name;
    return true;
  }
  if (schema !== undefined) fields['Schema'] = schema;
  if (key !== 'alias') fields[key] = name;
  fields['Alias'] = alias ?? name;
  return true;
}
