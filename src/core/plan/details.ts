/** What the model has no field for is kept under the server's own spelling: nothing of the input is lost. */
import type { Details, PlanWorker } from '../../shared/report.ts';
import { bufferKeys } from './buffers.ts';
import type { TreeNode } from './planTree.ts';
import { remotePlanKeys } from './planTree.ts';
import type { RawObject, RawValue } from './raw.ts';
import { isRawList, isRawObject, readNumber, readObjects, readText } from './raw.ts';

type ModelledKeys = Readonly<Record<string, 'text' | 'number' | 'children'>>;

const bufferColumns: ModelledKeys = Object.fromEntries(
  Object.values(bufferKeys).map((key) => [key, 'number' as const]),
);

/** Keys of a node that have a field of their own, and what must be in them to be read. */
const nodeKeys: ModelledKeys = {
  'Node Type': 'text',
  'Parent Relationship': 'text',
  'Subplan Name': 'text',
  'Relation Name': 'text',
  Schema: 'text',
  Alias: 'text',
  'Index Name': 'text',
  'Total Cost': 'number',
  'Plan Rows': 'number',
  'Actual Startup Time': 'number',
  'Actual Total Time': 'number',
  'Actual Rows': 'number',
  'Actual Loops': 'number',
  ...bufferColumns,
  Plans: 'children',
  Workers: 'children',
};

const workerKeys: ModelledKeys = {
  'Worker Number': 'number',
  'Actual Total Time': 'number',
  'Actual Rows': 'number',
  'Actual Loops': 'number',
};

/** Details of a node; the root of a remote plan carries that plan's top-level keys (Execution Time, …) too. */
export function nodeDetails(node: TreeNode): Details {
  const { raw, remoteTop } = node;
  return {
    ...(remoteTop ? otherKeys(remoteTop, { Plan: 'children' }) : {}),
    ...withoutRemotePlans(otherKeys(raw, nodeKeys)),
  };
}

/** What each worker reported, with VERBOSE; the leader's part is the node's minus theirs. */
export function nodeWorkers(node: TreeNode): readonly PlanWorker[] | undefined {
  const workers = readObjects(node.raw, 'Workers').map((raw) => {
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
  return workers.length === 0 ? undefined : workers;
}

/** The keys of `raw` that are not modelled, or hold something that the model cannot take. */
export function otherKeys(raw: RawObject, modelled: ModelledKeys): Details {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !isModelled(raw, key, modelled[key])));
}

function isModelled(raw: RawObject, key: string, kind: ModelledKeys[string] | undefined): boolean {
  switch (kind) {
    case undefined:
      return false;
    case 'text':
      return readText(raw, key) !== undefined;
    case 'number':
      return readNumber(raw, key) !== undefined;
    case 'children':
      return true;
  }
}

/** Citus nests whole plans in "Distributed Query": those are nodes of the model, the rest stays. */
function withoutRemotePlans(details: Details): Details {
  const distributedQuery = details['Distributed Query'];
  if (distributedQuery === undefined) return details;
  return { ...details, 'Distributed Query': pruned(distributedQuery) };
}

/** Depth is that of Citus' own wrapping (Job → Tasks → Task), not of the plan. */
function pruned(value: RawValue): RawValue {
  if (isRawList(value)) return value.map(pruned);
  if (!isRawObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !remotePlanKeys.includes(key))
      .map(([key, inner]) => [key, pruned(inner)]),
  );
}

/** Keys of buffer counters, for objects whose counters are modelled and whose rest is kept. */
export const bufferColumnsModelled: ModelledKeys = bufferColumns;
