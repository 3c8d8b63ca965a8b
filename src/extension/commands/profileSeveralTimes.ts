import * as vscode from 'vscode';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { ProfileFlow } from '../profileFlow.ts';
import { pickTarget } from './pickTarget.ts';

/** Enough for a median that one odd run does not move. */
const usualRuns = '5';
/** Each run holds a transaction and the user's attention; more belongs into a benchmark. */
const mostRuns = 100;

/** Runs the statement several times: the report is on the run with the median time, beside the spread of all. */
export const profileSeveralTimes = (flow: ProfileFlow): Command => ({
  id: commandIds.profileSeveralTimes,
  execute: async (...args) => {
    const target = await pickTarget(args, true);
    const answer = await vscode.window.showInputBox({
      title: 'Profile Several Times',
      prompt: 'How many runs?',
      value: usualRuns,
      validateInput: (text) => (runsOf(text) === undefined ? `A number from 2 to ${mostRuns}.` : undefined),
    });
    const runs = runsOf(answer ?? '');
    if (runs !== undefined) await flow.run({ ...target, runs });
  },
});

function runsOf(text: string): number | undefined {
  const runs = Number(text);
  return Number.isInteger(runs) && runs >= 2 && runs <= mostRuns ? runs : undefined;
}
