/**
 * Everything that a plan's nodes say, by column, read in one pass: nodes have dozens of keys, and to ask each of them
 * for each by name takes longer than all the arithmetic. What has no column is a node's details.
 */
import type { Buffers, Details } from '../../shared/report.ts';
import { bufferKeys, ioTimeKeys } from './buffers.ts';
import type { NumberColumn, TextColumn } from './columns.ts';
import { planDetails, withoutRemotePlans } from './details.ts';
import type { PlanTree, TreeNode } from './planTree.ts';
import type { RawValue } from './raw.ts';
import { numberOf } from './raw.ts';
import { type RawDraft, setMember } from './rawBuilder.ts';

export interface NodeFacts {
  readonly startupMs: NumberColumn;
  readonly totalMs: NumberColumn;
  readonly rowsPerLoop: NumberColumn;
  readonly planRows: NumberColumn;
  readonly totalCost: NumberColumn;
  readonly buffers: Readonly<Record<keyof Buffers, NumberColumn>>;
  /** Sum of all I/O timings: any version's, of any kind of block. */
  readonly ioMs: NumberColumn;
  /** Sum of every "Rows Removed by …". */
  readonly removedPerLoop: NumberColumn;
  readonly relationship: TextColumn;
  readonly relation: TextColumn;
  readonly schema: TextColumn;
  readonly alias: TextColumn;
  readonly index: TextColumn;
  readonly subplanName: TextColumn;
  readonly details: readonly Details[];
}

/** What to do with the value of a key; a value of another type than the column's is a detail. */
type Slot =
  | { readonly kind: 'number'; readonly column: Float64Array }
  | { readonly kind: 'text'; readonly column: (string | undefined)[] }
  /** Summed up, and kept as a detail. */
  | { readonly kind: 'sum'; readonly column: Float64Array }
  /** Read elsewhere: the tree, the workers. */
  | { readonly kind: 'elsewhere'; readonly holds: 'text' | 'number' | 'any' };

export function readNodeFacts(tree: PlanTree): NodeFacts {
  const count = tree.nodes.length;
  const slots = new Map<string, Slot>([
    ['Node Type', { kind: 'elsewhere', holds: 'text' }],
    ['Actual Loops', { kind: 'elsewhere', holds: 'number' }],
    ['Plans', { kind: 'elsewhere', holds: 'any' }],
    ['Workers', { kind: 'elsewhere', holds: 'any' }],
  ]);
  const empty = () => new Float64Array(count).fill(Number.NaN);
  const numbers = (key: string) => {
    const column = empty();
    slots.set(key, { kind: 'number', column });
    return column;
  };
  const texts = (key: string) => {
    const column = Array.from<string | undefined>({ length: count });
    slots.set(key, { kind: 'text', column });
    return column;
  };
  const ioMs = empty();
  for (const key of ioTimeKeys) slots.set(key, { kind: 'sum', column: ioMs });
  const removedPerLoop = empty();
  const details: Details[] = [];
  const facts: NodeFacts = {
    startupMs: numbers('Actual Startup Time'),
    totalMs: numbers('Actual Total Time'),
    rowsPerLoop: numbers('Actual Rows'),
    planRows: numbers('Plan Rows'),
    totalCost: numbers('Total Cost'),
    buffers: mapValues(bufferKeys, numbers),
    ioMs,
    removedPerLoop,
    relationship: texts('Parent Relationship'),
    relation: texts('Relation Name'),
    schema: texts('Schema'),
    alias: texts('Alias'),
    index: texts('Index Name'),
    subplanName: texts('Subplan Name'),
    details,
  };
  for (const node of tree.nodes) details.push(readNode(node, slots, removedPerLoop));
  return facts;
}

function readNode(
  { raw, index, remoteTop }: TreeNode,
  slots: ReadonlyMap<string, Slot>,
  removed: Float64Array,
): Details {
  const details: RawDraft = remoteTop ? { ...planDetails(remoteTop) } : {};
  for (const key in raw) {
    const value = raw[key]!;
    const slot = slots.get(key);
    if (slot === undefined) {
      setMember(details, key, value);
      if (key.startsWith('Rows Removed by ')) addTo(removed, index, value);
    } else if (!fills(slot, index, value)) setMember(details, key, value);
  }
  return withoutRemotePlans(details);
}

/** True when the value is where it belongs; otherwise it is a detail. */
function fills(slot: Slot, index: number, value: RawValue): boolean {
  switch (slot.kind) {
    case 'number': {
      const number = numberOf(value);
      if (number === undefined) return false;
      slot.column[index] = number;
      return true;
    }
    case 'text':
      if (typeof value !== 'string') return false;
      slot.column[index] = value;
      return true;
    case 'sum':
      if (numberOf(value) !== undefined) addTo(slot.column, index, value);
      return false;
    case 'elsewhere':
      if (slot.holds === 'text') return typeof value === 'string';
      return slot.holds === 'any' || numberOf(value) !== undefined;
  }
}

function addTo(column: Float64Array, index: number, value: RawValue): void {
  const before = column[index]!;
  column[index] = (Number.isNaN(before) ? 0 : before) + (numberOf(value) ?? 0);
}

function mapValues<K extends string, V, W>(
  record: Readonly<Record<K, V>>,
  change: (value: V) => W,
): Readonly<Record<K, W>> {
  return Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, change(value)])) as Record<
    K,
    W
  >;
}
