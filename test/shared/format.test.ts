import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFactor } from '../../src/shared/format.ts';

const factors: readonly (readonly [factor: number, expected: string])[] = [
  [1, '×1'],
  [1.04, '×1'],
  [0.97, '×1'],
  [1.25, '×1.3'],
  [12, '×12'],
  [1234, '×1,234'],
  [0.8, '÷1.3'],
  [0.119, '÷8.4'],
  [0.1, '÷10'],
  [0.0008, '÷1,250'],
  [0, '×0'],
];
for (const [factor, expected] of factors) {
  test(`factor ${factor}`, () => assert.equal(formatFactor(factor), expected));
}
