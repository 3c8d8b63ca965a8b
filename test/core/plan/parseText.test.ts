import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import { rootOf, rootOfPart } from '../../support/textRoots.ts';

describe('what is below what', () => {
  test('inputs, members, sub-plans and their names', () => {
    const text = `
Hash Join  (cost=0.00..1.00 rows=1 width=4)
  CTE c (1)
    ->  Result  (cost=0.00..1.00 rows=1 width=4)
  InitPlan 10 (returns $1,$2)
    ->  Result  (cost=0.00..1.00 rows=1 width=4)
  ->  Append  (cost=0.00..1.00 rows=1 width=4)
        Subplans Removed: 2
        ->  Seq Scan on a  (cost=0.00..1.00 rows=1 width=4)
        ->  Subquery Scan on b  (cost=0.00..1.00 rows=1 width=4)
              ->  Result  (cost=0.00..1.00 rows=1 width=4)
  ->  Hash  (cost=0.00..1.00 rows=1 width=4)
        ->  Custom Scan (X)  (cost=0.00..1.00 rows=1 width=4)
              ->  Result  (cost=0.00..1.00 rows=1 width=4)
  SubPlan 3
    ->  Result  (cost=0.00..1.00 rows=1 width=4)`;
    const { plans, problems } = readPlans(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      plans[0]!.nodes.map((node) => [node.type, node.parentId, node.relationship, node.subplanName]),
      [
        ['Hash Join', null, undefined, undefined],
        ['Result', '0', 'InitPlan', 'CTE c (1)'],
        ['Result', '0', 'InitPlan', 'InitPlan 10 (returns $1,$2)'],
        ['Append', '0', 'Outer', undefined],
        ['Seq Scan', '3', 'Member', undefined],
        ['Subquery Scan', '3', 'Member', undefined],
        ['Result', '5', 'Subquery', undefined],
        ['Hash', '0', 'Inner', undefined],
        ['Custom Scan', '7', 'Outer', undefined],
        ['Result', '8', 'child', undefined],
        ['Result', '0', 'SubPlan', 'SubPlan 3'],
      ],
    );
  });
  test('a bare tree: no costs, no measures', () => {
    const { plans, problems } = readPlans(
      'Sort\n  Sort Key: a\n  ->  Seq Scan on t\n        Filter: (a = 1)\n',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      plans[0]!.nodes.map((node) => node.type),
      ['Sort', 'Seq Scan'],
    );
  });
  test('Citus: jobs without plans', () => {
    const root = rootOf(`Custom Scan (Citus Adaptive)  (cost=0.00..0.00 rows=0 width=0)
  Task Count: 4
  Tasks Shown: None, not supported for re-partition queries
  ->  MapMergeJob
        Map Task Count: 3
        Merge Task Count: 4
        ->  MapMergeJob
              Map Task Count: 5`);
    assert.deepEqual(root['Distributed Query'], {
      Job: {
        'Task Count': 4,
        'Tasks Shown': 'None, not supported for re-partition queries',
        'Dependent Jobs': [
          { 'Map Task Count': 3, 'Merge Task Count': 4, 'Dependent Jobs': [{ 'Map Task Count': 5 }] },
        ],
      },
    });
  });
});

describe('several plans, and text around them', () => {
  const sort =
    'Sort  (cost=0.00..1.00 rows=1 width=4)\n  Sort Key: a\n  ->  Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)';
  const counts: readonly (readonly [name: string, text: string, plans: number])[] = [
    ['a blank line between', `${sort}\n\n${sort}`, 2],
    ['nothing between', `${sort}\nPlanning Time: 1 ms\n${sort}`, 2],
    ['prose around', `Hi, note: it is slow.\n\n${sort}\n\nWhat: can I do?\n  Indented: yes.\n(1 row)`, 1],
    ['prose between', `before:\n${sort}\nafter:\n${sort}\nthanks: all`, 2],
    ['bare plans', 'Limit\n  ->  Seq Scan on t\n\nResult\n', 2],
    ['no plan', 'Limit the rows, Sort on time\nResult: none', 0],
  ];
  for (const [name, text, count] of counts) {
    test(name, () => {
      const { plans, problems } = readPlans(text);
      assert.deepEqual(
        problems.filter((problem) => problem.code !== 'no-plan'),
        [],
      );
      assert.equal(plans.length, count);
      for (const plan of plans) {
        assert.deepEqual(
          plan.nodes
            .flatMap((node) => Object.keys(node.details))
            .filter((key) => /Note|What|Indented/.test(key)),
          [],
        );
      }
    });
  }
});

describe('arrows of prose are no nodes', () => {
  const plan = `Hash Join  (cost=1.00..9.00 rows=1 width=4) (actual time=0.1..0.9 rows=1 loops=1)
  Hash Cond: (a.id = b.id)
  ->  Seq Scan on a  (cost=0.00..1.00 rows=1 width=4) (actual time=0.1..0.2 rows=1 loops=1)
        Filter: (x = 1)
        Rows Removed by Filter: 7
  ->  Hash  (cost=1.00..1.00 rows=1 width=4) (actual time=0.1..0.2 rows=1 loops=1)
        ->  Seq Scan on b  (cost=0.00..1.00 rows=1 width=4) (actual time=0.1..0.2 rows=1 loops=1)
              Filter: (y = 1)
              Rows Removed by Filter: 7
Planning Time: 0.3 ms
Execution Time: 1.2 ms`;
  const unfinished = plan.split('\n').slice(0, -2).join('\n');
  const bare = 'Sort\n  Sort Key: a\n  ->  Seq Scan on t\n        Filter: (b = 1)';
  const quoted = plan.replaceAll(/^/gm, '> ');
  const texts: readonly (readonly [name: string, plan: string, text: string])[] = [
    [
      'bullets below',
      plan,
      `${plan}\n\nWhat I tried so far:\n-> an index on created_at\n-> raising: work_mem`,
    ],
    ['bullets at once', plan, `${plan}\n-> an index on created_at\n  ->  Seq Scan on b is slow`],
    ['a bullet that names a node', plan, `${plan}\n\n-> Seq Scan\n-> Hash Join on b`],
    ['bullets above', plan, `-> my first try\n${plan}`],
    ['bullets above that begin large', plan, `-> My first try\n-> VACUUM\n\n${plan}`],
    ['bullets below a plan without times', unfinished, `${unfinished}\n\nTried:\n  -> an index\n-> Sort`],
    ['bullets below a bare plan', bare, `${bare}\n\nTried:\n-> an index on b\n  -> VACUUM`],
    ['an arrow below a quoted mail', plan, `${quoted}\n\nI would add an index -> much faster.`],
    ['bullets below a quoted mail', plan, `${quoted}\n\nMy way:\n-> An index\n-> Vacuum\n-> then -> done`],
  ];
  for (const [name, plain, text] of texts) {
    test(name, () => {
      const { plans, problems } = readPlans(text);
      const expected = readPlans(plain);
      assert.deepEqual(
        problems.map(({ code }) => code),
        expected.problems.map(({ code }) => code),
      );
      assert.deepEqual(plans, expected.plans);
    });
  }
  const noPlans: Readonly<Record<string, string>> = {
    'bullets alone': 'Hi team, what we tried:\n-> An index on orders\n-> VACUUM ANALYZE\n\nAny idea?',
    'bullets that name nodes': 'What we see:\n-> Seq Scan on orders\n-> Hash Join\n\nWhy?',
  };
  for (const [name, text] of Object.entries(noPlans)) {
    test(name, () => {
      const { plans, problems } = readPlans(text);
      assert.deepEqual(plans, []);
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['no-plan'],
      );
    });
  }
  test('a node of another engine, without costs as its plan is', () => {
    const { plans } = readPlans('Sort\n  ->  Stream Thing on t\n        Filter: (b = 1)');
    assert.deepEqual(
      plans[0]!.nodes.map(({ type }) => type),
      ['Sort', 'Stream Thing'],
    );
  });
});

describe('what is missing is said', () => {
  const cuts: readonly (readonly [text: string, code: string, line: number, says: RegExp])[] = [
    [
      'Hash Join  (cost=0.00..1.00 rows=1 width=4)\n  Hash Cond: (a = b)',
      'cut-off',
      2,
      /after line 2: both inputs of Hash Join in line 1 are missing/,
    ],
    [
      'Hash Join  (cost=0.00..1.00 rows=1 width=4)\n  ->  Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n',
      'cut-off',
      2,
      /one of the two inputs/,
    ],
    ['Sort  (cost=0.00..1.00 rows=1 width=4)', 'cut-off', 1, /what is below Sort in line 1/],
    ['Seq Scan on t  (cost=0.00..1.00 rows=1 wid', 'cut-off', 1, /the numbers of Seq Scan in line 1/],
    [
      'Limit  (cost=0.00..1.00 rows=1 width=4)\n->  Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\nFilter: (a = 1)',
      'indentation-lost',
      1,
      /spaces at the beginning/,
    ],
  ];
  for (const [text, code, line, says] of cuts) {
    test(says.source, () => {
      const { plans, problems } = readPlans(text);
      assert.equal(plans.length, 1);
      assert.deepEqual(
        problems.map((problem) => [problem.code, problem.line]),
        [[code, line]],
      );
      assert.match(problems[0]!.message, says);
    });
  }
  test('a cut number is not taken for a whole one', () => {
    const root = rootOfPart('Seq Scan on t  (cost=0.00..1.00 rows=12');
    assert.equal(root['Plan Rows'], undefined);
    assert.equal(root['Cut Off'], 'rows=12');
  });
  test('a plan that begins in its middle is read from there', () => {
    const { plans } = readPlans(
      '        ->  Sort  (cost=0.00..1.00 rows=1 width=4)\n              Sort Key: a\n              ->  Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)',
    );
    assert.deepEqual(
      plans[0]!.nodes.map((node) => [node.type, node.parentId]),
      [
        ['Sort', null],
        ['Seq Scan', '0'],
      ],
    );
  });
});
