import type { Connections } from '../connections.ts';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { Step } from '../multiStep.ts';
import { runSteps } from '../multiStep.ts';
import type { ProfileFlow } from '../profileFlow.ts';
import { askChoice, askText } from '../quickInput.ts';
import { pickTarget } from './pickTarget.ts';

const title = 'Profile Several Times';
/** Enough for a median that one odd run does not move. */
const usualRuns = 5;
/** Each run holds a transaction and the user's attention; more belongs into a benchmark. */
const mostRuns = 100;

interface Answers {
  readonly runs: number;
  readonly cold: boolean;
}

/** Runs the statement several times: the report is on the run with the median time, beside the spread of all. */
export const profileSeveralTimes = (flow: ProfileFlow, connections: Connections): Command => ({
  id: commandIds.profileSeveralTimes,
  execute: async (...args) => {
    const target = await pickTarget(args, true);
    const answers = await runSteps([runsStep, await cacheStep(connections)], {
      runs: usualRuns,
      cold: false,
    });
    if (answers === undefined) return;
    const { runs, cold } = answers;
    await flow.run({ ...target, runs, ...(cold && { cold }) });
  },
});

const runsStep: Step<Answers> = {
  ask: (state, position) =>
    askText(
      {
        title,
        prompt: 'How many runs?',
        value: String(state.runs),
        validate: (text) => (runsOf(text) === undefined ? `A number from 2 to ${mostRuns}.` : undefined),
      },
      position,
      (text) => ({ ...state, runs: runsOf(text ?? '') ?? usualRuns }),
    ),
};

/** Asked where cold runs may be: on the user's own dev servers. The sample database has no pg_buffercache. */
async function cacheStep(connections: Connections): Promise<Step<Answers>> {
  const connection = await connections.active();
  const mayBeCold = connection?.environment === 'dev' && connection.origin !== 'sample';
  return {
    skip: () => !mayBeCold,
    ask: (state, position) =>
      askChoice(
        {
          title,
          placeholder: 'With what in the cache?',
          choices: [
            { label: 'Warm', description: 'one run after the other', value: false },
            {
              label: 'Warm, then cold',
              description: 'as many runs again, after emptying shared buffers of the plan’s tables',
              detail:
                'Slows down others who read these tables. Needs a superuser and the pg_buffercache extension.',
              value: true,
            },
          ],
          current: state.cold,
        },
        position,
        (cold) => ({ ...state, cold }),
      ),
  };
}

function runsOf(text: string): number | undefined {
  const runs = Number(text);
  return Number.isInteger(runs) && runs >= 2 && runs <= mostRuns ? runs : undefined;
}
