import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellWidth, createPaint, padStart, truncate, wrap } from '../../../src/core/report/textLayout.ts';

test('Widths are counted in terminal cells', () => {
  const cells: Readonly<Record<string, number>> = {
    '': 0,
    'Seq Scan': 8,
    zażółć: 6,
    'e\u0301': 1,
    表の名前: 8,
    '🐘': 2,
    'Δ ×': 3,
  };
  for (const [text, width] of Object.entries(cells)) assert.equal(cellWidth(text), width, text);
});

test('Cutting never exceeds the cells that were asked for', () => {
  assert.equal(truncate('deployments', 11), 'deployments');
  assert.equal(truncate('deployments', 10), 'deploymen…');
  assert.equal(truncate('表の名前', 5), '表の…');
  assert.equal(truncate('表の名前', 4), '表…');
});

test('Wrapping breaks at spaces and leaves long words whole', () => {
  assert.deepEqual(wrap('a bb ccc dddd', 6), ['a bb', 'ccc', 'dddd']);
  assert.deepEqual(wrap('a deployments_status_idx b', 6), ['a', 'deployments_status_idx', 'b']);
});

test('Numbers are padded by cells', () => {
  assert.equal(padStart('×2', 4), '  ×2');
});

test('Colour wraps the text in SGR codes, or not at all', () => {
  assert.equal(createPaint(true)('critical', 'A'), '\u001b[31mA\u001b[0m');
  assert.equal(createPaint(false)('critical', 'A'), 'A');
});
