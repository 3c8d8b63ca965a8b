import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guardStatement } from '../../../src/core/sql/guard.ts';
import { loadParser } from '../../../src/core/sql/parser.ts';

const parser = await loadParser();

interface Passed {
  /** As given, unless said otherwise. */
  readonly sql?: string;
  /** "read" unless said otherwise. */
  readonly access?: 'read' | 'lock' | 'write';
  /** "SelectStmt" unless said otherwise. */
  readonly kind?: string;
  /** In order, "schema.name". */
  readonly tables?: string;
  /** "1=name". */
  readonly parameters?: string;
}

/** What passes, or the message of the refusal. */
function check(sql: string, expected: Passed | string): void {
  test(`guard: ${sql.length > 100 ? `${sql.slice(0, 100)}…` : sql}`, () => {
    const guarded = guardStatement(parser, sql);
    if (!guarded.ok || typeof expected === 'string') {
      assert.equal(guarded.ok ? 'passed' : guarded.error.message, expected);
      return;
    }
    const { value } = guarded;
    assert.equal(value.sql, expected.sql ?? sql);
    assert.equal(value.access, expected.access ?? 'read');
    assert.equal(value.kind, expected.kind ?? 'SelectStmt');
    assert.equal(
      value.tables.map((one) => (one.schema ? `${one.schema}.${one.name}` : one.name)).join(' '),
      expected.tables ?? '',
    );
    assert.equal(
      value.parameters.map((one) => `${one.position}=${one.name}`).join(' '),
      expected.parameters ?? '',
    );
    assert.equal(parser.parse(value.sql).stmts?.length, 1);
  });
}

// Exactly one statement, and only its text
check('SELECT 1', {});
check('-- a;\nSELECT 1; -- b', { sql: 'SELECT 1' });
check('SELECT 1;;;', { sql: 'SELECT 1' });
check('SELECT 1; DROP TABLE t', 'There are 2 statements here.');
check("SELECT ';' /* ; */", { sql: "SELECT ';'" });
check('', 'There is no SQL here.');
check(' ; ', 'There is no SQL here.');
check('-- a\n', 'There is no SQL here.');
check(
  'SELECT 1\0; DROP TABLE t',
  'PostgreSQL cannot parse this: it holds a NUL character (line 1, column 9).',
);

// What is not SQL says where
check(
  "SELECT '😀',\n :name frm x y",
  'PostgreSQL cannot parse this: syntax error at or near "x" (line 2, column 12).',
);
check(
  "SELECT 'a",
  `PostgreSQL cannot parse this: unterminated quoted string at or near "'a" (line 1, column 8).`,
);
check('hello', 'PostgreSQL cannot parse this: syntax error at or near "hello" (line 1, column 1).');
check(
  `SELECT ${'1+'.repeat(60_000)}1`,
  'PostgreSQL cannot parse this: it is too long, or its expressions are nested too deeply (line 1, column 1).',
);
// Longer than what the parser's module survives: the statements after it are read as before.
check(
  `SELECT ${'1+'.repeat(2_000_000)}1`,
  'PostgreSQL cannot parse this: it is too long, or its expressions are nested too deeply (line 1, column 1).',
);
check(`SELECT ${'1+'.repeat(1000)}1 FROM t`, { tables: 't' });

// Out of EXPLAIN
check('EXPLAIN SELECT 1', { sql: 'SELECT 1' });
check('explain analyse verbose select 1;', { sql: 'select 1' });
check('EXPLAIN VERBOSE (SELECT 1)', { sql: '(SELECT 1)' });
check('EXPLAIN (SELECT 1)', { sql: '(SELECT 1)' });
check('EXPLAIN (ANALYZE, FORMAT json) (SELECT 1) UNION (SELECT 2)', { sql: '(SELECT 1) UNION (SELECT 2)' });
check("EXPLAIN /* a( */ (ANALYZE true /* ) */, FORMAT 'json') -- b\nSELECT :a", {
  sql: 'SELECT $1',
  parameters: '1=a',
});
check('EXPLAIN ANALYZE DELETE FROM t', {
  sql: 'DELETE FROM t',
  access: 'write',
  kind: 'DeleteStmt',
  tables: 't',
});
check('EXPLAIN ANALYZE WITH x AS (DELETE FROM t RETURNING *) TABLE x', {
  sql: 'WITH x AS (DELETE FROM t RETURNING *) TABLE x',
  access: 'write',
  tables: 't',
});
check(
  'EXPLAIN ANALYZE EXECUTE p',
  'EXECUTE cannot be profiled: it runs a statement that was prepared in another session; profile that statement itself.',
);
check(
  'EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1',
  'CREATE TABLE AS cannot be profiled: it creates a table or materialized view; profile the query behind AS.',
);
check(
  'EXPLAIN DECLARE c CURSOR FOR SELECT 1',
  'DECLARE CURSOR cannot be profiled: it opens a cursor; profile the query behind FOR.',
);

// Hints stay, for they change the plan
check('/*+ SeqScan(t) */ SELECT 1', {});
check('/*+ SeqScan(t) */ EXPLAIN ANALYZE SELECT 1', { sql: '/*+ SeqScan(t) */\nSELECT 1' });
check('EXPLAIN /*+ SeqScan(t) */ SELECT 1', { sql: '/*+ SeqScan(t) */ SELECT 1' });

// Reads
check('VALUES (1), (2)', {});
check('TABLE a.t', { tables: 'a.t' });
check('SELECT * FROM t, ONLY s.u, "T" x JOIN LATERAL (SELECT 1 FROM db.s.v) y ON true', {
  tables: 't s.u T s.v',
});
check('SELECT (SELECT 1 FROM a), EXISTS (SELECT FROM b) FROM t t1, t t2 WHERE c IN (TABLE d)', {
  tables: 'a b t d',
});
check('SELECT 1 FROM a UNION ALL (SELECT 2 FROM b EXCEPT SELECT 3 FROM c)', { tables: 'a b c' });
check('SELECT * FROM t TABLESAMPLE system (1), generate_series(1, 2), unnest(ARRAY[1])', { tables: 't' });

// Scopes of WITH
check('WITH a AS (SELECT 1 FROM t), b AS (TABLE a) SELECT * FROM a, b, c, s.a', { tables: 't c s.a' });
check('WITH t AS (TABLE t) TABLE t', { tables: 't' });
check('WITH a AS (TABLE b), b AS (TABLE t) SELECT FROM a, b', { tables: 'b t' });
check('WITH RECURSIVE a AS (TABLE b), b AS (SELECT 1 FROM t UNION SELECT 1 FROM b) SELECT FROM a', {
  tables: 't',
});
check('SELECT (WITH a AS (SELECT 1) SELECT 1 FROM a) FROM a', { tables: 'a' });
check(
  'WITH a AS (SELECT 1) SELECT (SELECT 1 FROM a), (WITH b AS (TABLE a) SELECT 1 FROM b), (SELECT 1 FROM b)',
  { tables: 'b' },
);
check('WITH a AS (SELECT 1) TABLE a UNION TABLE a', {});
check('WITH t AS (SELECT 1) INSERT INTO t TABLE t', { access: 'write', kind: 'InsertStmt', tables: 't' });

// Locks
check('SELECT * FROM t FOR UPDATE', { access: 'lock', tables: 't' });
check('SELECT * FROM t x, u FOR NO KEY UPDATE OF x SKIP LOCKED', { access: 'lock', tables: 't u' });
check('SELECT * FROM (SELECT * FROM t FOR SHARE) x', { access: 'lock', tables: 't' });
check('WITH x AS (SELECT * FROM t FOR KEY SHARE) SELECT 1', { access: 'lock', tables: 't' });
check('SELECT 1 WHERE EXISTS (SELECT 1 FROM t FOR UPDATE NOWAIT)', { access: 'lock', tables: 't' });

// Writes
check(
  'INSERT INTO s.t (a) SELECT b FROM u ON CONFLICT (a) DO UPDATE SET a = (SELECT max(c) FROM v) RETURNING *',
  {
    access: 'write',
    kind: 'InsertStmt',
    tables: 's.t u v',
  },
);
check('UPDATE t SET a = 1 FROM u WHERE t.id = u.id', { access: 'write', kind: 'UpdateStmt', tables: 't u' });
check('DELETE FROM t USING u WHERE t.id = u.id', { access: 'write', kind: 'DeleteStmt', tables: 't u' });
check(
  'MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)',
  {
    access: 'write',
    kind: 'MergeStmt',
    tables: 't u',
  },
);
check('WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x FOR UPDATE', {
  access: 'write',
  tables: 't',
});
check('WITH x AS (SELECT 1), y AS (UPDATE t SET a = 1 RETURNING *) SELECT * FROM y', {
  access: 'write',
  tables: 't',
});
check('WITH x AS (MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE RETURNING *) SELECT 1', {
  access: 'write',
  tables: 't u',
});

// Placeholders
check('SELECT * FROM t WHERE a = :a AND b = $1 AND c = :a AND d = %s', {
  sql: 'SELECT * FROM t WHERE a = $2 AND b = $1 AND c = $2 AND d = $3',
  tables: 't',
  parameters: '1=1 2=a 3=3',
});
check('SELECT * FROM :"tbl"', ':"tbl" stands for a name, and a parameter can only be a value.');

// Refusals, each with its reason
const rolledBack = 'every profile runs in a transaction of its own, which is always rolled back';
const command = 'it is a command, not a query, and PostgreSQL makes no plan for it';
const refusals: readonly (readonly [sql: string, name: string, reason: string])[] = [
  ['BEGIN', 'BEGIN', rolledBack],
  ['START TRANSACTION READ ONLY', 'START TRANSACTION', rolledBack],
  ['COMMIT', 'COMMIT', rolledBack],
  ['END', 'END', rolledBack],
  ['ROLLBACK TO a', 'ROLLBACK', rolledBack],
  ['SAVEPOINT a', 'SAVEPOINT', rolledBack],
  ["PREPARE TRANSACTION 'a'", 'PREPARE', rolledBack],
  [
    'COPY t TO stdout',
    'COPY',
    'it moves data between a table and a file, and PostgreSQL makes no plan for that',
  ],
  [
    "COPY (SELECT 1) TO PROGRAM 'rm'",
    'COPY',
    'it moves data between a table and a file, and PostgreSQL makes no plan for that',
  ],
  [
    'DO $$ BEGIN END $$',
    'DO',
    'it runs a block of code, whose statements are planned one by one inside the server',
  ],
  ['CALL p(1)', 'CALL', 'it runs a procedure, whose statements are planned one by one inside the server'],
  [
    'CREATE TABLE t AS SELECT 1',
    'CREATE TABLE AS',
    'it creates a table or materialized view; profile the query behind AS',
  ],
  [
    'CREATE MATERIALIZED VIEW v AS SELECT 1',
    'CREATE MATERIALIZED VIEW',
    'it creates a table or materialized view; profile the query behind AS',
  ],
  ['SELECT 1 INTO t', 'SELECT INTO', 'it creates a table; leave INTO out to profile the query'],
  [
    '(SELECT 1 INTO t) UNION SELECT 2',
    'SELECT INTO',
    'it creates a table; leave INTO out to profile the query',
  ],
  [
    'WITH x AS (SELECT 1 INTO t) TABLE x',
    'SELECT INTO',
    'it creates a table; leave INTO out to profile the query',
  ],
  [
    'REFRESH MATERIALIZED VIEW v',
    'REFRESH MATERIALIZED VIEW',
    'it rewrites a materialized view; profile the query that defines it',
  ],
  [
    'CREATE OR REPLACE TEMP VIEW v AS SELECT 1',
    'CREATE VIEW',
    'it creates a view; profile the query behind AS',
  ],
  [
    'EXECUTE p(1)',
    'EXECUTE',
    'it runs a statement that was prepared in another session; profile that statement itself',
  ],
  [
    'PREPARE p AS SELECT 1',
    'PREPARE',
    'it only stores a statement for later; profile the statement behind AS',
  ],
  ['DEALLOCATE p', 'DEALLOCATE', 'it forgets a prepared statement of another session'],
  ['DECLARE c CURSOR FOR SELECT 1', 'DECLARE CURSOR', 'it opens a cursor; profile the query behind FOR'],
  ['FETCH c', 'FETCH', 'it reads from a cursor of another session; profile the cursor’s query'],
  ['CLOSE c', 'CLOSE', 'it closes a cursor of another session'],
  ['LOCK t', 'LOCK TABLE', 'it only takes a lock, and there is no plan for that'],
  ['SET work_mem = 1', 'SET', 'it changes a setting, and there is no plan for that'],
  ['SHOW work_mem', 'SHOW', 'it shows a setting, and there is no plan for that'],
  ['VACUUM t', 'VACUUM', 'it is maintenance, and there is no plan for that'],
  ['ANALYZE t', 'ANALYZE', 'it is maintenance, and there is no plan for that'],
  ['TRUNCATE t', 'TRUNCATE', 'it empties a table without a plan'],
  ['DROP TABLE t', 'DROP TABLE', command],
  ['CREATE UNIQUE INDEX ON t (a)', 'CREATE INDEX', command],
  ["ALTER USER MAPPING FOR a SERVER b OPTIONS (SET c 'd')", 'ALTER USER MAPPING', command],
  ['CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION f()', 'CREATE EVENT TRIGGER', command],
  ['GRANT SELECT ON t TO u', 'GRANT', command],
  ['NOTIFY n', 'NOTIFY', command],
];
for (const [sql, name, reason] of refusals) check(sql, `${name} cannot be profiled: ${reason}.`);

test('guard: whatever passes is one statement of the kinds that are let through', () => {
  const parts = [
    'SELECT 1',
    'EXPLAIN',
    'ANALYZE',
    '(ANALYZE)',
    '(',
    ')',
    ';',
    "'",
    "';'",
    '$$',
    '/*',
    '*/',
    '/*+ x */',
    '--',
    '\n',
    ':a',
    '%s',
    'DELETE FROM t',
    'DROP TABLE t',
    'BEGIN',
    'WITH x AS',
    'INTO t',
    'FOR UPDATE',
    '\\',
    '\0',
    '😀',
  ];
  // A fixed seed: a failure can be repeated. (A linear congruential generator of Numerical Recipes.)
  let state = 42;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let passed = 0;
  for (let round = 0; round < 20_000; round++) {
    const sql = Array.from({ length: 1 + random(7) }, () => parts[random(parts.length)] ?? '').join(' ');
    const guarded = guardStatement(parser, sql);
    if (!guarded.ok) continue;
    passed++;
    const statements = parser.parse(guarded.value.sql).stmts ?? [];
    assert.equal(statements.length, 1, sql);
    assert.deepEqual(Object.keys(statements[0]?.stmt ?? {}), [guarded.value.kind], sql);
    assert.match(guarded.value.kind, /^(Select|Insert|Update|Delete|Merge)Stmt$/, sql);
    // Writing words cannot pass as a read.
    if (guarded.value.kind === 'DeleteStmt') assert.equal(guarded.value.access, 'write', sql);
    assert.ok(!guarded.value.sql.includes('\0'), sql);
  }
  assert.ok(passed > 200, `only ${passed} passed: the test tests nothing`);
});
