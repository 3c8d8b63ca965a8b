/** What the model has no field for is kept under the server's own spelling: nothing of the input is lost. */
import type { Details, PlanWorker } from '../../shared/report.ts';
import { bufferKeys } from './buffers.ts';
import type { TreeNode } from './planTree.ts';
import { remotePlanKeys } from './planTree.ts';
import type { RawObject, RawValue } from './raw.ts';
import { type RawDraft, setMember } from './rawBuilder.ts';
import { isRawList, isRawObject, numberOf, readNumber, readObjects } from './raw.ts';

type KeyKind = 'text' | 'number' | 'children';
type ModelledKeys = ReadonlyMap<string, KeyKind>;

/** Each key, and what must be in it to be read. */
export function keysOf(kinds: Readonly<Record<string, KeyKind>>): ModelledKeys {
  return new Map(Object.entries(kinds));
}

/** Keys of buffer counters, for objects whose counters are modelled and whose rest is kept. */
export const bufferColumnsModelled: ModelledKeys = new Map(
  Object.values(bufferKeys).map((key) => [key, 'number'] as const),
);

const workerKeys = keysOf({
  'Worker Number': 'number',
  'Actual Total Time': 'number',
  'Actual Rows': 'number',
  'Actual Loops': 'number',
});

/** The top-level keys of a remote plan (Execution Time, …), which are details of its root. */
export function planDetails(remoteTop: RawObject): Details {
  return otherKeys(remoteTop, planKey);
}

const planKey = keysOf({ Plan: 'children' });

/** What each worker reported, with VERBOSE; the leader's part is the node's minus theirs. */
export function nodeWorkers(node: TreeNode): readonly PlanWorker[] | undefined {
  const raws = readObjects(node.raw, 'Workers');
  if (raws.length === 0) return undefined;
  return raws.map((raw) => {
    const loops = readNumber(raw, 'Actual Loops');
    const rows = readNumber(raw, 'Actual Rows');
    const ms = readNumber(raw, 'Actual Total Time');
    return {
      number: readNumber(raw, 'Worker Number') ?? 0,
      ...(ms === undefined || loops === undefined ? {} : { ms: ms * loops }),
      ...(rows === undefined || loops === undefined ? {} : { rows: Math.round(rows * loops) }),
      ...(loops === undefined ? {} : { loops }),
      details: otherKeys(raw, workerKeys),
    };
  });
}

/** The keys of `raw` that are not modelled, or hold something that the model cannot take. */
export function otherKeys(raw: RawObject, modelled: ModelledKeys): Details {
  const others: RawDraft = {};
  for (const key of Object.keys(raw)) {
    const value = raw[key]!;
    if (!isModelled(value, modelled.get(key))) setMember(others, key, value);
  }
  return others;
}

function isModelled(value: RawValue, kind: KeyKind | undefined): boolean {
  switch (kind) {
    case undefined:
      return false;
    case 'text':
      return typeof value === 'string';
    case 'number':
      return numberOf(value) !== undefined;
    case 'children':
      return true;
  }
}

/** Citus nests whole plans in "Distributed Query": those are nodes of the model, the rest stays. */
export function withoutRemotePlans(details: Details): Details {
  const distributedQuery = details['Distributed Query'];
  if (distributedQuery === undefined) return details;
  return { ...details, 'Distributed Query': pruned(distributedQuery) };
}

/** A copy without the plans inside; not recursive, for a hostile text may nest anything. */
function pruned(value: RawValue): RawValue {
  const holder: RawDraft = {};
  const pending: Copy[] = [{ value, put: (copy) => (holder['copy'] = copy) }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value: original, put } = next;
    if (isRawList(original)) {
      const list: RawValue[] = original.map(() => null);
      put(list);
      for (const [index, item] of original.entries())
        pending.push({ value: item, put: (copy) => (list[index] = copy) });
    } else if (isRawObject(original)) {
      const object: RawDraft = {};
      put(object);
      for (const [key, item] of Object.entries(original)) {
        if (remotePlanKeys.includes(key)) continue;
        setMember(object, key, null);
        pending.push({ value: item, put: (copy) => setMember(object, key, copy) });
      }
    } else put(original);
  }
  return holder['copy'] ?? null;
}

interface Copy {
  readonly value: RawValue;
  readonly put: (copy: RawValue) => void;
}
