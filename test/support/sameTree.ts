/** Compares the models that two formats of one plan give. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, PlanNode } from '../../src/shared/report.ts';

const folder = join(import.meta.dirname, '../fixtures/plans');

/** Names of the recordings that exist in a format: "pg18/initplan.analyze". */
export function recordingsIn(extension: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith(`.${extension}`))
    .map((path) => path.slice(0, -extension.length - 1))
    .toSorted();
}

export function recordingText(name: string, extension: string): string {
  return readFileSync(join(folder, `${name}.${extension}`), 'utf8');
}

/**
 * Every field but the details, for two formats of the very same plan. Recorders rewrote some Query Identifiers as
 * doubles, so they are compared as those.
 */
export function assertSamePlan(actual: Plan, expected: Plan): void {
  const comparable = ({ nodes, queryId, triggers, jit, serialization, ...rest }: Plan) => ({
    ...rest,
    details: undefined,
    format: undefined,
    nodes: nodes.map((node) => ({ ...node, details: undefined, workers: node.workers?.map(withoutDetails) })),
    queryId: queryId === undefined ? undefined : Number(queryId),
    triggers: triggers.map(withoutDetails),
    jit: jit && withoutDetails(jit),
    serialization: serialization && withoutDetails(serialization),
  });
  assert.deepEqual(comparable(actual), comparable(expected));
}

function withoutDetails<T extends { readonly details?: unknown }>(value: T): Omit<T, 'details'> {
  const { details: _, ...rest } = value;
  return rest;
}

/** What is the same in two runs of one statement, each in another format. */
export function assertSameShape(actual: Plan, expected: Plan): void {
  assert.deepEqual(actual.nodes.map(shapeOf), expected.nodes.map(shapeOf));
  assert.equal(actual.analyzed, expected.analyzed);
  assert.deepEqual(actual.settings, expected.settings);
  assert.deepEqual(actual.triggers.map(triggerOf), expected.triggers.map(triggerOf));
}

/** Constraint triggers are named by the server, two tables of which the runs may have written. */
const triggerOf = ({ name, relation, calls }: Plan['triggers'][number]) => ({ name, relation, calls });

function shapeOf(node: PlanNode): unknown {
  const { id, parentId, relationship, type, alias, index, subplanName, schema, distributed } = node;
  const isRemote = distributed !== undefined;
  return {
    id,
    parentId,
    relationship,
    type,
    schema,
    alias,
    subplanName,
    // Citus shows the slowest of its tasks: another shard in each run.
    relation: isRemote ? node.relation?.replace(/_\d{6}$/, '') : node.relation,
    index: isRemote ? index?.replace(/_\d{6}$/, '') : index,
    task: distributed?.task,
    hasTimes: node.totalMs !== undefined,
  };
}

/** TEXT has no zeros, so nothing there tells that buffers or I/O times were counted when all of them are zero. */
export function withoutZeroCounts(plan: Plan): Plan {
  const hasAny = (key: 'buffers' | 'ioMs') => plan.nodes.some((node) => isAboveZero(node[key]));
  const hasPlanningBuffers = isAboveZero(plan.planningBuffers);
  const hasBuffers = hasAny('buffers') || hasPlanningBuffers;
  const hasTimes = hasAny('ioMs');
  const { planningBuffers, ...rest } = plan;
  return {
    ...rest,
    ...(hasPlanningBuffers && planningBuffers ? { planningBuffers } : {}),
    nodes: plan.nodes.map(({ buffers, selfBuffers, ioMs, selfIoMs, ...node }) => ({
      ...node,
      ...(hasBuffers ? { buffers, selfBuffers } : {}),
      ...(hasTimes ? { ioMs, selfIoMs } : {}),
    })),
  };
}

function isAboveZero(counts: object | number | undefined): boolean {
  return typeof counts === 'number' ? counts > 0 : Object.values(counts ?? {}).some((count) => count > 0);
}
