import { test } from 'node:test';
import { checkMutants } from '../../support/mutants.ts';

test('400 mutants of recorded plans are read without a throw or a hang', () =>
  checkMutants(20_260_101, 400, ['txt', 'json', 'yaml', 'xml']));
