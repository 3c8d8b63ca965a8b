/** The top-level keys of a plan: what was measured or said beside its nodes. */
import type { Jit, Plan, Serialization } from '../../shared/report.ts';
import { readBuffers } from './buffers.ts';
import { bufferColumnsModelled, keysOf, otherKeys } from './details.ts';
import type { RawObject, RawPlan } from './raw.ts';
import { readNumber, readObject } from './raw.ts';
import { readTriggers } from './triggers.ts';

type PlanTop = Omit<Plan, 'nodes' | 'format' | 'analyzed' | 'afterRoot'>;

/** `rootMs`: the root's elapsed time, to tell which triggers ran outside it. */
export function readPlanTop(raw: RawPlan, rootMs: number | undefined): PlanTop {
  const planningMs = readFirst(raw, planningSpellings);
  const executionMs = readFirst(raw, executionSpellings);
  const planning = readObject(raw, 'Planning');
  const planningBuffers = planning && readBuffers(planning);
  const serialization = readSerialization(raw);
  const jit = readJit(raw);
  const queryId = raw['Query Identifier'];
  const outsideMs =
    rootMs === undefined || executionMs === undefined
      ? undefined
      : Math.max(0, executionMs - rootMs - (serialization?.ms ?? 0));
  return {
    ...(planningMs === undefined ? {} : { planningMs }),
    ...(executionMs === undefined ? {} : { executionMs }),
    triggers: readTriggers(raw, outsideMs),
    ...(jit === undefined ? {} : { jit }),
    settings: readSettings(raw),
    ...(typeof queryId === 'string' || typeof queryId === 'number' ? { queryId: String(queryId) } : {}),
    ...(planningBuffers === undefined ? {} : { planningBuffers }),
    ...(serialization === undefined ? {} : { serialization }),
    details: {
      ...otherKeys(raw, queryId === undefined ? topKeys : topKeysWithId),
      ...(planning === undefined ? {} : { Planning: otherKeys(planning, bufferColumnsModelled) }),
    },
  };
}

/** TEXT wrote "time" with a small letter up to PostgreSQL 10, and "Total runtime" up to 9.3. */
const planningSpellings = ['Planning Time', 'Planning time'] as const;
const executionSpellings = ['Execution Time', 'Execution time', 'Total runtime'] as const;

function allNumbers(names: readonly string[]): Readonly<Record<string, 'number'>> {
  return Object.fromEntries(names.map((name) => [name, 'number'] as const));
}

function readFirst(raw: RawPlan, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = readNumber(raw, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

const topKeys = keysOf({
  Plan: 'children',
  ...allNumbers([...planningSpellings, ...executionSpellings]),
  Triggers: 'children',
  JIT: 'children',
  Settings: 'children',
  Serialization: 'children',
  Planning: 'children',
});
const topKeysWithId = new Map([...topKeys, ['Query Identifier', 'children'] as const]);
const jitKeys = keysOf({ Functions: 'number' });
const serializationKeys = keysOf({ Time: 'number', 'Output Volume': 'number' });

/** JIT ran inside the nodes' own time, summed over workers: told, never added. */
function readJit(raw: RawPlan): Jit | undefined {
  const jit = readObject(raw, 'JIT');
  if (!jit) return undefined;
  const timing = readObject(jit, 'Timing') ?? {};
  return {
    functions: readNumber(jit, 'Functions') ?? 0,
    ms: readNumber(timing, 'Total') ?? 0,
    details: otherKeys(jit, jitKeys),
  };
}

function readSettings(raw: RawPlan): Readonly<Record<string, string>> {
  const settings = readObject(raw, 'Settings') ?? {};
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

const bytesPerKilobyte = 1024;

/** EXPLAIN (SERIALIZE), 17+: runs after the root, volume in kilobytes. */
function readSerialization(raw: RawPlan): Serialization | undefined {
  const serialization: RawObject | undefined = readObject(raw, 'Serialization');
  if (!serialization) return undefined;
  const ms = readNumber(serialization, 'Time');
  const kilobytes = readNumber(serialization, 'Output Volume');
  return {
    ...(ms === undefined ? {} : { ms }),
    ...(kilobytes === undefined ? {} : { outputBytes: kilobytes * bytesPerKilobyte }),
    details: otherKeys(serialization, serializationKeys),
  };
}
