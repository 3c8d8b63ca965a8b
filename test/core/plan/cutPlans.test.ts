/** A paste that was cut: wherever that was, it is said, or nothing was lost. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import { reportsOfPlanText } from '../../../src/core/report/buildReport.ts';
import { verdict } from '../../../src/shared/verdict.ts';
import { recordingText } from '../../support/sameTree.ts';

describe('no cut passes in silence', () => {
  const names = ['pg15/trigger_insert.analyze', 'pg15/initplan.analyze', 'pg18/hash_spill.analyze'];
  for (const name of names) {
    for (const extension of ['txt', 'json', 'yaml', 'xml']) {
      test(`${name}.${extension}`, () => {
        const text = recordingText(name, extension).trimEnd();
        const whole = readPlans(text);
        assert.deepEqual(whole.problems, []);
        // Each place near the end, others now and then.
        for (let length = text.length - 1; length > 0; length -= length > text.length - 200 ? 1 : 37) {
          const { plans, problems } = readPlans(text.slice(0, length));
          if (problems.length === 0)
            assert.deepEqual(plans, whole.plans, JSON.stringify(text.slice(0, length).slice(-80)));
        }
      });
    }
  }
});

describe('what lacks is said', () => {
  const root = 'Nested Loop  (cost=0.00..1.00 rows=1 width=4) (actual time=0.1..0.9 rows=1 loops=1)';
  const scan = '  ->  Seq Scan on t  (cost=0.00..1.00 rows=1 width=4) (actual time=0.1..0.2 rows=1 loops=1)';
  const plan = `${root}\n${scan}\n`;
  const costs = 'Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)';
  const cases: readonly (readonly [name: string, text: string, code: string | undefined, says?: RegExp])[] = [
    [
      'a node without its numbers',
      `${plan}  ->  Seq Scan on tab`,
      'cut-off',
      /the numbers of Seq Scan in line 3/,
    ],
    [
      'a node without its measures',
      `${plan}  ->  Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)`,
      'cut-off',
    ],
    [
      'a condition that is open',
      `${costs}\n  Filter: ((a = 1) AND (b`,
      'cut-off',
      /that line is not complete/,
    ],
    ['a literal with a parenthesis is whole', `${costs}\n  Filter: (a = '('::text)`, undefined],
    ['a time without its unit', `${plan}${scan}\nPlanning Time: 1.5 ms\nExecution Time: 1.2`, 'cut-off'],
    [
      'no execution time',
      `${plan}${scan}\nPlanning Time: 1.5 ms`,
      'no-execution-time',
      /its end may be missing/,
    ],
    ['an execution time', `${plan}${scan}\nPlanning Time: 1.5 ms\nExecution Time: 1.2 ms`, undefined],
    ['the total runtime of PostgreSQL 9.3', `${plan}${scan}\nTotal runtime: 1.2 ms`, 'engine-not-recorded'],
    ['auto_explain prints none', `Query Text: select 1\n${plan}${scan}`, undefined],
    ['costs alone have none', costs, undefined],
    [
      'numbers of another country',
      'Limit  (cost=0,00..1,00 rows=1 width=4)\n  ->  Seq Scan on t  (cost=0,00..1,00 rows=1 width=4)',
      'numbers-unread',
      /line 2 are not as EXPLAIN prints them/,
    ],
  ];
  for (const [name, text, code, says] of cases) {
    test(name, () => {
      const { problems } = readPlans(text);
      assert.deepEqual(
        problems.map((problem) => problem.code),
        code === undefined ? [] : [code],
      );
      if (says) assert.match(problems[0]!.message, says);
    });
  }
  test('an execution time at the margin that the first line lost', () => {
    const text = `${root}\n ${scan}\n ${scan}\n Planning Time: 1.5 ms\n Execution Time: 1.2 ms`;
    assert.deepEqual(readPlans(text).plans[0]!.executionMs, 1.2);
  });
});

describe('nothing is made of what a cut took away', () => {
  const recorded = recordingText('pg18/window_functions.analyze', 'json');
  const join = `Hash Join  (cost=3.25..25000.00 rows=990000 width=40) (actual time=0.1..420.0 rows=1000000 loops=1)
  Hash Cond: (o.country_id = c.id)
  ->  Seq Scan on orders o  (cost=0.00..18334.00 rows=1000000 width=36) (actual time=0.01..110.0 rows=100 loops=1)`;
  const alone =
    'Seq Scan on orders o  (cost=0.00..18334.00 rows=1000000 width=36) (actual time=0.01..110.0 rows=100 loops=1)';
  const filter = '\n        Filter: (status = 1)\n        Rows Removed by Filter: 999900';
  const cannotTell = 'the plan is cut off, so which step took most cannot be told';
  const cases: readonly (readonly [name: string, text: string, verdict: string, rules: readonly string[]])[] =
    [
      ['behind a scan’s first line', join, `420.0 ms; ${cannotTell}`, []],
      ['behind its filter', join + filter, `420.0 ms; ${cannotTell}`, ['seq-scan-discards-rows']],
      [
        'behind a scan that took nearly all',
        `${join.replace('110.0', '400.0')}${filter}`,
        '420.0 ms, and nearly all of it reads 1,000,000 orders to keep 100',
        ['seq-scan-discards-rows'],
      ],
      ['behind the first line of all', alone, '110.0 ms, and nearly all of it reads 100 orders', []],
      [
        'planned only',
        join.replaceAll(/ \(actual.*/g, ''),
        'Not executed: an estimated cost of 25,000.00 for 990,000 rows',
        [],
      ],
      ...[500, 1500, 2500, 4000].map(
        (length) =>
          [`JSON, ${length} characters`, recorded.slice(0, length), `77.01 ms; ${cannotTell}`, []] as const,
      ),
    ];
  for (const [name, text, says, rules] of cases) {
    test(name, () => {
      const [report] = reportsOfPlanText(text, { slaMs: 10_000 }).reports;
      assert.equal(verdict(report!), says);
      const found = report!.findings.filter(({ ruleId }) => ruleId !== 'rows-removed-by-filter');
      assert.deepEqual(
        found.map(({ ruleId }) => ruleId).filter((id) => id !== 'row-misestimate'),
        rules,
      );
      if (name === 'behind the first line of all') return;
      for (const node of report!.plan.nodes) {
        if (node.missing?.includes('inputs'))
          assert.ok(node.selfMs === undefined && node.selfBuffers === undefined);
      }
      assert.ok(report!.plan.nodes.some(({ missing }) => missing?.includes('inputs')));
    });
  }
});

describe('a tree that can only be guessed', () => {
  const recorded = recordingText('pg15/seed_slow_deployments.analyze', 'txt');
  const pastes: Readonly<Record<string, string>> = {
    'spaces lost': recorded.replaceAll(/^ +/gm, ''),
    'spaces made one': recorded.replaceAll(/ +/g, ' '),
    'twice in one paste': `${recorded.replaceAll(/^ +/gm, '')}\n${recorded.replaceAll(/^ +/gm, '')}`,
  };
  for (const [name, text] of Object.entries(pastes)) {
    test(name, () => {
      const { reports } = reportsOfPlanText(text, { slaMs: 1 });
      assert.ok(reports.length > 0);
      for (const report of reports) {
        const { findings, problems, plan } = report;
        assert.equal(verdict(report), '41.19 ms; which step took it cannot be told');
        assert.ok(plan.nodes.every((node) => node.selfMs === undefined && node.selfBuffers === undefined));
        assert.deepEqual(
          problems.map((problem) => problem.code),
          ['indentation-lost'],
        );
        assert.deepEqual(findings, []);
        assert.equal(plan.executionMs, 41.192);
        assert.equal(plan.nodes[0]!.buffers?.sharedHit, 6413);
      }
    });
  }
  test('spaces around a tree of two nodes say nothing of it', () => {
    const text = 'Limit (cost=0.00..1.00 rows=1 width=4)\n -> Seq Scan on t (cost=0.00..1.00 rows=1 width=4)';
    assert.deepEqual(readPlans(text).problems, []);
  });
  test('the rest of a line is no node', () => {
    const { plans, problems } = readPlans('width=8) (actual time=0.1..0.2 rows=1 loops=1)');
    assert.deepEqual(plans, []);
    assert.deepEqual(
      problems.map((problem) => problem.code),
      ['no-plan'],
    );
  });
});
