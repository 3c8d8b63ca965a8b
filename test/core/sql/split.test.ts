import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadParser } from '../../../src/core/sql/parser.ts';
import { splitStatements } from '../../../src/core/sql/split.ts';

const parser = await loadParser();

/** "kind text" of each statement; "!" marks what is not explainable, "✗ message@offset" a syntax error. */
function check(name: string, text: string, expected: readonly string[]): void {
  test(`split: ${name}`, () => {
    const found = splitStatements(parser, text);
    for (const one of found)
      assert.equal(text.slice(one.start, one.end), one.text, 'the offsets give the text');
    assert.deepEqual(
      found.map((one) => {
        const fault =
          one.syntaxError === undefined ? '' : ` ✗ ${one.syntaxError.message}@${one.syntaxError.offset}`;
        return `${one.kind}${one.explainable ? '' : '!'} ${one.text}${fault}`;
      }),
      expected,
    );
  });
}

check('empty', '', []);
check('white space', ' \n\t\r\n', []);
check('only comments', '-- a;\n/* b; /* c; */ */\n', []);
check('only semicolons', ';;\n;', []);
check('no semicolon at the end', 'SELECT 1', ['SelectStmt SELECT 1']);
check('blank lines inside', 'SELECT 1,\n\n\n  2\n\nFROM t;\nSELECT 2;', [
  'SelectStmt SELECT 1,\n\n\n  2\n\nFROM t',
  'SelectStmt SELECT 2',
]);
check('several on one line', 'SELECT 1; DELETE FROM t;SELECT 2', [
  'SelectStmt SELECT 1',
  'DeleteStmt DELETE FROM t',
  'SelectStmt SELECT 2',
]);
check(
  'comments around and inside',
  '-- head;\n/* h2; */ SELECT 1 -- mid;\n + 2 /* tail; */ -- t;\n; -- end\n-- eof',
  ['SelectStmt SELECT 1 -- mid;\n + 2'],
);
check('a literal that looks like a comment', "SELECT '--x'; SELECT 'a */'", [
  "SelectStmt SELECT '--x'",
  "SelectStmt SELECT 'a */'",
]);
check('semicolons in literals and names', `SELECT ';\n', ";\n", E'\\';\n', U&';\n';\nSELECT 2;`, [
  `SelectStmt SELECT ';\n', ";\n", E'\\';\n', U&';\n'`,
  'SelectStmt SELECT 2',
]);
check('nested comment over lines', 'SELECT 1 /* a;\n /* b;\n */ c;\n */ + 1;\nSELECT 2;', [
  'SelectStmt SELECT 1 /* a;\n /* b;\n */ c;\n */ + 1',
  'SelectStmt SELECT 2',
]);
check('dollar quotes', 'DO $a$ BEGIN\n x; $$;\n$$;\nEND $a$;\nSELECT 1;', [
  'DoStmt! DO $a$ BEGIN\n x; $$;\n$$;\nEND $a$',
  'SelectStmt SELECT 1',
]);
const atomic =
  'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC\n SELECT 1;\n SELECT CASE WHEN true THEN 1 END;\nEND';
check('BEGIN ATOMIC', `${atomic};\nSELECT 1; ${atomic}; SELECT 2;`, [
  `CreateFunctionStmt! ${atomic}`,
  'SelectStmt SELECT 1',
  `CreateFunctionStmt! ${atomic}`,
  'SelectStmt SELECT 2',
]);
const atomicNamed =
  'CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC\n SELECT :a;\n SELECT CASE WHEN true THEN 1 END;\nEND';
check('BEGIN ATOMIC that only the scanner can read', `${atomicNamed};\nSELECT 1;`, [
  `CreateFunctionStmt! ${atomicNamed}`,
  'SelectStmt SELECT 1',
]);
check('a body that never closes', 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC\n SELECT 1;\nSELECT 2;', [
  'unknown! CREATE FUNCTION f() RETURNS int BEGIN ATOMIC\n SELECT 1 ✗ syntax error at end of input@54',
  'SelectStmt SELECT 2',
]);
check('actions of a rule', 'CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT :x;\n SELECT 2;\n);\nSELECT 3;', [
  'RuleStmt! CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT :x;\n SELECT 2;\n)',
  'SelectStmt SELECT 3',
]);
check(
  'multi-byte text and CRLF',
  "SELECT 'é😀' AS \"naïve😀\";\r\n-- 😀;\r\nSELECT :été + 'ß';\r\nSELECT 2\r\n",
  ['SelectStmt SELECT \'é😀\' AS "naïve😀"', "SelectStmt SELECT :été + 'ß'", 'SelectStmt SELECT 2'],
);
check('a syntax error behind emoji', "SELECT '😀é' frm x y;\nSELECT 2;", [
  `unknown! SELECT '😀é' frm x y ✗ syntax error at or near "x"@17`,
  'SelectStmt SELECT 2',
]);
check('a byte order mark', '\uFEFFSELECT 1;', ['SelectStmt SELECT 1']);
check(
  'psql meta-commands',
  '\\c db\n\\echo it\'s; on\nSELECT 1;\n\\timing\n-- c\n\\echo "\nSELECT 2;\\x\nSELECT 3',
  ['SelectStmt SELECT 1', 'SelectStmt SELECT 2', 'SelectStmt SELECT 3'],
);
check(
  'psql meta-commands that end a statement',
  'SELECT 1 \\gset x_\nSELECT 2\n\\watch 5\nSELECT 3 \\; SELECT 4;',
  ['SelectStmt SELECT 1', 'SelectStmt SELECT 2', 'SelectStmt SELECT 3', 'SelectStmt SELECT 4'],
);
check(
  'the data of COPY',
  "COPY t (a) FROM stdin;\n1\tit's;\n2\t$$;\n\\.\nSELECT 1;\nCOPY t TO stdout;\nSELECT 2;",
  [
    'CopyStmt! COPY t (a) FROM stdin',
    'SelectStmt SELECT 1',
    'CopyStmt! COPY t TO stdout',
    'SelectStmt SELECT 2',
  ],
);
check('COPY FROM stdin without data', 'COPY t FROM stdin;\nSELECT 1;', [
  'CopyStmt! COPY t FROM stdin',
  'SelectStmt SELECT 1',
]);
check('a syntax error elsewhere', 'SELECT 1;\nSELEC 2;\nSELECT (3;\nSELECT 4; FROM; SELECT 5;', [
  'SelectStmt SELECT 1',
  'unknown! SELEC 2 ✗ syntax error at or near "SELEC"@10',
  'unknown! SELECT (3 ✗ syntax error at end of input@28',
  'SelectStmt SELECT 4',
  'unknown! FROM ✗ syntax error at or near "FROM"@40',
  'SelectStmt SELECT 5',
]);
check('an open literal at the end', "SELECT 1;\nSELECT 'abc", [
  'SelectStmt SELECT 1',
  `unknown! SELECT 'abc ✗ unterminated quoted string at or near "'abc"@17`,
]);
check(
  'an open literal before others, and an apostrophe that would close it',
  "SELECT 'a;\nSELECT 2;\n-- don't\nSELECT 3;",
  [
    `unknown! SELECT 'a ✗ unterminated quoted string at or near "'a"@7`,
    'SelectStmt SELECT 2',
    'SelectStmt SELECT 3',
  ],
);
check(
  'a body in dollar quotes whose statement is wrong',
  'CREATE FUNCTIO f() AS $$ BEGIN\n UPDATE t SET a = 1;\nEND $$;\nSELECT 1;',
  [
    'unknown! CREATE FUNCTIO f() AS $$ BEGIN\n UPDATE t SET a = 1;\nEND $$ ✗ syntax error at or near "FUNCTIO"@7',
    'SelectStmt SELECT 1',
  ],
);
check('what the scanner itself refuses', 'SELECT 1a;\nSELECT "";\nSELECT 2;', [
  'unknown! SELECT 1a ✗ trailing junk after numeric literal at or near "1a"@7',
  `unknown! SELECT "" ✗ zero-length delimited identifier at or near """"@18`,
  'SelectStmt SELECT 2',
]);
check('control characters', "SELECT '\u0001', :a -- \u0002\n;\nSELECT \0 2;", [
  "SelectStmt SELECT '\u0001', :a",
  'SelectStmt SELECT \0 2',
]);
check('an open comment', 'SELECT 1;\nSELECT 2 /* a;\nSELECT 3;', [
  'SelectStmt SELECT 1',
  'unknown! SELECT 2 /* a ✗ unterminated /* comment at or near "/* a"@19',
  'SelectStmt SELECT 3',
]);
check(
  'placeholders',
  'SELECT :a, :\'b\';\nDELETE FROM t WHERE a =%s AND b = %(c)s;\nUPDATE t SET a = $1;\nTABLE :"t";',
  [
    "SelectStmt SELECT :a, :'b'",
    'DeleteStmt DELETE FROM t WHERE a =%s AND b = %(c)s',
    'UpdateStmt UPDATE t SET a = $1',
    'SelectStmt TABLE :"t"',
  ],
);
check('a syntax error behind placeholders is where it is', 'SELECT :a, :abc, %s frm x y;', [
  'unknown! SELECT :a, :abc, %s frm x y ✗ syntax error at or near "x"@24',
]);
check(
  'hints belong to their statement',
  '/*+ SeqScan(t) */ SELECT 1;\n-- c\n/*+ x */\nSELECT :a; /*+ lost */',
  ['SelectStmt /*+ SeqScan(t) */ SELECT 1', 'SelectStmt /*+ x */\nSELECT :a'],
);
check(
  'what is explainable',
  'VALUES (1); TABLE t; MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE; EXPLAIN ANALYZE SELECT 1; EXPLAIN EXECUTE p; SELECT 1 INTO t; (SELECT 1 INTO t) UNION SELECT 2; BEGIN; CREATE TABLE t AS SELECT 1;',
  [
    'SelectStmt VALUES (1)',
    'SelectStmt TABLE t',
    'MergeStmt MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE',
    'ExplainStmt EXPLAIN ANALYZE SELECT 1',
    'ExplainStmt! EXPLAIN EXECUTE p',
    'SelectStmt! SELECT 1 INTO t',
    'SelectStmt! (SELECT 1 INTO t) UNION SELECT 2',
    'TransactionStmt! BEGIN',
    'CreateTableAsStmt! CREATE TABLE t AS SELECT 1',
  ],
);

/** Statements that have broken splitters, none of them ended by its ";". */
const nasty = [
  'SELECT 1',
  "SELECT 'it''s; not the end;\n', \";\n\"",
  'SELECT $$ ; $a$ ;\n $$, $a$;\n$$;\n$a$',
  "SELECT E'\\'', ';\n' -- ';\n , 2",
  'SELECT /* ; /* nested;\n */ ; */ 2',
  atomic,
  atomicNamed,
  'CREATE RULE r AS ON UPDATE TO t DO INSTEAD (DELETE FROM u;\n SELECT :a)',
  "SELECT '😀é', :näme, a[1:n], b[:n], c::int, d @? '$.x' FROM \"tä;ble\"",
  'SELECT a ?| b, a ?& c, a ? d, %s, %(x)s\n\n\nFROM t',
  'SELEC nonsense FROM (',
  'DO $x$ BEGIN\r\n  PERFORM 1;\r\nEND $x$',
  'INSERT INTO t VALUES (1),\n\n(2) ON CONFLICT DO NOTHING',
  "UPDATE t SET a = :b::jsonb->>'x' WHERE \"c\" = :'d'",
  "SELECT U&'\\0041;', B'01', X'ff', 1.5e10",
  'WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x',
];
/** Stand between statements; each holds one ";" that counts. */
const separators = [
  ';\n',
  '; ',
  ';',
  ';\r\n\r\n',
  '\n;\n',
  "; -- c; '\n",
  ' /* ; */ ;\n',
  ";\n-- it's; $$\n",
  ";\n\\echo it's\n",
  ';;\n',
];

test('split: any sequence of nasty statements comes back exactly', () => {
  // A fixed seed: a failure can be repeated. (mulberry32)
  let state = 20_240_607;
  const random = (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  const anyOf = (list: readonly string[]) => list[random(list.length)] ?? '';
  for (let round = 0; round < 400; round++) {
    const statements = Array.from({ length: 1 + random(12) }, () => anyOf(nasty));
    const text = statements.map((one) => one + anyOf(separators)).join('');
    const found = splitStatements(parser, text);
    assert.deepEqual(
      found.map((one) => one.text),
      statements,
      `round ${round}: ${JSON.stringify(text)}`,
    );
    for (const one of found) assert.equal(text.slice(one.start, one.end), one.text);
  }
});

test('split: any beginning of a text is read, in order and without overlap', () => {
  const text = nasty.join(';\n');
  for (let length = 0; length <= text.length; length += 3) {
    let previous = 0;
    for (const one of splitStatements(parser, text.slice(0, length))) {
      assert.ok(one.start >= previous && one.end > one.start && one.end <= length, `length ${length}`);
      previous = one.end;
    }
  }
});

const line =
  "SELECT m.name, 'it''s', count(*) -- c\nFROM models m\n\nJOIN v ON v.id = m.id\nWHERE m.owner = $1;\n";
/** Time of the processor, for other work on the machine must not fail the test; it counts the collector's threads too. */
const large: readonly { name: string; text: string; statements: number; maxMs: number }[] = [
  { name: 'plain', text: line.repeat(4000), statements: 4000, maxMs: 500 },
  {
    name: 'with a quote being typed',
    text: `${line.repeat(2000)}SELECT 'a;\n${line.repeat(2000)}`,
    statements: 4001,
    maxMs: 500,
  },
  {
    name: 'bodies in dollar quotes',
    text: `DO $$ BEGIN\n${'  x := 1;\n'.repeat(18)}END $$;\n`.repeat(1000),
    statements: 1000,
    maxMs: 500,
  },
  // Only the scanner reads these, and its tokens come as JSON.
  {
    name: 'every statement with placeholders',
    text: line.replace('$1', ':owner').repeat(4000),
    statements: 4000,
    maxMs: 2000,
  },
  // Broken from end to end: these show that the time stays linear.
  {
    name: 'every body open',
    text: 'CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;\n'.repeat(20_000),
    statements: 20_000,
    maxMs: 6000,
  },
  {
    name: 'every quote broken, as in a dump of MySQL',
    text: "INSERT INTO t VALUES ('it\\'s');\n".repeat(20_000),
    statements: 20_000,
    maxMs: 6000,
  },
];
for (const { name, text, statements, maxMs } of large) {
  test(`split: 20,000 lines, ${name}`, () => {
    splitStatements(parser, line.repeat(400));
    const start = process.cpuUsage();
    assert.equal(splitStatements(parser, text).length, statements);
    const used = process.cpuUsage(start);
    const ms = (used.user + used.system) / 1000;
    assert.ok(ms < maxMs, `${ms.toFixed(0)} ms`);
  });
}
