/** All rules together: complete, ranked, told once, and safe on whatever a plan holds. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import { findAll, rules } from '../../../src/core/rules/index.ts';
import { assertSound, findingsIn, parser, ruleIds } from '../../support/findings.ts';
import { planNames, planOf, planOfRaw, planText, rawNode } from '../../support/plans.ts';

const folder = join(import.meta.dirname, '../../../src/core/rules');

/** Each rule's file name and text. */
const ruleFiles = readdirSync(folder)
  .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
  .filter(({ text }) => /= define(Node)?Rule\(/.test(text));

describe('the list', () => {
  test('has at least 34 rules, with ids of their own in kebab-case', () => {
    assert.ok(rules.length >= 34, `${rules.length}`);
    assert.equal(new Set(ruleIds).size, ruleIds.length);
    for (const id of ruleIds) assert.match(id, /^[a-z]+(-[a-z]+)*$/);
  });
  test('has every rule of the folder', () => {
    const idOf = (file: string) =>
      file.replace(/\.ts$/, '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    assert.deepEqual(ruleFiles.map(({ file }) => idOf(file)).toSorted(), ruleIds.toSorted());
    for (const { file, text } of ruleFiles) assert.match(text, new RegExp(`id: '${idOf(file)}'`), file);
  });
  test('says of each rule what, why, threshold, trap, what is savable, and the fix', () => {
    for (const { file, text } of ruleFiles) {
      const doc =
        /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const \w+ = define(?:Node)?Rule\(/.exec(text)?.[1] ?? '';
      const labels = [...doc.matchAll(/^ \* (\w+):/gm)].map((match) => match[1]);
      assert.deepEqual(labels, ['Why', 'Threshold', 'Trap', 'Savable', 'Fix'], file);
    }
  });
  test('supersedes only rules that there are', () => {
    for (const { id, supersedes = [] } of rules)
      for (const other of supersedes) assert.ok(ruleIds.includes(other) && other !== id, `${id}: ${other}`);
  });
});

describe('every recorded plan', () => {
  test('gives findings that are complete, ranked, and save no more than there is', () => {
    for (const name of planNames) {
      for (const plan of readPlans(planText(name)).plans) {
        const findings = findAll(plan, { slaMs: 100, parser });
        assertSound(findings, plan);
        const ranks = findings.map(({ severity }) => ['critical', 'warning', 'info'].indexOf(severity));
        assert.deepEqual(
          ranks,
          ranks.toSorted((a, b) => a - b),
        );
      }
    }
  });
  test('gives the findings that need no parser without one', () => {
    for (const name of planNames) {
      for (const plan of readPlans(planText(name)).plans) assertSound(findAll(plan, { slaMs: 100 }), plan);
    }
  });
  test('has never executed nodes, of which nothing is said', () => {
    let met = 0;
    for (const name of planNames) {
      for (const plan of readPlans(planText(name)).plans) {
        const never = new Set(plan.nodes.filter(({ neverExecuted }) => neverExecuted).map(({ id }) => id));
        met += never.size;
        for (const { nodeId } of findAll(plan, { slaMs: 100, parser }))
          assert.ok(!never.has(nodeId ?? ''), name);
      }
    }
    assert.ok(met > 10, `${met}`);
  });
  test('may miss any key', () => {
    for (const name of [
      'panel',
      'recorded/pg18/sort_spill',
      'recorded/pg18/hashagg_spill',
      'recorded/pg14/reads_from_disk',
      'pg18/hashed_subplan.analyze',
    ]) {
      const text = planText(name);
      for (const key of new Set([...text.matchAll(/"([\w /-]+)":/g)].map((match) => match[1]!))) {
        for (const plan of readPlans(text.replaceAll(`"${key}":`, '"Absent":')).plans) findingsIn(plan);
      }
    }
  });
  test('has remote nodes that are judged by the clock of their task only', () => {
    let met = 0;
    for (const name of planNames.filter((one) => one.startsWith('citus13/'))) {
      const plan = planOf(name);
      for (const { nodeId, savableMs, severity, detail, ruleId } of findingsIn(plan)) {
        const node = plan.nodes.find(({ id }) => id === nodeId);
        if (node?.distributed === undefined) continue;
        met++;
        assert.equal(savableMs, undefined, `${name} ${ruleId}`);
        assert.notEqual(severity, 'critical', 'how far it holds up the whole is not known');
        assert.doesNotMatch(detail, /of the time/, `${name} ${ruleId}`);
        assert.match(detail, /This is in (task \d+ on [\w.]+:\d+|subplan \d+)\./, name);
      }
    }
    assert.ok(met > 5, `${met}`);
  });
});

describe('one cause is told once', () => {
  const scan = (filter: string) =>
    planOfRaw(
      rawNode('Seq Scan', {
        'Relation Name': 'models',
        'Actual Rows': 1,
        'Rows Removed by Filter': 9000,
        'Actual Total Time': 50,
        Filter: filter,
      }),
    );
  const ids = (filter: string) => findingsIn(scan(filter)).map(({ ruleId }) => ruleId);
  test('by the most specific rule', () => {
    assert.deepEqual(ids("(name ~~ '%abc'::text)"), ['leading-wildcard-like']);
    assert.deepEqual(ids("(lower(name) = 'abc'::text)"), ['function-on-column']);
  });
  test('but scans and their filters both speak where an index would serve', () => {
    assert.deepEqual(ids("(name = 'abc'::text)"), ['seq-scan-discards-rows', 'rows-removed-by-filter']);
    const note = findingsIn(scan("(name = 'abc'::text)"))[1]!;
    assert.match(
      note.detail,
      /^The condition .* is checked row by row and removes about [\d,]+ rows for each/,
    );
    assert.doesNotMatch(note.detail, /takes/, 'the other says so');
    assert.equal(note.fix, undefined, 'the other has it');
  });
  test('for all partitions of a table', () => {
    const partition = (alias: string, ms: number) =>
      rawNode('Seq Scan', {
        'Parent Relationship': 'Member',
        'Relation Name': `events_p${ms}`,
        Alias: alias,
        'Actual Rows': 1,
        'Rows Removed by Filter': 9000,
        'Actual Total Time': ms,
        Filter: '(kind = 3)',
      });
    const plan = planOfRaw(
      rawNode('Append', {
        'Actual Total Time': 70,
        Plans: [
          partition('events_1', 10),
          partition('events_2', 20),
          partition('events_3', 30),
          partition('other', 5),
        ],
      }),
    );
    const found = findingsIn(plan).filter(({ ruleId }) => ruleId === 'seq-scan-discards-rows');
    assert.deepEqual(
      found.map(({ nodeId, savableMs }) => [nodeId, savableMs?.toFixed(1)]),
      [
        ['3', '60.0'],
        ['4', '5.0'],
      ],
    );
    assert.match(found[0]!.detail, /same holds for 2 more partitions, 59\.98 ms/);
    assert.equal(found[0]!.evidence['partitions'], 3);
    assert.equal(found[0]!.severity, 'critical', 'by what they save together');
  });
});

describe('counts that the server rounded', () => {
  const looked = (rows: number) =>
    planOfRaw(
      rawNode('Nested Loop', {
        'Actual Total Time': 900,
        'Actual Rows': 100_000,
        Plans: [
          rawNode('Seq Scan', { 'Parent Relationship': 'Outer', 'Actual Rows': 100_000 }),
          rawNode('Index Scan', {
            'Parent Relationship': 'Inner',
            'Index Name': 'versions_pkey',
            'Actual Loops': 100_000,
            'Actual Rows': rows,
            'Actual Total Time': 0.005,
          }),
        ],
      }),
    );
  const said = (rows: number) =>
    findingsIn(looked(rows)).find(({ ruleId }) => ruleId === 'nested-loop-many-rows')?.detail ?? '';
  test('are said to be about right', () => assert.match(said(1), /went through about 100 k rows in all/));
  test('but for those that rounding hardly moved', () =>
    assert.match(said(50), /went through 5 M rows in all/));
});

describe('hostile input', () => {
  const hostile = '<img src=x onerror=alert(1)>"\u001b[31m';
  test('names and conditions are only text', () => {
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
    const [scan, filter] = findingsIn(plan, hostile);
    assert.ok(scan!.title.includes(`${hostile}.${hostile}`));
    assert.ok(filter!.detail.length < 400, 'a long condition is cut');
    assert.equal(filter!.evidence['condition'], hostile.repeat(50), 'and whole in the evidence');
  });
  test('names of 60 KB are cut where they are told', () => {
    const long = 'x'.repeat(60_000);
    const filter = `((${long} = 1) OR (y${long} = 2))`;
    for (const type of ['Seq Scan', 'Index Scan', 'CTE Scan', long]) {
      for (const condition of [
        filter,
        `(lower(${long}) = 'a'::text)`,
        `(${long} ~~ '%a'::text)`,
        `(${long} = 1)`,
      ]) {
        const plan = planOfRaw(
          rawNode(type, {
            'Relation Name': long,
            Schema: long,
            'Index Name': long,
            'CTE Name': long,
            'Index Cond': '(z > 3)',
            Filter: condition,
            'Actual Rows': 1,
            'Rows Removed by Filter': 9000,
            'Actual Total Time': 50,
          }),
          { Triggers: [{ 'Trigger Name': long, Time: 40, Calls: 3 }] },
        );
        for (const { title, detail } of findingsIn(plan))
          assert.ok(title.length + detail.length < 1500, title);
      }
    }
  });
  test('10,000 partitions with findings, and 1,000 nodes above each other, take no time', () => {
    const scan = (i: number) =>
      rawNode('Seq Scan', {
        'Parent Relationship': 'Member',
        'Relation Name': `events_p${i}`,
        Alias: `events_${i}`,
        'Actual Rows': 1,
        'Rows Removed by Filter': 9000,
        'Actual Total Time': 1,
        Filter: `((events_${i}.kind = 3) AND (events_${i}.name ~~ '%x'::text))`,
      });
    const partitions = Array.from({ length: 10_000 }, (_, i) => scan(i));
    const wide = planOfRaw(rawNode('Append', { 'Actual Total Time': 10_000, Plans: partitions }));
    let chain = scan(1);
    for (let i = 0; i < 250; i++)
      for (const type of ['Sort', 'Result', 'Subquery Scan', 'Materialize'])
        chain = {
          ...rawNode(type, { Plans: [chain] }),
          'Actual Total Time': 1,
          'Parent Relationship': 'Outer',
        };
    const deep = planOfRaw(chain);
    for (const plan of [wide, deep]) {
      const startMs = performance.now();
      assert.ok(findingsIn(plan, 'select * from events where kind = 3').length < 10);
      // Some 300 ms on two busy cores; anything quadratic takes minutes.
      assert.ok(performance.now() - startMs < 5000, `${performance.now() - startMs} ms`);
    }
  });
  test('a condition of 20,000 terms is read or left alone', () => {
    const terms = Array.from({ length: 20_000 }, (_, i) => `(a.c${i} = ${i})`);
    for (const word of [' AND ', ' OR ']) {
      const plan = planOfRaw(
        rawNode('Seq Scan', {
          Alias: 'a',
          Filter: `(${terms.join(word)})`,
          'Actual Rows': 1,
          'Rows Removed by Filter': 9000,
        }),
      );
      assertSound(findingsIn(plan), plan);
    }
  });
});
