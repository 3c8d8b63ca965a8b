/** Ten times the input takes ten times as long, whatever the input is; a hundred times would be quadratic. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import { generateDeepPlan, generatePlan } from '../../bench/generatedPlan.ts';
import { renderTextPlan } from '../../../src/core/plan/renderTextPlan.ts';

/** Between linear and quadratic: the machine is shared, and the benchmark (test/bench/plan.ts) has the narrow bar. */
const mostGrowth = 30;

/** Processor time of the fastest of some runs, in milliseconds. */
function milliseconds(text: string): number {
  const times = [1, 2, 3].map(() => {
    const start = process.cpuUsage();
    readPlans(text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

const scan = 'Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)';
const repeat = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');
const below = (count: number, line: (index: number) => string) => `${scan}\n${repeat(count, line)}`;

const inputs: Readonly<Record<string, (size: number) => string>> = {
  'a mixed plan in TEXT': (size) => renderTextPlan(generatePlan(size / 4)),
  'a mixed plan in JSON': (size) => JSON.stringify([generatePlan(size / 4)]),
  'partitions in TEXT': (size) =>
    `Append  (cost=0.00..1.00 rows=1 width=4)\n${repeat(size, () => `  ->  ${scan}`)}`,
  'details of one key': (size) => below(size, () => '  Filter: (a = 1)'),
  'details of many keys': (size) => below(size, (index) => `  Key ${index}: ${index}`),
  'lines of no form': (size) => below(size, () => '  what is this'),
  'open quotes': (size) => below(size, () => "  Filter: (a = 'x"),
  'open quotes of names': (size) =>
    below(size, () => `  ->  Seq Scan on "x  (cost=0.00..1.00 rows=1 width=4)`),
  'quotes that close at the end': (size) => `${below(size, () => "  Filter: (a = 'x)'')")}'`,
  workers: (size) =>
    below(size, (index) => `  Worker ${index % 10_000}:  actual time=1.000..2.000 rows=3 loops=1`),
  'grouping sets': (size) =>
    `HashAggregate  (cost=0.00..1.00 rows=1 width=4)\n${repeat(size, () => '  Group Key: a, b')}`,
  'a long list': (size) => `${scan}\n  Output: ${'a, '.repeat(size * 5)}b`,
  'a long line of parentheses': (size) => `${scan}\n  Filter: ${'('.repeat(size * 5)}`,
  'a long line of spaces': (size) =>
    `${scan}\n${' '.repeat(size * 20)}x\n${' '.repeat(size * 20)}->${' '.repeat(size * 20)}y`,
  'closing parentheses at a node': (size) => `x${' (a)'.repeat(size)}  (cost=0.00..1.00 rows=1 width=4)`,
  'blank lines': (size) => `${scan}\n${'\n'.repeat(size * 5)}Planning Time: 1 ms`,
  'plans one after the other': (size) => repeat(size / 4, () => `${scan}\n  Filter: a\nPlanning Time: 1 ms`),
  prose: (size) => `${repeat(size, (index) => `Line ${index}: (is) -> what's "it"?`)}\n${scan}`,
  'dots at line ends': (size) => repeat(size, () => '.x.'),
  'wrapped lines': (size) => below(size, () => `${'x'.repeat(78)} (`),
  'wrapped words': (size) => repeat(size, () => '->  Seq Scan on t  (cost=0.00..1.00\nrows=1\nwidth=4)\n'),
  'lines that end in commas': (size) => below(size, () => 'Output: a,\nb,'),
  'frames one below the other': (size) => `QUERY PLAN\n${repeat(size, () => '-'.repeat(80))}\n${scan}`,
  'wrapped JSON': (size) => `[{"Plan": {"Node Type": "${repeat(size, () => 'x'.repeat(60))}"}}]`,
  'open brackets': (size) => `[{"Plan": ${'['.repeat(size * 5)}`,
  'backslashes in JSON': (size) => `[{"a": "${'\\'.repeat(size * 10)}`,
  'lines that open brackets': (size) => repeat(size, () => '[{'),
  'quoted cells': (size) => repeat(size, () => `"${scan}"`),
  'quoted cells that never close': (size) => repeat(size, (index) => (index === 0 ? `"${scan}` : '"""')),
  'numbered lines': (size) => repeat(size, (index) => `${index + 1}. ${index === 0 ? scan : '  Filter: a'}`),
  'psql’s frame': (size) =>
    ` QUERY PLAN\n${'-'.repeat(60)}\n${repeat(size, (index) => ` ${index === 0 ? scan : '  Filter: a'}.`)}`,
  'psql’s headers': (size) => repeat(size, () => ` QUERY PLAN\n${'-'.repeat(20)}`),
  'psql’s records': (size) => repeat(size, () => `-[ RECORD 1 ]-\nQUERY PLAN | ${scan}`),
  'continued cells': (size) => repeat(size, () => ' [   +'),
  fences: (size) => repeat(size, () => '```'),
  'log prefixes': (size) =>
    repeat(size, (index) => `2026-11-12 10:00:01 UTC [${index}] LOG:  ${index === 0 ? scan : '  Filter: a'}`),
  'prefixes of spaces and digits': (size) => `${' '.repeat(size * 10)}1 ${'1'.repeat(size * 10)} ${scan}`,
  'a first line of capitals': (size) => `${'A '.repeat(size * 10)}${scan}`,
  'rows of a driver': (size) => `[${repeat(size, () => `('${scan}',)`)}]`,
  'rows of a driver in one line': (size) => `[${`('${scan}',), `.repeat(size)}]`,
  'rows that never close': (size) => repeat(size, () => `[('${scan}`),
  'entities and tags': (size) => `-&gt; ${'<span &lt; <br'.repeat(size)} ${scan}`,
  'colours that never end': (size) => `${'\u001B[1;'.repeat(size * 5)}${scan}`,
  'loose arrows': (size) => `${'=> '.repeat(size * 5)}${scan}`,
  'mail prefixes': (size) => repeat(size, () => `> > > ${scan}`),
};

describe('ten times the input', () => {
  for (const [name, input] of Object.entries(inputs)) {
    test(name, () => {
      const [small, large] = [milliseconds(input(1000)), milliseconds(input(10_000))];
      // Below a millisecond the clock and the compiler are measured, not the parser.
      const growth = large / Math.max(small, 1);
      assert.ok(growth <= mostGrowth, `${large.toFixed(1)} ms against ${small.toFixed(1)} ms`);
    });
  }
});

describe('depth', () => {
  /** Each level is indented further: the text grows with the square. */
  const depth = 3000;
  test('nodes in TEXT', () => {
    const text = repeat(depth, (index) => `${' '.repeat(index)}->  Sort  (cost=0.00..1.00 rows=1 width=4)`);
    assert.equal(readPlans(text).plans[0]!.nodes.length, depth);
  });
  test('Citus’ jobs in TEXT', () => {
    const jobs = repeat(depth, (index) => `${' '.repeat(index + 1)}->  MapMergeJob`);
    assert.equal(
      readPlans(`Custom Scan (Citus Adaptive)  (cost=0.00..0.00 rows=0 width=0)\n${jobs}`).plans.length,
      1,
    );
  });
  test('sections in TEXT', () => {
    const sections = repeat(depth, (index) => `${' '.repeat(index + 1)}Section:`);
    assert.equal(readPlans(`${scan}\n${sections}`).plans.length, 1);
  });
  test('what Citus’ key holds in JSON', () => {
    const levels = 100_000;
    const text = `[{"Plan": {"Node Type": "Custom Scan", "Distributed Query": ${'['.repeat(levels)}${']'.repeat(levels)}}}]`;
    assert.equal(readPlans(text).plans.length, 1);
  });
  test('400 levels, as the server prints them, take less than a second', () => {
    const plan = generateDeepPlan(400);
    for (const text of [renderTextPlan(plan), JSON.stringify([plan], null, 2)]) {
      assert.equal(readPlans(text).plans[0]!.nodes.length, 400);
      assert.ok(milliseconds(text) < 1000);
    }
  });
});
