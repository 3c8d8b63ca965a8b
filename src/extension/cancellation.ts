/** VS Code's cancellation as the core's. */
import type { CancellationToken } from 'vscode';
import type { Cancel, CancelSource } from '../core/cancel.ts';
import { createCancel } from '../core/cancel.ts';
import { userErrors } from '../core/errors.ts';

/** A cancel that fires with the token; more sources can request it too (a closed panel). */
export function cancelWith(token: CancellationToken): CancelSource {
  const cancel = createCancel();
  if (token.isCancellationRequested) cancel.request();
  else token.onCancellationRequested(() => cancel.request());
  return cancel;
}

/**
 * `work`, or the "cancelled" error as soon as the user asks for it, for work that cannot be stopped itself.
 * What it brings later goes to `abandon`.
 */
export function orCancelled<T>(work: Promise<T>, cancel: Cancel, abandon: (late: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let left = false;
    const unsubscribe = cancel.onRequested(() => {
      left = true;
      reject(userErrors.cancelled());
    });
    work.then(
      (value) => {
        unsubscribe();
        if (left) abandon(value);
        else resolve(value);
      },
      (error: unknown) => {
        unsubscribe();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
