import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createsIndex } from '../../../src/core/sql/createsIndex.ts';
import { loadParser } from '../../../src/core/sql/parser.ts';

const parser = await loadParser();

const cases: Readonly<Record<string, boolean>> = {
  'CREATE INDEX CONCURRENTLY a_idx ON t (a DESC);': true,
  'CREATE INDEX "x""; DROP TABLE t; --" ON t (a)': true,
  'CREATE INDEX a_idx ON t (a); DROP TABLE t': false,
  'DROP TABLE t': false,
  "CREATE INDEX a_idx ON t (a) /* */; COPY t TO PROGRAM 'x'": false,
  'DO $$ BEGIN END $$': false,
  'CREATE INDEX': false,
  '': false,
};

for (const [ddl, expected] of Object.entries(cases)) {
  test(`${expected ? 'applied' : 'not applied'}: ${ddl}`, () =>
    assert.equal(createsIndex(parser, ddl), expected));
}
