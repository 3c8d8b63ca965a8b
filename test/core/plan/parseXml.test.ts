import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseXml } from '../../../src/core/plan/parseXml.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import type { Json } from '../../../src/shared/report.ts';
import { planText } from '../../support/plans.ts';

interface ExpectedProblem {
  readonly line: number;
  readonly says: RegExp;
}

function check(text: string, documents: readonly Json[], problem?: ExpectedProblem): void {
  const parsed = parseXml(text);
  assert.deepEqual(parsed.documents, documents);
  assert.equal(parsed.problems.length, problem ? 1 : 0, JSON.stringify(parsed.problems));
  if (!problem) return;
  assert.equal(parsed.problems[0]!.line, problem.line);
  assert.match(parsed.problems[0]!.message, problem.says);
}

/** A document with one query. */
const explain = (inside: string) =>
  `<explain xmlns="http://www.postgresql.org/2009/explain">\n<Query>${inside}</Query>\n</explain>`;

describe('values', () => {
  const values: Readonly<Record<string, readonly [inside: string, query: Json]>> = {
    'numbers and truth values': [
      '<Total-Cost>250.02</Total-Cost><Plan-Rows>0</Plan-Rows><Actual-Rows>0.00</Actual-Rows><X>-1.5</X><Disabled>false</Disabled>',
      { 'Total Cost': 250.02, 'Plan Rows': 0, 'Actual Rows': 0, X: -1.5, Disabled: false },
    ],
    'a query identifier, exactly': [
      '<Query-Identifier>-7525387133050938033</Query-Identifier>',
      { 'Query Identifier': '-7525387133050938033' },
    ],
    'names and conditions that look like numbers': [
      '<Alias>1</Alias><Relation-Name>42</Relation-Name><One-Time-Filter>false</One-Time-Filter><Output><Item>1</Item></Output>',
      { Alias: '1', 'Relation Name': '42', 'One-Time Filter': 'false', Output: ['1'] },
    ],
    'texts that only look like numbers': ['<X>007</X><Y>1e3</Y>', { X: '007', Y: '1e3' }],
    entities: [
      '<Filter>(a &lt; 5) AND (b &gt; &quot;c&quot;) &amp;&amp; &#x1F600;&#13;</Filter>',
      { Filter: '(a < 5) AND (b > "c") && 😀\r' },
    ],
    CDATA: ['<Filter><![CDATA[a < b && c]]></Filter>', { Filter: 'a < b && c' }],
    'space around a text': ['<Filter>  a  </Filter>', { Filter: '  a  ' }],
    'keys with other characters': [
      '<I-O-Read-Time>1</I-O-Read-Time><Shared-I-O-Write-Time>2</Shared-I-O-Write-Time><One-Time-Filter>x</One-Time-Filter><extParam>5</extParam>',
      {
        'I/O Read Time': 1,
        'Shared I/O Write Time': 2,
        'One-Time Filter': 'x',
        extParam: '5',
      },
    ],
    'settings keep their names and stay texts': [
      '<Settings><work_mem>4096</work_mem><auto_explain.log-x>on</auto_explain.log-x></Settings>',
      { Settings: { work_mem: '4096', 'auto_explain.log-x': 'on' } },
    ],
    'empty groups': [
      '<Settings>\n  </Settings><Triggers>\n</Triggers><Alias></Alias><Planning/><Unknown>\n </Unknown>',
      { Settings: {}, Triggers: [], Alias: '', Planning: {}, Unknown: '' },
    ],
    'lists with one member': [
      '<Triggers><Trigger><Calls>1</Calls></Trigger></Triggers><Workers><Worker><Worker-Number>0</Worker-Number></Worker></Workers><Things><Thing>x</Thing></Things>',
      { Triggers: [{ Calls: 1 }], Workers: [{ 'Worker Number': 0 }], Things: ['x'] },
    ],
    'grouping sets': [
      '<Grouping-Sets><Grouping-Set><Hash-Keys><Hash-Key><Item>a</Item><Item>b</Item></Hash-Key></Hash-Keys></Grouping-Set></Grouping-Sets>',
      { 'Grouping Sets': [{ 'Hash Keys': [['a', 'b']] }] },
    ],
    'groups of an incremental sort': [
      `<Incremental-Sort-Groups><Group-Count>1</Group-Count><Sort-Methods-Used><Item>quicksort</Item><Item>external merge</Item></Sort-Methods-Used><Sort-Space><Peak>1</Peak></Sort-Space><Sort-Space><Peak>2</Peak></Sort-Space></Incremental-Sort-Groups>
       <Incremental-Sort-Groups><Sort-Methods-Used><Item>external sort</Item></Sort-Methods-Used><Sort-Space><Peak>3</Peak></Sort-Space></Incremental-Sort-Groups>`,
      {
        'Full-sort Groups': {
          'Group Count': 1,
          'Sort Methods Used': ['quicksort', 'external merge'],
          'Sort Space Memory': { Peak: 1 },
          'Sort Space Disk': { Peak: 2 },
        },
        'Pre-sorted Groups': { 'Sort Methods Used': ['external sort'], 'Sort Space Disk': { Peak: 3 } },
      },
    ],
    'a key that comes twice': ['<A>1</A><B>2</B><A>3</A>', { A: [1, 3], B: 2 }],
    'a key named __proto__': [
      '<__proto__><polluted>1</polluted></__proto__>',
      JSON.parse('{"__proto__": {"polluted": 1}}') as Json,
    ],
  };
  for (const [name, [inside, query]] of Object.entries(values))
    test(name, () => check(explain(inside), [[query]]));

  test('nothing is polluted', () => {
    parseXml(explain('<__proto__><polluted>1</polluted></__proto__><constructor><prototype/></constructor>'));
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
});

describe('documents', () => {
  const query = [{ Plan: { 'Node Type': 'Result' } }];
  const plan = '<Plan><Node-Type>Result</Node-Type></Plan>';
  test('several, with what psql prints around them', () =>
    check(`QUERY PLAN\n----\n${explain(plan)}\n(1 row)\n\n${explain(plan)}\n(1 row)\n`, [query, query]));
  test('several queries in one', () =>
    check(explain(`${plan}</Query><Query>${plan}`), [[...query, ...query]]));
  test('a declaration', () => check(`<?xml version="1.0" encoding="UTF-8"?>\n${explain(plan)}`, [query]));
  test('a comment', () => check(explain(`<!-- hand-made -->${plan}`), [query]));
  test('auto_explain puts no <Query> around it', () =>
    check(`<explain><Query-Text>select 1</Query-Text>${plan}</explain>`, [
      { 'Query Text': 'select 1', ...query[0] },
    ]));
  test('a fragment', () => check(plan, query));
  test('Windows line ends', () => check(explain(plan).replaceAll('\n', '\r\n'), [query]));
  test('no document', () => check('Seq Scan on t', []));
});

describe('what is not XML becomes a problem with its line', () => {
  test('the end in the middle of a value', () =>
    check(
      '<explain>\n<Query>\n<Plan>\n<Node-Type>Sort</Node-Type>\n<Plan-Rows>12',
      [[{ Plan: { 'Node Type': 'Sort' } }]],
      { line: 5, says: /^The XML ends in the middle: <Plan-Rows> is not closed\.$/ },
    ));
  test('the end between values', () =>
    check('<explain>\n<Query><Plan><Node-Type>Sort</Node-Type>\n', [[{ Plan: { 'Node Type': 'Sort' } }]], {
      line: 2,
      says: /<Plan> is not closed/,
    }));
  test('a tag that closes nothing', () =>
    check(explain('<A>1</A>\n</B>'), [[{ A: 1 }]], { line: 3, says: /^This is not valid XML: \w/ }));
  test('an ampersand that was not escaped', () =>
    check(explain('\n<Filter>a && b</Filter>'), [[{ Filter: 'a && b' }]], {
      line: 3,
      says: /not valid XML/,
    }));
});

describe('hostile documents', () => {
  test('entities of a document type are not expanded', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
      <!ENTITY f SYSTEM "file:///etc/passwd">]>\n${explain('<Filter>&b;&f;</Filter>')}`;
    const [[{ Filter }]] = parseXml(bomb).documents as [[{ Filter: string }]];
    assert.equal(Filter, '&b;&f;');
  });
  test('depth costs memory, not stack', () => {
    const depth = 20_000;
    const text = explain(
      '<Plan><Node-Type>Limit</Node-Type><Plans>'.repeat(depth) + '</Plans></Plan>'.repeat(depth),
    );
    const { plans, problems } = readPlans(text);
    assert.deepEqual(problems, []);
    assert.equal(plans[0]?.nodes.length, depth);
  });
  test('any cut of a recorded plan is read without a throw', () => {
    const text = planText('pg18/trigger_insert.analyze', 'xml');
    for (let end = 0; end < text.trimEnd().length; end += 7) {
      const { plans, problems } = readPlans(text.slice(0, end));
      assert.ok(problems.length > 0, `cut at ${end}`);
      if (text.slice(0, end).includes('</Node-Type>')) assert.equal(plans.length, 1, `cut at ${end}`);
    }
  });
});
