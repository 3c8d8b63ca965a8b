import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadParser } from '../../../src/core/sql/parser.ts';
import { repairNormalized } from '../../../src/core/sql/repairNormalized.ts';

const parser = await loadParser();

function check(sql: string, expected: string): void {
  test(sql, () => assert.equal(repairNormalized(parser, sql), expected));
}

check('select now() - INTERVAL $1', 'select now() - $1::INTERVAL');
check('select date $1, timestamp $2', 'select $1::date, $2::timestamp');
check(
  'select timestamp with time zone $1 - time without time zone $2',
  'select $1::timestamp with time zone - $2::time without time zone',
);
check('select é, interval /* é */ $1 from "interval $2"', 'select é, $1::interval from "interval $2"');
check('select * from t where a = $1', 'select * from t where a = $1');
check("select interval '1 day', 'interval $1'", "select interval '1 day', 'interval $1'");
check('select interval $1 from where', 'select interval $1 from where');
