import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Document, parseAllDocuments, stringify } from 'yaml';
import { parseYaml } from '../../../src/core/plan/parseYaml.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import type { Json } from '../../../src/shared/report.ts';
import { planNames, planText } from '../../support/plans.ts';

interface ExpectedProblem {
  readonly line: number;
  readonly says: RegExp;
}

function check(text: string, documents: readonly Json[], problem?: ExpectedProblem): void {
  const parsed = parseYaml(text);
  assert.deepEqual(parsed.documents, documents);
  assert.equal(parsed.problems.length, problem ? 1 : 0, JSON.stringify(parsed.problems));
  if (!problem) return;
  assert.equal(parsed.problems[0]!.line, problem.line);
  assert.match(parsed.problems[0]!.message, problem.says);
}

const lines = (...all: readonly string[]) => all.join('\n');

describe('values', () => {
  const values: Readonly<Record<string, readonly [text: string, document: Json]>> = {
    'numbers and truth values': [
      lines('a: 1', 'b: -2.50', 'c: 1e3', 'd: true', 'e: false', 'f: null', 'g: ~', 'h: 007'),
      { a: 1, b: -2.5, c: 1000, d: true, e: false, f: null, g: null, h: '007' },
    ],
    'a query identifier, exactly': [
      'Query Identifier: -7525387133050938033',
      { 'Query Identifier': '-7525387133050938033' },
    ],
    'texts that look like something else': [
      lines('a: "1"', "b: 'true'", 'c: "- x: y # z"', 'd: "a\\"b\\\\"', "e: 'it''s'"),
      { a: '1', b: 'true', c: '- x: y # z', d: 'a"b\\', e: "it's" },
    ],
    'JSON’s escapes and YAML’s': [
      String.raw`a: "\b\f\n\r\t\/\u00e9\ud83d\ude00\x41\U0001F600\0\e\_"`,
      { a: '\b\f\n\r\t/é😀A😀\0\u001B\u00A0' },
    ],
    'plain texts': [
      lines('Filter: (a = 1)  # why', 'b: x:y', 'c: a#b'),
      { Filter: '(a = 1)', b: 'x:y', c: 'a#b' },
    ],
    'lists, also on one line': [
      lines(
        'Output: ',
        '  - "a"',
        '  - b',
        'Hash Keys: ',
        '  - ["x", "y, z"]',
        'c: [1, "]", \'d\']',
        'e: []',
      ),
      { Output: ['a', 'b'], 'Hash Keys': [['x', 'y, z']], c: [1, ']', 'd'], e: [] },
    ],
    'empty groups': [
      lines('Settings: ', 'Triggers: ', 'Planning: ', 'Other: ', 'e: {}', 'f:'),
      { Settings: {}, Triggers: [], Planning: {}, Other: null, e: {}, f: null },
    ],
    'groups in groups': [
      lines(
        '- Plan: ',
        '    Plans: ',
        '      - a: 1',
        '        b:',
        '          c: 2',
        '      - a: 3',
        '  d: 4',
      ),
      [{ Plan: { Plans: [{ a: 1, b: { c: 2 } }, { a: 3 }] }, d: 4 }],
    ],
    'lists that are not indented': [
      lines('Plans:', '- a: 1', '  b:', '  - 2', '- a: 3', 'c: 4'),
      { Plans: [{ a: 1, b: [2] }, { a: 3 }], c: 4 },
    ],
    'a dash on a line of its own': [lines('-', '  a: 1', '-', '  - 2', '- '), [{ a: 1 }, [2], null]],
    'keys in quotes': ['"a: b": 1', { 'a: b': 1 }],
    'quotes over several lines': [
      lines('a: "one', '    two', '', '    three"', 'b: 1'),
      { a: 'one two\nthree', b: 1 },
    ],
    'a key named __proto__': [
      lines('__proto__:', '  polluted: 1'),
      JSON.parse('{"__proto__": {"polluted": 1}}') as Json,
    ],
    'Windows line ends': ['- a: 1\r\n  b: "x"\r\n', [{ a: 1, b: 'x' }]],
    'the tabs of a log': ['\tQuery Text: "x"\n\tPlan: \n\t  a: 1\n', { 'Query Text': 'x', Plan: { a: 1 } }],
  };
  for (const [name, [text, document]] of Object.entries(values)) test(name, () => check(text, [document]));

  test('nothing is polluted', () => {
    parseYaml('__proto__:\n  polluted: 1');
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
});

describe('documents', () => {
  test('of a stream', () => check('%YAML 1.2\n---\na: 1\n...\n---\n- b\n', [{ a: 1 }, ['b']]));
  test('one below the other, as a log has them', () =>
    check('Query Text: "x"\nPlan: \n  a: 1\nQuery Text: "y"\nPlan: \n  a: 2\n', [
      { 'Query Text': 'x', Plan: { a: 1 } },
      { 'Query Text': 'y', Plan: { a: 2 } },
    ]));
  test('what psql prints around it', () =>
    check('QUERY PLAN\n----------\n- Plan: \n    a: 1\n(1 row)\n\n', [[{ Plan: { a: 1 } }]]));
});

describe('what is not YAML becomes a problem with its line', () => {
  test('the end in the middle of a text', () =>
    check('- Plan: \n    a: 1\n    b: "x', [[{ Plan: { a: 1 } }]], {
      line: 3,
      says: /^The YAML ends in the middle: a text is not closed\.$/,
    }));
  test('a line without a key', () =>
    check('a: 1\nb\nc: 2', [{ a: 1, c: 2 }], { line: 2, says: /neither a key nor an item/ }));
  test('a key too far in', () =>
    check('a: 1\n  b: 2\nc: 3', [{ a: 1, c: 3 }], { line: 2, says: /indented/ }));
  test('a list that is not closed', () =>
    check('a: [1, 2\nb: 3', [{ a: '[1, 2', b: 3 }], { line: 1, says: /brackets/ }));
  test('more behind a quote', () => check('a: "x" y\nb: 3', [{ a: 'x', b: 3 }], { line: 1, says: /quote/ }));
});

/** What npm's package makes of a text; numbers as texts, for it would round them. */
function byPackage(text: string): readonly unknown[] {
  return parseAllDocuments(text, { schema: 'failsafe', uniqueKeys: false }).map(
    (document) => (document as Document).toJS() as unknown,
  );
}

/** The same with every plain value as a text; the package has nothing for an empty group. */
function spelled(value: Json): unknown {
  if (Array.isArray(value)) return value.length === 0 ? '' : value.map((item) => spelled(item as Json));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  return members.length === 0
    ? ''
    : Object.fromEntries(members.map(([key, member]) => [key, spelled(member)]));
}

/** 0.000 and 0 are one number. */
function comparable(text: unknown): unknown {
  return JSON.parse(
    JSON.stringify(text, (_, value: unknown) =>
      typeof value === 'string' && /^-?\d+\.\d*$/.test(value)
        ? String(Number(value))
        : typeof value === 'number' || typeof value === 'boolean'
          ? String(value)
          : value,
    ),
  );
}

describe('held to npm’s yaml', () => {
  // It takes seconds for the largest.
  const recorded = planNames.filter(
    (name) => /^(pg15|pg18|citus13)\//.test(name) && name !== 'citus13/seed_slow_deployments.analyze',
  );
  test('every recorded plan', () => {
    for (const name of recorded) {
      const text = planText(name, 'yaml');
      assert.deepEqual(comparable(parseYaml(text).documents.map(spelled)), comparable(byPackage(text)), name);
    }
  });

  const styles = {
    'as it prints by itself': { lineWidth: 0 },
    'without indentation of lists': { lineWidth: 0, indentSeq: false },
    'in single quotes': { lineWidth: 0, singleQuote: true, defaultStringType: 'QUOTE_SINGLE' },
    'in double quotes that are folded': {
      lineWidth: 80,
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'PLAIN',
    },
    'indented by four': { lineWidth: 0, indent: 4 },
  } as const;
  for (const [style, options] of Object.entries(styles)) {
    test(`recorded plans that it printed ${style}`, () => {
      for (const name of recorded.filter((one) => one.startsWith('pg18/') && one.endsWith('.analyze'))) {
        const { documents } = parseYaml(planText(name, 'yaml'));
        const { documents: again, problems } = parseYaml(stringify(documents[0], options));
        assert.deepEqual(problems, [], name);
        assert.deepEqual(comparable(again), comparable(documents), name);
      }
    });
  }
});

test('depth costs memory, not stack', () => {
  const depth = 3_000;
  const text = Array.from({ length: depth }, (_, level) => {
    const indent = ' '.repeat(4 * level);
    return level === 0
      ? '- Plan: \n    Node Type: "Append"\n    Plans: \n'
      : `${indent}  - Node Type: "Append"\n${indent}    Plans: \n`;
  }).join('');
  const { plans, problems } = readPlans(text);
  assert.deepEqual(problems, []);
  assert.equal(plans[0]?.nodes.length, depth);
});

test('any cut of a recorded plan is read without a throw', () => {
  const text = planText('pg18/trigger_insert.analyze', 'yaml');
  for (let end = 40; end < text.length; end += 7) {
    const { plans } = readPlans(text.slice(0, end));
    assert.equal(plans.length, 1, `cut at ${end}`);
  }
});
