/** Compares a raw plan with its model: whatever of the input cannot be found again is reported. */
import assert from 'node:assert/strict';
import { bufferKeys, bufferNames } from '../../src/core/plan/buffers.ts';
import type { Buffers, Json, Plan, PlanNode } from '../../src/shared/report.ts';

type RawObject = Readonly<Record<string, Json>>;

/** Paths of the keys whose value is nowhere in the model. */
export function findLost(raw: Json | undefined, plan: Plan): readonly string[] {
  assert.ok(isObject(raw));
  const lost: string[] = [];
  const nodes = [...plan.nodes];
  compareNode(raw['Plan'] as RawObject, nodes, 'Plan', lost);
  assert.equal(nodes.length, 0, 'the model has no nodes that the input has not');
  compareTop(raw, plan, lost);
  return lost;
}

/** Takes the node and everything below it from the front of `nodes`, which are in the order of the input. */
function compareNode(raw: RawObject, nodes: PlanNode[], path: string, lost: string[]): void {
  const node = nodes.shift();
  assert.ok(node, `${path} has no node`);
  for (const [key, value] of Object.entries(raw)) {
    const at = `${path}.${key}`;
    if (key === 'Plans' || key === 'Workers' || key === 'Distributed Query') continue;
    if (!isFound(nodeField(node, key, value), value, node.details[key])) lost.push(at);
  }
  for (const [index, worker] of list(raw['Workers']).entries())
    compareWorker(worker, node, index, path, lost);
  if (isObject(raw['Distributed Query'])) {
    compareDistributed(
      raw['Distributed Query'],
      node.details['Distributed Query'],
      nodes,
      `${path}.Distributed Query`,
      lost,
    );
  }
  for (const [index, child] of list(raw['Plans']).entries())
    compareNode(child, nodes, `${path}[${index}]`, lost);
}

/** The value of a key as the model has it, undone to the server's unit; undefined when it has no field for it. */
function nodeField(node: PlanNode, key: string, raw: Json): Json | undefined {
  const bufferName = bufferNames.find((name) => bufferKeys[name] === key);
  if (bufferName) return node.neverExecuted && raw === 0 ? 0 : node.buffers?.[bufferName];
  const perLoop = (total: number | undefined) => ((total ?? 0) * (node.processes ?? 1)) / (node.loops || 1);
  switch (key) {
    case 'Node Type':
      return node.type;
    case 'Parent Relationship':
      return node.relationship;
    case 'Subplan Name':
      return node.subplanName;
    case 'Relation Name':
      return node.relation;
    case 'Schema':
      return node.schema;
    case 'Alias':
      return node.alias;
    case 'Index Name':
      return node.index;
    case 'Total Cost':
      return node.cost;
    case 'Plan Rows':
      return node.planRows;
    case 'Actual Loops':
      return node.loops;
    case 'Actual Startup Time':
      return near(perLoop(node.startupMs), raw, 1e-9);
    case 'Actual Total Time':
      return near(perLoop(node.totalMs), raw, 1e-9);
    case 'Actual Rows':
      // The total is rounded to whole rows.
      return near((node.rows ?? 0) / (node.loops || 1), raw, 0.5 / (node.loops || 1));
    default:
      return undefined;
  }
}

function compareWorker(raw: RawObject, node: PlanNode, index: number, path: string, lost: string[]): void {
  const worker = node.workers?.[index];
  const fields: Readonly<Record<string, Json | undefined>> = {
    'Worker Number': worker?.number,
    'Actual Loops': worker?.loops,
    'Actual Total Time': near((worker?.ms ?? 0) / (worker?.loops || 1), raw['Actual Total Time'] ?? 0, 1e-9),
    'Actual Rows': near((worker?.rows ?? 0) / (worker?.loops || 1), raw['Actual Rows'] ?? 0, 0.5),
  };
  for (const [key, value] of Object.entries(raw)) {
    if (!isFound(fields[key], value, worker?.details[key])) lost.push(`${path}.Workers[${index}].${key}`);
  }
}

/** Citus: remote plans are nodes, in the order of the input; the rest is in the details. */
function compareDistributed(
  raw: Json,
  kept: Json | undefined,
  nodes: PlanNode[],
  path: string,
  lost: string[],
): void {
  if (Array.isArray(raw)) {
    for (const [index, item] of raw.entries()) {
      const keptItem = Array.isArray(kept) ? (kept as Json[])[index] : undefined;
      compareDistributed(item as Json, keptItem, nodes, `${path}[${index}]`, lost);
    }
  } else if (isObject(raw)) {
    for (const [key, value] of Object.entries(raw)) {
      if (key === 'Remote Plan' || key === 'PlannedStmt') compareRemote(value, nodes, `${path}.${key}`, lost);
      else compareDistributed(value, isObject(kept) ? kept[key] : undefined, nodes, `${path}.${key}`, lost);
    }
  } else if (!isEqual(raw, kept)) {
    lost.push(path);
  }
}

function compareRemote(value: Json, nodes: PlanNode[], path: string, lost: string[]): void {
  for (const top of ([value] as Json[]).flat(3).filter(isObject)) {
    const root = nodes[0];
    for (const [key, topValue] of Object.entries(top)) {
      if (key !== 'Plan' && !isEqual(topValue, root?.details[key])) lost.push(`${path}.${key}`);
    }
    compareNode(top['Plan'] as RawObject, nodes, `${path}.Plan`, lost);
  }
}

function compareTop(raw: RawObject, plan: Plan, lost: string[]): void {
  const fields: Readonly<Record<string, Json | undefined>> = {
    'Planning Time': plan.planningMs,
    'Planning time': plan.planningMs,
    'Execution time': plan.executionMs,
    'Total runtime': plan.executionMs,
    'Execution Time': plan.executionMs,
    'Query Identifier': near(Number(plan.queryId), raw['Query Identifier'] ?? 0, 0) ?? plan.queryId,
    Settings: plan.settings,
    Triggers: plan.triggers.map(({ name, relation, ms, calls, details }) => {
      const nameKey =
        details?.['Trigger Name'] === undefined && details?.['Constraint Name'] === undefined
          ? 'Trigger Name'
          : 'Constraint Name';
      return { [nameKey]: name, Relation: relation ?? null, Time: ms, Calls: calls, ...details };
    }),
    JIT: plan.jit && { Functions: plan.jit.functions, ...plan.jit.details },
    Serialization: plan.serialization && {
      ...(plan.serialization.ms === undefined ? {} : { Time: plan.serialization.ms }),
      'Output Volume': (plan.serialization.outputBytes ?? 0) / 1024,
      ...plan.serialization.details,
    },
    Planning: { ...rawBuffers(plan.planningBuffers), ...(plan.details['Planning'] as RawObject | undefined) },
  };
  for (const [key, value] of Object.entries(raw)) {
    if (key !== 'Plan' && !isFound(fields[key], value, plan.details[key])) lost.push(key);
  }
}

function rawBuffers(buffers: Buffers | undefined): RawObject {
  return buffers ? Object.fromEntries(bufferNames.map((name) => [bufferKeys[name], buffers[name]])) : {};
}

function isFound(field: Json | undefined, value: Json, kept: Json | undefined): boolean {
  return isEqual(value, field) || isEqual(value, kept);
}

/** `raw` when `value` equals it but for floating point. */
function near(value: number, raw: Json, tolerance: number): Json | undefined {
  return typeof raw === 'number' && Math.abs(value - raw) <= tolerance + 1e-9 ? raw : undefined;
}

function isEqual(a: Json, b: Json | undefined): boolean {
  try {
    assert.deepEqual(b, a);
    return true;
  } catch {
    return false;
  }
}

function isObject(value: Json | undefined): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: Json | undefined): readonly RawObject[] {
  return Array.isArray(value) ? (value as Json[]).filter(isObject) : [];
}
