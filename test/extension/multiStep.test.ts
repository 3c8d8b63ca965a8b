import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import type { Step, StepOutcome } from '../../src/extension/multiStep.ts';
import { next, runSteps } from '../../src/extension/multiStep.ts';

type Answers = Readonly<Record<string, string>>;

describe('questions one after the other', () => {
  /** `answers` are given in turn: a text, or '<' for back, or 'x' for leaving. `asked` is "name step/total" of each question. */
  const check = (
    title: string,
    answers: readonly string[],
    expected: Answers | undefined,
    asked: readonly string[],
  ) =>
    test(title, async () => {
      const left = [...answers];
      const seen: string[] = [];
      const step = (name: string, skip?: (state: Answers) => boolean): Step<Answers> => ({
        ...(skip && { skip }),
        ask: (state, { step: position, total, canGoBack }): Promise<StepOutcome<Answers>> => {
          seen.push(`${name} ${position}/${total}${canGoBack ? ' <' : ''}`);
          const answer = left.shift() ?? 'x';
          if (answer === '<') return Promise.resolve({ to: 'back' });
          return Promise.resolve(answer === 'x' ? { to: 'stop' } : next({ ...state, [name]: answer }));
        },
      });
      const steps = [step('host'), step('port', ({ host }) => host === 'url'), step('name')];
      assert.deepEqual(await runSteps(steps, {}), expected);
      assert.deepEqual(seen, asked);
    });

  check('are answered in order', ['h', '1', 'n'], { host: 'h', port: '1', name: 'n' }, [
    'host 1/3',
    'port 2/3 <',
    'name 3/3 <',
  ]);
  check('are skipped where needless', ['url', 'n'], { host: 'url', name: 'n' }, ['host 1/3', 'name 2/2 <']);
  check(
    'can be gone back to, over a skipped one',
    ['url', '<', 'h', '1', 'n'],
    { host: 'h', port: '1', name: 'n' },
    ['host 1/3', 'name 2/2 <', 'host 1/2', 'port 2/3 <', 'name 3/3 <'],
  );
  check('can be left', ['h', 'x'], undefined, ['host 1/3', 'port 2/3 <']);
});
