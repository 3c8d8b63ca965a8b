import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codePointOffset, lineColumn, utf8Offsets } from '../../../src/core/sql/offsets.ts';
import { loadParser } from '../../../src/core/sql/parser.ts';
import { redactSql } from '../../../src/core/sql/redact.ts';
import { statementTitle } from '../../../src/core/sql/title.ts';
import { scanTokens } from '../../../src/core/sql/tokens.ts';

const parser = await loadParser();

function checkRedacted(sql: string, expected: string): void {
  test(`redact: ${sql}`, () => {
    assert.equal(redactSql(parser, sql), expected);
  });
}

checkRedacted("SELECT 'secret', 5, 1.5, $$x$$ -- id 7\nFROM t", 'SELECT ?, ?, ?, ? FROM t');
checkRedacted("SELECT E'a', U&'b', B'01', X'ff', 'c'\n'd'", 'SELECT ?, ?, ?, ?, ?');
checkRedacted(
  'SELECT /* 7 */ a.b, "C" FROM t WHERE a = $1 AND b = :name',
  'SELECT a.b, "C" FROM t WHERE a = $1 AND b = :name',
);
checkRedacted("SELECT 'a', :'b', %s", 'SELECT ?, :?, %s');
checkRedacted(
  "CREATE ROLE r PASSWORD 'p'; COMMENT ON ROLE r IS 's'",
  'CREATE ROLE r PASSWORD ?; COMMENT ON ROLE r IS ?',
);
checkRedacted('CREATE TABLE t (a int DEFAULT 5)', 'CREATE TABLE t (a int DEFAULT ?)');
checkRedacted("SELEC 'secret'", '(a statement of 14 characters that does not parse)');
checkRedacted("SELECT 'a, 'secret'", '(a statement of 19 characters that does not parse)');
checkRedacted("SELECT '\u0001'", 'SELECT ?');
checkRedacted('', '');

/** Titles of at most 60 units. */
function checkTitle(sql: string, expected: string): void {
  test(`title: ${sql.slice(0, 80)}`, () => {
    const title = statementTitle(parser, sql, 60);
    assert.equal(title, expected);
    assert.ok(title.length <= 60);
    assert.doesNotThrow(() => encodeURIComponent(title), 'no half of a surrogate pair');
  });
}

checkTitle('SELECT 1', 'SELECT 1');
checkTitle('-- head\nSELECT  a,\n\tb /* c */ FROM t;\n-- tail', 'SELECT a, b FROM t');
checkTitle("SELECT 'a\n  b', '--c'", "SELECT 'a b', '--c'");
checkTitle(
  'SELECT m.model_name, mv.semver, d.deployed_at, d.status, e.name\nFROM deployments d\nWHERE d.status = 1\nLIMIT 50;',
  'SELECT m.model_name, mv.semver, d.deployed_at … LIMIT 50',
);
checkTitle(
  'SELECT model_name, version, deployed_at, status FROM deployments WHERE a_very_long_condition AND another',
  'SELECT model_name, version, deployed_at, status FROM …',
);
checkTitle(
  'SELECT a FROM (SELECT b FROM c LIMIT 5) AS a_rather_long_alias_here, another_table',
  'SELECT a FROM (SELECT b FROM c LIMIT 5) AS …',
);
checkTitle(`SELECT '${'😀'.repeat(100)}'`, `SELECT '${'😀'.repeat(25)} …`);
checkTitle("SELECT 'open\n quote", "SELECT 'open quote");
checkTitle('', '');
checkTitle('-- only', '');

test('offsets: tokens slice back to the text', () => {
  const text = "SELECT 'é😀', \"ñ\" -- ü\n\t, '\u0001', ʼ, 名 /* 🎉 */ + 1";
  const tokens = scanTokens(parser, text) ?? [];
  assert.deepEqual(
    tokens.map((token) => token.text),
    ['SELECT', "'é😀'", ',', '"ñ"', '-- ü', ',', "'\u0001'", ',', 'ʼ', ',', '名', '/* 🎉 */', '+', '1'],
  );
  for (const token of tokens) assert.equal(text.slice(token.start, token.end), token.text);
});

test('offsets: bytes and code points to UTF-16 units', () => {
  const text = 'aé名😀b';
  const unit = utf8Offsets(text);
  assert.deepEqual([0, 1, 3, 6, 10, 11, 99, 3].map(unit), [0, 1, 2, 3, 5, 6, 6, 2]);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 9].map((at) => codePointOffset(text, at)),
    [0, 1, 2, 3, 5, 6, 6],
  );
});

test('offsets: lines and columns', () => {
  const text = 'ab\ncd\r\n\nx';
  assert.deepEqual(
    [0, 2, 3, 5, 7, 8, 9].map((at) => lineColumn(text, at)).map(({ line, column }) => `${line}:${column}`),
    ['1:1', '1:3', '2:1', '2:3', '3:1', '4:1', '4:2'],
  );
});
