/** Plans of any size, of mixed shapes and with every key that EXPLAIN (ANALYZE, VERBOSE, BUFFERS) prints. */
import type { Json } from '../../src/shared/report.ts';

export type RawNode = Record<string, Json>;

/** The same numbers at every call: a linear congruential generator (Numerical Recipes). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A plan of about `size` nodes: joins of partitioned scans, aggregates, sub-plans, parallel regions. */
export function generatePlan(size: number): RawNode {
  return new PlanGenerator().plan(size);
}

/** One node below the other, `depth` times. */
export function generateDeepPlan(depth: number): RawNode {
  const generator = new PlanGenerator();
  let node = generator.scan();
  for (let level = 1; level < depth; level++)
    node = generator.above(level % 3 === 0 ? 'Sort' : 'Materialize', node);
  return { Plan: node, 'Planning Time': 1, 'Execution Time': 100, Triggers: [] };
}

/** Of the hashed inputs: a plan of 10,000 nodes gets about a hundred parallel regions. */
const gatheredPart = 0.08;
/** Nodes of a branch; small plans have one that is smaller. */
const maxBranchSize = 60;

class PlanGenerator {
  readonly #random = createRandom(42);
  #nodes = 0;
  #initPlans = 0;

  plan(size: number): RawNode {
    const branches: RawNode[] = [];
    while (this.#nodes < size) branches.push(this.#branch(Math.min(size, maxBranchSize)));
    const root = this.#node('Append', {
      Plans: branches.map((one) => ({ ...one, 'Parent Relationship': 'Member' })),
    });
    return {
      Plan: root,
      'Query Identifier': 1234567,
      Planning: this.#buffers(),
      'Planning Time': 12.345,
      Triggers: [],
      'Execution Time': 987.654,
    };
  }

  scan(): RawNode {
    const number = Math.floor(this.#random() * 500);
    return this.#node(this.#random() < 0.6 ? 'Seq Scan' : 'Index Scan', {
      'Relation Name': `orders_p${number}`,
      Schema: 'public',
      Alias: `o_${number}`,
      Filter: `((o_${number}.status = 'it''s open'::text) AND (o_${number}.amount > '100'::numeric))`,
      'Rows Removed by Filter': Math.floor(this.#random() * 1000),
    });
  }

  above(type: string, input: RawNode, more: RawNode = {}): RawNode {
    return this.#node(type, { ...more, Plans: [{ ...input, 'Parent Relationship': 'Outer' }] });
  }

  /** A sub-tree of some size: its shapes follow from the random numbers. */
  #branch(size: number): RawNode {
    const from = this.#nodes;
    let node = this.scan();
    while (this.#nodes - from < size) {
      const shape = this.#random();
      if (shape < 0.4) node = this.#join(node);
      else if (shape < 0.6) node = this.#partitions(node);
      else if (shape < 0.75) node = this.above('Aggregate', node, aggregate);
      else if (shape < 0.9) node = this.above('Sort', node, sort);
      else node = this.#withSubPlans(node);
    }
    return node;
  }

  #join(outer: RawNode): RawNode {
    const input = this.#random() < gatheredPart ? this.#gathered() : this.scan();
    const hash = this.above('Hash', input, hashTable);
    return this.#node('Hash Join', {
      'Join Type': this.#random() < 0.7 ? 'Inner' : 'Left',
      'Hash Cond': '(o.customer_id = c.id)',
      Plans: [
        { ...outer, 'Parent Relationship': 'Outer' },
        { ...hash, 'Parent Relationship': 'Inner' },
      ],
    });
  }

  /** A scan that a leader and two workers share, none of them evenly. */
  #gathered(): RawNode {
    const scan = this.scan();
    const shared = { ...scan, 'Parallel Aware': true, 'Actual Loops': 3 };
    const Workers = [0, 1].map((number) => ({
      'Worker Number': number,
      'Actual Startup Time': scan['Actual Startup Time']!,
      // At most 2.8 times the average of the three together, so that the leader has a part of it.
      'Actual Total Time': round((scan['Actual Total Time'] as number) * (0.6 + 0.8 * this.#random()), 3),
      'Actual Rows': scan['Actual Rows']!,
      'Actual Loops': 1,
      ...this.#buffers(Math.floor((scan['Shared Hit Blocks'] as number) / 3)),
    }));
    return this.above('Gather', { ...shared, Workers }, gather);
  }

  #partitions(first: RawNode): RawNode {
    const members = [first, ...Array.from({ length: 8 }, () => this.scan())];
    return this.#node('Append', {
      Plans: members.map((one) => ({ ...one, 'Parent Relationship': 'Member' })),
    });
  }

  #withSubPlans(input: RawNode): RawNode {
    const number = ++this.#initPlans;
    const initPlan = this.above('Aggregate', this.scan(), aggregate);
    const subPlan = this.above('Limit', this.scan());
    return this.#node('Nested Loop', {
      'Join Type': 'Inner',
      'Join Filter': `((o.at > (InitPlan ${number}).col1) AND (SubPlan ${number + 1_000_000}))`,
      Plans: [
        { ...initPlan, 'Parent Relationship': 'InitPlan', 'Subplan Name': `InitPlan ${number}` },
        { ...input, 'Parent Relationship': 'Outer' },
        { ...this.scan(), 'Parent Relationship': 'Inner' },
        { ...subPlan, 'Parent Relationship': 'SubPlan', 'Subplan Name': `SubPlan ${number + 1_000_000}` },
      ],
    });
  }

  /** Costs and measures grow from the leaves to the root. */
  #node(type: string, fields: RawNode): RawNode {
    this.#nodes++;
    const plans = (fields['Plans'] ?? []) as readonly RawNode[];
    const sum = (key: string) => plans.reduce((total, plan) => total + (plan[key] as number), 0);
    const rows = Math.ceil(this.#random() * 10_000);
    const hit = sum('Shared Hit Blocks') + Math.ceil(this.#random() * 100);
    const { Plans: _, ...own } = fields;
    return {
      'Node Type': type,
      'Parallel Aware': false,
      'Async Capable': false,
      'Startup Cost': round(this.#random() * 10, 2),
      'Total Cost': round(sum('Total Cost') + this.#random() * 1000, 2),
      'Plan Rows': Math.ceil(rows * (0.2 + 2 * this.#random())),
      'Plan Width': 8 + Math.floor(this.#random() * 100),
      'Actual Startup Time': round(this.#random(), 3),
      'Actual Total Time': round(sum('Actual Total Time') + this.#random() * 10, 3),
      'Actual Rows': rows,
      'Actual Loops': 1,
      Disabled: false,
      Output: ['o.id', 'o.customer_id', "COALESCE(o.status, 'none, yet'::text)", 'sum(o.amount) OVER (?)'],
      ...own,
      ...this.#buffers(hit),
      ...(plans.length === 0 ? {} : { Plans: plans }),
    };
  }

  #buffers(hit = 3): RawNode {
    const counters = ['Shared', 'Local'].flatMap((kind) =>
      ['Hit', 'Read', 'Dirtied', 'Written'].map((one) => `${kind} ${one} Blocks`),
    );
    return {
      ...Object.fromEntries([...counters, 'Temp Read Blocks', 'Temp Written Blocks'].map((key) => [key, 0])),
      'Shared Hit Blocks': hit,
    };
  }
}

const gather: RawNode = { 'Workers Planned': 2, 'Workers Launched': 2, 'Single Copy': false };
const aggregate: RawNode = {
  Strategy: 'Hashed',
  'Partial Mode': 'Simple',
  'Group Key': ['o.customer_id', "date_trunc('day'::text, o.at)"],
  'HashAgg Batches': 1,
  'Peak Memory Usage': 217,
};
const sort: RawNode = {
  'Sort Key': ['o.at DESC', '(lower(o.status)) COLLATE "C"'],
  'Sort Method': 'external merge',
  'Sort Space Used': 22_960,
  'Sort Space Type': 'Disk',
};
const hashTable: RawNode = {
  'Hash Buckets': 65_536,
  'Original Hash Buckets': 1024,
  'Hash Batches': 4,
  'Original Hash Batches': 1,
  'Peak Memory Usage': 3585,
};

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
