/** By which kind of index a filter can be answered, and what the rules say where none can. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { indexRemedyFor } from '../../../src/core/rules/indexRemedy.ts';
import { readCondition } from '../../../src/core/rules/condition.ts';
import { findingsIn, parser } from '../../support/findings.ts';
import { planOfRaw, rawNode } from '../../support/plans.ts';

/** Filters as plans print them on the table "ev", by what answers them. */
const filters: Readonly<Record<string, readonly string[]>> = {
  btree: [
    '(id = 3)',
    "(id = ANY ('{1,2,3}'::integer[]))",
    '(id = $1)',
    '(NOT active)',
    '(active IS TRUE)',
    '(gone IS NULL)',
    "(at > (now() - '1 day'::interval))",
    '((id = 3) OR (id = 4))',
    "((status <> 'done'::text) AND (id > 7))",
    '(ev.owner_id = o.id)',
    '(id = (InitPlan 1).col1)',
  ],
  each: ["((id = 3) OR (name = 'x'::text))", "((id = 3) OR ((b = 4) AND (status <> 'done'::text)))"],
  pattern: ["(name ~~ 'abc%'::text)", "((name)::text ~ '^abc'::text)", "(name ~~* '12%'::text)"],
  trigram: ["(name ~~ '%abc%'::text)", "((name)::text ~~* 'abc%'::text)", "(name ~* '^abc'::text)"],
  expression: ["((data ->> 'k'::text) = 'v'::text)", '(length(name) > 100)', '((a + b) = 3)'],
  gin: [
    `(data @> '{"a": 1}'::jsonb)`,
    "(data ? 'a'::text)",
    "(data ?| '{a,b}'::text[])",
    `(data @@ '$."a" > 1'::jsonpath)`,
    "(tags @> '{x}'::text[])",
    "(tags && ARRAY['x'::text, $1])",
    "(to_tsvector('english'::regconfig, body) @@ '''x'''::tsquery)",
    "(words @@ to_tsquery('x'::text))",
  ],
  gist: ["(during @> '2026-01-01'::date)", "(during && '[1,3)'::int4range)", "('(1,1)'::point <@ area)"],
  contents: ['(tags @> $1)'],
  element: ["('x'::text = ANY (tags))"],
  partial: [
    "('{}'::jsonb @> data)",
    "(status <> 'done'::text)",
    "(status IS DISTINCT FROM 'done'::text)",
    "(id <> ALL ('{1,2}'::integer[]))",
    "(name !~~ 'a%'::text)",
    '(gone IS NOT NULL)',
    '(my_func(id) AND is_ok(name))',
    "(NOT (tags @> '{x}'::text[]))",
  ],
  sameRow: ['(updated_at > created_at)', '((a)::numeric > b)', '(ev.a <> ev.b)'],
  volatile: ["(random() < '0.001'::double precision)", '(at < clock_timestamp())'],
  subplan: [
    '(NOT (hashed SubPlan 1))',
    '(NOT (ANY (id = (SubPlan 1).col1)))',
    '(EXISTS(SubPlan 2))',
    '(id = (SubPlan 1))',
    '((id = 3) OR (hashed SubPlan 1))',
  ],
  nothing: [
    '(status <> $1)',
    '(a <> CURRENT_DATE)',
    '(name ~~ $1)',
    '(ev.owner_id <> o.id)',
    '(age(at) > $1)',
  ],
};

describe('what answers a filter', () => {
  for (const [by, texts] of Object.entries(filters)) {
    for (const text of texts) {
      test(`${by}: ${text}`, () => {
        const condition = readCondition(parser, text, 'ev');
        assert.ok(condition !== undefined);
        const remedy = indexRemedyFor(condition, scanOf(text).nodes[0]!);
        assert.equal(remedy.by, by);
        const unhelped = ['sameRow', 'volatile', 'subplan', 'nothing'];
        assert.equal(remedy.helps, !unhelped.includes(by));
      });
    }
  }
});

function scanOf(filter: string) {
  return planOfRaw(
    rawNode('Seq Scan', {
      'Relation Name': 'ev',
      'Actual Rows': 9,
      'Rows Removed by Filter': 99_991,
      'Actual Total Time': 200,
      Filter: filter,
    }),
  );
}

describe('what is said of a computed value', () => {
  const fixes: Readonly<Record<string, RegExp>> = {
    "((at)::date = '2026-01-01'::date)":
      /^Compare at itself: a range of timestamps, from the day on and before the next one, says the same\.$/,
    '((code)::integer = 7)': /^Compare code itself, and cast the value/,
    "(date_trunc('day'::text, at) = '2026-01-01'::timestamp)":
      /^Compare at itself where a range of timestamps/,
    '(length(name) > 100)': /^Create an index on the expression: CREATE INDEX ON ev \(length\(name\)\)\./,
    "((data ->> 'k'::text) = 'v'::text)": /\(\(data ->> 'k'\)\)\. Or, if data is jsonb, .* GIN/,
    "((data ->> 'k'::text) > 'v'::text)": /^Create an index .* \(\(data ->> 'k'\)\)\.$/,
    "(((data -> 'a'::text) ->> 'k'::text) > 'v'::text)": /^Create an index on the expression\.$/,
    '((id % 7) = 0)': /^Create an index .* \(\(id % 7\)\)\.$/,
    '((id + 7) = 9)': /^Compare id itself, with the arithmetic done on the other side; or/,
    "(COALESCE(name, ''::text) = 'x'::text)": /^Ask for name itself, and for NULL apart/,
  };
  for (const [filter, words] of Object.entries(fixes))
    test(filter, () => {
      const found = findingsIn(scanOf(filter)).find(({ ruleId }) => ruleId === 'function-on-column');
      assert.match(found?.fix ?? '', words);
    });
});

describe('what is said of a pattern', () => {
  const told = (filter: string) => {
    const found = findingsIn(scanOf(filter)).find(({ ruleId }) => ruleId === 'leading-wildcard-like');
    return `${found?.title} ${found?.detail} ${found?.fix}`;
  };
  test('without a beginning', () =>
    assert.match(
      told("(name ~~* '%abc'::text)"),
      /^Leading wildcard .* '%abc' has no fixed beginning.* trigram/,
    ));
  test('that begins with letters, in any case', () => {
    const words = told("((name)::text ~~* 'aBc%'::text)");
    assert.match(words, /^Ignoring case in the pattern for name rules out a plain index on ev .*'aBc%'/);
    assert.match(words, /lower\(name\) LIKE lower\('aBc%'\).* ON ev \(lower\(name\) text_pattern_ops\)/);
    assert.match(words, /gin_trgm_ops/);
    assert.doesNotMatch(words, /wildcard|no fixed beginning/);
  });
  test('that is too short for trigrams, in any case', () => {
    const words = told("(name ~~* 'ab%'::text)");
    assert.match(words, /text_pattern_ops\)\.$/);
    assert.doesNotMatch(words, /trgm/);
  });
  test('that is a regular expression, in any case', () =>
    assert.match(told("(name ~* '^abc'::text)"), /^Ignoring case .* A trigram index serves it/));
});

describe('what the findings say of it', () => {
  const told = (filter: string) =>
    findingsIn(scanOf(filter)).map(({ ruleId, severity, savableMs, fix = '' }) => ({
      ruleId,
      severity,
      savable: (savableMs ?? 0) > 0,
      fix,
    }));
  const helped: Readonly<Record<string, RegExp>> = {
    "(data @> '{}'::jsonb)": /btree.* CREATE INDEX ON ev USING gin \(data\)\./,
    "(to_tsvector('english'::regconfig, body) @@ '''x'''::tsquery)":
      /USING gin \(to_tsvector\('english', body\)\)\./,
    "('x'::text = ANY (tags))": /Written as tags @> ARRAY\[value\], .* USING gin \(tags\)\./,
    "(during && '[1,3)'::int4range)": /USING gist \(during\)\./,
    "(status <> 'done'::text)": /^A partial index, whose WHERE is this very condition/,
    "(name ~~ 'abc%'::text)": /\(name text_pattern_ops\)/,
    '(id = 3)': /^An index that answers the filter/,
  };
  for (const [filter, words] of Object.entries(helped))
    test(filter, () => {
      const [first] = told(filter);
      assert.equal(first?.ruleId, 'seq-scan-discards-rows');
      assert.equal(first.severity, 'critical');
      assert.ok(first.savable);
      assert.match(first.fix, words);
    });
  const unhelped: Readonly<Record<string, RegExp>> = {
    '(updated_at > created_at)': /^No index on the columns answers/,
    '(random() < 0.001)': /TABLESAMPLE/,
    '(at < clock_timestamp())': /write \(SELECT clock_timestamp\(\)\)/,
    '(status <> $1)': /^No index answers this condition/,
    '(NOT (hashed SubPlan 1))': /^No index answers what a sub-query says/,
  };
  for (const [filter, words] of Object.entries(unhelped))
    test(`${filter}: a note that saves nothing`, () => {
      const found = told(filter);
      assert.ok(found.length > 0);
      assert.match(found[0]!.fix, words);
      for (const { severity, savable } of found) assert.deepEqual([severity, savable], ['info', false]);
    });
});
