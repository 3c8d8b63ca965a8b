/** Each rule: fires, is silent just under its threshold and in its traps, and survives what a server left out. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findAll, rules } from '../../../src/core/rules/index.ts';
import { checkRule, findingsOf } from '../../support/findings.ts';
import { planNames, planOf, planOfRaw, planText, rawNode } from '../../support/plans.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';

type Raw = Record<string, unknown>;
const below = (type: string, relationship: string, fields: Raw = {}) =>
  rawNode(type, { 'Parent Relationship': relationship, ...fields });

describe('seq-scan-discards-rows', () => {
  const id = 'seq-scan-discards-rows';
  const scan = (kept: number, removed: number, more: Raw = {}) =>
    rawNode('Seq Scan', {
      'Relation Name': 'deployments',
      'Actual Rows': kept,
      'Rows Removed by Filter': removed,
      Filter: '(a = 1)',
      'Actual Total Time': 100,
      ...more,
    });
  checkRule(id, 'four fifths discarded', scan(250, 1000), 1);
  checkRule(id, 'a row less discarded than four fifths', scan(251, 1000), 0);
  checkRule(id, 'too few rows to matter', scan(1, 999), 0);
  checkRule(id, 'an index scan is no sequential scan', { ...scan(1, 5000), 'Node Type': 'Index Scan' }, 0);
  checkRule(id, 'no filter', { ...scan(1, 5000), Filter: undefined }, 0);
  checkRule(id, 'rows removed not printed', { ...scan(1, 5000), 'Rows Removed by Filter': undefined }, 0);
  checkRule(
    id,
    'without times, relation and blocks',
    scan(1, 5000, { 'Actual Total Time': undefined, 'Relation Name': undefined }),
    1,
  );
  checkRule(id, 'never executed', scan(1, 5000, { 'Actual Loops': 0 }), 0);
  checkRule(id, 'estimated only', scan(1, 5000, { 'Actual Loops': undefined, 'Actual Rows': undefined }), 0);
  test('savable is the part of the scan that went into discarded rows', () => {
    const [finding] = findingsOf(planOfRaw(scan(1000, 9000)), id);
    assert.equal(finding!.savableMs, 90);
    assert.equal(finding!.severity, 'critical');
  });
});

describe('rows-removed-by-filter', () => {
  const id = 'rows-removed-by-filter';
  const scan = (type: string, kept: number, removed: number, more: Raw = {}) =>
    rawNode(type, { 'Actual Rows': kept, 'Rows Removed by Filter': removed, Filter: '(a = 1)', ...more });
  checkRule(id, 'half of the rows', scan('Index Scan', 1000, 1000), 1);
  checkRule(id, 'a row less than half', scan('Index Scan', 1001, 1000), 0);
  checkRule(id, 'too few rows to matter', scan('Index Scan', 0, 999), 0);
  checkRule(id, 'a CTE scan', scan('CTE Scan', 0, 5000, { 'CTE Name': 'c' }), 1);
  checkRule(id, 'HAVING comes after grouping', scan('Aggregate', 0, 5000), 0);
  checkRule(id, 'condition not printed', scan('Seq Scan', 0, 5000, { Filter: undefined }), 0);
  checkRule(
    id,
    'a join filter',
    rawNode('Nested Loop', { 'Join Filter': '(a < b)', 'Rows Removed by Join Filter': 5000 }),
    1,
  );
});

describe('nested-loop-many-rows', () => {
  const id = 'nested-loop-many-rows';
  const loop = (loops: number, innerMs: number, more: Raw = {}) =>
    rawNode('Nested Loop', {
      'Actual Total Time': 100,
      'Actual Rows': loops,
      Plans: [
        below('Seq Scan', 'Outer', {
          'Actual Rows': loops,
          'Plan Rows': loops,
          'Actual Total Time': 100 - innerMs,
        }),
        below('Index Scan', 'Inner', { 'Actual Loops': loops, 'Actual Total Time': innerMs / loops }),
      ],
      ...more,
    });
  checkRule(id, '10,000 repetitions', loop(10_000, 50), 1);
  checkRule(id, '9,999 repetitions', loop(9999, 50), 0);
  checkRule(id, 'cheap repetitions (Memoize, a small share of the time)', loop(10_000, 9), 0);
  checkRule(
    id,
    'a million rows in few repetitions',
    rawNode('Nested Loop', {
      'Actual Total Time': 100,
      Plans: [
        below('Seq Scan', 'Outer', { 'Actual Rows': 100 }),
        below('Materialize', 'Inner', {
          'Actual Loops': 100,
          'Actual Rows': 10_000,
          'Actual Total Time': 0.5,
        }),
      ],
    }),
    1,
  );
  checkRule(id, 'without children', rawNode('Nested Loop', { 'Actual Total Time': 100 }), 0);
  checkRule(
    id,
    'without times',
    JSON.parse(JSON.stringify(loop(10_000, 50)).replaceAll('Actual Total Time', 'X')) as Raw,
    1,
  );
});

describe('sort-spill', () => {
  const id = 'sort-spill';
  const sort = (more: Raw) => rawNode('Sort', { 'Actual Total Time': 50, 'Actual Rows': 1000, ...more });
  checkRule(id, 'on disk', sort({ 'Sort Space Type': 'Disk', 'Sort Space Used': 1 }), 1);
  checkRule(id, 'in memory', sort({ 'Sort Space Type': 'Memory', 'Sort Space Used': 9000 }), 0);
  checkRule(id, 'not told', sort({}), 0);
  checkRule(
    id,
    'only a worker spilled',
    sort({
      'Sort Space Type': 'Memory',
      'Sort Space Used': 5,
      Workers: [{ 'Worker Number': 0, 'Sort Space Type': 'Disk', 'Sort Space Used': 70 }],
    }),
    1,
  );
});

describe('hash-spill', () => {
  const id = 'hash-spill';
  const hash = (more: Raw) => rawNode('Hash', { 'Actual Total Time': 50, ...more });
  checkRule(id, 'two batches', hash({ 'Hash Batches': 2, 'Peak Memory Usage': 4096 }), 1);
  checkRule(id, 'one batch', hash({ 'Hash Batches': 1, 'Peak Memory Usage': 4096 }), 0);
  checkRule(id, 'memory not told', hash({ 'Hash Batches': 2 }), 1);
  checkRule(id, 'not told', hash({}), 0);
  checkRule(id, 'aggregate on disk', rawNode('Aggregate', { 'HashAgg Batches': 5, 'Disk Usage': 100 }), 1);
  checkRule(id, 'aggregate in memory', rawNode('Aggregate', { 'HashAgg Batches': 1, 'Disk Usage': 0 }), 0);
});

describe('blocks-read-from-disk', () => {
  const id = 'blocks-read-from-disk';
  const scan = (read: number, more: Raw = {}) =>
    rawNode('Seq Scan', {
      'Shared Hit Blocks': 0,
      'Shared Read Blocks': read,
      'Actual Total Time': 100,
      ...more,
    });
  checkRule(id, '1,000 blocks', scan(1000), 1);
  checkRule(id, '999 blocks', scan(999), 0);
  checkRule(id, 'no buffers', rawNode('Seq Scan'), 0);
  checkRule(
    id,
    'read by the child, not here',
    { ...scan(5000), Plans: [below('Sort', 'Outer', { 'Shared Read Blocks': 5000 })] },
    1,
  );
  test('I/O of several processes is their sum, and saves its elapsed share', () => {
    const plan = planOfRaw(
      rawNode('Gather', {
        'Actual Total Time': 101,
        'Shared Read Blocks': 5000,
        'Shared I/O Read Time': 320,
        Plans: [
          {
            ...scan(5000, { 'Actual Loops': 4, 'Shared I/O Read Time': 320 }),
            'Parent Relationship': 'Outer',
          },
        ],
      }),
    );
    assert.equal(findingsOf(plan, id)[0]!.savableMs, 80);
  });
  test('untimed reads save an unknown time', () =>
    assert.equal(findingsOf(planOfRaw(scan(5000)), id)[0]!.savableMs, undefined));
});

describe('low-cache-hit', () => {
  const id = 'low-cache-hit';
  const root = (hit: number, read: number) =>
    rawNode('Seq Scan', { 'Shared Hit Blocks': hit, 'Shared Read Blocks': read });
  checkRule(id, 'under nine tenths', root(899, 101), 1);
  checkRule(id, 'nine tenths', root(900, 100), 0);
  checkRule(id, 'too few blocks to matter', root(0, 999), 0);
  checkRule(id, 'no buffers', rawNode('Seq Scan'), 0);
});

describe('slow-execution', () => {
  const id = 'slow-execution';
  checkRule(id, 'above the limit', rawNode('Result', { 'Actual Total Time': 1000.1 }), 1);
  checkRule(id, 'at the limit', rawNode('Result', { 'Actual Total Time': 1000 }), 0);
  checkRule(id, 'not timed', rawNode('Result', { 'Actual Total Time': undefined }), 0);
  test('the execution time counts, triggers and all', () => {
    const plan = planOfRaw(rawNode('ModifyTable', { 'Actual Total Time': 10 }), { 'Execution Time': 6000 });
    assert.equal(findingsOf(plan, id)[0]!.severity, 'critical');
  });
});

describe('row-misestimate', () => {
  const id = 'row-misestimate';
  const scan = (planned: number, actual: number, more: Raw = {}) =>
    rawNode('Seq Scan', { 'Relation Name': 't', 'Plan Rows': planned, 'Actual Rows': actual, ...more });
  checkRule(id, 'ten times more', scan(100, 1000), 1);
  checkRule(id, 'just under ten times more', scan(100, 999), 0);
  checkRule(id, 'ten times fewer', scan(1000, 100), 1);
  checkRule(id, 'none of many', scan(1000, 0), 1);
  checkRule(id, 'few rows in all', scan(10, 109), 0);
  checkRule(id, 'a hundred rows', scan(10, 110), 1);
  checkRule(id, 'no plan rows (COSTS OFF)', scan(100, 1000, { 'Plan Rows': undefined }), 0);
  test('the first node to go wrong is named, not those that inherit it', () => {
    const plan = planOfRaw(
      rawNode('Aggregate', {
        'Plan Rows': 10,
        'Actual Rows': 1000,
        Plans: [
          below('Hash Join', 'Outer', {
            'Plan Rows': 10,
            'Actual Rows': 5000,
            Plans: [{ ...scan(10, 5000), 'Parent Relationship': 'Outer' }, below('Hash', 'Inner')],
          }),
        ],
      }),
    );
    assert.deepEqual(
      findingsOf(plan, id).map((finding) => finding.nodeId),
      ['2'],
    );
  });
  test('a CTE’s scans inherit from it', () => {
    const cte = { ...scan(10, 5000), 'Parent Relationship': 'InitPlan', 'Subplan Name': 'CTE c' };
    const read = (relationship: string) =>
      below('CTE Scan', relationship, { 'CTE Name': 'c', 'Plan Rows': 10, 'Actual Rows': 5000 });
    const plan = planOfRaw(rawNode('Nested Loop', { Plans: [cte, read('Outer'), read('Inner')] }));
    assert.deepEqual(
      findingsOf(plan, id).map((finding) => finding.nodeId),
      ['1'],
    );
  });
  for (const [trap, parent, relationship] of [
    ['below a Limit', rawNode('Limit', { 'Plan Rows': 1 }), 'Outer'],
    ['inner side of a semi join', rawNode('Nested Loop', { 'Join Type': 'Semi' }), 'Inner'],
    ['inner side of an anti join', rawNode('Nested Loop', { 'Join Type': 'Anti' }), 'Inner'],
    ['a merge join’s input', rawNode('Merge Join'), 'Outer'],
  ] as const) {
    const child = { ...scan(10_000, 1), 'Parent Relationship': relationship };
    checkRule(id, `fewer rows ${trap}`, { ...parent, Plans: [child] }, 0);
  }
  for (const type of ['BitmapAnd', 'BitmapOr', 'ModifyTable']) {
    checkRule(id, `${type} prints no rows`, rawNode(type, { 'Plan Rows': 10_000, 'Actual Rows': 0 }), 0);
  }
});

describe('all rules together', () => {
  test('ids are unique and kebab-case', () => {
    const ids = rules.map((rule) => rule.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[a-z]+(-[a-z]+)*$/);
  });
  test('any key may be missing from any recording', () => {
    for (const name of [
      'panel',
      'recorded/pg18/sort_spill',
      'recorded/pg18/hashagg_spill',
      'recorded/pg14/reads_from_disk',
    ]) {
      const text = planText(name);
      for (const key of new Set([...text.matchAll(/"([\w /-]+)":/g)].map((match) => match[1]!))) {
        for (const plan of readPlans(text.replaceAll(`"${key}":`, '"Absent":')).plans)
          findAll(plan, { slaMs: 1 });
      }
    }
  });
  test('every finding of every recording is complete, ranked, and saves no more than there is', () => {
    for (const name of planNames) {
      const { plans } = readPlans(planText(name));
      for (const plan of plans) {
        const findings = findAll(plan, { slaMs: 100 });
        const total = Math.max(plan.executionMs ?? 0, plan.nodes[0]!.totalMs ?? 0);
        for (const { title, detail, fix, savableMs, nodeId, evidence } of findings) {
          assert.ok(title !== '' && !title.includes('\n') && title.length < 120, title);
          assert.match(detail, /[.)]$/);
          assert.match(fix ?? '', /\.$/);
          assert.doesNotMatch(`${title}${detail}${fix}`, /undefined|NaN|Infinity|\[object/);
          assert.ok(Object.keys(evidence).length > 0);
          assert.ok(
            (savableMs ?? 0) >= 0 && (savableMs ?? 0) <= total * 1.001,
            `${name}: ${title} saves ${savableMs} of ${total}`,
          );
          assert.ok(nodeId === undefined || plan.nodes.some((node) => node.id === nodeId));
        }
        const ranks = findings.map(({ severity }) => ['critical', 'warning', 'info'].indexOf(severity));
        assert.deepEqual(
          ranks,
          ranks.toSorted((a, b) => a - b),
        );
      }
    }
  });
  test('remote nodes are not judged by the local clock', () => {
    const plan = planOf('citus13/seed_slow_deployments.analyze');
    for (const { nodeId } of findAll(plan, { slaMs: 1000 })) {
      assert.equal(plan.nodes.find((node) => node.id === nodeId)?.distributed, undefined);
    }
  });
  test('hostile names and conditions are only text', () => {
    const hostile = '<img src=x onerror=alert(1)>"\u001b[31m';
    const plan = planOfRaw(
      rawNode('Seq Scan', {
        'Relation Name': hostile,
        Schema: hostile,
        Filter: hostile.repeat(50),
        'Actual Rows': 1,
        'Rows Removed by Filter': 9000,
        'Actual Total Time': 50,
      }),
    );
    const [scan, filter] = findAll(plan, { slaMs: 1000 });
    assert.ok(scan!.title.includes(`${hostile}.${hostile}`));
    assert.ok(filter!.detail.length < 400, 'a long condition is cut');
    assert.equal(filter!.evidence['condition'], hostile.repeat(50), 'and whole in the evidence');
  });
});
