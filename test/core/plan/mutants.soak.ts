/** Long fuzzing, for `npm run soak`. */
import { describe, test } from 'node:test';
import { checkMutants } from '../../support/mutants.ts';

describe('mutants of recorded plans', () => {
  for (const extension of ['txt', 'json', 'yaml', 'xml']) {
    for (let seed = 1; seed <= 4; seed++)
      test(`${extension}, seed ${seed}`, () => checkMutants(seed, 1000, [extension]));
  }
});
