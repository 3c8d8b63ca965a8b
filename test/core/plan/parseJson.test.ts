import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJson } from '../../../src/core/plan/parseJson.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import type { Json } from '../../../src/shared/report.ts';
import { planNames, planText, rawNode } from '../../support/plans.ts';

function check(
  text: string,
  documents: readonly Json[],
  problem?: { readonly line: number; readonly says: RegExp },
) {
  const parsed = parseJson(text);
  assert.deepEqual(parsed.documents, documents);
  if (!problem) {
    assert.deepEqual(parsed.problems, []);
    return;
  }
  assert.equal(parsed.problems.length, 1);
  assert.equal(parsed.problems[0]!.line, problem.line);
  assert.match(parsed.problems[0]!.message, problem.says);
}

describe('values', () => {
  const values: readonly (readonly [text: string, value: Json])[] = [
    ['[1, -2, 0.5, 1e3, 1.50]', [1, -2, 0.5, 1000, 1.5]],
    [
      '[-2752312922531438488, 9007199254740993, 9007199254740991]',
      ['-2752312922531438488', '9007199254740993', 9007199254740991],
    ],
    ['[0.12345678901234567, 1e400]', ['0.12345678901234567', '1e400']],
    ['[true, false, null, "", {}, []]', [true, false, null, '', {}, []]],
    [String.raw`["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00", "</script>"]`, ['"\\/\b\f\n\r\té😀', '</script>']],
    ['{"a": {"b": [1, {"c": 2}]}, "d": 3}', { a: { b: [1, { c: 2 }] }, d: 3 }],
    ['\uFEFF  [1]\r\n', [1]],
  ];
  for (const [text, value] of values) test(text.slice(0, 50), () => check(text, [value]));

  test('a key named __proto__ is a key like any other', () => {
    const [document] = parseJson('{"__proto__": {"polluted": 1}}').documents;
    assert.deepEqual(Object.keys(document as object), ['__proto__']);
    assert.equal(Object.getPrototypeOf(document), Object.prototype);
  });
  test('every recording is read as JSON.parse reads it, but for numbers that it changes', () => {
    const asNumbers = (value: Json): Json =>
      JSON.parse(JSON.stringify(value).replace(/"(-?\d{16,})"/g, '$1')) as Json;
    for (const name of planNames.filter((one) => !one.includes('several_plans'))) {
      const text = planText(name);
      assert.deepEqual(asNumbers(parseJson(text).documents[0]!), JSON.parse(text), name);
    }
  });
});

describe('wrapping', () => {
  test('several documents', () => check('[1]\n[2]\n{"a": 3}', [[1], [2], { a: 3 }]));
  test('psql’s unaligned output', () => check('QUERY PLAN\n[\n  {"a": 1}\n]\n(1 row)\n', [[{ a: 1 }]]));
});

describe('what is not JSON becomes a problem with its line, what was read until there is given', () => {
  const broken: readonly (readonly [text: string, documents: readonly Json[], line: number, says: RegExp])[] =
    [
      ['[\n  1,\n', [[1]], 2, /cut off after line 2: the JSON ends in the middle/],
      ['[1, 2', [[1, 2]], 1, /ends in the middle, "," or "\]" is missing/],
      ['{"a" 1}', [], 1, /":" is missing/],
      ['{"b": {"c": 2}, "a" 1}', [{ b: { c: 2 } }], 1, /":" is missing/],
      ['{a: 1}', [], 1, /name of a key/],
      ['[\n"abc', [], 2, /not closed/],
      [String.raw`["\x"]`, [], 1, /escape/],
      ['[1 2]', [[1]], 1, /"," or "\]" is missing/],
      ['[tru]', [], 1, /value is missing/],
      ['[{"a": [{"b": 1}, {"c', [[{ a: [{ b: 1 }] }]], 1, /not closed/],
    ];
  for (const [text, documents, line, says] of broken)
    test(JSON.stringify(text), () => check(text, documents, { line, says }));

  test('prose in brackets is passed over', () => check('[note] see below\n[1]', [[1]]));
});

describe('readPlans never throws', () => {
  const codes: readonly (readonly [text: string, code: string])[] = [
    ['', 'empty'],
    [' \n', 'empty'],
    ['what is slow here?', 'no-plan'],
    ['[]', 'no-plan'],
    ['{"a": 1}', 'no-plan'],
    ['[{"Plan": 5}]', 'no-plan'],
    ['[{"Plan": {', 'cut-off'],
    ['[{"Plan" {', 'json-syntax'],
  ];
  for (const [text, code] of codes) {
    test(`${JSON.stringify(text)}: ${code}`, () => {
      const { plans, problems } = readPlans(text);
      assert.equal(plans.length, 0);
      assert.deepEqual(
        problems.map((problem) => problem.code),
        [code],
      );
    });
  }

  test('what auto_explain, a client or a bare node wraps a plan in', () => {
    for (const text of [
      '{"Query Text": "select 1", "Plan": {"Node Type": "Result"}}',
      '[{"QUERY PLAN": [{"Plan": {"Node Type": "Result"}}]}]',
      '{"Node Type": "Result"}',
    ]) {
      assert.equal(readPlans(text).plans[0]?.nodes[0]?.type, 'Result', text);
    }
    assert.equal(
      readPlans('{"Query Text": "select 1", "Plan": {}}').plans[0]?.details['Query Text'],
      'select 1',
    );
  });
  test('a plan cut anywhere gives what is there, and says so', () => {
    const text = planText('pg15/initplan.analyze');
    let nodes = 0;
    for (let length = 100; length < text.trimEnd().length; length += 97) {
      const { plans, problems } = readPlans(text.slice(0, length));
      assert.equal(plans.length, 1);
      assert.ok(plans[0]!.nodes.length >= nodes, 'the more there is, the more is read');
      nodes = plans[0]!.nodes.length;
      assert.deepEqual(
        problems.map((problem) => [problem.code, problem.line]),
        [['cut-off', text.slice(0, length).trimEnd().split('\n').length]],
      );
    }
    assert.ok(nodes > 3);
  });
  test('values of any other type are kept as details', () => {
    const odd: readonly unknown[] = [null, true, 'odd', 1e308, -5, [], [[]], {}, [null, 3, 'x']];
    const keys = [
      ...new Set([...planText('pg15/initplan.analyze').matchAll(/"([\w /]+)":/g)].map((match) => match[1]!)),
    ];
    for (const key of keys) {
      for (const value of odd) {
        const node = { 'Node Type': 'Gather', 'Actual Loops': 2, [key]: value };
        const child = { ...node, 'Parent Relationship': 'InitPlan' };
        readPlans(JSON.stringify([{ [key]: value, Plan: { ...node, Plans: [child, child] } }]));
      }
    }
    const plan = readPlans('[{"Plan": {"Node Type": 7, "Alias": {"x": 1}, "Total Cost": "dear"}}]').plans[0]!;
    assert.equal(plan.nodes[0]!.type, 'Unknown');
    assert.deepEqual(plan.nodes[0]!.details, { 'Node Type': 7, Alias: { x: 1 }, 'Total Cost': 'dear' });
  });
  test('20,000 levels deep', () => {
    const depth = 20_000;
    const text = `[{"Plan": ${'{"Node Type": "Sort", "Actual Loops": 1, "Plans": ['.repeat(depth)}{"Node Type": "Result"}${']}'.repeat(depth)}}]`;
    assert.equal(readPlans(text).plans[0]!.nodes.length, depth + 1);
  });
  test('10,000 partitions take no more than their number’s share of time', () => {
    const few = milliseconds(() => readPlans(partitionedPlan(2500)));
    const many = milliseconds(() => readPlans(partitionedPlan(10_000)));
    // Linear is 4, quadratic 16.
    assert.ok(many / few < 10, `${many.toFixed(0)} ms against ${few.toFixed(0)} ms for a quarter`);
    assert.equal(readPlans(partitionedPlan(10_000)).plans[0]!.nodes[0]!.selfMs, 995);
  });
});

/** An Append over `count` partitions of 1 ms, every other one pruned by an InitPlan. */
function partitionedPlan(count: number): string {
  const times = { 'Actual Startup Time': 0, 'Actual Total Time': 1, 'Actual Rows': 1 };
  const partition = (n: number) =>
    rawNode('Seq Scan', {
      ...times,
      'Parent Relationship': 'Member',
      'Relation Name': `part_${n}`,
      'Actual Loops': n % 2,
      Filter: '(at = $0)',
    });
  const initPlan = rawNode('Result', {
    ...times,
    'Parent Relationship': 'InitPlan',
    'Subplan Name': 'InitPlan 1 (returns $0)',
    'Actual Total Time': 5,
  });
  const append = rawNode('Append', {
    'Actual Startup Time': 6,
    'Actual Total Time': count / 2 + 1000,
    Plans: [initPlan, ...Array.from({ length: count }, (_, n) => partition(n))],
  });
  return JSON.stringify([{ Plan: append }]);
}

/** Processor time of the quickest of three runs: other processes and the garbage collector slow a single one down. */
function milliseconds(work: () => void): number {
  const runs = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...runs);
}
