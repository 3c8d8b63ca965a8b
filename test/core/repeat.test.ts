/** Repeated runs, of which one is stopped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCancel } from '../../src/core/cancel.ts';
import { userErrors } from '../../src/core/errors.ts';
import type { ExplainOutcome, ExplainRequest, Server } from '../../src/core/ports.ts';
import { repeat } from '../../src/core/repeat.ts';

const planText = 'Seq Scan on items  (cost=0.00..1.00 rows=1 width=4)\nExecution Time: 2.000 ms';
const first = { planText, analyzed: true, preflight: { access: 'read', notUndone: [] } };
const request = { timeoutMs: 100, cancel: createCancel() };

/** `explain` answers `answers` times, then each statement runs into its timeout. */
function slowingServer(answers: number): Server {
  let asked = 0;
  const server: Pick<Server, 'explain' | 'evict'> = {
    explain: async () => {
      if (++asked > answers) throw userErrors.timeout(100);
      return first as unknown as ExplainOutcome;
    },
    evict: async () => ({ relations: 1, keptBlocks: 0 }),
  };
  return server as Server;
}

const run = (answers: number) =>
  repeat(slowingServer(answers), request as unknown as ExplainRequest, first as unknown as ExplainOutcome, {
    runs: 3,
    cold: true,
    onProgress: () => undefined,
  });

test('a cold run that is stopped loses none of those before it', async () => {
  const repeated = await run(3);
  assert.equal(repeated?.times.ms.length, 3);
  assert.equal(repeated.times.cold?.ms.length, 1);
  assert.deepEqual(
    repeated.problems.map(({ message }) => message),
    ['There were 1 of 3 cold runs: The statement ran longer than 100 ms and was stopped.'],
  );
});

test('where the first is stopped, there are none', async () => {
  const repeated = await run(2);
  assert.equal(repeated?.times.ms.length, 3);
  assert.equal(repeated.times.cold, undefined);
});

test('a warm run that is stopped is told as such', async () => {
  await assert.rejects(run(1), { code: 'timeout' });
});
