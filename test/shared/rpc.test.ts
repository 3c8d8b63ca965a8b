import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToHost, ToWebview } from '../../src/shared/protocol.ts';
import { answerRequest, createRequests } from '../../src/shared/rpc.ts';

const copy = { type: 'text/copy', text: 'select 1' } as const;

/** Both ends, with a clock that is turned by hand. */
function wire(handle: () => Promise<{ message?: string }>) {
  const posted: ToHost[] = [];
  const timers = new Set<() => void>();
  const requests = createRequests(
    (message) => posted.push(message),
    (_ms, run) => {
      timers.add(run);
      return () => timers.delete(run);
    },
  );
  const replies: ToWebview[] = [];
  const answerAll = async () => {
    for (const message of posted.splice(0)) {
      if (message.type !== 'request') continue;
      await answerRequest(
        message,
        handle,
        (reply) => replies.push(reply),
        (error) => `Sorry: ${(error as Error).message}`,
      );
    }
    for (const reply of replies.splice(0)) requests.receive(reply);
  };
  return { requests, posted, timers, answerAll };
}

test('a request comes back with what the host says', async () => {
  const { requests, answerAll, timers } = wire(() => Promise.resolve({ message: 'Copied.' }));
  const reply = requests.send(copy, 10);
  await answerAll();
  assert.deepEqual(await reply, { message: 'Copied.' });
  assert.equal(timers.size, 0, 'its timer is stopped');
});

test('a failing host answers with its sentence', async () => {
  const { requests, answerAll } = wire(() => Promise.reject(new Error('no editor is open')));
  const reply = requests.send(copy, 10);
  await Promise.all([assert.rejects(reply, { message: 'Sorry: no editor is open' }), answerAll()]);
});

test('replies find their own request, in any order', async () => {
  const { requests, posted } = wire(() => Promise.resolve({}));
  const [first, second] = [requests.send(copy, 10), requests.send(copy, 10)];
  for (const message of posted.toReversed()) {
    if (message.type === 'request')
      requests.receive({ type: 'reply', id: message.id, ok: true, value: { message: `${message.id}` } });
  }
  assert.deepEqual([await first, await second], [{ message: '1' }, { message: '2' }]);
});

test('no answer in time is a refusal, and a late one is ignored', async () => {
  const { requests, timers, answerAll } = wire(() => Promise.resolve({}));
  const reply = requests.send(copy, 10);
  for (const run of timers) run();
  await assert.rejects(reply, { message: 'VS Code did not answer in time.' });
  await answerAll();
});

test('disposing refuses what is open and what comes later', async () => {
  const { requests, timers } = wire(() => Promise.resolve({}));
  const open = requests.send(copy, 10);
  requests.dispose();
  await assert.rejects(open, { message: 'The panel is closed.' });
  await assert.rejects(requests.send(copy, 10), { message: 'The panel is closed.' });
  assert.equal(timers.size, 0);
});

test('other messages are left to others', () => {
  const { requests } = wire(() => Promise.resolve({}));
  assert.equal(requests.receive({ type: 'progress/show', message: 'Running', canCancel: true }), false);
});
