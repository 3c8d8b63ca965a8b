/** Plans of engines and versions without a server here, from what their documents say: TEXT and JSON alike. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import type { Details, Plan, PlanNode } from '../../../src/shared/report.ts';
import { assertNear, onlyPlan, planNames, planText } from '../../support/plans.ts';
import { recordingText } from '../../support/sameTree.ts';

interface Expected {
  /** One line each: depth, relationship, type and what it is of. */
  readonly tree: readonly string[];
  /** Of the node at this place: a part of its details. */
  readonly details?: Readonly<Record<number, Details>>;
  /** Of the plan. */
  readonly top?: Details;
  readonly check?: (plan: Plan) => void;
  /** What the report names as not recorded, and in which format the plan tells it. */
  readonly engine?: string;
  readonly engineIn?: 'TEXT';
}

const expected: Readonly<Record<string, Expected>> = {
  timescale_chunk_append: {
    engine: 'TimescaleDB',
    tree: [
      'Limit',
      ' Outer Custom Scan readings',
      '  children Index Scan _hyper_1_7_chunk',
      '  children Index Scan _hyper_1_6_chunk',
    ],
    details: {
      1: {
        'Custom Plan Provider': 'ChunkAppend',
        Order: 'readings."time" DESC',
        'Startup Exclusion': true,
        'Runtime Exclusion': false,
        'Chunks excluded during startup': 6,
      },
    },
    check: ({ nodes }) => assert.equal(nodes[3]?.neverExecuted, true),
  },
  timescale_columnar_aggregate: {
    engine: 'TimescaleDB',
    tree: [
      'Aggregate',
      ' Outer Custom Scan',
      '  child Custom Scan _hyper_1_3_chunk',
      '   child Seq Scan compress_hyper_2_9_chunk',
    ],
    details: {
      1: { 'Custom Plan Provider': 'VectorAgg', 'Grouping Policy': 'all compressed batches' },
      2: {
        'Custom Plan Provider': 'ColumnarScan',
        'Vectorized Filter': "(_hyper_1_3_chunk.temperature > '30'::double precision)",
        'Batches Removed by Filter': 12,
        'Bulk Decompression': true,
      },
    },
    check: ({ nodes }) => assert.equal(nodes[2]?.rowsRemoved, 45_800),
  },
  timescale_modify_hypertable: {
    engine: 'TimescaleDB',
    tree: ['Custom Scan', ' child ModifyTable readings', '  Outer Seq Scan _hyper_1_3_chunk'],
    details: {
      0: {
        'Custom Plan Provider': 'ModifyHypertable',
        'Batches decompressed': 2,
        'Tuples decompressed': 2000,
      },
      1: { Operation: 'Update' },
    },
  },
  yugabyte_dist: {
    engine: 'YugabyteDB',
    tree: ['Index Scan parcels'],
    details: {
      0: {
        'Storage Filter': "(city <> 'Ulm'::text)",
        'Storage Table Read Requests': 4,
        'Storage Table Read Execution Time': 5.118,
        'Storage Table Rows Scanned': 985,
        'Storage Index Rows Scanned': 985,
      },
    },
    top: { 'Storage Read Requests': 6, 'Storage Rows Scanned': 1970, 'Catalog Read Requests': 0 },
  },
  yugabyte_batched_join: {
    engine: 'YugabyteDB',
    tree: [
      'YB Batched Nested Loop Join',
      ' InitPlan ModifyTable parcels (CTE added)',
      '  Outer Values Scan',
      ' Outer CTE Scan',
      ' Inner Index Scan parcels',
    ],
    details: {
      1: { 'Storage Table Write Requests': 3 },
      4: { 'Storage Flush Requests': 1, 'Storage Flush Execution Time': 2.955 },
    },
    top: { 'Storage Write Requests': 3, 'Storage Flush Execution Time': 2.955 },
  },
  pg96_parallel: {
    engine: 'PostgreSQL 10 or older',
    engineIn: 'TEXT',
    tree: ['Aggregate', ' Outer Gather', '  Outer Aggregate', '   Outer Seq Scan visits'],
    details: { 3: { 'Parallel Aware': true } },
    check: ({ nodes, planningMs, executionMs }) => {
      assert.equal(planningMs, 0.148);
      assert.equal(executionMs, 152.44);
      // Three processes: each figure is the average of a loop, and the loops ran at the same time.
      assert.equal(nodes[3]?.processes, 3);
      assert.equal(nodes[3].rows, 100_101);
      assertNear(nodes[3].totalMs, 138.002);
    },
  },
  pg10_gather_merge: {
    engine: 'PostgreSQL 10 or older',
    engineIn: 'TEXT',
    tree: [
      'Gather Merge',
      ' InitPlan Aggregate (InitPlan 1 (returns $0))',
      '  Outer Seq Scan countries',
      ' Outer Sort',
      '  Outer Seq Scan visits',
    ],
    details: {
      0: { 'Params Evaluated': ['$0'], 'Workers Planned': 2, 'Workers Launched': 1 },
      3: { 'Sort Key': ['seen_at DESC'], 'Sort Method': 'quicksort', 'Sort Space Used': 412 },
    },
    check: ({ nodes, planningMs }) => {
      assert.equal(planningMs, 0.29);
      assert.equal(nodes[4]?.processes, 2);
      assert.equal(nodes[4].rows, 9_120);
    },
  },
  pg12_subplans: {
    tree: [
      'CTE Scan',
      ' InitPlan Seq Scan parcels (CTE late)',
      ' SubPlan Aggregate (SubPlan 2)',
      '  Outer Index Only Scan stops',
    ],
    check: ({ analyzed, settings }) => {
      assert.equal(analyzed, false);
      assert.deepEqual(settings, { random_page_cost: '1.1', work_mem: '64MB' });
    },
  },
};

test('every documented plan is checked', () => {
  const names = planNames.filter((name) => name.startsWith('documented/'));
  assert.deepEqual(
    names,
    Object.keys(expected)
      .map((name) => `documented/${name}`)
      .toSorted(),
  );
});

for (const [name, { tree, details = {}, top = {}, check, engine, engineIn }] of Object.entries(expected)) {
  describe(name, () => {
    const texts = {
      JSON: planText(`documented/${name}`),
      TEXT: recordingText(`documented/${name}`, 'txt'),
    };
    for (const [format, text] of Object.entries(texts)) {
      test(format, () => {
        const plan = onlyPlan(text);
        const told = readPlans(text).problems.map(({ message }) => message);
        const tells = engine !== undefined && (engineIn ?? format) === format;
        assert.deepEqual(
          told.map((message) => message.startsWith(`This plan is of ${engine}:`)),
          tells ? [true] : [],
        );
        assert.deepEqual(treeOf(plan), tree);
        for (const [place, part] of Object.entries(details))
          assertHolds(plan.nodes[Number(place)]?.details, part);
        assertHolds(plan.details, top);
        check?.(plan);
      });
    }
  });
}

test('YugabyteDB’s metrics (DEBUG) are kept with what they were measured for', () => {
  const { plans, problems } =
    readPlans(`Index Scan using parcels_pkey on parcels (actual time=1.358..1.365 rows=1 loops=1)
   Index Cond: (id = 1)
   Storage Table Read Requests: 1
   Storage Table Rows Scanned: 1
     Metric rocksdb_number_db_seek: 1.000
     Metric ql_read_latency: sum: 216.000, count: 1.000
 Planning Time: 0.1 ms
 Execution Time: 1.4 ms
`);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['engine-not-recorded'],
  );
  const kept = JSON.stringify(plans[0]?.nodes[0]?.details);
  for (const part of ['rocksdb_number_db_seek', 'ql_read_latency', '216.000'])
    assert.ok(kept.includes(part), kept);
});

function treeOf({ nodes }: Plan): readonly string[] {
  const depths = new Map<string, number>();
  return nodes.map((node: PlanNode) => {
    const depth = node.parentId === null ? 0 : (depths.get(node.parentId) ?? 0) + 1;
    depths.set(node.id, depth);
    const words = [node.relationship, node.type, node.relation, node.subplanName && `(${node.subplanName})`];
    return ' '.repeat(depth) + words.filter((word) => word !== undefined && word !== '').join(' ');
  });
}

function assertHolds(details: Details | undefined, part: Details): void {
  assert.deepEqual(Object.fromEntries(Object.keys(part).map((key) => [key, details?.[key]])), part);
}
