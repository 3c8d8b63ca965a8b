/** Which step of one plan is which of the other, as the rows of the merged tree. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePlans } from '../../../src/core/compare/comparePlans.ts';
import { nodeLabel } from '../../../src/core/report/planTable.ts';
import type { PlanComparison } from '../../../src/shared/comparison.ts';
import type { Plan } from '../../../src/shared/report.ts';
import { sketchReport } from '../../support/planSketch.ts';

/** "~ Seq Scan on orders → Index Scan using orders_pkey on orders (type, index)", two blanks for each level. */
function drawRows({ rows, before, after }: PlanComparison): readonly string[] {
  const name = ({ nodes }: Plan, id: string | undefined) => {
    const node = nodes.find((one) => one.id === id);
    return node === undefined ? '' : nodeLabel(node);
  };
  const marks = { same: '=', changed: '~', added: '+', removed: '-', unknown: '?' } as const;
  return rows.map(({ level, beforeId, afterId, change, differences }) => {
    const [was, now] = [name(before.plan, beforeId), name(after.plan, afterId)];
    const label = was === '' || now === '' || was === now ? was || now : `${was} → ${now}`;
    const kinds = differences.length === 0 ? '' : ` (${differences.map(({ what }) => what).join(', ')})`;
    return `${'  '.repeat(level)}${marks[change]} ${label}${kinds}`;
  });
}

interface Case {
  readonly before: string;
  readonly after: string;
  readonly rows: string;
}

const cases: Readonly<Record<string, Case>> = {
  'another scan of the same table is one changed step': {
    before: `
Limit
  Seq Scan on orders o`,
    after: `
Limit
  Index Scan using orders_status_idx on orders o`,
    rows: `
= Limit
  ~ Seq Scan on orders o → Index Scan using orders_status_idx on orders o (type, index)`,
  },
  'a bitmap stands for the scan, what makes it is added below': {
    before: `
Parallel Seq Scan on orders`,
    after: `
Bitmap Heap Scan on orders
  Bitmap Index Scan using orders_status_idx`,
    rows: `
~ Parallel Seq Scan on orders → Bitmap Heap Scan on orders (type)
  + Bitmap Index Scan using orders_status_idx`,
  },
  'a join by another method is one changed step, its hash table is gone': {
    before: `
Hash Join
  Seq Scan on orders
  Hash
    Seq Scan on customers`,
    after: `
Nested Loop
  Seq Scan on orders
  Index Scan using customers_pkey on customers`,
    rows: `
~ Hash Join → Nested Loop (type)
  = Seq Scan on orders
  - Hash
    ~ Seq Scan on customers → Index Scan using customers_pkey on customers (type, index)`,
  },
  'inputs of a join that changed sides': {
    before: `
Nested Loop
  Seq Scan on orders
  Seq Scan on customers`,
    after: `
Nested Loop
  Seq Scan on customers
  Seq Scan on orders`,
    rows: `
~ Nested Loop (order)
  = Seq Scan on customers
  = Seq Scan on orders`,
  },
  'what is put in between is added, and nothing else': {
    before: `
Limit
  Nested Loop
    Seq Scan on a
    Index Scan using b_pkey on b`,
    after: `
Limit
  Gather Merge
    Sort
      Nested Loop
        Parallel Seq Scan on a
        Memoize
          Index Scan using b_pkey on b`,
    rows: `
= Limit
  + Gather Merge
    + Sort
      = Nested Loop
        ~ Seq Scan on a → Parallel Seq Scan on a (manner)
        + Memoize
          = Index Scan using b_pkey on b`,
  },
  'an aggregate in two stages: the last of them is the one there was': {
    before: `
Aggregate
  Seq Scan on a`,
    after: `
Aggregate | Partial Mode: Finalize
  Gather
    Aggregate | Partial Mode: Partial
      Parallel Seq Scan on a`,
    rows: `
~ Aggregate → Finalize Aggregate (manner)
  + Gather
    + Partial Aggregate
      ~ Seq Scan on a → Parallel Seq Scan on a (manner)`,
  },
  'another order of joins: tables keep their rows, joins that are no more are gone': {
    before: `
Hash Join
  Hash Join
    Seq Scan on a
    Hash
      Seq Scan on b
  Hash
    Seq Scan on c`,
    after: `
Hash Join
  Seq Scan on a
  Hash
    Hash Join
      Seq Scan on b
      Hash
        Seq Scan on c`,
    rows: `
= Hash Join
  - Hash Join
  = Seq Scan on a
  + Hash
    + Hash Join
      - Hash
        = Seq Scan on b
      = Hash
        = Seq Scan on c`,
  },
  'a table joined to itself keeps its aliases apart': {
    before: `
Nested Loop
  Seq Scan on staff boss
  Seq Scan on staff clerk`,
    after: `
Nested Loop
  Seq Scan on staff clerk
  Index Scan using staff_pkey on staff boss`,
    rows: `
~ Nested Loop (order)
  = Seq Scan on staff clerk
  ~ Seq Scan on staff boss → Index Scan using staff_pkey on staff boss (type, index)`,
  },
  'sub-plans are aligned under their names, also when they hang elsewhere': {
    before: `
Seq Scan on a
  InitPlan 1: Aggregate
    Seq Scan on b
  SubPlan 2: Limit
    Seq Scan on c`,
    after: `
Gather
  InitPlan 1: Aggregate
    Index Only Scan using b_pkey on b
  Parallel Seq Scan on a
    SubPlan 2: Limit
      Seq Scan on c`,
    rows: `
+ Gather
  = InitPlan 1: Aggregate
    ~ Seq Scan on b → Index Only Scan using b_pkey on b (type, index)
  ~ Seq Scan on a → Parallel Seq Scan on a (manner)
    = SubPlan 2: Limit
      = Seq Scan on c`,
  },
  'partitions that are pruned': {
    before: `
Append
  Seq Scan on orders_p1 orders_1
  Seq Scan on orders_p2 orders_2
  Seq Scan on orders_p3 orders_3`,
    after: `
Append
  Seq Scan on orders_p2 orders_1
  Seq Scan on orders_p3 orders_2`,
    rows: `
= Append
  - Seq Scan on orders_p1 orders_1
  = Seq Scan on orders_p2 orders_2 → Seq Scan on orders_p2 orders_1
  = Seq Scan on orders_p3 orders_3 → Seq Scan on orders_p3 orders_2`,
  },
  'conditions and keys': {
    before: `
Sort | Sort Key: o.at
  Seq Scan on orders o | Filter: (o.status = 'open'::text)`,
    after: `
Sort | Sort Key: o.at DESC
  Seq Scan on orders o | Filter: (status = 'paid'::text)`,
    rows: `
~ Sort (keys)
  ~ Seq Scan on orders o (condition)`,
  },
  'that one plan is VERBOSE is no difference': {
    before: `
Seq Scan on orders o | Filter: (o.status = 'open'::text)`,
    after: `
Seq Scan on orders o | Filter: (status = 'open'::text)`,
    rows: `
= Seq Scan on orders o`,
  },
  'plans without a table in common are aligned by their shape, scans are not': {
    before: `
Limit
  Sort
    Seq Scan on a`,
    after: `
Limit
  Sort
    Seq Scan on b`,
    rows: `
= Limit
  = Sort
    - Seq Scan on a
    + Seq Scan on b`,
  },
  'nothing in common': {
    before: `
Result`,
    after: `
Aggregate
  Seq Scan on a`,
    rows: `
- Result
+ Aggregate
  + Seq Scan on a`,
  },
};

for (const [what, { before, after, rows }] of Object.entries(cases)) {
  test(what, () => {
    const drawn = drawRows(comparePlans(sketchReport(before), sketchReport(after)));
    assert.equal(drawn.join('\n'), rows.trim());
  });
}

test('shards of one table are one, whichever Citus shows', () => {
  const shard = (number: number) => {
    const report = sketchReport(`
Custom Scan
  Seq Scan on orders_${number} orders`);
    const nodes = report.plan.nodes.map((node) =>
      node.relation ? { ...node, distributed: { task: '1' } } : node,
    );
    return { ...report, plan: { ...report.plan, nodes } };
  };
  const drawn = drawRows(comparePlans(shard(102008), shard(102031)));
  assert.deepEqual(drawn, [
    '= Custom Scan',
    '  = Seq Scan on orders_102008 orders (task 1) → Seq Scan on orders_102031 orders (task 1)',
  ]);
});

test('a report whose parents are wrong is compared all the same', () => {
  const report = sketchReport(`
Limit
  Sort
    Seq Scan on a`);
  const nodes = report.plan.nodes.map((node, place) => ({ ...node, parentId: place === 0 ? '2' : '7' }));
  const { rows } = comparePlans(report, { ...report, plan: { ...report.plan, nodes } });
  assert.deepEqual(rows.flatMap(({ afterId }) => afterId ?? []).toSorted(), ['0', '1', '2']);
});
