/** Each layout that psql has, as psql prints it: the same plans as from the server's own text. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readPlans } from '../../../src/core/plan/readPlans.ts';

const folder = join(import.meta.dirname, '../../fixtures/psql');
const recordings = readdirSync(folder).toSorted();
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('psql’s layouts', () => {
  for (const format of ['text', 'json', 'yaml', 'xml']) {
    const expected = readPlans(textOf(`${format}.plain.txt`));
    for (const name of recordings.filter((one) => one.startsWith(format))) {
      test(name, () => {
        assert.equal(expected.plans.length, 1);
        assert.deepEqual(readPlans(textOf(name)), expected);
      });
    }
  }
});
