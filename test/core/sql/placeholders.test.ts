import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadParser } from '../../../src/core/sql/parser.ts';
import { bindPlaceholders } from '../../../src/core/sql/placeholders.ts';

const parser = await loadParser();

/** The bound text, and the parameters as "1=name"; without them nothing may change. */
function check(sql: string, expected: string = sql, parameters = ''): void {
  test(`placeholders: ${sql}`, () => {
    const bound = bindPlaceholders(parser, sql);
    assert.equal(bound.sql, expected);
    assert.equal(bound.parameters.map((one) => `${one.position}=${one.name}`).join(' '), parameters);
  });
}

check('SELECT 1');
check('');
check('SELECT $1, $2', undefined, '1=1 2=2');
check('SELECT $2, $1, $2', undefined, '1=1 2=2');
check('SELECT :a, :b, :a', 'SELECT $1, $2, $1', '1=a 2=b');
check('SELECT :a, $1, :b, $3', 'SELECT $4, $1, $5, $3', '1=1 3=3 4=a 5=b');
check('SELECT :A, :a', 'SELECT $1, $2', '1=A 2=a');
check("SELECT :'a', :a", 'SELECT $1, $1', '1=a');
check('SELECT :2, :1', 'SELECT $2, $1', '1=1 2=2');
check('SELECT :user, :limit, :é_1', 'SELECT $1, $2, $3', '1=user 2=limit 3=é_1');
check('SELECT %s, %s', 'SELECT $1, $2', '1=1 2=2');
check('SELECT %(a)s, %(b)s, %(a)s', 'SELECT $1, $2, $1', '1=a 2=b');
check('WHERE a = %s AND b=%s AND c>=%(d)s', 'WHERE a = $1 AND b=$2 AND c>=$3', '1=1 2=2 3=d');
check('WHERE a=%s::int AND b IN (%s,%s)', 'WHERE a=$1::int AND b IN ($2,$3)', '1=1 2=2 3=3');
check('LIMIT %s OFFSET :o', 'LIMIT $1 OFFSET $2', '1=1 2=o');
check('WHERE a %% 2 = %s', 'WHERE a % 2 = $1', '1=1');
check(
  'a=:b AND c<:d AND e||:f AND g->>:h AND i@>:j',
  'a=$1 AND c<$2 AND e||$3 AND g->>$4 AND i@>$5',
  '1=b 2=d 3=f 4=h 5=j',
);
check(':a::int, x::text, (:b)::date', '$1::int, x::text, ($2)::date', '1=a 2=b');
check('AT TIME ZONE :tz BETWEEN :a AND :b', 'AT TIME ZONE $1 BETWEEN $2 AND $3', '1=tz 2=a 3=b');
check('ARRAY[:a, :b], ARRAY[[:c],[:d]]', 'ARRAY[$1, $2], ARRAY[[$3],[$4]]', '1=a 2=b 3=c 4=d');
check('a[1:2], a[:n], a[m:n], a[:], a[1:], a[:n][:m]');
check('a[(:n)], a[f(:m):2]', 'a[($1)], a[f($2):2]', '1=n 2=m');
check("JSON_OBJECT('a':b, c:d, 'e' : f)");
check("JSON_OBJECT('a': :b, :c:d, 'e': f(:g))", "JSON_OBJECT('a': $1, $2:d, 'e': f($3))", '1=b 2=c 3=g');
check('f(a := 1, b => 2)');
check("a ?| b, a ?& c, a @? d, a ? 'e', a @@ f, a @> g");
check("'it''s :a', E'\\':b', $$ :c %s $1 $$, $x$ :d $x$, U&':e', \":f\", \"%s\"");
check('1 -- :a %s $1\n + 2 /* :b /* %s */ $1 */');
check('a % s, a %s, 5 %(s), f(1) %s, a[1] %s, $1 %s', undefined, '1=1');
check("LIKE '%s' OR LIKE '%(a)s'");
check('a:: int, b ::int, :  c, : d');
check('\'é😀\', :a, "😀", %s', '\'é😀\', $1, "😀", $2', '1=a 2=2');
check("SELECT 'open :a");
check('SELECT * FROM :"t" WHERE a = :a', 'SELECT * FROM "t" WHERE a = $1', '1=a');

test('placeholders: variables that stand for names are told', () => {
  assert.deepEqual(bindPlaceholders(parser, 'TABLE :"My t"').nameVariables, ['"My t"']);
});

test('placeholders: offsets go back to the text as written', () => {
  const sql = "SELECT '😀', :name, %(other)s, $1, x";
  const bound = bindPlaceholders(parser, sql);
  assert.equal(bound.sql, "SELECT '😀', $2, $3, $1, x");
  for (const [inBound, inOriginal] of [
    ['SELECT', 'SELECT'],
    ['$2', ':name'],
    [', $3', ', %('],
    ['$3', '%(other)s'],
    ['$1', '$1'],
    ['x', 'x'],
  ] as const) {
    assert.equal(bound.originalOffset(bound.sql.indexOf(inBound)), sql.indexOf(inOriginal), inBound);
  }
  // In the middle of a replacement the placeholder's start is the answer.
  assert.equal(bound.originalOffset(bound.sql.indexOf('$2') + 1), sql.indexOf(':name'));
});
