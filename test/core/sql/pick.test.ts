import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadParser } from '../../../src/core/sql/parser.ts';
import { pickStatement } from '../../../src/core/sql/pick.ts';

const parser = await loadParser();

/** "|" is the cursor; two of them are the ends of a selection. The answer is the statement, or the error as the user reads it. */
function check(name: string, marked: string, expected: string): void {
  test(`pick: ${name}`, () => {
    const [before = '', between = '', ...rest] = marked.split('|');
    const text = before + between + rest.join('');
    const end = rest.length > 0 ? before.length + between.length : before.length;
    const picked = pickStatement(parser, text, { start: before.length, end });
    if (picked.ok) assert.equal(text.slice(picked.value.start, picked.value.end), picked.value.text);
    assert.equal(picked.ok ? picked.value.text : picked.error.message, expected);
  });
}

const nothing = 'There is no SQL here.';

check('empty file', '|', nothing);
check('only comments', '-- a\n|/* b */', nothing);
check('inside', 'SELECT 1;\nSEL|ECT 2;\nSELECT 3;', 'SELECT 2');
check('at its start', 'SELECT 1;\n|SELECT 2;', 'SELECT 2');
check('at its end', 'SELECT 1|;\nSELECT 2;', 'SELECT 1');
check('behind its semicolon', 'SELECT 1;|\nSELECT 2;', 'SELECT 1');
check('between two that touch', 'SELECT 1;|SELECT 2;', 'SELECT 2');
check('between two on a line', 'SELECT 1; | SELECT 2;', 'SELECT 1');
check('in the comment behind it', 'SELECT 1; -- te|xt\nSELECT 2;', 'SELECT 1');
check('in the indentation before it', 'SELECT 1;\n | SELECT 2;', 'SELECT 2');
check('on a blank line inside', 'SELECT 1,\n|\n2;\nSELECT 3;', 'SELECT 1,\n\n2');
check(
  'in the comment above, far from the one before',
  'SELECT 1;\n\n-- |a\n-- b\n-- c\nSELECT 2;',
  'SELECT 2',
);
check('at the end of the comment above', 'SELECT 1;\n-- a|\nSELECT 2;', 'SELECT 2');
check('in a comment set off from what follows', 'SELECT 1;\n-- a|\n\n\nSELECT 2;', 'SELECT 1');
check('on a blank line, nearer to the one above', 'SELECT 1;\n|\n\n\nSELECT 2;', 'SELECT 1');
check('on a blank line, nearer to the one below', 'SELECT 1;\n\n\n|\nSELECT 2;', 'SELECT 2');
check('on a blank line, as near to both', 'SELECT 1;\n|\nSELECT 2;', 'SELECT 1');
check('above the first', '-- licence\n|\n\nSELECT 1;', 'SELECT 1');
check('below the last', 'SELECT 1;\n\n\n|', 'SELECT 1');
check('behind emoji', "SELECT '😀😀';\nSELECT| 2;", 'SELECT 2');
check('CRLF', 'SELECT 1;\r\nSELECT\r\n|\r\n 2;\r\n', 'SELECT\r\n\r\n 2');
check('on a psql command', 'SELECT 1;\n\\tim|ing\nSELECT 2;', 'SELECT 2');
check('a statement with placeholders', 'SELECT 1;\nSELECT :a|;', 'SELECT :a');
check('a statement that the guard refuses later', 'SELECT 1;\nDROP| TABLE t;', 'DROP TABLE t');
check('a syntax error elsewhere', 'SELEC 1;\nSELECT |2;\nFROM;', 'SELECT 2');
check(
  'a syntax error in it, with its place in the file',
  "SELECT 1;\nSELECT '😀'\n  frm x| y;",
  'PostgreSQL cannot parse this: syntax error at or near "x" (line 3, column 7).',
);
check('a selection wins', 'SELECT 1;\n|SELECT 2;|\nSELECT 3;', 'SELECT 2');
check(
  'a selection with white space and comments around',
  'SELECT 1;|\n-- a\nSELECT 2; -- b\n|SELECT 3;',
  'SELECT 2',
);
check('a selected part', 'SELECT * FROM (|SELECT 2| + 1) x;', 'SELECT 2');
check(
  'a selected part that is none',
  'SELECT 1;\nSELECT * |FROM t|;',
  'PostgreSQL cannot parse this: syntax error at or near "FROM" (line 2, column 10).',
);
check('a selection of several', '|SELECT 1; DROP TABLE t|;', 'There are 2 statements here.');
check('a selection of white space', 'SELECT 1;|\n \n|SELECT 2;', nothing);
check('a selection of comments', 'SELECT 1; |-- a|\nSELECT 2;', nothing);
