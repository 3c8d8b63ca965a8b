import assert from 'node:assert/strict';
import test from 'node:test';
import { userErrors } from '../../src/core/errors.ts';
import { commandIds } from '../../src/extension/contributions.ts';
import { offersFor } from '../../src/extension/errorOffers.ts';

test('every offer belongs to an error that exists, and runs a command that exists', () => {
  const codes = Object.keys(userErrors);
  const offered = codes.filter((code) => offersFor(code).length > 0);
  assert.ok(offered.includes('wrongPassword') && offered.includes('noConnectionSelected'));
  for (const code of codes)
    for (const { label, command } of offersFor(code)) {
      assert.ok(label.length > 0);
      assert.ok(command in commandIds, command);
    }
});

test('an error without an offer of its own has the log, so that VS Code shows it whole', () => {
  for (const code of ['notSql', 'toString']) {
    assert.deepEqual(
      offersFor(code).map(({ command }) => command),
      ['showLog'],
    );
  }
});
