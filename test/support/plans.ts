/** The recorded plans of test/fixtures/plans. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readPlans } from '../../src/core/plan/readPlans.ts';
import type { Plan, PlanNode } from '../../src/shared/report.ts';

const folder = join(import.meta.dirname, '../fixtures/plans');

/** Every recorded plan by its name: "pg18/initplan.analyze", "recorded/pg14/cte_twice", "panel". */
export const planNames: readonly string[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.json(\.gz)?$/.test(path) && path !== 'queries.json')
  .map((path) => path.replace(/\.json(\.gz)?$/, ''))
  .toSorted();

export function planText(name: string, extension: 'json' | 'txt' | 'yaml' | 'xml' = 'json'): string {
  const path = join(folder, `${name}.${extension}`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return gunzipSync(readFileSync(`${path}.gz`)).toString('utf8');
  }
}

/** The statement of a shared recording ("pg18/initplan.analyze"); undefined for the others. */
export function recordedSql(name: string): string | undefined {
  const queries = JSON.parse(readFileSync(join(folder, 'queries.json'), 'utf8')) as Record<string, string>;
  const [shared, query] = /^(?:pg|citus)\d+\/(\w+)\./.exec(name) ?? [];
  return shared === undefined ? undefined : queries[query ?? ''];
}

/** The only plan of a recording. */
export function planOf(name: string): Plan {
  return onlyPlan(planText(name));
}

/** The only plan of a text. */
export function onlyPlan(text: string): Plan {
  const plans = readCleanly(text);
  assert.equal(plans.length, 1);
  return plans[0]!;
}

/** The plans of a text in which nothing is amiss. That an engine was not recorded is no fault of the text. */
export function readCleanly(text: string): readonly Plan[] {
  const { plans, problems } = readPlans(text);
  assert.deepEqual(
    problems.filter(({ code }) => code !== 'engine-not-recorded'),
    [],
  );
  return plans;
}

/** A raw node of a hand-written plan: one loop, 1 ms a row where not said otherwise. */
export function rawNode(
  type: string,
  fields: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    'Node Type': type,
    'Startup Cost': 0,
    'Total Cost': 1,
    'Plan Rows': 1,
    'Plan Width': 4,
    'Actual Startup Time': 0,
    'Actual Total Time': 0,
    'Actual Rows': 1,
    'Actual Loops': 1,
    ...fields,
  };
}

/** A hand-written plan: what no server could be made to print. */
export function planOfRaw(
  root: Readonly<Record<string, unknown>>,
  top: Readonly<Record<string, unknown>> = {},
): Plan {
  return onlyPlan(JSON.stringify([{ Plan: root, ...top }]));
}

/** The one node that `matches`. */
export function nodeOfPlan(plan: Plan, matches: (node: PlanNode) => boolean): PlanNode {
  const found = plan.nodes.filter(matches);
  assert.equal(found.length, 1, `one node expected, found ${found.length}`);
  return found[0]!;
}

/** The plan as a table of its numbers, for goldens that are checked by eye. */
export function renderPlanTable(plan: Plan): string {
  const depths = new Map<string, number>();
  const rows = plan.nodes.map((node) => {
    const depth = node.parentId === null ? 0 : (depths.get(node.parentId) ?? 0) + 1;
    depths.set(node.id, depth);
    const name = [node.type, node.relation, node.subplanName && `(${node.subplanName})`]
      .filter(Boolean)
      .join(' ');
    const number = (value: number | undefined, digits: number) =>
      value === undefined ? '-' : value.toFixed(digits);
    const cells = [
      number(node.selfMs, 3),
      number(node.totalMs, 3),
      node.neverExecuted ? 'never' : number(node.rows, 0),
      number(node.planRows, 0),
      node.rowsFactor === undefined ? '-' : `x${node.rowsFactor.toPrecision(3)}`,
      number(node.rowsRemoved, 0),
      number(node.loops, 0),
      node.processes === undefined ? '-' : String(node.processes),
      node.selfBuffers ? `${node.selfBuffers.sharedHit}+${node.selfBuffers.sharedRead}` : '-',
      number(node.selfCost, 2),
    ];
    return [`${'  '.repeat(depth)}${name}`, ...cells];
  });
  const head = [
    'node',
    'self ms',
    'total ms',
    'rows',
    'planned',
    'factor',
    'removed',
    'loops',
    'procs',
    'self hit+read',
    'self cost',
  ];
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Runs `check` on the recording of this name of each server version. */
export function onEachServer(name: string, check: (plan: Plan) => void): void {
  for (const version of recordedVersions)
    test(`${name}, ${version}`, () => check(planOf(`recorded/${version}/${name}`)));
}

export const recordedVersions = ['pg14', 'pg18'] as const;

export const typed = (type: string) => (node: PlanNode) => node.type === type;
export const scanOf = (relation: string) => (node: PlanNode) =>
  node.relation === relation && node.subplanName === undefined;
export const named = (subplan: RegExp) => (node: PlanNode) => subplan.test(node.subplanName ?? '');

export function assertNear(actual: number | undefined, expected: number, tolerance = 0.01): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected} ± ${tolerance}`,
  );
}
