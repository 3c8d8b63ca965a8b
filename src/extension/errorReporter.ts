/** Errors as one sentence with what to do beside it; the stack goes to the log only. */
import * as vscode from 'vscode';
import { isUserError, UserError, userErrors } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { commandIds } from './contributions.ts';
import { offersFor } from './errorOffers.ts';
import { plainMessage } from './plainMessage.ts';

/** `more`: what only the place of the error can offer. */
export type ReportError = (error: unknown, more?: readonly Offer[]) => void;

export interface Offer {
  readonly label: string;
  run(): unknown;
}

/** A note that goes by itself: nobody has to close what they asked for. */
const cancelledNoteMs = 5000;

export function createErrorReporter(log: Log): ReportError {
  return (error, more = []) => {
    if (isUserError(error, 'cancelled')) {
      vscode.window.setStatusBarMessage('Query Profiler: cancelled', cancelledNoteMs);
      return;
    }
    log('error', error instanceof UserError ? error.code : 'unexpected', { stack: stackOf(error) });
    const shown = error instanceof UserError ? error : userErrors.unexpected(error);
    void show(shown, more);
  };
}

async function show(error: UserError, more: readonly Offer[]): Promise<void> {
  const offers: readonly Offer[] = [
    ...more,
    ...offersFor(error.code).map(({ label, command }) => ({
      label,
      run: () => vscode.commands.executeCommand(commandIds[command]),
    })),
  ];
  const labels = offers.map(({ label }) => label);
  const chosen = await vscode.window.showErrorMessage(plainMessage(error.sentence), ...labels);
  await offers.find(({ label }) => label === chosen)?.run();
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
