/** What the other formats print and TEXT leaves to the reader: relationships, zeros, a trigger's table. */
import { bufferKeys, ioTimeKeys } from '../buffers.ts';
import { isRawList, isRawObject, readObjects, readText } from '../raw.ts';
import type { RawDraft } from '../rawBuilder.ts';
import { type NodeDraft, objectAt, type PlanDraft } from './drafts.ts';

export function completePlan({ tops }: PlanDraft): void {
  const nodes = tops.flatMap((top) => top.nodes);
  for (const node of nodes) nameInputs(node);
  addZeros(
    nodes,
    tops.map((top) => top.raw),
  );
  for (const top of tops) nameTriggerTables(top.raw, top.nodes);
}

const takesMembers: ReadonlySet<string> = new Set(['Append', 'Merge Append', 'BitmapAnd', 'BitmapOr']);

/** explain.c prints the outer input before the inner one, and members in their order. */
function nameInputs({ raw, inputs }: NodeDraft): void {
  const type = readText(raw, 'Node Type') ?? '';
  for (const [index, input] of inputs.entries()) {
    input.raw['Parent Relationship'] = relationshipOf(type, index, inputs.length);
  }
}

function relationshipOf(type: string, index: number, count: number): string {
  if (takesMembers.has(type)) return 'Member';
  if (type === 'Subquery Scan') return 'Subquery';
  if (type === 'Custom Scan') return count === 1 ? 'child' : 'children';
  // Up to PostgreSQL 13 a ModifyTable has an input for each table that it writes.
  if (count > 2) return 'Member';
  return index === 0 ? 'Outer' : 'Inner';
}

const bufferKeyNames: readonly string[] = Object.values(bufferKeys);

/**
 * TEXT prints no line for a node that touched no block. Where any node has one the others' counters are known: zero.
 * The same goes for I/O times (without any of them, track_io_timing may as well have been off).
 */
function addZeros(nodes: readonly NodeDraft[], tops: readonly RawDraft[]): void {
  const sections = tops.flatMap((top) => ['Planning', 'Serialization'].flatMap((key) => sectionOf(top, key)));
  for (const section of sections) {
    if (!bufferKeyNames.some((key) => key in section)) continue;
    for (const key of bufferKeyNames) section[key] ??= 0;
  }
  const everything = [...nodes.map((node) => node.raw), ...sections];
  const hasBuffers = everything.some((raw) => bufferKeyNames.some((key) => key in raw));
  const timeKeys = ioTimeKeys.filter((key) => everything.some((raw) => key in raw));
  for (const { raw } of nodes) {
    if (raw['Actual Loops'] === undefined) continue;
    addRemovedRows(raw);
    if (hasBuffers && !bufferKeyNames.some((key) => key in raw)) raw['Shared Hit Blocks'] = 0;
    for (const key of timeKeys) raw[key] ??= 0;
  }
}

/** Condition → the count that comes with it, of which TEXT leaves out zero. */
const removedRows: readonly (readonly [condition: string, count: string])[] = [
  ['Filter', 'Rows Removed by Filter'],
  ['Join Filter', 'Rows Removed by Join Filter'],
  ['Recheck Cond', 'Rows Removed by Index Recheck'],
  ['Conflict Filter', 'Rows Removed by Conflict Filter'],
];

function addRemovedRows(raw: RawDraft): void {
  for (const [condition, count] of removedRows) if (condition in raw) raw[count] ??= 0;
  const type = raw['Node Type'];
  const rechecks = type === 'Index Scan' || type === 'Index Only Scan';
  if (rechecks && 'Index Cond' in raw) raw['Rows Removed by Index Recheck'] ??= 0;
}

function sectionOf(top: RawDraft, key: string): readonly RawDraft[] {
  return isRawObject(top[key]) ? [objectAt(top, key)] : [];
}

/** TEXT names a trigger's table only where the statement writes several. */
function nameTriggerTables(top: RawDraft, nodes: readonly NodeDraft[]): void {
  const triggers = top['Triggers'];
  if (!isRawList(triggers)) return;
  const written = new Set(
    nodes
      .filter((node) => node.raw['Node Type'] === 'ModifyTable')
      .flatMap((node) => [node.raw, ...readObjects(node.raw, 'Target Tables')])
      .map((raw) => raw['Relation Name']),
  );
  const [only] = written;
  if (written.size !== 1 || typeof only !== 'string') return;
  for (const trigger of triggers as RawDraft[]) trigger['Relation'] ??= only;
}
