import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidatesFor, scansWorthAnIndex } from '../../../src/core/advisor/candidates.ts';
import { indexDdl } from '../../../src/core/advisor/indexDdl.ts';
import { overlapOf } from '../../../src/core/advisor/overlap.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import type { IndexFacts, TableFacts } from '../../../src/core/ports.ts';
import { loadParser } from '../../../src/core/sql/parser.ts';

const parser = await loadParser();

const deployments: TableFacts = {
  schema: 'public',
  name: 'deployments',
  kind: 'table',
  rowEstimate: 400_000,
  sizeBytes: 40_000_000,
  visible: true,
  columns: [
    { name: 'deployment_id', type: 'bigint', notNull: true, distinct: -1 },
    { name: 'environment_id', type: 'integer', notNull: true, distinct: 4 },
    { name: 'status', type: 'text', notNull: true, distinct: 5 },
    { name: 'deployed_at', type: 'timestamp with time zone', notNull: true, distinct: -0.9 },
    { name: 'Odd "name"', type: 'text', notNull: false },
  ],
  indexes: [],
};

interface Case {
  readonly name: string;
  readonly filter: string;
  readonly sort?: readonly string[];
  /** A node between the scan and the Sort. */
  readonly between?: string;
  readonly indexes?: readonly IndexFacts[];
  /** Each as CREATE INDEX prints its keys. */
  readonly expect: readonly string[];
}

/** A plan that filters deployments, perhaps under a Sort, and the indexes that it calls for. */
function check({ name, filter, sort, between, indexes = [], expect }: Case): void {
  test(name, () => {
    const scan = raw('Seq Scan', {
      'Relation Name': 'deployments',
      Alias: 'd',
      Schema: 'public',
      Filter: filter,
    });
    const joined =
      between === undefined ? scan : raw(between, { Plans: [{ ...scan, 'Parent Relationship': 'Outer' }] });
    const root =
      sort === undefined
        ? joined
        : raw('Sort', { 'Sort Key': sort, Plans: [{ ...joined, 'Parent Relationship': 'Outer' }] });
    const plan = readPlans(JSON.stringify([{ Plan: root }])).plans[0];
    assert.ok(plan);
    const node = scansWorthAnIndex(plan)[0];
    assert.ok(node, 'the scan is worth an index');
    const table = { ...deployments, indexes };
    const found = candidatesFor(parser, plan, node, table).map((candidate) => {
      const ddl = indexDdl(candidate);
      const { coveredBy, extends: extended } = overlapOf(candidate);
      const overlap = coveredBy
        ? ` covered by ${coveredBy}`
        : extended.length > 0
          ? ` extends ${extended.join()}`
          : '';
      return ddl.create.replace(/^.*? ON /, '') + overlap;
    });
    assert.deepEqual(found, expect);
  });
}

function raw(type: string, more: Record<string, unknown>) {
  return {
    'Node Type': type,
    'Startup Cost': 0,
    'Total Cost': 100,
    'Plan Rows': 10,
    'Plan Width': 8,
    ...more,
  };
}

function index(name: string, keys: readonly string[], more: Partial<IndexFacts> = {}): IndexFacts {
  return {
    name,
    method: 'btree',
    definition: '',
    keys: keys.map((key) => {
      const descending = key.endsWith(' DESC');
      return { expression: key.replace(' DESC', ''), descending, nullsFirst: descending };
    }),
    include: [],
    unique: false,
    valid: true,
    constraint: false,
    sizeBytes: 0,
    ...more,
  };
}

const guide = "((d.deployed_at > (now() - '30 days'::interval)) AND (d.status = 'healthy'::text))";

check({
  name: 'equality, then the order that is also the range',
  filter: guide,
  sort: ['d.deployed_at DESC'],
  between: 'Hash Join',
  expect: ['deployments (status, deployed_at DESC);'],
});
check({ name: 'equality, then range', filter: guide, expect: ['deployments (status, deployed_at);'] });
check({ name: 'equality alone', filter: "(d.status = 'x'::text)", expect: ['deployments (status);'] });
check({
  name: 'several equalities, the most selective first',
  filter: "((d.environment_id = 1) AND (d.status = 'x'::text) AND (d.deployment_id = 5))",
  expect: ['deployments (deployment_id, status, environment_id);'],
});
check({
  name: 'an aggregate between scan and sort hides the order',
  filter: "(d.status = 'x'::text)",
  sort: ['d.deployed_at'],
  between: 'Aggregate',
  expect: ['deployments (status);'],
});
check({
  name: 'an order over another table’s column is not this table’s',
  filter: "(d.status = 'x'::text)",
  sort: ['m.model_name'],
  between: 'Hash Join',
  expect: ['deployments (status);'],
});
check({
  name: 'order and a range on another column: both are candidates',
  filter: '(d.environment_id > 2)',
  sort: ['d.deployed_at'],
  expect: ['deployments (deployed_at);', 'deployments (environment_id);'],
});
check({ name: 'a condition that no btree serves', filter: "(d.status <> 'x'::text)", expect: [] });
check({
  name: 'names that need quotes',
  filter: '(d."Odd ""name""" = \'x\'::text)',
  expect: ['deployments ("Odd ""name""");'],
});
check({
  name: 'an index that begins so already',
  filter: "(d.status = 'x'::text)",
  indexes: [index('old', ['status', 'deployed_at'])],
  expect: ['deployments (status); covered by old'],
});
check({
  name: 'an index read backwards covers too',
  filter: guide,
  sort: ['d.deployed_at DESC'],
  indexes: [index('old', ['status DESC', 'deployed_at'])],
  expect: ['deployments (status, deployed_at DESC); covered by old'],
});
check({
  name: 'an index that would be extended',
  filter: guide,
  indexes: [index('old', ['status'])],
  expect: ['deployments (status, deployed_at); extends old'],
});
check({
  name: 'a partial index does not cover',
  filter: "(d.status = 'x'::text)",
  indexes: [index('old', ['status'], { predicate: 'environment_id = 1' })],
  expect: ['deployments (status);'],
});
check({
  name: 'an invalid index does not cover',
  filter: "(d.status = 'x'::text)",
  indexes: [index('old', ['status'], { valid: false })],
  expect: ['deployments (status);'],
});

test('a taken name gets a number; a table off the path gets its schema; a partitioned one no CONCURRENTLY', () => {
  const candidate = {
    node: {} as never,
    keys: [{ column: 'status', expression: 'status', descending: false, nullsFirst: false }],
    reason: '',
  };
  const table: TableFacts = { ...deployments, indexes: [index('deployments_status_idx', ['status'])] };
  assert.equal(indexDdl({ ...candidate, table }).name, 'deployments_status_idx1');
  const other = indexDdl({ ...candidate, table: { ...deployments, schema: 'Other', visible: false } });
  assert.equal(
    other.create,
    'CREATE INDEX CONCURRENTLY deployments_status_idx ON "Other".deployments (status);',
  );
  assert.equal(other.undo, 'DROP INDEX CONCURRENTLY "Other".deployments_status_idx;');
  const parent = indexDdl({ ...candidate, table: { ...deployments, kind: 'partitioned' } });
  assert.equal(parent.create, 'CREATE INDEX deployments_status_idx ON deployments (status);');
});
